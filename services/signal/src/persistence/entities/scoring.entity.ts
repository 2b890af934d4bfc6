import { Column, Entity, PrimaryColumn } from 'typeorm';

/** What has been heard of a cycle so far: scores are computed once both halves are there. */
@Entity('scoring')
export class ScoringEntity {
  @PrimaryColumn({ name: 'cycle_id', type: 'uuid' })
  cycleId!: string;

  @Column({ name: 'portfolio_id', type: 'text' })
  portfolioId!: string;

  /** The strategies that the cycle asks for; null until it was heard that it opened. */
  @Column({ name: 'strategies', type: 'jsonb', nullable: true })
  strategies!: string[] | null;

  /** The history to score; null until it was sealed. */
  @Column({ name: 'pack_id', type: 'text', nullable: true })
  packId!: string | null;

  @Column({ name: 'pricing_pack_id', type: 'text', nullable: true })
  pricingPackId!: string | null;
}
