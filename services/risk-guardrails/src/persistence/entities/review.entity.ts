import type { DataOf, Mode, PlanProposed, PositionValued, Rows, SnapshotSealed, Trade, Trim } from '@ballast/contracts';
import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** What a judgement is about: the plan's hash and its trades. */
export type Plan = Pick<DataOf<typeof PlanProposed>, 'planHash' | 'trades'>;

/** What a person was asked to approve. */
export interface Proposal {
  readonly approvedHash: string;
  readonly trades: Rows<Trade>;
  readonly trims: Rows<Trim>;
}

/** What has been heard of a cycle, or of what a person asked for, and how far its judgement came. */
@Entity('review')
@Index('review_valued', ['portfolioId', 'valuedAt'])
export class ReviewEntity {
  /** The cycle, or the request of a person. */
  @PrimaryColumn({ name: 'cycle_id', type: 'uuid' })
  cycleId!: string;

  @Column({ name: 'portfolio_id', type: 'text' })
  portfolioId!: string;

  @Column({ name: 'origin', type: 'text' })
  origin!: 'plan' | 'manual' | 'flatten';

  /** The cycle whose marks and positions count; for what a person asked for the last one heard of. */
  @Column({ name: 'basis_cycle_id', type: 'uuid' })
  basisCycleId!: string;

  @Column({ name: 'mode', type: 'text', nullable: true })
  mode!: Mode | null;

  @Column({ name: 'expires_at', type: 'timestamptz', precision: 3, nullable: true })
  expiresAt!: string | null;

  @Column({ name: 'snapshot', type: 'jsonb', nullable: true })
  snapshot!: DataOf<typeof SnapshotSealed> | null;

  @Column({ name: 'valuation', type: 'jsonb', nullable: true })
  valuation!: DataOf<typeof PositionValued> | null;

  @Column({ name: 'valued_at', type: 'timestamptz', precision: 3, nullable: true })
  valuedAt!: string | null;

  @Column({ name: 'plan', type: 'jsonb', nullable: true })
  plan!: Plan | null;

  @Column({ name: 'proposal', type: 'jsonb', nullable: true })
  proposal!: Proposal | null;

  @Column({ name: 'status', type: 'text' })
  status!: 'gathering' | 'asked' | 'judged' | 'aborted';
}
