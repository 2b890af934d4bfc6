import type { Instant, SessionDate } from '@ballast/contracts';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** The next cycle of the schedule; a timer of another moment is an old one and opens nothing. */
@Entity('schedule')
export class ScheduleEntity {
  @PrimaryColumn({ name: 'portfolio_id', type: 'text' })
  portfolioId!: string;

  @Column({ name: 'as_of', type: 'date' })
  asOf!: SessionDate;

  @Column({ name: 'due_at', type: 'timestamptz', precision: 3 })
  dueAt!: Instant;
}
