import type { DataOf, PlanProposed } from '@ballast/contracts';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A plan as it was proposed. */
@Entity('plan')
export class PlanEntity {
  @PrimaryColumn({ name: 'cycle_id', type: 'uuid' })
  cycleId!: string;

  @Column({ name: 'plan_hash', type: 'text' })
  planHash!: string;

  @Column({ name: 'portfolio_id', type: 'text' })
  portfolioId!: string;

  @Column({ name: 'plan', type: 'jsonb' })
  plan!: DataOf<typeof PlanProposed>;

  @Column({ name: 'proposed_at', type: 'timestamptz', precision: 3 })
  proposedAt!: string;
}
