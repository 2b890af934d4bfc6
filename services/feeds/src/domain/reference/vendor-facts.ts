import type { SessionDate } from '@ballast/contracts';
import { addDays } from '@ballast/kernel/calendar';
import type { IncomingFact } from './add-facts.js';
import { groupBy, type Market, type ReferenceFact } from './fact.js';
import { versionsOf } from './timeline.js';

/** That a company reports on a day, as a vendor says. */
export interface ToldReport {
  readonly symbol: string;
  readonly date: SessionDate;
  readonly time: 'before_open' | 'after_close' | 'unknown';
}

/** What a company does, in the words of a vendor. */
export interface ToldSector {
  readonly symbol: string;
  readonly sector: string;
  readonly industry: string | null;
}

/** Whose word it is, and the day on which it was fetched: nobody here could know it before. */
export interface VendorTerms {
  readonly source: string;
  readonly market: Market;
  readonly knownFrom: SessionDate;
}

/** What is known of one day of one company. */
const slot = (symbol: string, date: SessionDate): string => `${symbol} ${date}`;

/**
 * What a vendor's calendar of reports adds: every report that it tells, and that a report which it told before is not to be,
 * where it tells the day without it. A day of which it tells no report of anybody is a day that it says nothing about. A
 * vendor that does not know the time leaves the one that is known.
 * @param told of some symbols, days included on which only others report.
 * @param days the days of which anything was told.
 * @param known all that is known of the reports of these symbols.
 */
export function reportsTold(
  told: readonly ToldReport[],
  days: ReadonlySet<SessionDate>,
  known: readonly ReferenceFact[],
  terms: VendorTerms,
): IncomingFact[] {
  const held = new Map<string, ReferenceFact>();
  for (const [subject, words] of groupBy(known, ({ subject: of }) => of)) {
    const versions = versionsOf(words, terms.knownFrom).filter(({ value }) => value !== null);
    for (const fact of versions) held.set(slot(subject, fact.validFrom), fact);
  }
  const reports = groupBy(told, ({ symbol, date }) => slot(symbol, date));
  const facts: ReferenceFact[] = [];
  for (const [key, rows] of reports) {
    const { symbol, date } = rows[0]!;
    const times = new Set(rows.map(({ time }) => time));
    // Where one row contradicts another nobody can tell which is right.
    const time = times.size === 1 ? rows[0]!.time : 'unknown';
    const before = held.get(key)?.value?.['time'];
    if (time === 'unknown' && before !== undefined && before !== 'unknown') continue;
    facts.push(reportFact(symbol, date, { time }, terms));
  }
  for (const [key, { subject, validFrom, source }] of held) {
    if (source !== terms.source || !days.has(validFrom) || reports.has(key)) continue;
    facts.push(reportFact(subject, validFrom, null, terms));
  }
  return numbered(facts);
}

const reportFact = (
  subject: string,
  date: SessionDate,
  value: ReferenceFact['value'],
  terms: VendorTerms,
): ReferenceFact => ({
  ...{ kind: 'earnings', ...terms, subject, scope: '' },
  ...{ validFrom: date, validTo: addDays(date, 1), value },
});

/** The sectors of some companies as a vendor tells them: they hold from the day on which it was asked, under its own scheme. */
export const sectorsTold = (told: readonly ToldSector[], terms: VendorTerms): IncomingFact[] =>
  numbered(
    told.map(({ symbol, sector, industry }): ReferenceFact => ({
      ...{ kind: 'sector', ...terms, subject: symbol, scope: terms.source },
      ...{ validFrom: terms.knownFrom, validTo: null, value: { sector, industry } },
    })),
  );

const numbered = (facts: readonly ReferenceFact[]): IncomingFact[] => facts.map((fact, i) => ({ row: i + 1, fact }));
