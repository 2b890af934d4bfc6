import type { Instant, Side } from '@ballast/contracts';
import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import type { OrderState, OrderStatus } from '../../domain/order-state.js';

/** An order as far as it was heard of. */
@Entity('trade_order')
@Index('trade_order_heard', ['firstHeardAt', 'clientOrderId'])
@Index('trade_order_cycle', ['cycleId'])
export class TradeOrderEntity implements OrderState {
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

  @Column({ name: 'quantity', type: 'numeric', nullable: true })
  quantity!: string | null;

  @Column({ name: 'order_type', type: 'text', nullable: true })
  orderType!: string | null;

  @Column({ name: 'time_in_force', type: 'text', nullable: true })
  timeInForce!: string | null;

  @Column({ name: 'limit_price', type: 'numeric', nullable: true })
  limitPrice!: string | null;

  @Column({ name: 'approved_hash', type: 'text', nullable: true })
  approvedHash!: string | null;

  @Column({ name: 'status', type: 'text' })
  status!: OrderStatus;

  @Column({ name: 'filled_quantity', type: 'numeric' })
  filledQuantity!: string;

  @Column({ name: 'filled_notional', type: 'numeric' })
  filledNotional!: string;

  @Column({ name: 'fees', type: 'numeric' })
  fees!: string;

  @Column({ name: 'venue_order_id', type: 'text', nullable: true })
  venueOrderId!: string | null;

  @Column({ name: 'reason', type: 'text', nullable: true })
  reason!: string | null;

  @Column({ name: 'code', type: 'text', nullable: true })
  code!: string | null;

  @Column({ name: 'first_heard_at', type: 'timestamptz', precision: 3 })
  firstHeardAt!: Instant;

  @Column({ name: 'changed_at', type: 'timestamptz', precision: 3 })
  changedAt!: Instant;
}
