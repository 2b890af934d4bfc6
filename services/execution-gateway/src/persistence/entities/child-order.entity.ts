import type { OrderState } from '../../domain/order-table.js';
import type { OrderTerms, Side } from '@ballast/contracts';
import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** One attempt at one slice. What each state means stands in domain/order-table.ts. */
@Index('child_order_parent', ['parentOrderId'])
@Index('child_order_due', ['account', 'dueAt', 'clientOrderId'], { where: `state = 'planned'` })
@Index('child_order_open', ['account'], {
  where: `state in ('sending', 'unknown', 'held', 'acknowledged', 'partially_filled', 'pending_replace', 'pending_cancel')`,
})
@Index('child_order_venue', ['account', 'venueOrderId'], { where: 'venue_order_id is not null' })
@Index('child_order_bought', ['account', 'submittedAt'], { where: `side = 'buy'` })
@Index('child_order_cycle', ['cycleId', 'dueAt', 'clientOrderId'])
@Entity('child_order')
export class ChildOrderEntity {
  @PrimaryColumn({ name: 'client_order_id', type: 'text' })
  clientOrderId!: string;

  @Column({ name: 'parent_order_id', type: 'uuid' })
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

  @Column({ name: 'slice', type: 'integer' })
  slice!: number;

  @Column({ name: 'attempt', type: 'integer' })
  attempt!: number;

  @Column({ name: 'quantity', type: 'numeric' })
  quantity!: string;

  @Column({ name: 'planned_quantity', type: 'numeric' })
  plannedQuantity!: string;

  @Column({ name: 'approved_hash', type: 'text' })
  approvedHash!: string;

  /** Null for a slice at the market. */
  @Column({ name: 'terms', type: 'json', nullable: true })
  terms!: OrderTerms | null;

  @Column({ name: 'due_at', type: 'timestamptz', precision: 3 })
  dueAt!: string;

  /** Where it waits for the market: not looked at again before this moment. */
  @Column({ name: 'deferred_until', type: 'timestamptz', precision: 3, nullable: true })
  deferredUntil!: string | null;

  @Column({ name: 'state', type: 'text' })
  state!: OrderState;

  @Column({ name: 'venue_order_id', type: 'text', nullable: true })
  venueOrderId!: string | null;

  @Column({ name: 'filled_quantity', type: 'numeric' })
  filledQuantity!: string;

  @Column({ name: 'filled_notional', type: 'numeric' })
  filledNotional!: string;

  @Column({ name: 'cancel_requested', type: 'boolean' })
  cancelRequested!: boolean;

  @Column({ name: 'missed_asks', type: 'integer' })
  missedAsks!: number;

  @Column({ name: 'held', type: 'boolean' })
  held!: boolean;

  @Column({ name: 'standing_at', type: 'timestamptz', precision: 3, nullable: true })
  standingAt!: string | null;

  @Column({ name: 'code', type: 'text', nullable: true })
  code!: string | null;

  @Column({ name: 'reason', type: 'text', nullable: true })
  reason!: string | null;

  @Column({ name: 'submitted_at', type: 'timestamptz', precision: 3, nullable: true })
  submittedAt!: string | null;

  /** The epoch of the instance that committed it to leaving; null where it has not left, or left before there were epochs. */
  @Column({ name: 'sending_epoch', type: 'bigint', nullable: true, select: false, insert: false, update: false })
  sendingEpoch?: number | null;

  @Column({ name: 'ended_at', type: 'timestamptz', precision: 3, nullable: true })
  endedAt!: string | null;
}
