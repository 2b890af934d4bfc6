// Goal: the series computed from real raw prices and actions are those that vendors publish, and who a ticker was.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { addDays } from '../calendar/index.js';
import { D } from '../money/index.js';
import type { Decimal } from '../money/index.js';
import { adjustBars, readAction, symbolMap } from './index.js';
import type { CorporateAction, Listing } from './index.js';

const shared = resolve(process.env['BALLAST_SHARED_DATA'] ?? '../shared/data');
const there = existsSync(shared);
if (!there) console.warn(`skipped: no ${shared}; set BALLAST_SHARED_DATA to where the shared data is`);

type Row = Readonly<Record<string, string>>;

function readRows(file: string): Row[] {
  const bytes = readFileSync(resolve(shared, file));
  const text = (file.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8');
  const [header, ...lines] = text.trim().split('\n');
  const names = header!.trim().split(',');
  return lines.map((line) => {
    const cells = line.trim().split(',');
    return Object.fromEntries(names.map((name, i) => [name, cells[i] ?? '']));
  });
}

/** What a row of daily prices says happened on its day. */
function actionsOf(rows: readonly Row[], dividend: string, split: string): CorporateAction[] {
  return rows.flatMap((row) => {
    const date = row['date']!;
    const [amount, ratio] = [new D(row[dividend]!), new D(row[split]!)];
    return [
      ...(amount.isZero() ? [] : [readAction({ date, type: 'dividend', amount })]),
      ...(ratio.equals(1) ? [] : [readAction({ date, type: 'split', ratio })]),
    ];
  });
}

function relativeDifference(actual: Decimal, expected: Decimal): number {
  return actual.minus(expected).div(expected).abs().toNumber();
}

/** Half a unit of the last digit of a number as it is printed, relative to it. */
function halfUnit(printed: Decimal, digits: number): number {
  return new D(10).pow(-digits).div(2).div(printed).toNumber();
}

(there ? describe : describe.skip)('adjusted closes of a vendor that prints four digits', () => {
  const rows = there ? readRows('prices/alphavantage_raw_daily.csv.gz') : [];

  it.each([
    ['AAPL', 4664, 27, 0.00012],
    ['MSFT', 4664, 59, 0.0025],
    ['AMZN', 4664, 0, 0],
  ])('%s: %d rows and %d actions agree within 0.5 %', (symbol, count, events, worstSeen) => {
    const own = rows.filter((row) => row['symbol'] === symbol);
    const bars = own.map((row) => ({ date: row['date']!, close: new D(row['close']!) }));
    const actions = actionsOf(own, 'dividend_amount', 'split_coefficient');
    const series = adjustBars(bars, actions, { asOf: '2018-07-17', mode: 'total_return' });
    const vendor = new Map(own.map((row) => [row['date']!, new D(row['adjusted_close']!)]));
    expect([series.bars.length, series.applied.length]).toEqual([count, events]);
    let worst = 0;
    let roundedOnly = 0;
    for (const { date, close } of series.bars) {
      const expected = vendor.get(date)!;
      const difference = relativeDifference(close, expected);
      worst = Math.max(worst, difference);
      if (difference <= 0.005) continue;
      roundedOnly += 1;
      expect([date, difference <= 0.005 + halfUnit(expected, 4)]).toEqual([date, true]);
    }
    // No row needs the vendor's rounding as an excuse, and the worst is known: a larger one is a change of the rule.
    expect(roundedOnly).toBe(0);
    expect(worst).toBeLessThanOrEqual(worstSeen);
  });
});

(there ? describe : describe.skip)('adjusted closes of a vendor that reinvests at the close of the ex-date', () => {
  const rows = there ? readRows('prices/quandl_wiki_sample.csv.gz') : [];

  it.each(['AAPL', 'MSFT'])(
    '%s moves over 2014 within 0.02 % of what the vendor has, and its volumes exactly',
    (ticker) => {
      const own = rows.filter((row) => row['ticker'] === ticker);
      const bars = own.map((row) => ({
        date: row['date']!,
        close: new D(row['close']!),
        volume: new D(row['volume']!),
      }));
      const actions = actionsOf(own, 'ex-dividend', 'split_ratio');
      const series = adjustBars(bars, actions, { asOf: '2014-12-31', mode: 'total_return' });
      // The vendor's series knows of dividends until 2018; they move all of 2014 by one factor.
      const published = own.map((row) => new D(row['adj_close']!));
      const later = published.at(-1)!.div(series.bars.at(-1)!.close);
      series.bars.forEach(({ close }, i) => {
        expect(relativeDifference(later.times(close), published[i]!)).toBeLessThan(2e-4);
      });
      const volumes = own.map((row) => Number(row['adj_volume']));
      expect(series.bars.map(({ volume }) => volume!.toNumber())).toEqual(volumes);
    },
  );
});

(there ? describe : describe.skip)('split ratios from March 2014 to February 2018', () => {
  const oracle = there ? readRows('corporate_actions/split_oracle_2014.csv') : [];
  const known = there ? readRows('corporate_actions/splits_dividends.csv') : [];

  /** Splits of one name by the first source that has it; sources differ in the sixth digit. */
  function splitsOf(symbol: string): CorporateAction[] {
    const rows = known.filter((row) => row['symbol'] === symbol && row['type'] === 'split');
    const published = rows.filter((row) => !row['source']!.startsWith('LEAN'));
    const byDate = new Map<string, Row>();
    for (const row of published.length > 0 ? published : rows) {
      // `after` a day: the file knows the last day before the split.
      const [first, second] = row['ex_date']!.split(' ');
      const date = second === undefined ? first! : addDays(second, 1);
      if (!byDate.has(date)) byDate.set(date, row);
    }
    return [...byDate].map(([date, row]) => {
      return readAction({ date, type: 'split', symbol, ratio: new D(row['split_ratio_new_per_old']!) });
    });
  }

  it('are explained by the splits on file, by the factor of the second vendor, or listed', () => {
    const moved = oracle.filter((row) => !new D(row['median_raw_over_adj']!).equals(1));
    const bySplits: string[] = [];
    const byFactor: string[] = [];
    const listed: string[] = [];
    for (const row of moved) {
      const symbol = row['symbol']!;
      const bars = [{ date: row['first_day']!, close: new D(row['lean_raw_close_first_day']!) }];
      const { bars: adjusted } = adjustBars(bars, splitsOf(symbol), { asOf: '2018-02-07', mode: 'split' });
      const expected = new D(row['split_adj_close_v2018_first_day']!);
      const byVendor = new D(row['lean_raw_close_first_day']!).times(row['lean_split_factor']!);
      if (relativeDifference(adjusted[0]!.close, expected) <= 0.005) bySplits.push(symbol);
      else if (relativeDifference(byVendor, expected) <= 0.005) byFactor.push(symbol);
      else listed.push(`${symbol} ${row['median_raw_over_adj']}`);
    }
    console.info(
      `split oracle: ${oracle.length} names, ${moved.length} with a ratio other than 1; by the splits on file ` +
        `${bySplits.join(' ')}; by the second vendor's factor ${byFactor.join(' ')}; listed ${listed.join(', ')}`,
    );
    expect(bySplits).toEqual(['AAPL', 'CF', 'EW', 'HBI', 'HRL', 'ISRG', 'KR', 'MNST', 'SBUX', 'V']);
    expect(byFactor).toEqual(['CHD', 'CMCSA', 'ICE', 'IDXX', 'LEN', 'LNT', 'MPC', 'TMK', 'UNP', 'XRX']);
    expect(listed).toEqual([
      'AGN 0.6029', // the ticker was another company until June 2015 (Actavis took the name), so no split
      'ALK 2.0000', // 2-for-1 of July 2014, in neither file
      'AOS 2.0000', // 2-for-1 of October 2016; the factor, 0.25, holds one more
      'APH 2.0000', // 2-for-1 of October 2014; the factor, 0.25, holds that of 2021 as well
      'GOOG 2.0010', // class C shares of April 2014 under the ticker that had been class A's
      'HLT 0.1111', // 1-for-3 of January 2017, applied twice in the vintage
      'JCI 1.0658', // merger with Tyco and spin-off of 2016
    ]);
  });

  it('leave the names alone that did not split', () => {
    const still = oracle.filter((row) => new D(row['median_raw_over_adj']!).equals(1));
    for (const row of still) {
      const bars = [{ date: row['first_day']!, close: new D(row['lean_raw_close_first_day']!) }];
      const series = adjustBars(bars, splitsOf(row['symbol']!), { asOf: '2018-02-07', mode: 'split' });
      expect([row['symbol'], series.applied]).toEqual([row['symbol'], []]);
    }
    expect(still.length).toBeGreaterThan(300);
  });
});

(there ? describe : describe.skip)('tickers in the map files', () => {
  /** A file is an instrument; its lines are the last day and the symbol, after a first line with the first day. */
  function listingsOf(file: string): Listing[] {
    const text = readFileSync(resolve(shared, 'corporate_actions/lean_map_files', file), 'utf8');
    const lines = text
      .trim()
      .split(/\s+/)
      .map((line) => line.split(','));
    const dates = lines.map(([date]) => `${date!.slice(0, 4)}-${date!.slice(4, 6)}-${date!.slice(6)}`);
    return lines.slice(1).map(([, symbol], i) => ({
      instrumentId: file.replace('.csv', ''),
      symbol: symbol!,
      from: i === 0 ? dates[0]! : addDays(dates[i]!, 1),
      to: dates[i + 1]! >= '2050-01-01' ? null : addDays(dates[i + 1]!, 1),
    }));
  }

  it('never stand for two instruments at once, and each day for the right one', () => {
    const files = readdirSync(resolve(shared, 'corporate_actions/lean_map_files'));
    const map = symbolMap(files.flatMap(listingsOf));
    const instruments = [
      ['fb', '2003-03-28'],
      ['fb', '2005-01-03'],
      ['fb', '2012-05-18'],
      ['goog', '2014-04-02'],
      ['goog', '2014-04-03'],
      ['googl', '2014-04-03'],
      ['twx', '2001-01-11'],
      ['twx', '2003-10-16'],
      ['vxx', '2019-01-29'],
      ['vxx', '2019-03-01'],
      ['vxx', '2019-05-02'],
      ['qqqq', '2008-01-02'],
    ].map(([symbol, date]) => map.instrumentAt(symbol!, date!));
    expect(instruments).toEqual([
      'fb.1',
      null,
      'fb',
      'googl',
      'goog',
      'googl',
      'twx.1',
      'twx',
      'vxx.1',
      null,
      'vxx',
      'qqq',
    ]);
    expect(map.listingsOf('qqq').map(({ symbol }) => symbol)).toEqual(['qqq', 'qqqq', 'qqq']);
  });
});
