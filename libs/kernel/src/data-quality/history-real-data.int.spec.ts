// Goal: the faults that are known of real files are found with their rows, and clean series stay nearly silent.
import { existsSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { checkHistory, listedSessions, sessionCalendar } from './index.js';
import type { HistoryAction, HistoryBar, HistoryCode, HistoryFinding } from './index.js';

const SHARED = process.env['BALLAST_SHARED_DATA'] ?? '../shared/data';
const PRICES = `${SHARED}/prices/prices_daily.csv.gz`;
const ARCHIVE = `${SHARED}/quality/yfinance_dirty_vs_fixed.tar.gz`;
const missing = [PRICES, ARCHIVE].filter((path) => !existsSync(path));
if (missing.length > 0) console.warn(`history-real-data: skipped, ${missing.join(' and ')} are not here.`);
const onRealData = missing.length > 0 ? describe.skip : describe;

const numberOf = (text: string | undefined): number => (text === undefined || text === '' ? Number.NaN : Number(text));

function table(text: string): Record<string, string>[] {
  const [header, ...lines] = text.trim().split(/\r?\n/);
  const names = header!.split(',');
  return lines.map((line) => Object.fromEntries(line.split(',').map((cell, i) => [names[i]!, cell])));
}

function readPrices(): Map<string, HistoryBar[]> {
  const bySymbol = new Map<string, HistoryBar[]>();
  const lines = gunzipSync(readFileSync(PRICES)).toString().trim().split('\n').slice(1);
  for (const line of lines) {
    const [date, symbol, open, high, low, close, volume] = line.split(',');
    const bars = bySymbol.get(symbol!) ?? [];
    bars.push({
      date: date!,
      open: numberOf(open),
      high: numberOf(high),
      low: numberOf(low),
      close: numberOf(close),
      volume: numberOf(volume),
    });
    bySymbol.set(symbol!, bars);
  }
  return bySymbol;
}

/** What the list of known faults calls a fault, and the findings that tell it. */
const TOLD_BY: Record<string, (finding: HistoryFinding) => boolean> = {
  missing_volume: (f) => f.code === 'MISSING_VALUE' && f.detail.startsWith('volume'),
  missing_open: (f) => f.code === 'MISSING_VALUE' && f.detail.startsWith('open'),
  missing_high: (f) => f.code === 'MISSING_VALUE' && f.detail.startsWith('high'),
  missing_low: (f) => f.code === 'MISSING_VALUE' && f.detail.startsWith('low'),
  missing_session: (f) => f.code === 'MISSING_SESSION',
  zero_volume: (f) => f.code === 'ZERO_VOLUME',
  high_lt_open_or_close: (f) => f.code === 'OHLC_INCONSISTENT' && f.detail.startsWith('high'),
  low_gt_open_or_close: (f) => f.code === 'OHLC_INCONSISTENT' && f.detail.startsWith('low'),
  abs_return_gt_30pct: (f) => f.code === 'UNEXPLAINED_MOVE',
  late_start: (f) => f.code === 'LATE_START',
};

function countBy<T>(items: Iterable<T>, key: (item: T) => string): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const item of items) counts[key(item)] = (counts[key(item)] ?? 0) + 1;
  return counts;
}

