import type { Mark, Rows } from '@ballast/contracts';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** The marks that a book was valued at last, for questions between cycles. */
@Entity('snapshot')
export class SnapshotEntity {
  @PrimaryColumn({ name: 'portfolio_id', type: 'text' })
  portfolioId!: string;

  @Column({ name: 'cycle_id', type: 'uuid' })
  cycleId!: string;

  @Column({ name: 'as_of', type: 'date' })
  asOf!: string;

  @Column({ name: 'marks', type: 'jsonb' })
  marks!: Rows<Mark>;

  @Column({ name: 'sealed_at', type: 'timestamptz', precision: 3 })
  sealedAt!: string;
}
