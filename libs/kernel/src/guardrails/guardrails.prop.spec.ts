// Goal: what a judgement promises for every plan.
// 1. A plan as trimmed passes when it is judged again, untouched. 2. Trimming never raises a quantity, flips a side,
// adds a trade or changes the order. 3. What only reduces is never cut by an exposure check. 4. After the plan no limit
// is exceeded by more than before it. 5. The cut quantity is the largest: one more lot would fail.
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { D } from '../money/index.js';
import type { Decimal } from '../money/index.js';
import { judgePlan, largestPassing, reducibleQuantity, worstExposure } from './index.js';
import type { Holding, PlanInput, PlannedTrade, Side } from './index.js';

const SYMBOLS = ['A', 'B', 'C', 'D', 'E', 'F'];
const symbol = fc.constantFrom(...SYMBOLS);
const side = fc.constantFrom<Side>('buy', 'sell');
const shares = fc.integer({ min: 1, max: 4000 }).map((tenths) => new D(tenths).div(10));
const signedShares = fc.integer({ min: -3000, max: 3000 }).map((tenths) => new D(tenths).div(10));
const order = fc.record({ symbol, side, quantity: shares });

const mapOf = <T>(value: fc.Arbitrary<T>, chance: number): fc.Arbitrary<Map<string, T>> =>
  fc
    .array(fc.tuple(fc.integer({ min: 1, max: 100 }), value), { minLength: SYMBOLS.length, maxLength: SYMBOLS.length })
    .map((cells) => new Map(cells.flatMap(([roll, cell], i) => (roll <= chance ? [[SYMBOLS[i]!, cell]] : []))));

const input: fc.Arbitrary<PlanInput<PlannedTrade>> = fc.record({
  trades: fc.array(order, { maxLength: 10 }),
  positions: fc.array(fc.record({ symbol, quantity: signedShares }), { maxLength: 6 }),
  working: fc.array(order, { maxLength: 4 }),
  marks: mapOf(
    fc.integer({ min: 1, max: 30_000 }).map((cents) => new D(cents).div(100)),
    95,
  ),
  equity: fc.oneof(
    { weight: 12, arbitrary: fc.integer({ min: 1000, max: 300_000 }).map((dollars): Decimal | null => new D(dollars)) },
    { weight: 1, arbitrary: fc.constantFrom(null, new D(0), new D(-50)) },
  ),
  sectors: mapOf(fc.constantFrom('Tech', 'Energy'), 90),
  adv: mapOf(
    fc.integer({ min: 0, max: 50_000 }).map((volume) => new D(volume)),
    95,
  ),
  limits: fc.record({
    version: fc.constant('1'),
    notionalPerNameMax: fc.constantFrom('0', '0.05', '0.10', '0.3333'),
    sectorGrossMax: fc.constantFrom('0.10', '0.30', '0.5'),
    advFractionMax: fc.constantFrom('0.01', '0.05'),
  }),
  mode: fc.constantFrom('live', 'paper'),
  halted: fc.integer({ min: 0, max: 20 }).map((roll) => roll === 0),
  lotSize: fc.constantFrom(new D(1), new D(10), new D('0.001')),
});

const keyOf = (trade: PlannedTrade): string => `${trade.symbol} ${trade.side}`;

describe('judging a plan', () => {
  it('again, as it was trimmed, approves it untouched', () => {
    fc.assert(
      fc.property(input, (plan) => {
        const first = judgePlan(plan);
        const second = judgePlan({ ...plan, trades: first.trades });
        expect(second.trades).toEqual(first.trades);
        expect(second.trims).toEqual([]);
        if (!plan.halted) expect(second.verdict).toBe('approved');
      }),
      { numRuns: 300 },
    );
  });

  it('only ever takes away, and accounts for what it takes', () => {
    fc.assert(
      fc.property(input, (plan) => {
        const { trades, trims, verdict } = judgePlan(plan);
        const asked = plan.trades.map(keyOf);
        let place = -1;
        for (const kept of trades) {
          place = asked.indexOf(keyOf(kept), place + 1);
          expect(place).toBeGreaterThanOrEqual(0);
          expect(kept.quantity.greaterThan(0)).toBe(true);
        }
        for (const trim of trims) expect(trim.to.lessThan(trim.from)).toBe(true);
        const total = (list: readonly { quantity: Decimal }[]): Decimal =>
          list.reduce((sum, t) => sum.plus(t.quantity), new D(0));
        const taken = trims.reduce((sum, { from, to }) => sum.plus(from.minus(to)), new D(0));
        expect(total(trades).plus(taken).toFixed()).toBe(total(plan.trades).toFixed());
        if (verdict === 'approved') expect(trades).toEqual(plan.trades);
        if (plan.trades.length > 0) expect(verdict === 'vetoed').toBe(trades.length === 0);
      }),
      { numRuns: 200 },
    );
  });

  it('never cuts what only reduces for a reason of exposure', () => {
    fc.assert(
      fc.property(input, fc.integer({ min: 1, max: 2000 }), (plan, tenths) => {
        const held = plan.positions[0];
        if (held === undefined || held.quantity.isZero()) return;
        const quantity = D.min(held.quantity.abs(), new D(tenths).div(10));
        const reducing = {
          symbol: held.symbol,
          side: held.quantity.greaterThan(0) ? 'sell' : 'buy',
          quantity,
        } as const;
        const { trims } = judgePlan({ ...plan, positions: [held], working: [], trades: [reducing], halted: false });
        for (const { code } of trims) {
          expect(['LIQUIDITY_BELOW_THRESHOLD', 'INSUFFICIENT_VOLUME_DATA', 'MISSING_MARK', 'MISSING_EQUITY']).toContain(
            code,
          );
        }
      }),
    );
  });

  it('leaves every name and sector within its limit, or no worse than it was', () => {
    fc.assert(
      fc.property(input, (plan) => {
        const { trades } = judgePlan(plan);
        const before = exposures(plan, []);
        const after = exposures(plan, trades);
        for (const [name, value] of after) {
          const part = name.startsWith('sector ') ? plan.limits.sectorGrossMax : plan.limits.notionalPerNameMax;
          const limit = (plan.equity ?? new D(0)).times(part!);
          expect(value.lessThanOrEqualTo(D.max(limit, before.get(name) ?? 0))).toBe(true);
        }
      }),
      { numRuns: 300 },
    );
  });
});

