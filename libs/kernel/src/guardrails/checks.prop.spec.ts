// Goal: what holds for every check and every plan: tighter limits never let more through, what was cut passes and one lot more fails, what was cut
// passes again, and the order in which a plan is written changes nothing.
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { D } from '../money/index.js';
import type { Decimal } from '../money/index.js';
import { decimals, FACTS, NOW, world } from './world.fixture.js';
import { judgePlan } from './index.js';
import type { GuardrailLimits, PlanInput, PlannedTrade, Side } from './index.js';

type Limits = Omit<GuardrailLimits, 'version'>;

const NAMES = ['A', 'B', 'C'];
const side = fc.constantFrom<Side>('buy', 'sell');
const symbol = fc.constantFrom(...NAMES);
const shares = fc.integer({ min: 1, max: 3000 }).map((n) => new D(n));
const price = (name: string): Decimal => new D({ A: 100, B: 50, C: 10 }[name]!);

const trade: fc.Arbitrary<PlannedTrade> = fc
  .record({
    symbol,
    side,
    quantity: shares,
    stopDistance: fc.constantFrom('0.9', '0.99'),
    momentum: fc.integer({ min: 0, max: 4 }),
  })
  .map(({ stopDistance, momentum, ...order }) => {
    const at = price(order.symbol);
    const stop = order.side === 'buy' ? at.times(stopDistance) : at.div(stopDistance).toDecimalPlaces(4);
    return { ...order, stop, strategies: { momentum: momentum / 4, reversal: 1 - momentum / 4 }, segment: 'equities' };
  });
const position = fc.record({ symbol, quantity: fc.integer({ min: -1500, max: 1500 }).map((n) => new D(n)) });
const working = fc.record({ symbol, side, quantity: fc.integer({ min: 1, max: 400 }).map((n) => new D(n)) });

/** Every limit that a quantity is cut to, at a tightness from 0, nothing passes, to 1, wide. */
const limitsAt = {
  NAME: (t: number): Limits => ({ notionalPerNameMax: text(t) }),
  SECTOR: (t: number): Limits => ({ sectorGrossMax: text(t * 2) }),
  LIQUIDITY: (t: number): Limits => ({ advFractionMax: text(t / 5) }),
  GROSS: (t: number): Limits => ({ grossLeverageMax: text(t * 3) }),
  NET: (t: number): Limits => ({ netLeverageMax: text(t * 2) }),
  STRATEGY: (t: number): Limits => ({ strategyGrossMax: text(t) }),
  RISK: (t: number): Limits => ({ positionRiskMax: text(t / 20) }),
  VOLATILITY: (t: number): Limits => ({ volatilityPerNameMax: text(t / 3), volatilityFloor: '0.05' }),
  CVAR: (t: number): Limits => ({ cvar: { max: text(t / 4), confidence: '0.95' } }),
  SHORTFALL: (t: number): Limits => ({
    expectedShortfall: { max: text(t / 4), confidence: '0.95', degreesOfFreedom: 5 },
  }),
  STRESS: (t: number): Limits => ({
    stress: {
      max: text(t / 4),
      scenarios: [
        { name: 'fall', market: -0.1 },
        { name: 'rise', market: 0.07 },
        { name: 'C', symbols: { C: 0.4 }, market: 0 },
      ],
    },
  }),
  BETA: (t: number): Limits => ({ betaMax: text(t * 2) }),
  INITIAL: (t: number): Limits => ({ initialMarginMax: text(t) }),
  MAINTENANCE: (t: number): Limits => ({ maintenanceMarginMax: text(t / 2) }),
  POWER: (t: number): Limits => ({ buyingPowerMax: text(t * 5) }),
} as const;
const kinds = Object.keys(limitsAt) as (keyof typeof limitsAt)[];
const text = (value: number): string => new D(value).toDecimalPlaces(6).toFixed();
const tightness = fc.integer({ min: 0, max: 100 }).map((n) => n / 100);
const lot = fc.constantFrom(new D(1), new D(10), new D('0.25'));

type Book = Pick<PlanInput<PlannedTrade>, 'positions' | 'working'>;
const book: fc.Arbitrary<Book> = fc.record({
  positions: fc.array(position, { maxLength: 3 }),
  working: fc.array(working, { maxLength: 2 }),
});
const withC = {
  ...FACTS,
  volatilities: new Map([...FACTS.volatilities!, ['C', 0.3]]),
  borrowable: decimals({ A: 500, B: 500, C: 500 }),
  quality: new Map(NAMES.map((name) => [name, 0.9])),
  sessionsToEarnings: new Map(NAMES.map((name) => [name, null])),
};

/** How much of one trade is let through. */
function letThrough(limits: Limits, one: PlannedTrade, plan: Partial<PlanInput<PlannedTrade>>): Decimal {
  const { trades } = judgePlan(world(limits, { ...plan, trades: [one] }, withC));
  return trades[0]?.quantity ?? new D(0);
}

