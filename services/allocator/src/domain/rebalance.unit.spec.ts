import {
  hashOf,
  PlanDeclined,
  PlanProposed,
  type Decision,
  type Mark,
  type Position,
  type WorkingOrder,
} from '@ballast/contracts';
import { deciderSpec, says } from '@ballast/testing';
import { describe, expect, it } from '@jest/globals';
import { planFact, propose, type Inputs, type Plan, type Rules, type StrategyScores } from './rebalance.js';

const rules: Rules = {
  method: 'equal_weight',
  strategyCap: 0.4,
  cashBuffer: '0.02',
  namesPerStrategy: 2,
  tradeNotionalMin: '100',
};

const mark = (symbol: string, more: Partial<Mark> = {}): Mark => ({
  symbol,
  exchange: 'NYSE',
  price: '100',
  sector: 'Technology',
  adv: '1000000',
  quality: 1,
  ...more,
});
const held = (symbol: string, quantity: string): Position =>
  ({ symbol, quantity, averageCost: '90', mark: '100' }) as unknown as Position;
const working = (symbol: string, side: 'buy' | 'sell', remaining: string): WorkingOrder => ({
  clientOrderId: hashOf([symbol, side, remaining]).slice(0, 32),
  symbol,
  side,
  remaining,
});
/** A strategy's scores, written `AAPL 2 MSFT 1 XOM -`; a dash is a symbol without a score. */
const strategy = (strategyId: string, scores: string, volatility: number | null = 0.2): StrategyScores => ({
  strategyId,
  volatility,
  scores: [...scores.matchAll(/(\S+) (\S+)/g)].map(([, symbol, score]) => ({
    symbol: symbol!,
    score: score === '-' ? null : Number(score),
  })),
});

const inputs = (more: Partial<Inputs> = {}): Inputs => ({
  cycleId: 'c',
  portfolioId: 'main',
  pricingPackId: 'p',
  equity: '100000',
  strategies: [strategy('momentum', 'AAPL 2 MSFT 1 XOM 0')],
  marks: ['AAPL', 'MSFT', 'XOM'].map((symbol) => mark(symbol)),
  positions: [],
  working: [],
  ...more,
});

function planOf(more: Partial<Inputs> = {}, changed: Partial<Rules> = {}): Plan {
  const proposal = propose(inputs(more), { ...rules, ...changed });
  if (proposal.kind !== 'plan') throw new Error(`declined: ${JSON.stringify(proposal.fact.data)}`);
  return proposal.plan;
}

const weights = (plan: Plan) => plan.targets.map(({ symbol, weight }) => `${symbol} ${weight}`).join(', ');
const strategies = (plan: Plan) => plan.data.strategies.map((each) => `${each.strategyId} ${each.weight}`).join(', ');
const trades = (plan: Plan) =>
  plan.trades.map(({ side, quantity, symbol }) => `${side} ${quantity} ${symbol}`).join(', ');

describe('the weights of strategies', () => {
  const two = [strategy('a', 'AAPL 1', 0.125), strategy('b', 'MSFT 1', 0.375)];
  const three = [...two, strategy('c', 'XOM 1', 0.375)];

  it.each<[string, Partial<Inputs>, Partial<Rules>, string, string, boolean]>([
    ['one alone is capped, the rest is cash', { strategies: [two[0]!] }, {}, 'a 0.4', '0.608', true],
    ['two cannot fill the budget under the cap', { strategies: two }, {}, 'a 0.4, b 0.4', '0.216', true],
    [
      'three share it equally below the cap',
      { strategies: three },
      {},
      'a 0.333333333, b 0.333333333, c 0.333333333',
      '0.020000002',
      false,
    ],
    ['a cap of 1 binds nobody', { strategies: two }, { strategyCap: 1 }, 'a 0.5, b 0.5', '0.02', false],
    [
      'the calm one gets more, by inverse volatility',
      { strategies: two },
      { method: 'inverse_volatility', strategyCap: 1 },
      'a 0.75, b 0.25',
      '0.02',
      false,
    ],
    [
      'what the cap takes from the calm one goes to the others',
      { strategies: three },
      { method: 'inverse_volatility' },
      'a 0.4, b 0.3, c 0.3',
      '0.02',
      false,
    ],
    [
      'without a buffer everything is invested',
      { strategies: two },
      { strategyCap: 1, cashBuffer: '0' },
      'a 0.5, b 0.5',
      '0',
      false,
    ],
  ])('%s', (_, more, changed, expected, residualCash, infeasibleCap) => {
    const plan = planOf(more, changed);
    expect(strategies(plan)).toBe(expected);
    expect(plan.data).toMatchObject({ residualCash, infeasibleCap });
  });

  it('leave out a strategy whose volatility is unknown or not above zero, and say so', () => {
    const plan = planOf(
      { strategies: [...two, strategy('d', 'XOM 1', null), strategy('e', 'XOM 1', 0)] },
      { method: 'inverse_volatility', strategyCap: 1 },
    );
    expect(strategies(plan)).toBe('a 0.75, b 0.25');
    expect(plan.data.excluded).toEqual([
      { strategyId: 'd', reason: 'MISSING' },
      { strategyId: 'e', reason: 'NOT_POSITIVE' },
    ]);
    expect(weights(plan)).not.toContain('XOM');
  });

  it('leave out a strategy without a score, and the others do not wait for it', () => {
    const plan = planOf({ strategies: [strategy('a', 'AAPL 1'), strategy('b', 'AAPL - MSFT -')] }, { strategyCap: 1 });
    expect(strategies(plan)).toBe('a 1');
    expect(plan.data.excluded).toEqual([{ strategyId: 'b', reason: 'NO_SCORES' }]);
  });
});

