import type { DataOf, LedgerPosted } from '@ballast/contracts';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** What the ledger of a book said last: newer than the last valuation once a cycle's fills are in it. */
@Entity('posted_ledger')
export class PostedLedgerEntity {
  @PrimaryColumn({ name: 'portfolio_id', type: 'text' })
  portfolioId!: string;

  @Column({ name: 'sequence', type: 'integer' })
  sequence!: number;

  @Column({ name: 'cash', type: 'numeric' })
  cash!: string;

  @Column({ name: 'positions', type: 'jsonb' })
  positions!: DataOf<typeof LedgerPosted>['positions'];
}
