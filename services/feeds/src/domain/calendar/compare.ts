import type { SessionDate } from '@ballast/contracts';
import { CLOSED, OPEN, ownWord, type CalendarDay, type CalendarMarket, type DayWord } from './day.js';

/** A day of which two say different things. */
export interface Disagreement {
  readonly date: SessionDate;
  readonly known: DayWord;
  readonly vendor: DayWord;
}

/** What a vendor's calendar says otherwise than ours, and beyond it. */
export interface ComparedCalendar {
  /** Days of our own table: they stay as they are, and somebody must look. */
  readonly disagreements: readonly Disagreement[];
  /** Days that only vendors have told, and that are told otherwise now. */
  readonly restated: readonly Disagreement[];
  /** Days that nobody had told. */
  readonly fresh: readonly CalendarDay[];
  readonly agreed: number;
}

/**
 * Compares a vendor's calendar with ours, day by day.
 * @param told what vendors have told of days that our own table does not know.
 */
export function compareCalendar(
  market: CalendarMarket,
  vendor: readonly CalendarDay[],
  told: ReadonlyMap<SessionDate, DayWord>,
): ComparedCalendar {
  const disagreements: Disagreement[] = [];
  const restated: Disagreement[] = [];
  const fresh: CalendarDay[] = [];
  let agreed = 0;
  for (const { date, word } of vendor) {
    const own = ownWord(market, date);
    const known = own ?? told.get(date);
    if (known === undefined) fresh.push({ date, word });
    else if (agree(known, word)) agreed += 1;
    else (own === null ? restated : disagreements).push({ date, known, vendor: word });
  }
  return { disagreements, restated, fresh, agreed };
}

/** Who says only that an exchange opens agrees with every hour of it. */
const agree = (a: DayWord, b: DayWord): boolean =>
  a === b || (a === OPEN && b !== CLOSED) || (b === OPEN && a !== CLOSED);
