import type { SessionDate } from '@ballast/contracts';
import type { EntityManager } from 'typeorm';
import type { CalendarDay, CalendarMarket, DayWord } from '../domain/calendar/day.js';

/** A day as a vendor told it, and who it was. */
export interface ToldDay extends CalendarDay {
  readonly source: string;
}

/** The last word of vendors about each day from one to another that our own table does not know. */
export async function loadToldDays(
  manager: EntityManager,
  market: CalendarMarket,
  from: SessionDate,
  until: SessionDate,
): Promise<ToldDay[]> {
  return manager.query(
    `select distinct on (date) date, word, source from calendar_day
      where market = $1 and date between $2 and $3 order by date, known_at desc`,
    [market, from, until],
  );
}

/** The words of days, by date. */
export const wordsOf = (days: readonly CalendarDay[]): Map<SessionDate, DayWord> =>
  new Map(days.map(({ date, word }) => [date, word]));

/** Keeps what a vendor said of days at a moment; of two words of one millisecond the second counts. */
export async function saveToldDays(
  tx: EntityManager,
  market: CalendarMarket,
  source: string,
  days: readonly CalendarDay[],
  knownAt: string,
): Promise<void> {
  if (days.length === 0) return;
  await tx.query(
    `insert into calendar_day (market, date, word, known_at, source)
     select $1, date, word, $4, $5 from unnest($2::date[], $3::text[]) as told (date, word)
     on conflict (market, date, known_at) do update set word = excluded.word, source = excluded.source`,
    [market, days.map(({ date }) => date), days.map(({ word }) => word), knownAt, source],
  );
}
