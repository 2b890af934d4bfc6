import type { Side } from '@ballast/contracts';
import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** A fill as it was heard, once per (venue, execution id); without a ledger sequence it waits for the next commit. */
@Entity('fill')
@Index('fill_pending', ['portfolioId', 'symbol'], { where: 'ledger_sequence is null' })
export class FillEntity {
  @PrimaryColumn({ name: 'venue', type: 'text' })
  venue!: string;

  @PrimaryColumn({ name: 'execution_id', type: 'text' })
  executionId!: string;

  @Column({ name: 'portfolio_id', type: 'text' })
  portfolioId!: string;

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

  @Column({ name: 'client_order_id', type: 'text' })
  clientOrderId!: string;

  @Column({ name: 'parent_order_id', type: 'uuid' })
  parentOrderId!: string;

  @Column({ name: 'cycle_id', type: 'uuid' })
  cycleId!: string;

  @Column({ name: 'filled_at', type: 'timestamptz', precision: 3 })
  filledAt!: string;

  @Column({ name: 'ledger_sequence', type: 'integer', nullable: true })
  ledgerSequence!: number | null;
}
