import type { Mode } from '@ballast/contracts';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A book: its cash and totals with every fill heard so far, and the head of its ledger. */
@Entity('account')
export class AccountEntity {
  @PrimaryColumn({ name: 'portfolio_id', type: 'text' })
  portfolioId!: string;

  @Column({ name: 'mode', type: 'text' })
  mode!: Mode;

  @Column({ name: 'opening_cash', type: 'numeric' })
  openingCash!: string;

  @Column({ name: 'cash', type: 'numeric' })
  cash!: string;

  @Column({ name: 'realised', type: 'numeric' })
  realised!: string;

  @Column({ name: 'fees', type: 'numeric' })
  fees!: string;

  @Column({ name: 'ledger_sequence', type: 'integer' })
  ledgerSequence!: number;

  @Column({ name: 'ledger_hash', type: 'text' })
  ledgerHash!: string;

  @Column({ name: 'opened_at', type: 'timestamptz', precision: 3 })
  openedAt!: string;
}
