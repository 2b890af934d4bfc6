import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A cycle that was reconciled before all of its fills and fees were heard; its ledger commit waits for them. */
@Entity('awaited_reconciliation')
export class AwaitedReconciliationEntity {
  @PrimaryColumn({ name: 'portfolio_id', type: 'text' })
  portfolioId!: string;

  @PrimaryColumn({ name: 'cycle_id', type: 'uuid' })
  cycleId!: string;

  /** How many fills of the book there are to be. */
  @Column({ name: 'fills', type: 'integer' })
  fills!: number;

  /** How many fees there are to be. */
  @Column({ name: 'fees', type: 'integer', default: 0 })
  fees!: number;

  /** What the reconciliation found. */
  @Column({ name: 'status', type: 'text' })
  status!: string;
}
