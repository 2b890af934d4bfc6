import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { CliError } from '../errors.js';
import { ownHostOptions, parseRunOptions, type RawRunOptions } from './run-options.js';

const folder = mkdtempSync(join(tmpdir(), 'ballast-cli-'));
writeFileSync(join(folder, 'bars.csv'), 'date,symbol\n');

function faultsOf(raw: RawRunOptions): string[] {
  try {
    parseRunOptions(raw, { cwd: folder, user: 'ada' });
  } catch (error) {
    if (error instanceof CliError) return error.where.map(({ field, message }) => `${field}: ${message}`);
    throw error;
  }
  return [];
}

describe('the options of cycle run', () => {
  it('are what was typed, with paths made whole and the rest left out', () => {
    const raw = {
      data: 'bars.csv',
      asOf: '2017-06-30',
      symbols: 'AAPL, BRK.B',
      strategies: 'momentum,low-volatility',
      cash: '250000.5',
      book: 'trial',
      fresh: true,
      workers: '4',
      days: '5',
    };
    expect(parseRunOptions(raw, { cwd: folder, user: 'ada' })).toEqual({
      data: join(folder, 'bars.csv'),
      asOf: '2017-06-30',
      symbols: ['AAPL', 'BRK.B'],
      strategies: ['momentum', 'low-volatility'],
      cash: '250000.50',
      book: 'trial',
      fresh: true,
      workers: 4,
      days: 5,
    });
    expect(parseRunOptions({}, { cwd: folder, user: 'ada' })).toEqual({ book: 'main', fresh: false, days: 1 });
  });

  it.each<[RawRunOptions, RegExp]>([
    [{ asOf: '2017-02-30' }, /^--as-of: 2017-02-30 is a day that no calendar has/],
    [{ asOf: '30.6.2017' }, /^--as-of: "30\.6\.2017" is not a date; write it as YYYY-MM-DD/],
    [{ asOf: '2017-07-04' }, /take 2017-07-03 \(the session before\) or 2017-07-05 \(after\)/],
    [{ asOf: '1990-01-02' }, /^--as-of: The NYSE calendar covers 1998 to 2099/],
    [{ symbols: 'aapl' }, /^--symbols: "aapl" is not a ticker; tickers are in capitals: AAPL/],
    [{ symbols: 'A$' }, /^--symbols: "A\$" is not a ticker; expected/],
    [{ symbols: 'A,A' }, /^--symbols: "A" is there twice/],
    [{ symbols: 'A,,B' }, /^--symbols: an entry between the commas/],
    [{ universe: '0' }, /^--universe: "0" is not a whole number from 1 to 10000/],
    [{ universe: '2.5' }, /^--universe: "2.5" is not a whole number/],
    [{ symbols: 'A', universe: '5' }, /^--universe: cannot go with --symbols/],
    [{ strategies: 'Momentum' }, /^--strategies: "Momentum" is not a name/],
    [{ cash: '-5' }, /^--cash: "-5" is not an amount/],
    [{ cash: '0.00' }, /^--cash: "0\.00" is not an amount/],
    [{ cash: '1.005' }, /^--cash: "1\.005" is not an amount/],
    [{ book: '../etc' }, /^--book: "\.\.\/etc" is not a name/],
    [{ workers: '65' }, /^--workers: "65" is not a whole number from 1 to 64/],
    [{ days: '0' }, /^--days: "0" is not a whole number from 1 to/],
    [{ days: '1e3' }, /^--days: "1e3" is not a whole number/],
    [{ data: 'nope.csv' }, /^--data: there is no file .*nope\.csv; correct the path/],
    [{ data: '.' }, /^--data: .* is not a file/],
    [{ data: 'bars.csv', sectors: 'nope' }, /^--sectors: there is no file/],
    [{ sectors: 'bars.csv' }, /^--sectors: goes with --data FILE only/],
  ])('refuse %j', (raw, message) => {
    expect(faultsOf(raw)).toEqual([expect.stringMatching(message)]);
  });

  it('are refused all at once', () => {
    const faults = faultsOf({ days: '0', asOf: '2017-02-30', symbols: 'A,,,' });
    expect(faults.map((fault) => fault.split(':')[0])).toEqual(['--as-of', '--symbols', '--days']);
  });

  it('are told apart where only a host of the own can carry them out', () => {
    expect(ownHostOptions({ symbols: 'A', asOf: '2017-06-30', book: 'main' })).toEqual([]);
    expect(ownHostOptions({ days: '1', fresh: true, workers: '2' })).toEqual(['--days', '--fresh', '--workers']);
  });
});
