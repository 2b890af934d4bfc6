// Goal: every guardrail at, below and above its limit, with missing data, and what is left of a trade that fails.
// Method: a table of single trades with the quantity let through and the findings; then plans of several trades.
import { describe, expect, it } from '@jest/globals';
import { D, decimal } from '../money/index.js';
import type { Decimal } from '../money/index.js';
import { judgePlan } from './index.js';
import type { CheckResult, GuardrailLimits, PlanInput, PlannedTrade, Side } from './index.js';

const limits: GuardrailLimits = {
  version: 'test-1',
  notionalPerNameMax: '0.10',
  sectorGrossMax: '0.30',
  advFractionMax: '0.05',
};
const trade = (symbol: string, side: Side, quantity: string): PlannedTrade => ({
  symbol,
  side,
  quantity: decimal(quantity),
});
const decimals = (entries: Record<string, string>): Map<string, Decimal> =>
  new Map(Object.entries(entries).map(([symbol, text]) => [symbol, decimal(text)]));

/** A plan on an account of 100,000 whose names A and O are in one sector and U in none. */
function plan(overrides: Partial<PlanInput<PlannedTrade>>): PlanInput<PlannedTrade> {
  return {
    trades: [],
    positions: [],
    working: [],
    marks: decimals({ A: '100', B: '50', C: '10', O: '1', U: '10' }),
    equity: decimal('100000'),
    sectors: new Map([
      ['A', 'Tech'],
      ['O', 'Tech'],
      ['B', 'Energy'],
      ['C', 'Energy'],
    ]),
    adv: decimals({ A: '1000000', B: '1000000', C: '1000000', O: '1000000', U: '1000000' }),
    limits,
    mode: 'paper',
    halted: false,
    ...overrides,
  };
}

const failures = (checks: readonly CheckResult[]): string[] =>
  checks.filter(({ status }) => status === 'failed').map(({ code }) => code);