onRealData('357 names of the S&P 500', () => {
  const bySymbol = missing.length > 0 ? new Map<string, HistoryBar[]>() : readPrices();
  const calendar = sessionCalendar('XNYS');
  const started = performance.now();
  const found = new Map(
    [...bySymbol].map(([symbol, bars]) => [symbol, checkHistory(bars, { calendar, from: '2012-08-13' })]),
  );
  const elapsedMs = performance.now() - started;

  it('have every known fault found with its row', () => {
    const known = table(readFileSync(`${SHARED}/quality/prices_daily_issues.csv`, 'utf8'));
    const missed = known.filter(
      ({ symbol, date, issue }) => !found.get(symbol!)!.findings.some((f) => f.date === date && TOLD_BY[issue!]!(f)),
    );
    expect(missed).toEqual([]);
    expect(countBy(known, ({ issue }) => issue!)).toEqual({
      missing_volume: 406,
      missing_session: 36,
      missing_open: 10,
      missing_high: 9,
      missing_low: 9,
      low_gt_open_or_close: 15,
      high_lt_open_or_close: 4,
      abs_return_gt_30pct: 31,
      zero_volume: 5,
      late_start: 44,
    });
  });

  it('have only repeated rows found beyond that', () => {
    const findings = [...found.values()].flatMap((each) => each.findings);
    const rows = [...bySymbol.values()].reduce((sum, bars) => sum + bars.length, 0);
    console.log(`${rows} rows in ${elapsedMs.toFixed(0)} ms`);
    expect(rows).toBe(478_041);
    // The list of known faults does not look for repeats, nor for a high below its own low (HLT on 2016-12-30).
    expect(countBy(findings, ({ code, severity }) => `${code} ${severity}`)).toEqual({
      'MISSING_VALUE WARNING': 434,
      'MISSING_SESSION WARNING': 36,
      'ZERO_VOLUME WARNING': 5,
      'OHLC_INCONSISTENT CRITICAL': 20,
      'STALE_BARS WARNING': 201,
      'UNEXPLAINED_MOVE WARNING': 14,
      'UNEXPLAINED_MOVE INFO': 14,
      'UNEXPLAINED_MOVE CRITICAL': 3,
      'ADJUSTMENT_FLIP CRITICAL': 11,
      'LATE_START INFO': 44,
    });
    const stale = findings.filter(({ code }) => code === 'STALE_BARS');
    expect(stale.filter(({ detail }) => !detail.includes('and so does the volume'))).toEqual([]);
  });

  it('keep all but three above the score below which a name cannot be traded', () => {
    const refused = [...found].filter(([, { score }]) => score < 0.6).map(([symbol]) => symbol);
    expect(refused.sort()).toEqual(['DISCA', 'DISCK', 'HLT']);
  });
});

/** The files of a tar archive: a header of 512 bytes with name and octal size, then the text padded to 512. */
function untar(archive: Buffer): Map<string, string> {
  const files = new Map<string, string>();
  for (let at = 0; at + 512 <= archive.length && archive[at] !== 0;) {
    const field = (from: number, to: number): string => archive.toString('utf8', at + from, at + to).split('\0')[0]!;
    const size = Number.parseInt(field(124, 136), 8);
    files.set(field(0, 100), archive.toString('utf8', at + 512, at + 512 + size));
    at += 512 + 512 * Math.ceil(size / 512);
  }
  return files;
}

interface Yahoo {
  readonly bars: HistoryBar[];
  readonly actions: HistoryAction[];
}

/** Hours of one day would be duplicates of it: the hourly file is read as if every row were a day of its own. */
function readYahoo(text: string, hourly: boolean): Yahoo {
  const rows = table(text).sort((a, b) => ((a['Datetime'] ?? a['Date']!) < (b['Datetime'] ?? b['Date']!) ? -1 : 1));
  const bars: HistoryBar[] = [];
  const actions: HistoryAction[] = [];
  rows.forEach((row, i) => {
    const date = hourly
      ? new Date(Date.UTC(2024, 0, 1 + i)).toISOString().slice(0, 10)
      : (row['Datetime'] ?? row['Date']!).slice(0, 10);
    bars.push({
      date,
      open: numberOf(row['Open']),
      high: numberOf(row['High']),
      low: numberOf(row['Low']),
      close: numberOf(row['Close']),
      volume: numberOf(row['Volume']),
      adjustedClose: row['Adj Close'] === '-inf' ? -Infinity : numberOf(row['Adj Close']),
    });
    const amount = numberOf(row['Dividends']);
    const ratio = numberOf(row['Stock Splits']);
    if (amount > 0) actions.push({ date, type: 'dividend', amount });
    if (ratio > 0) actions.push({ date, type: 'split', ratio });
  });
  return { bars, actions };
}

const COLUMNS = ['Open', 'High', 'Low', 'Close', 'Adj Close', 'Volume', 'Dividends', 'Stock Splits'];

/** The dates whose rows differ between a dirty file and its fixed one by more than the digits they are written with. */
function repairedDates(dirty: string, fixed: string): Set<string> {
  const key = (row: Record<string, string>): string => row['Datetime'] ?? row['Date']!;
  const after = new Map(table(fixed).map((row) => [key(row), row]));
  const differs = (a: number, b: number): boolean =>
    !Object.is(a, b) && !(Math.abs(a - b) <= 1e-3 * Math.max(Math.abs(a), Math.abs(b)));
  const repaired = table(dirty).filter((row) =>
    COLUMNS.some((column) => differs(numberOf(row[column]), numberOf(after.get(key(row))?.[column]))),
  );
  return new Set(repaired.map((row) => key(row).slice(0, 10)));
}

