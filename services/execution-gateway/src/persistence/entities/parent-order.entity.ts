import type { Purpose, Side } from '@ballast/contracts';
import type { EndedParent, MarketAnswer, Report } from '../../domain/completion.js';
import type { Algorithm, ParentOrder } from '../../domain/schedule.js';
import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** One trade of a verdict, worked by slices. */
@Index('parent_order_cycle', ['cycleId', 'symbol'])
@Index('parent_order_planned', ['plannedAt', 'parentOrderId'])
@Index('parent_order_open', ['cycleId'], { where: 'completed_at is null' })
@Index('parent_order_horizon', ['account', 'horizonEndAt'], {
  where: `ending = 'open' and completed_at is null and horizon_end_at is not null`,
})
@Index('parent_order_benchmark', ['account'], { where: `benchmark = 'wanted'` })
@Entity('parent_order')
export class ParentOrderEntity {
  @PrimaryColumn({ name: 'parent_order_id', type: 'uuid' })
  parentOrderId!: string;

  @Column({ name: 'cycle_id', type: 'uuid' })
  cycleId!: string;

  @Column({ name: 'portfolio_id', type: 'text' })
  portfolioId!: string;

  @Column({ name: 'account', type: 'text' })
  account!: string;

  @Column({ name: 'symbol', type: 'text' })
  symbol!: string;

  @Column({ name: 'side', type: 'text' })
  side!: Side;

  @Column({ name: 'quantity', type: 'numeric' })
  quantity!: string;

  @Column({ name: 'reference_price', type: 'numeric' })
  referencePrice!: string;

  @Column({ name: 'approved_hash', type: 'text' })
  approvedHash!: string;

  /** What the permit lets it do; a flatten leaves only while the account is halted at `haltEpoch`. */
  @Column({ name: 'purpose', type: 'text' })
  purpose!: Purpose;

  @Column({ name: 'halt_epoch', type: 'integer' })
  haltEpoch!: number;

  @Column({ name: 'algorithm', type: 'text' })
  algorithm!: Algorithm;

  @Column({ name: 'interval_ms', type: 'bigint' })
  intervalMs!: number;

  @Column({ name: 'session_close_at', type: 'timestamptz', precision: 3 })
  sessionClose!: string;

  /** When it is ended by rule; null where nothing but its orders ends it. */
  @Column({ name: 'horizon_end_at', type: 'timestamptz', precision: 3, nullable: true })
  horizonEndAt!: string | null;

  @Column({ name: 'ending', type: 'text' })
  ending!: ParentOrder['ending'];

  /** Whether the arrival price was asked for; a parent does not complete before the answer. */
  @Column({ name: 'arrival', type: 'text' })
  arrival!: 'none' | 'asked' | 'answered';

  @Column({ name: 'arrival_price', type: 'numeric', nullable: true })
  arrivalPrice!: string | null;

  /** Whether the venue was asked what the market did meanwhile; a parent does not complete before the answer. */
  @Column({ name: 'benchmark', type: 'text' })
  benchmark!: EndedParent['benchmark'];

  @Column({ name: 'market', type: 'json', nullable: true })
  market!: MarketAnswer | null;

  /** As it was said when it completed. */
  @Column({ name: 'report', type: 'json', nullable: true })
  report!: Report | null;

  @Column({ name: 'planned_at', type: 'timestamptz', precision: 3 })
  plannedAt!: string;

  @Column({ name: 'completed_at', type: 'timestamptz', precision: 3, nullable: true })
  completedAt!: string | null;
}