/** The name limit is 100 shares of A at 100; `others` is what the sector holds besides, in money, against 30,000. */
const table = `
name                                          | held | buys | sells | others | adv     | trade     | left | failed
within every limit                            | 0    | 0    | 0     | 0      | 1000000 | buy 60    | 60   |
at the name limit                             | 0    | 0    | 0     | 0      | 1000000 | buy 100   | 100  |
one share above the name limit                | 0    | 0    | 0     | 0      | 1000000 | buy 101   | 100  | POSITION_SIZE_EXCEEDED
what is held counts                           | 70   | 0    | 0     | 0      | 1000000 | buy 40    | 30   | POSITION_SIZE_EXCEEDED
a working buy counts                          | 0    | 70   | 0     | 0      | 1000000 | buy 40    | 30   | POSITION_SIZE_EXCEEDED
a working sell frees nothing before it fills  | 70   | 0    | 70    | 0      | 1000000 | buy 40    | 30   | POSITION_SIZE_EXCEEDED
a short counts as its size                    | 0    | 0    | 0     | 0      | 1000000 | sell 150  | 100  | POSITION_SIZE_EXCEEDED
a working sell makes a short larger           | 0    | 0    | 70    | 0      | 1000000 | sell 50   | 30   | POSITION_SIZE_EXCEEDED
a fraction above is cut to whole lots         | 0    | 0    | 0     | 0      | 1000000 | buy 100.5 | 100  | POSITION_SIZE_EXCEEDED
a fraction within is left alone               | 0    | 0    | 0     | 0      | 1000000 | buy 99.5  | 99.5 |
at the sector limit                           | 0    | 0    | 0     | 25000  | 1000000 | buy 50    | 50   |
above the sector limit                        | 0    | 0    | 0     | 25000  | 1000000 | buy 60    | 50   | SECTOR_EXPOSURE_EXCEEDED
both exposure limits, the tighter one decides | 0    | 0    | 0     | 25000  | 1000000 | buy 120   | 50   | POSITION_SIZE_EXCEEDED SECTOR_EXPOSURE_EXCEEDED
sector full                                   | 0    | 0    | 0     | 30000  | 1000000 | buy 1     | 0    | SECTOR_EXPOSURE_EXCEEDED
sector breached, a new short is no way out    | 0    | 0    | 0     | 31000  | 1000000 | sell 1    | 0    | SECTOR_EXPOSURE_EXCEEDED
a sell that reduces passes a breached limit   | 400  | 0    | 0     | 31000  | 1000000 | sell 10   | 10   |
a cover that reduces passes a breached limit  | -400 | 0    | 0     | 31000  | 1000000 | buy 10    | 10   |
a breached limit lets nothing be added        | 400  | 0    | 0     | 0      | 1000000 | buy 1     | 0    | POSITION_SIZE_EXCEEDED SECTOR_EXPOSURE_EXCEEDED
crossing zero within the limits               | 150  | 0    | 0     | 0      | 1000000 | sell 200  | 200  |
crossing zero too far                         | 150  | 0    | 0     | 0      | 1000000 | sell 300  | 250  | POSITION_SIZE_EXCEEDED
crossing zero with the sector full by others  | 150  | 0    | 0     | 31000  | 1000000 | sell 200  | 150  | SECTOR_EXPOSURE_EXCEEDED
crossing by orders that may not fill          | 100  | 150  | 90    | 0      | 1000000 | sell 60   | 10   | POSITION_SIZE_EXCEEDED
at five per cent of the volume                | 0    | 0    | 0     | 0      | 1000    | buy 50    | 50   |
above five per cent of the volume             | 0    | 0    | 0     | 0      | 1000    | buy 51    | 50   | LIQUIDITY_BELOW_THRESHOLD
the volume limit holds for reducing trades    | 400  | 0    | 0     | 0      | 1000    | sell 80   | 50   | LIQUIDITY_BELOW_THRESHOLD
less than one share of room                   | 0    | 0    | 0     | 0      | 19      | buy 1     | 0    | LIQUIDITY_BELOW_THRESHOLD
no volume traded                              | 0    | 0    | 0     | 0      | 0       | buy 1     | 0    | LIQUIDITY_BELOW_THRESHOLD
volume not known                              | 0    | 0    | 0     | 0      | -       | buy 1     | 0    | INSUFFICIENT_VOLUME_DATA
volume not known, for a reducing trade too    | 100  | 0    | 0     | 0      | -       | sell 1    | 0    | INSUFFICIENT_VOLUME_DATA
all limits at once                            | 0    | 0    | 0     | 29000  | 100     | buy 200   | 5    | POSITION_SIZE_EXCEEDED SECTOR_EXPOSURE_EXCEEDED LIQUIDITY_BELOW_THRESHOLD
`;

describe('one trade of A at 100', () => {
  const rows = table.trim().split('\n').slice(1);
  for (const row of rows) {
    const cells = row.split('|').map((cell) => cell.trim());
    const [name, held, buys, sells, others, adv, asked, left, failed] = cells as [string, ...string[]];
    it(`${name}: ${asked} leaves ${left}`, () => {
      const [side, quantity] = asked!.split(' ') as [Side, string];
      const judged = judgePlan(
        plan({
          trades: [trade('A', side, quantity)],
          positions: [
            { symbol: 'A', quantity: decimal(held!) },
            { symbol: 'O', quantity: decimal(others!) },
          ],
          working: [trade('A', 'buy', buys!), trade('A', 'sell', sells!)],
          adv: adv === '-' ? new Map() : decimals({ A: adv! }),
        }),
      );
      expect(judged.trades.map((kept) => kept.quantity.toFixed())).toEqual(left === '0' ? [] : [left]);
      expect(failures(judged.checks).join(' ')).toBe(failed);
      expect(judged.verdict).toBe(left === quantity ? 'approved' : left === '0' ? 'vetoed' : 'trimmed');
      expect(judged.trims).toHaveLength(left === quantity ? 0 : 1);
      expect(judged.checks.map(({ check }) => check)).toEqual([
        'HALT',
        'NOTIONAL_PER_NAME',
        'SECTOR_EXPOSURE',
        'LIQUIDITY',
      ]);
    });
  }
});

