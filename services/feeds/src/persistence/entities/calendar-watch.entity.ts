import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { CalendarMarket } from '../../domain/calendar/day.js';

/** When a market's calendar is looked at next, and what was told of it. */
@Entity('calendar_watch')
export class CalendarWatchEntity {
  @PrimaryColumn({ name: 'market', type: 'text' })
  market!: CalendarMarket;

  @Column({ name: 'due_at', type: 'timestamptz', precision: 3 })
  dueAt!: string;

  /** When it was told last that the calendar runs out; null since it reaches far enough. */
  @Column({ name: 'short_told_at', type: 'timestamptz', precision: 3, nullable: true })
  shortToldAt!: string | null;
}
