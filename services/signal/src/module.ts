import { CONFIG, defineService, PackCache, PACKS, type PackStore } from '@ballast/platform';
import { GetScores } from './application/get-scores.js';
import { OnCycleOpened } from './application/on-cycle-opened.js';
import { OnSnapshotSealed } from './application/on-snapshot-sealed.js';
import { SignalConfig } from './config.js';
import { ScoringEntity } from './persistence/entities/scoring.entity.js';
import { StrategyScoreEntity } from './persistence/entities/strategy-score.entity.js';
import { Initial1763600100000 } from './persistence/migrations/initial-1763600100000.js';

const BYTES_A_MIB = 1_048_576;

/** The wiring of signal: all there is of it, by hand. */
export const signal = defineService({
  name: 'signal',
  config: SignalConfig,
  entities: [ScoringEntity, StrategyScoreEntity],
  migrations: [Initial1763600100000],
  controllers: [OnCycleOpened, OnSnapshotSealed, GetScores],
  providers: [
    {
      provide: PackCache,
      inject: [PACKS, CONFIG],
      useFactory: (packs: PackStore, config: SignalConfig) =>
        new PackCache(packs, config.SIGNAL_PACK_CACHE_MIB * BYTES_A_MIB),
    },
  ],
  paths: ['/api/v1/signals'],
});
