import type { Instant, SessionDate } from '@ballast/contracts';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** What an order is explained by: the cycle it belongs to. */
@Entity('cycle')
export class CycleEntity {
  @PrimaryColumn({ name: 'cycle_id', type: 'uuid' })
  cycleId!: string;

  @Column({ name: 'portfolio_id', type: 'text' })
  portfolioId!: string;

  @Column({ name: 'as_of', type: 'date', nullable: true })
  asOf!: SessionDate | null;

  @Column({ name: 'pattern_id', type: 'text', nullable: true })
  patternId!: string | null;

  @Column({ name: 'trigger', type: 'text', nullable: true })
  trigger!: string | null;

  @Column({ name: 'status', type: 'text' })
  status!: 'open' | 'closed' | 'aborted';

  @Column({ name: 'outcome', type: 'text', nullable: true })
  outcome!: string | null;

  @Column({ name: 'opened_at', type: 'timestamptz', precision: 3, nullable: true })
  openedAt!: Instant | null;

  @Column({ name: 'ended_at', type: 'timestamptz', precision: 3, nullable: true })
  endedAt!: Instant | null;
}