describe.each(kinds)('the limit %s', (kind) => {
  it('lets no more through when it is tighter', () => {
    fc.assert(
      fc.property(book, trade, tightness, tightness, lot, (held, one, a, b, lotSize) => {
        const [tight, wide] = [Math.min(a, b), Math.max(a, b)];
        const less = letThrough(limitsAt[kind](tight), one, { ...held, lotSize });
        const more = letThrough(limitsAt[kind](wide), one, { ...held, lotSize });
        expect(less.lessThanOrEqualTo(more)).toBe(true);
      }),
      { numRuns: 60 },
    );
  });

  it('lets through what it has cut a trade to, and not one lot more', () => {
    fc.assert(
      fc.property(book, trade, tightness, lot, (held, one, t, lotSize) => {
        const limits = limitsAt[kind](t);
        const left = letThrough(limits, one, { ...held, lotSize });
        if (left.equals(one.quantity)) return;
        if (left.greaterThan(0)) {
          expect(letThrough(limits, { ...one, quantity: left }, { ...held, lotSize }).toFixed()).toBe(left.toFixed());
        }
        const more = left.plus(lotSize);
        if (more.greaterThan(one.quantity)) return;
        expect(letThrough(limits, { ...one, quantity: more }, { ...held, lotSize }).lessThan(more)).toBe(true);
      }),
      { numRuns: 60 },
    );
  });
});

const all: fc.Arbitrary<Limits> = fc
  .tuple(
    fc.subarray(kinds, { minLength: 3 }),
    fc.array(tightness, { minLength: kinds.length, maxLength: kinds.length }),
  )
  .map(([chosen, ts]) => {
    const limits = Object.assign({}, ...chosen.map((kind, i) => limitsAt[kind](0.2 + ts[i]!))) as Limits;
    return { ...limits, shortBorrow: true, ordersPerDayMax: 8, orderRate: { account: { capacity: 9, perSecond: 1 } } };
  });
const plan = fc.record({ book, trades: fc.array(trade, { minLength: 1, maxLength: 8 }), limits: all, lotSize: lot });

describe('a plan by many checks', () => {
  it('judged again as it was cut is approved untouched', () => {
    fc.assert(
      fc.property(plan, ({ book: held, trades, limits, lotSize }) => {
        const first = judgePlan(world(limits, { ...held, trades, lotSize }, withC));
        const again = judgePlan(world(limits, { ...held, trades: first.trades, lotSize }, withC));
        expect(again.trades).toEqual(first.trades);
        expect(again.verdict).toBe('approved');
      }),
      { numRuns: 150 },
    );
  });

  it('comes out the same in whatever order names and book are written down', () => {
    fc.assert(
      fc.property(plan, fc.integer(), ({ book: held, trades, limits, lotSize }, turn) => {
        // One trade a name: two trades of one name are in an order that somebody meant.
        const single = NAMES.flatMap((name) => trades.find((each) => each.symbol === name) ?? []);
        const turned = <T>(list: readonly T[]): T[] => list.map((_, i) => list[(i + Math.abs(turn)) % list.length]!);
        const left = (order: readonly PlannedTrade[], positions: Book['positions']) => {
          const judged = judgePlan(world(limits, { ...held, positions, trades: order, lotSize }, withC));
          return judged.trades.map((each) => `${each.symbol} ${each.side} ${each.quantity.toFixed()}`).sort();
        };
        expect(left(turned(single), turned(held.positions))).toEqual(left(single, held.positions));
      }),
      { numRuns: 150 },
    );
  });

  it('of a breached limit lets through only what does not make it worse', () => {
    fc.assert(
      fc.property(
        book,
        trade,
        fc.constantFrom<keyof typeof limitsAt>('CVAR', 'SHORTFALL', 'STRESS', 'BETA', 'NET', 'INITIAL', 'MAINTENANCE'),
        (held, one, kind) => {
          const limits = limitsAt[kind](0);
          const { checks, trades } = judgePlan(world(limits, { ...held, trades: [one] }, withC));
          const observed = (quantity: Decimal): number => {
            const found = judgePlan(world(limits, { ...held, trades: [{ ...one, quantity }] }, withC)).checks[1]!;
            return Number(found.observed);
          };
          if (trades.length === 0 || checks[1]!.observed === null) return;
          const after = observed(trades[0]!.quantity);
          // What is held now is read off a trade too small to matter.
          expect(after).toBeLessThanOrEqual(Math.max(0, observed(new D('0.000001'))) + 1e-6);
        },
      ),
      { numRuns: 150 },
    );
  });

  it('with an unknown beta or history anywhere in the book never lets through what opens', () => {
    const kind = fc.constantFrom('CVAR', 'SHORTFALL', 'STRESS', 'BETA');
    fc.assert(
      fc.property(kind, side, shares, (name, way, quantity) => {
        const limits = limitsAt[name as 'CVAR'](1);
        const one: PlannedTrade = { symbol: 'A', side: way, quantity };
        const unknown = { positions: [{ symbol: 'Z', quantity: new D(1) }], marks: decimals({ A: 100, Z: 5 }) };
        expect(letThrough(limits, one, unknown).isZero()).toBe(true);
        expect(letThrough(limits, { ...one, quantity: new D(1) }, { now: NOW }).isZero()).toBe(false);
      }),
    );
  });
});