describe('what is reported', () => {
  it('names the check that allowed least, with before and after and both numbers', () => {
    const { checks, trims, verdict } = judgePlan(
      plan({ trades: [trade('A', 'buy', '120')], positions: [{ symbol: 'O', quantity: decimal('25000') }] }),
    );
    expect(verdict).toBe('trimmed');
    expect(trims).toEqual([
      {
        ...{ symbol: 'A', side: 'buy', from: new D(120), to: new D(50), reasonCode: 'position_scaled' },
        ...{ code: 'SECTOR_EXPOSURE_EXCEEDED', observed: '0.37', limit: '0.3' },
      },
    ]);
    expect(checks[1]).toEqual({
      ...{ check: 'NOTIONAL_PER_NAME', code: 'POSITION_SIZE_EXCEEDED', symbol: 'A', severity: 'CRITICAL' },
      ...{ status: 'failed', observed: '0.12', limit: '0.1', unit: 'fraction_of_equity', ruleVersion: 'test-1' },
      ...{ reasonCode: 'position_scaled', message: 'A: the position would be 12 % of equity against a limit of 10 %' },
      ...{ asOf: null, inputs: { exposure: new D(12_000), others: new D(0), equity: new D(100_000) } },
    });
    expect(checks[3]).toMatchObject({ check: 'LIQUIDITY', code: 'LIQUIDITY', status: 'passed', severity: 'INFO' });
    expect(checks[3]).not.toHaveProperty('reasonCode');
  });

  it('shows an excess too small for ten places as above the limit, never as equal to it', () => {
    const marks = decimals({ A: '10000.0000001' });
    const { checks } = judgePlan(plan({ trades: [trade('A', 'buy', '1')], marks }));
    expect(checks[1]).toMatchObject({ status: 'failed', observed: '0.1000000001', limit: '0.1' });
  });

  it('says of a reducing trade that it was let through above a limit', () => {
    const positions = [{ symbol: 'A', quantity: decimal('400') }];
    const { checks } = judgePlan(plan({ trades: [trade('A', 'sell', '10')], positions }));
    expect(checks[1]).toMatchObject({ status: 'passed', observed: '0.39', reasonCode: 'reducing_trade' });
  });

  it('keeps the other fields and the order of the plan, and the very objects that were not cut', () => {
    const trades = [
      { ...trade('C', 'buy', '10'), contributors: ['momentum'] },
      { ...trade('A', 'buy', '500'), contributors: ['reversal'] },
      { ...trade('B', 'buy', '10'), contributors: [] },
    ];
    const judged = judgePlan({ ...plan({}), trades });
    expect(judged.trades.map(({ symbol, contributors }) => [symbol, contributors])).toEqual([
      ['C', ['momentum']],
      ['A', ['reversal']],
      ['B', []],
    ]);
    expect(judged.trades[0]).toBe(trades[0]);
    expect(trades[1]!.quantity.toFixed()).toBe('500');
  });
});

