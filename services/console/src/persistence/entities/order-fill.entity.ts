import type { Instant } from '@ballast/contracts';
import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** One execution at a venue. */
@Entity('order_fill')
@Index('order_fill_order', ['clientOrderId'])
export class OrderFillEntity {
  @PrimaryColumn({ name: 'venue', type: 'text' })
  venue!: string;

  @PrimaryColumn({ name: 'execution_id', type: 'text' })
  executionId!: string;

  @Column({ name: 'client_order_id', type: 'text' })
  clientOrderId!: string;

  @Column({ name: 'quantity', type: 'numeric' })
  quantity!: string;

  @Column({ name: 'price', type: 'numeric' })
  price!: string;

  @Column({ name: 'fees', type: 'numeric' })
  fees!: string;

  @Column({ name: 'filled_at', type: 'timestamptz', precision: 3 })
  filledAt!: Instant;
}
