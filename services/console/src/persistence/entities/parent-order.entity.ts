import type { DataOf, ScheduleCompleted, SchedulePlanned, Side } from '@ballast/contracts';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A parent order with its schedule, and how it ended. */
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

  @Column({ name: 'algorithm', type: 'text', nullable: true })
  algorithm!: string | null;

  @Column({ name: 'quantity', type: 'numeric' })
  quantity!: string;

  @Column({ name: 'reference_price', type: 'numeric', nullable: true })
  referencePrice!: string | null;

  @Column({ name: 'approved_hash', type: 'text', nullable: true })
  approvedHash!: string | null;

  @Column({ name: 'slices', type: 'jsonb', nullable: true })
  slices!: DataOf<typeof SchedulePlanned>['slices'] | null;

  @Column({ name: 'status', type: 'text' })
  status!: 'working' | DataOf<typeof ScheduleCompleted>['status'];

  @Column({ name: 'filled_quantity', type: 'numeric', nullable: true })
  filledQuantity!: string | null;

  @Column({ name: 'average_price', type: 'numeric', nullable: true })
  averagePrice!: string | null;

  @Column({ name: 'arrival_price', type: 'numeric', nullable: true })
  arrivalPrice!: string | null;

  @Column({ name: 'slippage_bp', type: 'numeric', nullable: true })
  slippageBp!: string | null;

  @Column({ name: 'reason', type: 'text', nullable: true })
  reason!: string | null;
}
