// Goal: what counts as a day trade, what makes a pattern, which rule holds when, and when a deficit is one.
import { describe, expect, it } from '@jest/globals';
import { D, KernelError } from '../money/index.js';
import {
  countDayTrades,
  cureBy,
  DayCount,
  dayTradingRule,
  intradayMarginDeficit,
  isPatternDayTrader,
} from './index.js';
import type { DayExecution } from './index.js';

const rowsOf = (text: string): string[][] =>
  text
    .trim()
    .split('\n')
    .map((line) => line.split('|').map((cell) => cell.trim()));

const executionsOf = (text: string): DayExecution[] =>
  text.split(' ').map((each) => ({
    symbol: 'ABC',
    side: each.startsWith('B') ? 'buy' : 'sell',
    quantity: new D(each.slice(1)),
  }));

function codeOf(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    if (error instanceof KernelError) return error.code;
    throw error;
  }
  return 'no error';
}

describe('day trades of one symbol', () => {
  // overnight | executions | day trades. The first five are the examples A to E of FINRA's notice.
  const golden = `
0    | B250 B250 S500              | 1
0    | B100 S100 B100 S100         | 2
0    | B500 S100 S100 S300         | 1
0    | B250 B300 B100 S150 S175    | 1
0    | B199 B142 S1 B45 S100 S200  | 2
0    | B100                        | 0
0    | S100 B100                   | 1
0    | S100 B100 S100 B100         | 2
0    | S100 B50 B50                | 1
0    | B100 S200 B100              | 2
100  | S100 B100                   | 0
100  | S100 B100 S100              | 1
100  | S50 B50 S50                 | 1
100  | B50 S150                    | 1
100  | S150 B50                    | 1
100  | S50 S50                     | 0
-100 | B100 S100                   | 0
-100 | B100 S100 B100              | 1
-100 | S50 B150                    | 1
`;
  for (const [overnight, executions, count] of rowsOf(golden)) {
    it(`holding ${overnight}: ${executions} are ${count}`, () => {
      const held = new Map([['ABC', new D(overnight!)]]);
      expect(countDayTrades(executionsOf(executions!), held)).toBe(Number(count));
    });
  }

  it('are counted for each symbol by itself', () => {
    const of = (symbol: string, side: 'buy' | 'sell'): DayExecution => ({ symbol, side, quantity: new D(100) });
    expect(countDayTrades([of('A', 'buy'), of('B', 'sell'), of('A', 'sell'), of('B', 'buy')])).toBe(2);
    expect(countDayTrades([of('A', 'buy'), of('B', 'sell')])).toBe(0);
  });

  it('can be asked for ahead of the execution, which changes nothing', () => {
    const count = new DayCount();
    count.take('buy', new D(100));
    expect([count.after('sell', new D(1)), count.after('buy', new D(1)), count.dayTrades]).toEqual([1, 0, 0]);
    count.take('sell', new D(50));
    expect([count.after('sell', new D(50)), count.dayTrades]).toEqual([1, 1]);
  });

  it.each([0, -1, NaN, Infinity])('are not counted from a quantity of %s', (quantity) => {
    expect(codeOf(() => new DayCount().take('buy', new D(quantity)))).toBe('INVALID_QUANTITY');
  });
});

describe('a pattern', () => {
  it.each([
    [3, 10, false],
    [4, 20, true],
    [4, 66, true],
    [4, 67, false],
    [6, 100, false],
    [7, 100, true],
    [0, 0, false],
  ])('%s day trades among %s trades: %s', (dayTrades, trades, flag) => {
    expect(isPatternDayTrader(dayTrades, trades)).toBe(flag);
  });

  it.each([
    [-1, 4],
    [4.5, 10],
    [5, 4],
    [NaN, 4],
  ])('is not told from %s among %s', (dayTrades, trades) => {
    expect(codeOf(() => isPatternDayTrader(dayTrades, trades))).toBe('INVALID_COUNT');
  });
});

describe('the rule that holds', () => {
  const [old, intraday] = ['PDT_4210_f_8_B', 'INTRADAY_MARGIN_4210_d_2'] as const;
  it.each([
    ['2001-09-27', null, null],
    ['2001-09-28', null, old],
    ['2026-06-03', '2026-01-01', old],
    ['2026-06-04', '2026-06-04', intraday],
    ['2026-06-04', null, old],
    ['2026-09-30', '2026-10-01', old],
    ['2026-10-01', '2026-10-01', intraday],
    ['2027-10-20', null, old],
    ['2027-10-21', null, intraday],
    ['2027-10-21', '2028-01-01', intraday],
  ])('on %s for a broker that came to it on %s is %s', (date, adoptedOn, rule) => {
    expect(dayTradingRule(date, adoptedOn)).toBe(rule);
  });

  it('is not told for a day that is none', () => {
    expect(codeOf(() => dayTradingRule('2026-02-30', null))).toBe('INVALID_DATE');
    expect(codeOf(() => dayTradingRule('2026-07-01', 'soon'))).toBe('INVALID_DATE');
  });
});

describe('an intraday margin deficit', () => {
  it.each([
    ['30000', '30000', '0', true],
    ['30000', '31000', '1000', true],
    ['30000', '31000.01', '1000.01', false],
    ['10000', '10500', '500', true],
    ['10000', '10500.01', '500.01', false],
    ['-5', '0', '5', false],
  ])('of equity %s against %s is %s, small: %s', (equity, maintenance, deficit, small) => {
    const found = intradayMarginDeficit(new D(equity), new D(maintenance));
    expect([found.deficit.toFixed(), found.deMinimis]).toEqual([deficit, small]);
  });

  it('is to be met by the fifth session after it', () => {
    expect(cureBy('2026-11-20')).toBe('2026-11-30');
  });
});
