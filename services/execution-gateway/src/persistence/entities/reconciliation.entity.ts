import type { Break } from '@ballast/contracts';
import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** A comparison of our books with the venue's. */
@Index('reconciliation_account', ['account', 'at'])
@Entity('reconciliation')
export class ReconciliationEntity {
  @PrimaryColumn({ name: 'reconciliation_id', type: 'uuid' })
  reconciliationId!: string;

  @Column({ name: 'account', type: 'text' })
  account!: string;

  @Column({ name: 'portfolio_id', type: 'text' })
  portfolioId!: string;

  @Column({ name: 'cycle_id', type: 'uuid', nullable: true })
  cycleId!: string | null;

  /** What it was for: the end of a cycle, a person, or the watch over the account. */
  @Column({ name: 'purpose', type: 'text' })
  purpose!: 'cycle' | 'person' | 'watch';

  @Column({ name: 'status', type: 'text' })
  status!: 'green' | 'broken' | 'unavailable';

  @Column({ name: 'breaks', type: 'jsonb' })
  breaks!: Break[];

  @Column({ name: 'at', type: 'timestamptz', precision: 3 })
  at!: string;
}