/** Exposures added up from nothing, the slow way: a name's worst case, and a sector's sum, in money. */
function exposures(plan: PlanInput<PlannedTrade>, trades: readonly PlannedTrade[]): Map<string, Decimal> {
  const values = new Map<string, Decimal>();
  for (const name of SYMBOLS) {
    const mark = plan.marks.get(name);
    if (mark === undefined) continue;
    const of = (orders: readonly PlannedTrade[], wanted: Side): Decimal =>
      orders.filter((o) => o.symbol === name && o.side === wanted).reduce((sum, o) => sum.plus(o.quantity), new D(0));
    const held = plan.positions.filter((p) => p.symbol === name).reduce((sum, p) => sum.plus(p.quantity), new D(0));
    const position = held.plus(of(trades, 'buy')).minus(of(trades, 'sell'));
    const high = position.plus(of(plan.working, 'buy')).abs();
    const low = position.minus(of(plan.working, 'sell')).abs();
    const value = D.max(high, low).times(mark);
    values.set(name, value);
    const sector = plan.sectors.get(name);
    if (sector !== undefined) values.set(`sector ${sector}`, (values.get(`sector ${sector}`) ?? new D(0)).plus(value));
  }
  return values;
}

describe('the largest passing quantity', () => {
  const holding: fc.Arbitrary<Holding> = fc.record({
    position: fc.integer({ min: -40, max: 40 }).map((n) => new D(n)),
    workingBuys: fc.integer({ min: 0, max: 30 }).map((n) => new D(n)),
    workingSells: fc.integer({ min: 0, max: 30 }).map((n) => new D(n)),
  });

  it('is what trying every lot from above finds', () => {
    const bounds = fc.record({ cap: fc.integer({ min: 0, max: 60 }), value: fc.integer({ min: -50, max: 300 }) });
    fc.assert(
      fc.property(holding, side, fc.integer({ min: 1, max: 60 }), bounds, fc.constantFrom(1, 5), (h, s, q, b, lot) => {
        const mark = new D(7);
        const passes = (quantity: number): boolean => {
          const signed = s === 'buy' ? quantity : -quantity;
          const worst = worstExposure({ ...h, position: h.position.plus(signed) }).times(mark);
          const reduces = reducibleQuantity(h, s).greaterThanOrEqualTo(quantity);
          return quantity <= b.cap && (worst.lessThanOrEqualTo(b.value) || reduces);
        };
        let expected = passes(q) ? q : Math.floor(q / lot) * lot;
        while (expected > 0 && !passes(expected)) expected -= lot;
        const rooms = [
          { kind: 'quantity', max: new D(b.cap) },
          { kind: 'exposure', value: new D(b.value) },
        ] as const;
        expect(largestPassing(h, s, new D(q), mark, rooms, new D(lot)).toNumber()).toBe(Math.max(0, expected));
      }),
      { numRuns: 1000 },
    );
  });

  it('never makes the worst case of a reducing trade larger', () => {
    fc.assert(
      fc.property(holding, side, (h, s) => {
        const quantity = reducibleQuantity(h, s);
        const position = s === 'buy' ? h.position.plus(quantity) : h.position.minus(quantity);
        expect(worstExposure({ ...h, position }).lessThanOrEqualTo(worstExposure(h))).toBe(true);
      }),
    );
  });

  it('is zero where a price is needed and there is none', () => {
    const flat = { position: new D(0), workingBuys: new D(0), workingSells: new D(0) };
    const rooms = [{ kind: 'exposure', value: new D(10) }] as const;
    expect(largestPassing(flat, 'buy', new D(1), null, rooms, new D(1)).isZero()).toBe(true);
  });
});
