// Goal: every fee is charged by the rate of its day, to the right side, and never where no rate is known.
import { describe, expect, it } from '@jest/globals';
import { D } from '@ballast/kernel/money';
import {
  FINRA_TAF,
  GST,
  NSE_STAMP_DUTY,
  NSE_STT,
  NSE_TRANSACTION,
  SEBI_TURNOVER,
  SEC_SECTION_31,
} from './fee-table.js';
import { bookedAmount, feesKnownFrom, feesOf, NO_FEES } from './fees.js';
import type { FeeCode, FeeRules } from './fees.js';

const rules = (schedule: FeeRules['schedule'], perShare = '0', bp = '0'): FeeRules => ({
  schedule,
  commissionPerShare: new D(perShare),
  commissionBp: new D(bp),
});

// schedule | commission a share, bp | date | side | qty | price | what is owed, and what is booked of it alone
const golden = `
us  | 0     0  | 2013-10-07 | sell | 100    | 180      | REG 0.3132=0.32 TAF 0.0119=0.02
us  | 0     0  | 2013-10-07 | buy  | 100    | 180      |
us  | 0     0  | 2014-03-17 | sell | 1000   | 100      | REG 1.74=1.74 TAF 0.119=0.12
us  | 0     0  | 2014-03-18 | sell | 1000   | 100      | REG 2.21=2.21 TAF 0.119=0.12
us  | 0     0  | 2017-07-03 | sell | 60000  | 10       | REG 13.08=13.08 TAF 5.95=5.95
us  | 0     0  | 2017-07-05 | sell | 60000  | 10       | REG 13.86=13.86 TAF 5.95=5.95
us  | 0     0  | 2025-05-13 | sell | 1000   | 1000     | REG 27.8=27.8 TAF 0.166=0.17
us  | 0     0  | 2025-05-14 | sell | 1000   | 1000     | TAF 0.166=0.17
us  | 0     0  | 2026-04-03 | sell | 1000   | 1000     | TAF 0.195=0.2
us  | 0     0  | 2026-04-04 | sell | 1000   | 1000     | REG 20.6=20.6 TAF 0.195=0.2
us  | 0     0  | 2026-11-20 | sell | 1000   | 1000     | REG 20.6=20.6
us  | 0     0  | 2027-01-04 | sell | 100000 | 1        | REG 2.06=2.06 TAF 11.61=11.61
us  | 0.005 0  | 2017-07-03 | buy  | 300    | 20       | COM 1.5=1.5
none| 0.005 10 | 2017-07-03 | buy  | 300    | 20       | COM 7.5=7.5
none| 0     0  | 2017-07-03 | sell | 300    | 20       |
nse | 0     0  | 2025-01-02 | buy  | 100    | 1500     | STT 150=150 STAMP 22.5=22.5 EXCHANGE 4.455=4.46 SEBI 0.15=0.15 GST 0.8289=0.83
nse | 0     0  | 2025-01-02 | sell | 100    | 1500     | STT 150=150 EXCHANGE 4.455=4.46 SEBI 0.15=0.15 GST 0.8289=0.83
nse | 0     10 | 2025-01-02 | sell | 100    | 1505     | COM 150.5=150.5 STT 150.5=151 EXCHANGE 4.46985=4.47 SEBI 0.1505=0.15 GST 27.921663=27.92
`;

describe('what a fill costs', () => {
  for (const line of golden.trim().split('\n')) {
    const [schedule = '', commission = '', date = '', side = '', qty = '', price = '', expected = ''] = line
      .split('|')
      .map((cell) => cell.trim());
    it(line.trim(), () => {
      const [perShare, bp] = commission.split(/ +/);
      const charged = { date, side: side as 'buy', qty: new D(qty), price: new D(price) };
      const fees = feesOf(rules(schedule as FeeRules['schedule'], perShare, bp), charged);
      const told = fees.map(
        ({ code, amount }) => `${code} ${amount.toFixed()}=${bookedAmount(code, amount).toFixed()}`,
      );
      expect(told.join(' ')).toBe(expected);
    });
  }
});

it('is known from the first day on which every rate of the schedule is', () => {
  expect(feesKnownFrom(rules('us'))).toBe('2012-04-01');
  expect(feesKnownFrom(rules('nse'))).toBe('2024-10-01');
  expect(feesKnownFrom(NO_FEES)).toBeNull();
});

it('rounds the sum of a day once, and not every fill', () => {
  const tenth = new D('0.0119');
  const codes: FeeCode[] = ['TAF', 'REG'];
  for (const code of codes) expect(bookedAmount(code, tenth.times(10)).toFixed()).toBe('0.12');
});

it.each([
  ['SEC', SEC_SECTION_31],
  ['TAF', FINRA_TAF],
  ['STT', NSE_STT],
  ['stamp duty', NSE_STAMP_DUTY],
  ['NSE', NSE_TRANSACTION],
  ['SEBI', SEBI_TURNOVER],
  ['GST', GST],
])('the table of %s goes forward in time, and each rate names its source', (_, table) => {
  const dates = table.map(({ from }) => from);
  expect(dates).toEqual([...new Set(dates)].sort());
  for (const { source, rate } of table) expect([source.length > 10, new D(rate).lessThan(1)]).toEqual([true, true]);
});
