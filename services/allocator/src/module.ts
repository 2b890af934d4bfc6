import { defineService } from '@ballast/platform';
import { GetPlan } from './application/get-plan.js';
import { OnCycleAborted } from './application/on-cycle-aborted.js';
import { OnCycleOpened } from './application/on-cycle-opened.js';
import { OnPositionValued } from './application/on-position-valued.js';
import { OnScoresComputed } from './application/on-scores-computed.js';
import { OnSnapshotSealed } from './application/on-snapshot-sealed.js';
import { AllocatorConfig } from './config.js';
import { PlanEntity } from './persistence/entities/plan.entity.js';
import { RebalanceEntity } from './persistence/entities/rebalance.entity.js';
import { ScoreChunkEntity } from './persistence/entities/score-chunk.entity.js';
import { Initial1763600100000 } from './persistence/migrations/initial-1763600100000.js';

/** The allocator's wiring: all there is of it, by hand. */
export const allocator = defineService({
  name: 'allocator',
  config: AllocatorConfig,
  entities: [RebalanceEntity, ScoreChunkEntity, PlanEntity],
  migrations: [Initial1763600100000],
  controllers: [OnCycleOpened, OnSnapshotSealed, OnPositionValued, OnScoresComputed, OnCycleAborted, GetPlan],
  paths: ['/api/v1/plans'],
});
