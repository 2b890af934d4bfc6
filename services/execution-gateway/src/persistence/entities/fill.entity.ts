import type { Side } from '@ballast/contracts';
import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** One execution, by the name that the venue gave it. */
@Index('fill_order', ['clientOrderId'])
@Index('fill_account', ['account', 'filledAt'])
@Entity('fill')
export class FillEntity {
  @PrimaryColumn({ name: 'venue', type: 'text' })
  venue!: string;

  @PrimaryColumn({ name: 'execution_id', type: 'text' })
  executionId!: string;

  @Column({ name: 'client_order_id', type: 'text' })
  clientOrderId!: string;

  @Column({ name: 'account', type: 'text' })
  account!: string;

  @Column({ name: 'symbol', type: 'text' })
  symbol!: string;

  @Column({ name: 'side', type: 'text' })
  side!: Side;

  @Column({ name: 'quantity', type: 'numeric' })
  quantity!: string;

  @Column({ name: 'price', type: 'numeric' })
  price!: string;

  @Column({ name: 'fees', type: 'numeric' })
  fees!: string;

  /** The venue's time. */
  @Column({ name: 'filled_at', type: 'timestamptz', precision: 3 })
  filledAt!: string;

  @Column({ name: 'recorded_at', type: 'timestamptz', precision: 3 })
  recordedAt!: string;
}
