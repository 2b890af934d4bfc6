import type { DataOf, PlanApproved, PlanVetoed } from '@ballast/contracts';
import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** A verdict as it was said. */
@Entity('verdict')
@Index('verdict_outstanding', ['portfolioId'], { where: 'outstanding' })
export class VerdictEntity {
  @PrimaryColumn({ name: 'cycle_id', type: 'uuid' })
  cycleId!: string;

  @Column({ name: 'portfolio_id', type: 'text' })
  portfolioId!: string;

  @Column({ name: 'outcome', type: 'text' })
  outcome!: 'approved' | 'trimmed' | 'vetoed';

  /** True while what it allows is in no valuation and no ledger that was heard: it counts as working. */
  @Column({ name: 'outstanding', type: 'boolean' })
  outstanding!: boolean;

  @Column({ name: 'verdict', type: 'jsonb' })
  verdict!: DataOf<typeof PlanApproved> | DataOf<typeof PlanVetoed>;

  @Column({ name: 'judged_at', type: 'timestamptz', precision: 3 })
  judgedAt!: string;
}
