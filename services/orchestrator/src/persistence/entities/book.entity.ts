import type { Instant, Mode } from '@ballast/contracts';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** The last comparison of our books with the venue's. */
export interface Reconciliation {
  readonly status: 'green' | 'broken' | 'unavailable';
  readonly reason: string | null;
  readonly at: Instant;
}

/** What was heard of a portfolio, in whatever order; its account is null until its opening was heard. */
@Entity('book')
export class BookEntity {
  @PrimaryColumn({ name: 'portfolio_id', type: 'text' })
  portfolioId!: string;

  @Column({ name: 'account', type: 'text', nullable: true })
  account!: string | null;

  @Column({ name: 'mode', type: 'text', nullable: true })
  mode!: Mode | null;

  @Column({ name: 'ledger_commit_hash', type: 'text', nullable: true })
  ledgerCommitHash!: string | null;

  @Column({ name: 'ledger_sequence', type: 'integer' })
  ledgerSequence!: number;

  @Column({ name: 'reconciliation', type: 'jsonb', nullable: true })
  reconciliation!: Reconciliation | null;
}
