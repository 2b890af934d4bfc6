import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { LedgerEntry } from '../../domain/ledger.js';

/** One link of a book's ledger. */
@Entity('ledger_entry')
export class LedgerEntryEntity {
  @PrimaryColumn({ name: 'portfolio_id', type: 'text' })
  portfolioId!: string;

  @PrimaryColumn({ name: 'sequence', type: 'integer' })
  sequence!: number;

  @Column({ name: 'previous_hash', type: 'text' })
  previousHash!: string;

  @Column({ name: 'entry', type: 'jsonb' })
  entry!: LedgerEntry;

  @Column({ name: 'hash', type: 'text' })
  hash!: string;
}
