import type { Mark, Position, WorkingOrder } from '@ballast/contracts';
import { describe, expect, it } from '@jest/globals';
import { Decimal } from 'decimal.js';
import fc from 'fast-check';
import { propose, type Inputs, type Rules } from './rebalance.js';

const SYMBOLS = ['AAPL', 'BRK.B', 'C', 'MSFT', 'XOM', 'ZTS'];
const symbol = fc.constantFrom(...SYMBOLS);
const shares = fc.integer({ min: 1, max: 2_000 }).map(String);
/** Scores are coarse, so that ties are common. */
const score = fc.option(fc.integer({ min: -3, max: 3 }), { nil: null });

const marks = fc.uniqueArray(
  fc.record({
    symbol,
    exchange: fc.constant('NYSE'),
    price: fc.integer({ min: 1, max: 99_999 }).map((cents) => new Decimal(cents).div(100).toFixed()),
    sector: fc.constant(null),
    adv: fc.constant(null),
    quality: fc.constantFrom(0.2, 0.6, 1),
  }) satisfies fc.Arbitrary<Mark>,
  { selector: (mark) => mark.symbol },
);
const positions = fc.uniqueArray(
  fc.record({ symbol, quantity: shares }).map((position) => position as unknown as Position),
  { selector: (position) => position.symbol },
);
const working = fc.array(
  fc
    .record({ symbol, side: fc.constantFrom('buy' as const, 'sell' as const), remaining: shares })
    .map((order): WorkingOrder => ({ ...order, clientOrderId: '0'.repeat(32) })),
  { maxLength: 6 },
);
const strategies = fc.uniqueArray(
  fc.record({
    strategyId: fc.constantFrom('low-volatility', 'mean-reversion', 'momentum'),
    volatility: fc.option(fc.double({ min: 0, max: 1, noNaN: true }), { nil: null }),
    scores: fc.uniqueArray(fc.record({ symbol, score }), { selector: (each) => each.symbol }),
  }),
  { selector: (strategy) => strategy.strategyId, minLength: 1 },
);
const inputs: fc.Arbitrary<Inputs> = fc.record({
  cycleId: fc.constant('c'),
  portfolioId: fc.constant('main'),
  pricingPackId: fc.constant('p'),
  equity: fc.integer({ min: 1, max: 10_000_000 }).map(String),
  strategies,
  marks,
  positions,
  working,
});
const rules: fc.Arbitrary<Rules> = fc.record({
  method: fc.constantFrom('equal_weight' as const, 'inverse_volatility' as const),
  strategyCap: fc.double({ min: 0.01, max: 1, noNaN: true }),
  cashBuffer: fc.constantFrom('0', '0.02', '0.5'),
  namesPerStrategy: fc.integer({ min: 1, max: 6 }),
  tradeNotionalMin: fc.constantFrom('0', '100', '5000'),
});

/** Inputs and the same in another order. */
const shuffled = inputs.chain((original) =>
  fc
    .tuple(
      ...(['strategies', 'marks', 'positions', 'working'] as const).map((name) =>
        fc.shuffledSubarray([...(original[name] as readonly unknown[])], { minLength: original[name].length }),
      ),
    )
    .map(([strategies, marks, positions, working]) => {
      const turned = (strategies as Inputs['strategies']).map((each) => ({
        ...each,
        scores: [...each.scores].reverse(),
      }));
      return [original, { ...original, strategies: turned, marks, positions, working } as Inputs] as const;
    }),
);

describe('propose', () => {
  it('gives the same answer in whatever order its inputs came', () => {
    fc.assert(
      fc.property(shuffled, rules, ([one, other], how) => {
        expect(propose(other, how)).toEqual(propose(one, how));
      }),
    );
  });

  it('weighs no strategy above the cap, and targets with cash are exactly one', () => {
    fc.assert(
      fc.property(inputs, rules, (given, how) => {
        const proposal = propose(given, how);
        if (proposal.kind === 'declined') return;
        const { data, targets } = proposal.plan;
        for (const { weight } of data.strategies) expect(Number(weight)).toBeLessThanOrEqual(how.strategyCap);
        const whole = targets.reduce((sum, { weight }) => sum.plus(weight), new Decimal(data.residualCash));
        expect(whole.toFixed()).toBe('1');
        expect(Number(data.residualCash)).toBeGreaterThanOrEqual(Number(how.cashBuffer));
        for (const { weight, contributors } of targets)
          expect(contributors.reduce((sum, each) => sum.plus(each.weight), new Decimal(0)).toFixed()).toBe(weight);
      }),
    );
  });

  it('never trades without a price, never sells more than is held and not yet being sold, never twice a symbol', () => {
    fc.assert(
      fc.property(inputs, rules, (given, how) => {
        const proposal = propose(given, how);
        if (proposal.kind === 'declined') return;
        const { trades } = proposal.plan;
        expect(new Set(trades.map((trade) => trade.symbol)).size).toBe(trades.length);
        for (const { symbol: name, side, quantity, referencePrice, notional } of trades) {
          const mark = given.marks.find((each) => each.symbol === name);
          expect(new Decimal(referencePrice).eq(mark!.price)).toBe(true);
          expect(new Decimal(notional).eq(new Decimal(quantity).times(referencePrice))).toBe(true);
          expect(new Decimal(quantity).gt(0)).toBe(true);
          if (side === 'buy') continue;
          const net = given.working
            .filter((order) => order.symbol === name)
            .reduce(
              (sum, order) => sum.plus(order.side === 'buy' ? order.remaining : `-${order.remaining}`),
              new Decimal(0),
            );
          const owned = new Decimal(given.positions.find((each) => each.symbol === name)?.quantity ?? 0);
          expect(new Decimal(quantity).lte(owned.plus(Decimal.min(0, net)))).toBe(true);
        }
      }),
    );
  });
});
