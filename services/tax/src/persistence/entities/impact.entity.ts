import type { DataOf, ImpactAssessed, PlanProposed } from '@ballast/contracts';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** What is known of a cycle's plan for tax: its parts, and the impact once both are there. */
@Entity('impact')
export class ImpactEntity {
  @PrimaryColumn({ name: 'cycle_id', type: 'uuid' })
  cycleId!: string;

  @Column({ name: 'portfolio_id', type: 'text' })
  portfolioId!: string;

  /** The session in which the plan would trade; null until it was heard that the cycle opened. */
  @Column({ name: 'trade_date', type: 'date', nullable: true })
  tradeDate!: string | null;

  @Column({ name: 'plan', type: 'jsonb', nullable: true })
  plan!: Pick<DataOf<typeof PlanProposed>, 'planHash' | 'trades'> | null;

  @Column({ name: 'impact', type: 'jsonb', nullable: true })
  impact!: DataOf<typeof ImpactAssessed> | null;

  @Column({ name: 'assessed_at', type: 'timestamptz', precision: 3, nullable: true })
  assessedAt!: string | null;
}
