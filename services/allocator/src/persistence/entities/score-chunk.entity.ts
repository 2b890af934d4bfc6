import type { Score } from '@ballast/contracts';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** One chunk of one strategy's scores for a cycle. */
@Entity('score_chunk')
export class ScoreChunkEntity {
  @PrimaryColumn({ name: 'cycle_id', type: 'uuid' })
  cycleId!: string;

  @PrimaryColumn({ name: 'strategy_id', type: 'text' })
  strategyId!: string;

  @PrimaryColumn({ name: 'chunk', type: 'integer' })
  chunk!: number;

  @Column({ name: 'chunks', type: 'integer' })
  chunks!: number;

  @Column({ name: 'volatility', type: 'double precision', nullable: true })
  volatility!: number | null;

  @Column({ name: 'scores', type: 'jsonb' })
  scores!: Score[];
}