describe('missing data', () => {
  it('refuses a trade without a mark, or with one that is not above zero', () => {
    for (const mark of [undefined, new D(0), new D(-1), new D(NaN)]) {
      const marks = new Map(mark === undefined ? [] : [['A', mark]]);
      const judged = judgePlan(plan({ trades: [trade('A', 'buy', '1')], marks }));
      expect(judged.verdict).toBe('vetoed');
      expect(failures(judged.checks)).toEqual(['MISSING_MARK', 'MISSING_MARK']);
      expect(judged.trims[0]).toMatchObject({ reasonCode: 'trade_refused', code: 'MISSING_MARK', observed: null });
    }
  });

  it('refuses every trade without equity', () => {
    for (const equity of [null, new D(NaN)]) {
      const judged = judgePlan(plan({ trades: [trade('A', 'buy', '1'), trade('B', 'buy', '1')], equity }));
      expect(judged.verdict).toBe('vetoed');
      expect(new Set(failures(judged.checks))).toEqual(new Set(['MISSING_EQUITY']));
    }
  });

  it('lets only reducing trades through when equity is not above zero', () => {
    const judged = judgePlan(
      plan({
        trades: [trade('A', 'sell', '5'), trade('B', 'buy', '1')],
        positions: [{ symbol: 'A', quantity: decimal('5') }],
        equity: decimal('-10'),
      }),
    );
    expect(judged.trades.map(({ symbol }) => symbol)).toEqual(['A']);
    expect(failures(judged.checks)).toEqual(['EQUITY_NOT_POSITIVE', 'EQUITY_NOT_POSITIVE']);
  });

  it('adds nothing to a sector in which a held name has no mark, and still reduces there', () => {
    const positions = [
      { symbol: 'O', quantity: decimal('10') },
      { symbol: 'A', quantity: decimal('10') },
    ];
    const marks = decimals({ A: '100', B: '50' });
    const judged = judgePlan(plan({ trades: [trade('A', 'buy', '1'), trade('B', 'buy', '1')], positions, marks }));
    expect(judged.trades.map(({ symbol }) => symbol)).toEqual(['B']);
    expect(failures(judged.checks)).toEqual(['MISSING_MARK']);
    expect(judgePlan(plan({ trades: [trade('A', 'sell', '10')], positions, marks })).verdict).toBe('approved');
  });

  it('marks an unknown sector on paper and refuses it live, except for what reduces', () => {
    const buy = [trade('U', 'buy', '10')];
    const paper = judgePlan(plan({ trades: buy }));
    expect(paper.verdict).toBe('approved');
    expect(paper.checks[2]).toMatchObject({ code: 'SECTOR_UNKNOWN', status: 'not_evaluated', severity: 'WARNING' });

    const live = judgePlan(plan({ trades: buy, mode: 'live' }));
    expect(live.verdict).toBe('vetoed');
    expect(live.checks[2]).toMatchObject({ code: 'SECTOR_UNKNOWN', status: 'failed', severity: 'CRITICAL' });

    const positions = [{ symbol: 'U', quantity: decimal('10') }];
    expect(judgePlan(plan({ trades: [trade('U', 'sell', '10')], positions, mode: 'live' })).verdict).toBe('approved');
    const crossing = judgePlan(plan({ trades: [trade('U', 'sell', '15')], positions, mode: 'live' }));
    expect(crossing.trades.map(({ quantity }) => quantity.toFixed())).toEqual(['10']);
  });

  it('refuses a quantity that is not above zero', () => {
    for (const quantity of [new D(0), new D(-5), new D(NaN), new D(Infinity)]) {
      const judged = judgePlan(plan({ trades: [{ symbol: 'A', side: 'buy', quantity }] }));
      expect(judged.verdict).toBe('vetoed');
      expect(failures(judged.checks)).toEqual(['INVALID_QUANTITY']);
      expect(judged.trims[0]).toMatchObject({ reasonCode: 'trade_refused', code: 'INVALID_QUANTITY' });
    }
  });

  it('refuses what it could only cut to a lot that is not above zero', () => {
    for (const lotSize of [new D(0), new D(NaN)]) {
      expect(judgePlan(plan({ trades: [trade('A', 'buy', '500')], lotSize })).verdict).toBe('vetoed');
    }
  });
});

describe('an exception', () => {
  it('in a check refuses that trade and no other', () => {
    const unreadable = decimals({ B: '1000000' });
    const broken = new Map(unreadable);
    broken.set('A', 'a text, not a decimal' as unknown as Decimal);
    const judged = judgePlan(plan({ trades: [trade('A', 'buy', '1'), trade('B', 'buy', '1')], adv: broken }));
    expect(judged.trades.map(({ symbol }) => symbol)).toEqual(['B']);
    expect(judged.checks.find(({ code }) => code === 'CHECK_ERROR')).toMatchObject({
      ...{ check: 'LIQUIDITY', symbol: 'A', status: 'failed', severity: 'CRITICAL', reasonCode: 'trade_refused' },
    });
  });

  it('before the checks refuses that trade too', () => {
    class Unreadable extends Map<string, Decimal> {
      override get(symbol: string): Decimal | undefined {
        if (symbol === 'A') throw new Error('unreadable');
        return super.get(symbol);
      }
    }
    const adv = new Unreadable(decimals({ B: '1000000' }));
    const judged = judgePlan(plan({ trades: [trade('A', 'buy', '1'), trade('B', 'buy', '1')], adv }));
    expect(judged.trades.map(({ symbol }) => symbol)).toEqual(['B']);
    expect(failures(judged.checks)).toEqual(['CHECK_ERROR']);
    expect(judged.checks[1]!.message).toContain('unreadable');
  });

  it('from a limit that is no decimal refuses everything', () => {
    const judged = judgePlan(plan({ trades: [trade('A', 'buy', '1')], limits: { ...limits, sectorGrossMax: '30 %' } }));
    expect(judged.verdict).toBe('vetoed');
    expect(failures(judged.checks)).toEqual(['CHECK_ERROR']);
  });
});