/** Findings that tell a fault of each kind of file; the rest of its rows was not looked at by those who mended it. */
const KINDS: readonly (readonly [string, readonly HistoryCode[]])[] = [
  ['100x-error', ['UNIT_ERROR']],
  ['bad-unit', ['UNIT_ERROR']],
  ['bad-stock-split', ['ADJUSTMENT_FLIP']],
  ['bad-div', ['DIVIDEND_SUSPECT', 'ADJUSTED_CLOSE_MISMATCH']],
  ['cg-double-count', ['ADJUSTED_CLOSE_MISMATCH']],
];
/** What the numbers of the row itself prove: it is a fault, whether anybody mended it or not. */
const PROVEN: readonly HistoryCode[] = ['OHLC_INCONSISTENT', 'MISSING_VALUE'];

onRealData('the dirty and fixed series of yfinance', () => {
  const files = missing.length > 0 ? new Map<string, string>() : untar(gunzipSync(readFileSync(ARCHIVE)));
  const check = (name: string): { rows: number; alarms: HistoryFinding[] } => {
    const { bars, actions } = readYahoo(files.get(name)!, name.includes('-1h-'));
    const calendar = listedSessions(
      'its own dates',
      bars.map(({ date }) => date),
    );
    const { findings } = checkHistory(bars, { calendar, actions, basis: 'split_adjusted' });
    return { rows: bars.length, alarms: findings.filter(({ severity }) => severity !== 'INFO') };
  };
  const alarmed = (alarms: readonly HistoryFinding[]): number => new Set(alarms.map(({ date }) => date)).size;

  it('have the fault found in 27 of 28 dirty series, and gone in the fixed one', () => {
    const told: string[] = [];
    const result = [...files.keys()]
      .filter((name) => name.endsWith('-fixed.csv'))
      .map((fixed) => {
        const dirty = fixed.replace('-fixed', '');
        const [kind, codes] = KINDS.find(([each]) => dirty.includes(each))!;
        const own = check(dirty).alarms.filter(({ code }) => codes.includes(code));
        const key = ({ code, date }: HistoryFinding): string => `${code} ${date}`;
        const still = new Set(check(fixed).alarms.map(key));
        const gone = own.filter((finding) => !still.has(key(finding)));
        const repaired = repairedDates(files.get(dirty)!, files.get(fixed)!);
        const onRow = gone.filter(({ date }) => repaired.has(date!)).length;
        told.push(
          `${dirty}: ${repaired.size} rows mended, ${gone.length} findings gone with it, ${onRow} on such a row`,
        );
        return { dirty, kind, found: gone.length > 0 };
      });
    console.log(told.join('\n'));
    expect(countBy(result, ({ kind }) => kind)).toEqual({
      '100x-error': 2,
      'bad-unit': 1,
      'bad-stock-split': 5,
      'bad-div': 17,
      'cg-double-count': 3,
    });
    // The one row of a weekly file that was mended falls by as much as a special dividend of that week explains.
    expect(result.filter(({ found }) => !found).map(({ dirty }) => dirty)).toEqual(['AV-L-1wk-bad-stock-split.csv']);
  });

  it('raise false alarms on less than 2 % of the rows of the clean controls', () => {
    const controls = [...files.keys()].filter((name) => name.endsWith('no-bad-divs.csv')).map(check);
    const rows = controls.reduce((sum, each) => sum + each.rows, 0);
    const alarms = controls.reduce((sum, each) => sum + alarmed(each.alarms), 0);
    console.log(`clean controls: ${alarms} of ${rows} rows have an alarm (${((100 * alarms) / rows).toFixed(2)} %)`);
    expect(controls).toHaveLength(5);
    expect(alarms / rows).toBeLessThan(0.02);
  });

  it('raise alarms that no row proves by itself on less than 2 % of the rows of the fixed series', () => {
    const fixed = [...files.keys()].filter((name) => name.endsWith('-fixed.csv')).map(check);
    const rows = fixed.reduce((sum, each) => sum + each.rows, 0);
    const all = fixed.reduce((sum, each) => sum + alarmed(each.alarms), 0);
    const judged = fixed.map(({ alarms }) => alarms.filter(({ code }) => !PROVEN.includes(code)));
    const unproven = judged.reduce((sum, alarms) => sum + alarmed(alarms), 0);
    const share = (part: number): string => `${part} of ${rows} rows (${((100 * part) / rows).toFixed(2)} %)`;
    const counts = countBy(
      fixed.flatMap(({ alarms }) => alarms),
      ({ code, severity }) => `${code} ${severity}`,
    );
    console.log(`fixed series: alarms on ${share(all)}, unproven by the row on ${share(unproven)}`, counts);
    expect(unproven / rows).toBeLessThan(0.02);
  });
});
