import type { SessionDate } from '@ballast/contracts';
import { addDays } from '@ballast/kernel/calendar';
import { CsvReader } from '../csv.js';
import { ImportRefused } from '../import-refused.js';
import type { FaultyRow, IncomingFact } from './add-facts.js';
import { AS_IT_HAPPENED } from './columns.js';
import type { ReferenceFact } from './fact.js';
import { asItHappened, type FileTerms, type ReadFacts } from './read-facts.js';

/** The day by which such files say that a ticker is still in use. */
const STILL = '2050-12-31';
/** Tickers of one company; nobody was renamed so often. */
const ROWS_MAX = 1_000;

/**
 * Reads a map file as LEAN has them, one a company: without header, `yyyymmdd,ticker` and more. The first row tells the
 * first day; each row is the last day of its ticker, 20501231 where it is still in use. The company is named by its first
 * ticker and day, `NB.1998-01-02`, because two never begin under one ticker on one day.
 * @throws ImportRefused CSV_MALFORMED, FILE_EMPTY.
 */
export function readMapFile(text: string, terms: FileTerms): ReadFacts {
  const csv = new CsvReader();
  const records = [...csv.read(text), ...csv.end()];
  if (records.length === 0) {
    throw new ImportRefused('FILE_EMPTY', 'a map file has no rows', 'Leave the file out, or copy it again.');
  }
  const faults: FaultyRow[] = [];
  const rows: { row: number; date: SessionDate; symbol: string }[] = [];
  for (const { line, fields } of records.slice(0, ROWS_MAX)) {
    const date = dateOf(fields[0] ?? '');
    const symbol = (fields[1] ?? '').trim().toUpperCase();
    const last = rows.at(-1);
    if (date === null) faults.push({ row: line, code: 'INVALID_DATE', message: `"${fields[0]}" is no yyyymmdd` });
    else if (!/^[A-Z0-9][A-Z0-9.-]{0,23}$/.test(symbol))
      faults.push({ row: line, code: 'INVALID_SYMBOL', message: `"${symbol.slice(0, 40)}" is no ticker` });
    else if (last && date < last.date)
      faults.push({ row: line, code: 'NOT_IN_ORDER', message: `${date} comes after ${last.date}` });
    else rows.push({ row: line, date, symbol });
  }
  return { facts: factsOf(rows, terms), rows: records.length, duplicates: 0, faults };
}

function factsOf(
  rows: readonly { row: number; date: SessionDate; symbol: string }[],
  { market, source, knownOn }: FileTerms,
): IncomingFact[] {
  const [first, ...later] = rows;
  if (!first) return [];
  const instrumentId = `${first.symbol}.${first.date}`;
  const facts: IncomingFact[] = [];
  let validFrom = first.date;
  // A file of one row is of a ticker that was in use on one day.
  for (const { row, date, symbol } of later.length > 0 ? later : [first]) {
    const validTo = date >= STILL ? null : addDays(date, 1);
    // Where the first ticker begins and the row is for its first day too, there is nothing between.
    if (validTo !== null && validTo <= validFrom) continue;
    const common = { kind: 'listing', market, subject: symbol, scope: '', validFrom, validTo, source } as const;
    const fact: Omit<ReferenceFact, 'knownFrom'> = { ...common, value: { instrumentId } };
    const known = knownOn === AS_IT_HAPPENED ? asItHappened(fact) : [{ ...fact, knownFrom: knownOn }];
    facts.push(...known.map((each) => ({ row, fact: each })));
    if (validTo === null) break;
    validFrom = validTo;
  }
  return facts;
}

function dateOf(text: string): SessionDate | null {
  const [, year, month, day] = /^(\d{4})(\d{2})(\d{2})$/.exec(text.trim()) ?? [];
  if (year === undefined) return null;
  const date = `${year}-${month}-${day}`;
  const time = new Date(`${date}T00:00:00.000Z`);
  return !Number.isNaN(time.getTime()) && time.toISOString().startsWith(date) ? date : null;
}