describe('the names of a strategy', () => {
  it.each<[string, Partial<Inputs>, Partial<Rules>, string]>([
    ['are its best scores, in equal parts', {}, {}, 'AAPL 0.196, MSFT 0.196'],
    [
      'are taken by symbol where scores are equal',
      { strategies: [strategy('momentum', 'XOM 1 MSFT 1 AAPL 1')] },
      {},
      'AAPL 0.196, MSFT 0.196',
    ],
    [
      'may have scores below zero where nothing better is there',
      { strategies: [strategy('momentum', 'XOM -3 MSFT -1 AAPL -2')] },
      {},
      'AAPL 0.196, MSFT 0.196',
    ],
    [
      'are fewer where fewer have a score',
      { strategies: [strategy('momentum', 'AAPL 2 MSFT - XOM -')] },
      {},
      'AAPL 0.392',
    ],
    [
      'exclude what has a quality below 0.6, and 0.6 itself is good enough',
      { marks: [mark('AAPL', { quality: 0.599999 }), mark('MSFT', { quality: 0.6 }), mark('XOM')] },
      {},
      'MSFT 0.196, XOM 0.196',
    ],
    ['exclude what has no mark', { marks: [mark('MSFT'), mark('XOM')] }, {}, 'MSFT 0.196, XOM 0.196'],
    [
      'add up where strategies agree',
      { strategies: [strategy('a', 'AAPL 2 MSFT 1'), strategy('b', 'AAPL 2 XOM 1')] },
      {},
      'AAPL 0.392, MSFT 0.196, XOM 0.196',
    ],
  ])('%s', (_, more, changed, expected) => {
    expect(weights(planOf(more, changed))).toBe(expected);
  });

  it('remember who stands for how much of a target, and trades carry it', () => {
    const plan = planOf({ strategies: [strategy('b', 'AAPL 2 XOM 1'), strategy('a', 'AAPL 2 MSFT 1')] });
    const both = [
      { strategyId: 'a', weight: '0.196' },
      { strategyId: 'b', weight: '0.196' },
    ];
    expect(plan.targets[0]).toEqual({ symbol: 'AAPL', weight: '0.392', contributors: both });
    expect(plan.trades.find((trade) => trade.symbol === 'AAPL')?.contributors).toEqual(both);
  });
});

