// Goal: the wire of `calc guardrails`: one order against a book, what is read, what is answered, and what is refused by name.
import { describe, expect, it } from '@jest/globals';
import { KernelError } from '../money/index.js';
import { guardrailsCase } from './guardrails-case.js';
import type { Fields } from './fields.js';
import { runCalc } from './index.js';

interface Answer {
  readonly verdict: string;
  readonly maxQty: string;
  readonly trim: Readonly<Record<string, unknown>> | null;
  readonly checks: readonly Readonly<Record<string, unknown>>[];
}

const ORDER = { symbol: 'AAPL', side: 'buy', qty: '700', price: '100', sector: 'Tech' };
const BOOK = {
  equity: '500000',
  positions: [{ symbol: 'MSFT', qty: '1000', price: '90', sector: 'Tech' }],
  pending: [{ symbol: 'NVDA', side: 'buy', qty: 100, price: 200, sector: 'Tech' }],
};
const LIMITS = { notionalPerNameMax: '0.15', sectorGrossMax: '0.30', advFractionMax: '0.05' };

const ask = (input: Fields): Answer => guardrailsCase(input) as unknown as Answer;

function refusalOf(input: Fields): string {
  try {
    guardrailsCase(input);
  } catch (error) {
    if (error instanceof KernelError) return `${error.code}: ${error.message}`;
    throw error;
  }
  return 'no error';
}

