import type { DataOf, PositionValued, SnapshotSealed } from '@ballast/contracts';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** What has been heard of a cycle so far; one row a cycle that has no plan yet or has one. */
@Entity('rebalance')
export class RebalanceEntity {
  @PrimaryColumn({ name: 'cycle_id', type: 'uuid' })
  cycleId!: string;

  @Column({ name: 'portfolio_id', type: 'text' })
  portfolioId!: string;

  /** The strategies that the cycle asked for; null until it was heard that it opened. */
  @Column({ name: 'strategies', type: 'jsonb', nullable: true })
  strategies!: string[] | null;

  @Column({ name: 'snapshot', type: 'jsonb', nullable: true })
  snapshot!: DataOf<typeof SnapshotSealed> | null;

  @Column({ name: 'valuation', type: 'jsonb', nullable: true })
  valuation!: DataOf<typeof PositionValued> | null;

  @Column({ name: 'status', type: 'text' })
  status!: 'gathering' | 'proposed' | 'declined' | 'aborted';
}