describe('the trades', () => {
  it.each<[string, Partial<Inputs>, Partial<Rules>, string]>([
    ['lead from nothing to the targets', {}, {}, 'buy 196 AAPL, buy 196 MSFT'],
    ['sell before they buy', { positions: [held('XOM', '50')] }, {}, 'sell 50 XOM, buy 196 AAPL, buy 196 MSFT'],
    ['buy what lacks', { positions: [held('AAPL', '100')] }, {}, 'buy 96 AAPL, buy 196 MSFT'],
    ['sell what exceeds', { positions: [held('AAPL', '200')] }, {}, 'sell 4 AAPL, buy 196 MSFT'],
    ['are none where the target is held', { positions: [held('AAPL', '196'), held('MSFT', '196')] }, {}, ''],
    ['count orders that still buy', { working: [working('AAPL', 'buy', '150')] }, {}, 'buy 46 AAPL, buy 196 MSFT'],
    [
      'count several working orders of a symbol, both ways',
      { working: [working('AAPL', 'buy', '150'), working('AAPL', 'buy', '60'), working('AAPL', 'sell', '10')] },
      {},
      'buy 196 MSFT',
    ],
    [
      'never sell twice what is being sold already',
      { positions: [held('XOM', '50')], working: [working('XOM', 'sell', '30')] },
      {},
      'sell 20 XOM, buy 196 AAPL, buy 196 MSFT',
    ],
    [
      'leave out what is too small to be worth its cost',
      { positions: [held('AAPL', '195')] },
      { tradeNotionalMin: '101' },
      'buy 196 MSFT',
    ],
    [
      'close even a small position',
      { positions: [held('XOM', '0.5')] },
      {},
      'sell 0.5 XOM, buy 196 AAPL, buy 196 MSFT',
    ],
    [
      'buy whole shares only',
      { marks: [mark('AAPL', { price: '101.37' }), mark('MSFT')] },
      {},
      'buy 193 AAPL, buy 196 MSFT',
    ],
  ])('%s', (_, more, changed, expected) => {
    expect(trades(planOf(more, changed))).toBe(expected);
  });

  it('leave a name that is held without a price alone, and the plan says which', () => {
    const plan = planOf({ positions: [held('GONE', '10'), held('AAPL', '196')] });
    expect(trades(plan)).toBe('buy 196 MSFT');
    expect(plan.data.excluded).toEqual([{ strategyId: 'all', reason: 'UNPRICED GONE' }]);
  });

  it('carry price, exchange and exact notional of the mark', () => {
    const plan = planOf({ marks: [mark('AAPL', { price: '101.37', exchange: 'NASDAQ' })] });
    expect(plan.trades[0]).toMatchObject({
      exchange: 'NASDAQ',
      quantity: '386',
      referencePrice: '101.37',
      notional: '39128.82',
    });
  });
});

/** What has been heard of a cycle, a part at a time, and the fact that it leads to. */
const cycle = deciderSpec<Inputs, Partial<Inputs>>({
  initial: inputs({ strategies: [], marks: [] }),
  decide: (known, part): Decision<Inputs> => {
    const state = { ...known, ...part };
    const proposal = propose(state, rules);
    const rows = <T>(list: readonly T[]) => ({ count: list.length, hash: hashOf(list), inline: list });
    const said =
      proposal.kind === 'plan'
        ? planFact(proposal.plan, rows(proposal.plan.targets), rows(proposal.plan.trades))
        : proposal.fact;
    return { state, facts: [said], tasks: [] };
  },
});

describe('a cycle', () => {
  const marks = { marks: [mark('AAPL')] };
  const scores = { strategies: [strategy('momentum', 'AAPL 1')] };

  it('proposes one plan, whichever part comes last', () => {
    const expected = { facts: [says(PlanProposed, { residualCash: '0.608', trades: { count: 1 } })] };
    cycle.given(marks).when(scores).then(expected);
    cycle.given(scores).when(marks).then(expected);
    expect(cycle.given(marks).when(scores).decision).toEqual(cycle.given(scores).when(marks).decision);
  });

  it.each<[string, Partial<Inputs>[], Partial<Inputs>, string]>([
    ['no strategy', [marks], {}, 'NO_SCORES'],
    ['no score', [marks], { strategies: [strategy('momentum', 'AAPL -')] }, 'NO_SCORES'],
    ['no mark', [scores], {}, 'NO_SCORES'],
    ['no mark that is good enough', [scores], { marks: [mark('AAPL', { quality: 0.5 })] }, 'NO_SCORES'],
    ['no equity', [marks, scores], { equity: '0' }, 'NO_EQUITY'],
    ['debts', [marks, scores], { equity: '-0.01' }, 'NO_EQUITY'],
  ])('declines where there is %s', (_, given, when, code) => {
    cycle
      .given(...given)
      .when(when)
      .then({ facts: [says(PlanDeclined, { cycleId: 'c', portfolioId: 'main', code })] });
  });
});