describe('calc guardrails', () => {
  it('answers verdict, largest quantity, what cut it and every check with its numbers', () => {
    const input = { order: ORDER, book: BOOK, market: { adv: { AAPL: '10000' } }, limits: LIMITS };
    const { verdict, maxQty, trim, checks } = ask(input);
    expect([verdict, maxQty]).toEqual(['trimmed', '400']);
    expect(trim).toEqual({
      ...{ symbol: 'AAPL', side: 'buy', from: '700', to: '400', reasonCode: 'position_scaled' },
      ...{ code: 'SECTOR_EXPOSURE_EXCEEDED', observed: '0.36', limit: '0.3' },
    });
    expect(checks.map(({ check, status }) => `${String(check)} ${String(status)}`)).toEqual([
      'HALT passed',
      'NOTIONAL_PER_NAME passed',
      'SECTOR_EXPOSURE failed',
      'LIQUIDITY failed',
    ]);
    expect(checks[2]).toMatchObject({
      inputs: { exposure: '70000', others: '110000', equity: '500000' },
      unit: 'fraction_of_equity',
    });
    expect(JSON.parse(JSON.stringify(runCalc('guardrails', { cases: [{ name: 'a', input }] })))).toMatchObject({
      results: [{ name: 'a', output: { maxQty: '400' } }],
    });
  });

  it('lets all of an order through, or none of it', () => {
    const wide = { order: { ...ORDER, qty: 100 }, book: BOOK, market: { adv: 10_000 }, limits: LIMITS };
    expect(ask(wide)).toMatchObject({ verdict: 'approved', maxQty: '100', trim: null });
    expect(ask({ ...wide, market: {} })).toMatchObject({
      verdict: 'vetoed',
      maxQty: '0',
      trim: { code: 'INSUFFICIENT_VOLUME_DATA' },
    });
    expect(ask({ ...wide, halted: true })).toMatchObject({ verdict: 'vetoed', maxQty: '0' });
    expect(ask({ ...wide, book: { ...BOOK, equity: null } })).toMatchObject({
      verdict: 'vetoed',
      trim: { code: 'MISSING_EQUITY' },
    });
    expect(ask({ ...wide, limits: {} })).toMatchObject({ verdict: 'approved', checks: [{ check: 'HALT' }] });
  });

  it('cuts to whole lots', () => {
    const lots = { ...ORDER, lotSize: '75' };
    expect(ask({ order: lots, book: { equity: 100_000 }, limits: { notionalPerNameMax: 0.1 } }).maxQty).toBe('75');
  });

  it('values by the market first, then by positions, then by the order itself', () => {
    const seen = (input: Fields): unknown =>
      ask({ limits: { notionalPerNameMax: '1' }, ...input }).checks[1]!['observed'];
    const book = { equity: '100000', positions: [{ symbol: 'AAPL', qty: '0', price: '50' }] };
    expect(seen({ order: ORDER, book: { equity: '100000' } })).toBe('0.7');
    expect(seen({ order: ORDER, book })).toBe('0.35');
    expect(seen({ order: ORDER, book, market: { marks: { AAPL: '10' } } })).toBe('0.07');
    const pending = [
      { symbol: 'AAPL', side: 'buy', qty: 1, price: 20 },
      { symbol: 'AAPL', side: 'buy', qty: 1, price: 30 },
    ];
    expect(seen({ order: { symbol: 'AAPL', side: 'buy', qty: 8 }, book: { equity: '100000', pending } })).toBe('0.003');
  });

  it('reads every limit and every fact', () => {
    const returns = Array.from({ length: 40 }, (_, i) => (i % 2 === 0 ? 0.01 : -0.01));
    const order = {
      ...{ ...ORDER, qty: '10', stop: '95', segment: 'equities', orders: 1, strategies: { momentum: 1 } },
      ...{ catalystAt: '2026-11-20T10:00:00.000Z', expectedBp: 50, costBp: 5, alternativeBp: 10 },
    };
    const book = {
      ...{ equity: '500000', buyingPower: '1000000', sessionEquity: '500000', peakEquity: '510000' },
      ...{ strategyGross: { momentum: '0' }, ordersToday: 3, sentOrders: [] },
      tradingDay: { date: '2026-11-20', dayTradesBefore: 0, equityBefore: '500000' },
      accountBucket: { tokens: 5, at: '2026-11-20T15:00:00.000Z' },
      segmentBuckets: { equities: { tokens: 5, at: '2026-11-20T15:00:00.000Z' } },
    };
    const market = {
      ...{ now: '2026-11-20T15:00:00.000Z', asOf: '2026-11-20T14:59:00.000Z', marks: { AAPL: '100' }, adv: 1e6 },
      ...{ returns: { AAPL: returns }, volatilities: { AAPL: 0.3 }, betas: { AAPL: 1.2 }, quality: { AAPL: 0.9 } },
      ...{ factors: { AAPL: { value: 0.2 } }, sessionsToEarnings: { AAPL: null }, borrowable: { AAPL: '0' } },
      ...{
        bands: { AAPL: { lower: '95', upper: '105' } },
        paused: [],
        marketHalt: null,
        restricted: {},
        regime: 'calm',
      },
    };
    const scenarios = ['market_down_10', 'covid_2020', { name: 'mine', factors: { value: -0.1 }, market: -0.05 }];
    const limits = {
      ...{ version: 'mine-1', ...LIMITS, unknownSectorGrossMax: '0.05', grossLeverageMax: '2', netLeverageMax: '1' },
      ...{ strategyGrossMax: '0.5', positionRiskMax: '0.01', volatilityPerNameMax: '0.02', volatilityFloor: '0.1' },
      ...{
        orderNotionalMax: '50000',
        cvar: { max: '0.05', confidence: '0.95' },
        betaMax: '1',
        bookCorrelationMax: '0.7',
      },
      ...{
        expectedShortfall: { max: '0.05', confidence: '0.95', degreesOfFreedom: 6 },
        stress: { max: '0.2', scenarios },
      },
      ...{
        dailyLossMax: '0.03',
        drawdownMax: '0.1',
        initialMarginMax: '1',
        maintenanceMarginMax: '0.8',
        buyingPowerMax: '1',
      },
      ...{
        shortBorrow: true,
        dayTrading: { intradayRuleFrom: null },
        priceCollarMax: '0.05',
        luldBands: true,
        marketHalts: true,
      },
      ...{ restrictedList: true, dataQualityMin: 0.6, inputAgeMinutesMax: 10, earningsBlackoutSessions: 2 },
      ...{ regimes: { allowed: ['calm'], strict: true }, catalystAgeHoursMax: 24, opportunityCostBpMin: 0 },
      ...{ duplicateWindowSeconds: 60, ordersPerDayMax: 100 },
      orderRate: { account: { capacity: 5, perSecond: 1 }, segment: { capacity: 5, perSecond: 1 } },
    };
    const { verdict, checks } = ask({ order, book, market, limits, mode: 'live', halted: false });
    expect(checks.filter(({ status }) => status !== 'passed')).toEqual([]);
    expect([verdict, checks.length]).toEqual(['approved', 35]);
    expect(checks.every(({ ruleVersion }) => ruleVersion === 'mine-1')).toBe(true);
    expect(checks[1]).toMatchObject({ asOf: '2026-11-20T14:59:00.000Z' });
    const fewer = { ...market, regime: 'wild', marketHalt: { level: 1, halt: '15m' }, restricted: { AAPL: 'all' } };
    expect(ask({ order, book, market: fewer, limits }).verdict).toBe('vetoed');
  });

  const base = { order: ORDER, book: { equity: '1' }, limits: {} };
  it.each([
    ['UNKNOWN_LIMIT: limits has no limit "notionalPerName"', { ...base, limits: { notionalPerName: '1' } }],
    ['INVALID_INPUT: input has no field "orders"', { ...base, orders: [] }],
    ['INVALID_INPUT: order has no field "quantity"', { ...base, order: { ...ORDER, quantity: 1 } }],
    ['INVALID_INPUT: book has no field "cash"', { ...base, book: { cash: 1 } }],
    ['INVALID_INPUT: market has no field "vix"', { ...base, market: { vix: 1 } }],
    [
      'INVALID_INPUT: book.positions[0] has no field "quantity"',
      { ...base, book: { positions: [{ symbol: 'A', quantity: 1 }] } },
    ],
    ['INVALID_INPUT: market.asOf has no field "prices"', { ...base, market: { asOf: { prices: 'x' } } }],
    ['INVALID_INPUT: order must be an object', { ...base, order: undefined }],
    ['INVALID_INPUT: limits must be an object', { ...base, limits: undefined }],
    ['INVALID_INPUT: order.qty must be above zero', { ...base, order: { ...ORDER, qty: '0' } }],
    ['INVALID_INPUT: order.side must be one of buy, sell', { ...base, order: { ...ORDER, side: 'hold' } }],
    ['INVALID_INPUT: mode must be one of live, paper', { ...base, mode: 'test' }],
    ['INVALID_INPUT: limits.shortBorrow is false', { ...base, limits: { shortBorrow: false } }],
    ['INVALID_INPUT: limits.cvar has no field "alpha"', { ...base, limits: { cvar: { max: '1', alpha: 0.05 } } }],
    [
      'INVALID_INPUT: limits.stress.scenarios[0]: "crash"',
      { ...base, limits: { stress: { max: '1', scenarios: ['crash'] } } },
    ],
    ['INVALID_DECIMAL: "10 %"', { ...base, limits: { notionalPerNameMax: '10 %' } }],
    ['INVALID_INPUT: limits.priceCollarMax compares order.price', { ...base, limits: { priceCollarMax: '0.05' } }],
    [
      'INVALID_INPUT: book.positions[1].price is 11, and 10 elsewhere',
      {
        ...base,
        book: {
          positions: [
            { symbol: 'A', qty: 1, price: 10 },
            { symbol: 'A', qty: 1, price: 11 },
          ],
        },
      },
    ],
    ['INVALID_INPUT: market.marketHalt.level must be', { ...base, market: { marketHalt: { level: 4, halt: 'day' } } }],
  ])('says %s', (expected, input) => {
    expect(refusalOf(input as Fields)).toContain(expected);
  });
});
