import type { OrderEventName, OrderState } from '../../domain/order-table.js';
import { Column, Entity, Index, PrimaryGeneratedColumn } from 'typeorm';

/** Every piece of news about an order, and what it was compared with. */
@Index('order_transition_order', ['clientOrderId', 'position'])
@Entity('order_transition')
export class OrderTransitionEntity {
  @PrimaryGeneratedColumn('identity', { name: 'position', type: 'bigint', generatedIdentity: 'ALWAYS' })
  position!: number;

  @Column({ name: 'client_order_id', type: 'text' })
  clientOrderId!: string;

  @Column({ name: 'at', type: 'timestamptz', precision: 3 })
  at!: string;

  @Column({ name: 'event', type: 'text' })
  event!: OrderEventName;

  @Column({ name: 'from_state', type: 'text' })
  from!: OrderState;

  @Column({ name: 'to_state', type: 'text' })
  to!: OrderState;

  @Column({ name: 'detail', type: 'json' })
  detail!: Record<string, unknown>;
}