describe('a plan', () => {
  it('that is empty is approved', () => {
    expect(judgePlan(plan({}))).toMatchObject({ verdict: 'approved', trades: [], trims: [] });
  });

  it('is vetoed while trading is halted, with all other findings, also when it is empty', () => {
    const judged = judgePlan(plan({ trades: [trade('A', 'buy', '500'), trade('B', 'buy', '1')], halted: true }));
    expect(judged).toMatchObject({ verdict: 'vetoed', trades: [] });
    expect(failures(judged.checks)).toEqual(['HALTED', 'POSITION_SIZE_EXCEEDED', 'SECTOR_EXPOSURE_EXCEEDED']);
    expect(judged.trims.map(({ code, to }) => [code, to.toFixed()])).toEqual([
      ['HALTED', '0'],
      ['HALTED', '0'],
    ]);
    expect(judgePlan(plan({ halted: true })).verdict).toBe('vetoed');
  });

  it('uses the room that its own sells make, whatever the order it is written in', () => {
    const positions = [{ symbol: 'O', quantity: decimal('30000') }];
    const trades = [trade('A', 'buy', '50'), trade('O', 'sell', '5000')];
    expect(judgePlan(plan({ trades, positions })).verdict).toBe('approved');
    expect(judgePlan(plan({ trades: [...trades].reverse(), positions })).verdict).toBe('approved');
    expect(judgePlan(plan({ trades: trades.slice(0, 1), positions })).verdict).toBe('vetoed');
  });

  it('shares scarce room by symbol, so that its order does not matter', () => {
    const trades = [trade('C', 'buy', '1000'), trade('B', 'buy', '200')];
    const tight = { ...limits, sectorGrossMax: '0.15' };
    for (const ordered of [trades, [...trades].reverse()]) {
      const judged = judgePlan(plan({ trades: ordered, limits: tight }));
      const left = Object.fromEntries(judged.trades.map(({ symbol, quantity }) => [symbol, quantity.toFixed()]));
      expect(left).toEqual({ B: '200', C: '500' });
    }
  });

  it('adds up two trades of one name against its day', () => {
    const trades = [trade('A', 'buy', '30'), trade('A', 'buy', '30')];
    const judged = judgePlan(plan({ trades, adv: decimals({ A: '1000' }) }));
    expect(judged.trades.map(({ quantity }) => quantity.toFixed())).toEqual(['30', '20']);
  });

  it('is cut to whole lots', () => {
    const judged = judgePlan(plan({ trades: [trade('A', 'buy', '170')], lotSize: new D(75) }));
    expect(judged.trades[0]!.quantity.toFixed()).toBe('75');
  });

  it('is never cut to a quotient that was rounded up', () => {
    const judged = judgePlan(
      plan({ trades: [trade('A', 'buy', '9')], marks: decimals({ A: '3' }), equity: new D(80) }),
    );
    expect(judged.trades[0]!.quantity.toFixed()).toBe('2');
  });

  it('buys back a short before it opens anything', () => {
    const positions = [{ symbol: 'O', quantity: decimal('-30000') }];
    const trades = [trade('A', 'buy', '50'), trade('O', 'buy', '5000')];
    expect(judgePlan(plan({ trades, positions })).verdict).toBe('approved');
  });

  it('of two thousand trades over a thousand held names is judged whole', () => {
    const symbols = Array.from({ length: 2_000 }, (_, i) => `S${String(i).padStart(5, '0')}`);
    const judged = judgePlan(
      plan({
        trades: symbols.map((symbol, i) => trade(symbol, i % 3 === 0 ? 'sell' : 'buy', String(1 + (i % 7)))),
        positions: symbols.slice(0, 1000).map((symbol) => ({ symbol, quantity: decimal('3') })),
        marks: new Map(symbols.map((symbol, i) => [symbol, new D(10 + (i % 90))])),
        sectors: new Map(symbols.map((symbol, i) => [symbol, `Sector ${i % 11}`])),
        adv: new Map(symbols.map((symbol) => [symbol, new D(1000)])),
      }),
    );
    expect(judged.checks).toHaveLength(1 + 3 * 2_000);
    expect(judged.verdict).toBe('trimmed');
  });
});
