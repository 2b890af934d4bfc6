import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { CalendarMarket, DayWord } from '../../domain/calendar/day.js';

/** What a vendor said of a day that our own table does not know; the word known last counts, and rows are never edited. */
@Entity('calendar_day')
export class CalendarDayEntity {
  @PrimaryColumn({ name: 'market', type: 'text' })
  market!: CalendarMarket;

  @PrimaryColumn({ name: 'date', type: 'date' })
  date!: string;

  @PrimaryColumn({ name: 'known_at', type: 'timestamptz', precision: 3 })
  knownAt!: string;

  /** See `domain/calendar/day.ts`: `closed`, `open`, or the hours of the session. */
  @Column({ name: 'word', type: 'text' })
  word!: DayWord;

  @Column({ name: 'source', type: 'text' })
  source!: string;
}
