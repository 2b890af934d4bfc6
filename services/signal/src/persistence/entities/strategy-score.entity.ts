import type { Rows, Score } from '@ballast/contracts';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** What a strategy thought of the symbols of a cycle. */
@Entity('strategy_score')
export class StrategyScoreEntity {
  @PrimaryColumn({ name: 'cycle_id', type: 'uuid' })
  cycleId!: string;

  @PrimaryColumn({ name: 'strategy_id', type: 'text' })
  strategyId!: string;

  @Column({ name: 'pack_id', type: 'text' })
  packId!: string;

  @Column({ name: 'pricing_pack_id', type: 'text' })
  pricingPackId!: string;

  /** How many symbols have a score. */
  @Column({ name: 'scored', type: 'integer' })
  scored!: number;

  @Column({ name: 'volatility', type: 'double precision', nullable: true })
  volatility!: number | null;

  /** SHA-256 of the scores: the same pack must always lead to the same. */
  @Column({ name: 'scores_hash', type: 'text' })
  scoresHash!: string;

  @Column({ name: 'scores', type: 'jsonb' })
  scores!: Rows<Score>;

  @Column({ name: 'computed_at', type: 'timestamptz', precision: 3 })
  computedAt!: string;
}
