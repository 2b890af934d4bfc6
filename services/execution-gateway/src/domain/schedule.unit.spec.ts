import { describe, expect, it } from '@jest/globals';
import { clientOrderIdOf } from './identity.js';
import { planSchedules, type SchedulePlan, type WorkRules } from './schedule.js';
import { parentOrderIdOf, type OrderTerms, type Trade } from '@ballast/contracts';
import { ALPACA_RULES } from '../adapters/alpaca-rules.js';

const approved = {
  cycleId: '5b0e0bb5-5a43-5d3a-8f44-0d6a3a2a1f01',
  portfolioId: 'main',
  account: 'main',
  approvedHash: 'a'.repeat(64),
  purpose: 'trade' as const,
  haltEpoch: 0,
};
const rules = { algorithm: 'twap', slices: 6, horizonMinutes: 60 } as const;
const trade = (symbol: string, quantity: string, side: 'buy' | 'sell' = 'buy'): Trade => ({
  symbol,
  exchange: 'XNYS',
  side,
  quantity,
  referencePrice: '100',
  notional: '0',
  contributors: [],
});

const MONDAY_10 = '2024-03-04T15:00:00.000Z';

describe('schedules', () => {
  it('begin at once while the session is open', () => {
    const { state, tasks, facts } = planSchedules(approved, [trade('AAPL', '13')], rules, ALPACA_RULES, MONDAY_10);
    expect(state.children.map(({ slice, quantity, dueAt }) => [slice, quantity, dueAt])).toEqual([
      [0, '3', '2024-03-04T15:00:00.000Z'],
      [1, '2', '2024-03-04T15:10:00.000Z'],
      [2, '2', '2024-03-04T15:20:00.000Z'],
      [3, '2', '2024-03-04T15:30:00.000Z'],
      [4, '2', '2024-03-04T15:40:00.000Z'],
      [5, '2', '2024-03-04T15:50:00.000Z'],
    ]);
    expect(state.parents).toMatchObject([{ intervalMs: 600_000, sessionClose: '2024-03-04T21:00:00.000Z' }]);
    expect([tasks.length, facts.length]).toEqual([7, 1]);
  });

  it.each([
    ['before the opening', '2024-03-04T12:00:00.000Z', '2024-03-04T14:30:00.000Z'],
    ['after the close', '2024-03-04T21:00:00.000Z', '2024-03-05T14:30:00.000Z'],
    ['on a weekend', '2024-03-02T15:00:00.000Z', '2024-03-04T14:30:00.000Z'],
    ['on a holiday', '2024-03-29T15:00:00.000Z', '2024-04-01T13:30:00.000Z'],
  ])('%s begin at the next opening', (_, now, first) => {
    expect(planSchedules(approved, [trade('AAPL', '13')], rules, ALPACA_RULES, now).state.children[0]!.dueAt).toBe(
      first,
    );
  });

  it('end before the close', () => {
    const { state } = planSchedules(approved, [trade('AAPL', '13')], rules, ALPACA_RULES, '2024-03-04T20:54:00.000Z');
    expect(state.children.at(-1)!.dueAt).toBe('2024-03-04T20:59:00.000Z');
    expect(state.parents[0]!.intervalMs).toBe(60_000);
  });

  it('let sells lead, so that they can pay for the buys of the same plan', () => {
    const first = (trades: Trade[], now = MONDAY_10) =>
      Object.fromEntries(
        planSchedules(approved, trades, rules, ALPACA_RULES, now)
          .state.children.filter(({ slice }) => slice === 0)
          .map(({ side, dueAt }) => [side, dueAt]),
      );
    const both = [trade('AAPL', '6'), trade('XOM', '6', 'sell')];
    expect(first(both)).toEqual({ buy: '2024-03-04T15:00:02.000Z', sell: '2024-03-04T15:00:00.000Z' });
    const atTheEnd = '2024-03-04T20:59:59.000Z';
    expect(first(both, atTheEnd)).toEqual({ buy: atTheEnd, sell: atTheEnd });
  });

  it('set one timer a due instant and one for the end, however many parents', () => {
    const trades = Array.from({ length: 50 }, (_, i) => trade(`S${i}`, '6'));
    const { state, tasks } = planSchedules(approved, trades, rules, ALPACA_RULES, MONDAY_10);
    expect([state.parents.length, state.children.length, tasks.length]).toEqual([50, 300, 7]);
  });

  it('do not depend on the order of the trades, and leave out trades of nothing', () => {
    const trades = [trade('IBM', '3', 'sell'), trade('AAPL', '2'), trade('XOM', '0')];
    const one = planSchedules(approved, trades, rules, ALPACA_RULES, MONDAY_10);
    expect(one).toEqual(planSchedules(approved, [...trades].reverse(), rules, ALPACA_RULES, MONDAY_10));
    expect(one.state.parents.map((parent) => parent.symbol)).toEqual(['AAPL', 'IBM']);
  });

  it('cut fractions exactly', () => {
    const { state } = planSchedules(
      approved,
      [trade('AAPL', '10.5')],
      { ...rules, slices: 4 },
      ALPACA_RULES,
      MONDAY_10,
    );
    expect(state.children.map((child) => child.quantity)).toEqual(['2.625', '2.625', '2.625', '2.625']);
  });
});

describe('a schedule that strays', () => {
  const straying = { ...rules, jitter: { time: 0.5, size: 0.2 } };
  const planned = (work: WorkRules, venue = ALPACA_RULES, now = MONDAY_10) =>
    planSchedules(approved, [trade('AAPL', '600'), trade('IBM', '600')], work, venue, now).state;
  const shown = (of: SchedulePlan, symbol: string) =>
    of.children.filter((each) => each.symbol === symbol).map(({ quantity, dueAt }) => [quantity, dueAt]);

  it('is the same whenever it is planned, and another for each parent', () => {
    const plan = planned(straying);
    expect(plan).toEqual(planned(straying));
    expect(shown(plan, 'AAPL')).not.toEqual(shown(plan, 'IBM'));
    expect(shown(plan, 'AAPL')).not.toEqual(shown(planned(rules), 'AAPL'));
  });

  it('adds up, keeps its intervals and ends with its horizon', () => {
    const { children, parents } = planned(straying);
    for (const { parentOrderId, horizonEndAt } of parents) {
      const own = children.filter((each) => each.parentOrderId === parentOrderId);
      expect(own.reduce((sum, { quantity }) => sum + Number(quantity), 0)).toBe(600);
      own.forEach(({ dueAt }, i) => {
        const begins = Date.parse(MONDAY_10) + i * 600_000;
        expect(Date.parse(dueAt) - begins).toBeGreaterThanOrEqual(0);
        expect(Date.parse(dueAt) - begins).toBeLessThan(300_000);
      });
      expect(horizonEndAt).toBe('2024-03-04T16:00:00.000Z');
    }
  });

  it('of no ratio is none, and a least interval lets fewer slices come out', () => {
    expect(planned({ ...rules, jitter: { time: 0, size: 0 } })).toEqual(planned(rules));
    expect(shown(planned({ ...rules, minIntervalMs: 1_200_000 }), 'IBM').map(([quantity]) => quantity)).toEqual([
      '200',
      '200',
      '200',
    ]);
  });

  it('ends after its last slice also where the close cuts it short', () => {
    for (const time of [0.1, 0.5, 1]) {
      const late = planned({ ...rules, jitter: { time, size: 0 } }, ALPACA_RULES, '2024-03-04T20:59:00.000Z');
      const { horizonEndAt, sessionClose } = late.parents[0]!;
      expect(late.children.every(({ dueAt }) => dueAt < horizonEndAt!)).toBe(true);
      expect(horizonEndAt! < sessionClose).toBe(true);
    }
  });

  it('is cut at the most that the venue takes in one order, at the same moment', () => {
    const plan = planned({ ...rules, slices: 2 }, { ...ALPACA_RULES, quantityMax: '200' });
    expect(shown(plan, 'AAPL')).toEqual([
      ['200', '2024-03-04T15:00:00.000Z'],
      ['100', '2024-03-04T15:00:00.000Z'],
      ['200', '2024-03-04T15:30:00.000Z'],
      ['100', '2024-03-04T15:30:00.000Z'],
    ]);
    expect(plan.parents[0]!.intervalMs).toBe(1_800_000);
  });
});

describe('a flatten', () => {
  const closing = { ...approved, purpose: 'flatten' as const, haltEpoch: 3 };

  it.each([
    ['now, while the session is open', MONDAY_10, MONDAY_10],
    ['in the last millisecond of the session', '2024-03-04T20:59:59.999Z', '2024-03-04T20:59:59.999Z'],
    ['at the next opening', '2024-03-04T21:00:00.000Z', '2024-03-05T14:30:00.000Z'],
  ])('leaves whole, %s', (_what, now, dueAt) => {
    const { state, facts } = planSchedules(
      closing,
      [trade('AAPL', '13', 'sell')],
      { algorithm: 'at_once' },
      ALPACA_RULES,
      now,
    );
    expect(state.children).toMatchObject([{ slice: 0, quantity: '13', dueAt }]);
    expect(state.parents).toMatchObject([{ purpose: 'flatten', haltEpoch: 3 }]);
    expect(facts).toMatchObject([{ data: { algorithm: 'at_once' } }]);
  });
});

describe('an order with terms of its own', () => {
  const planned = (terms: OrderTerms, now: string) =>
    planSchedules(approved, [{ ...trade('AAPL', '13'), terms }], rules, ALPACA_RULES, now);
  const limit: OrderTerms = { type: 'limit', timeInForce: 'day', limitPrice: '99.50' };
  const EVENING = '2024-03-05T01:00:00.000Z';

  it('leaves whole, in the session', () => {
    const { state, facts } = planned(limit, MONDAY_10);
    expect(state.children).toMatchObject([{ slice: 0, quantity: '13', dueAt: MONDAY_10, terms: limit }]);
    expect(facts).toMatchObject([{ data: { algorithm: 'at_once' } }]);
  });

  it.each<[string, OrderTerms, string]>([
    ['waits for the opening', limit, '2024-03-05T14:30:00.000Z'],
    ['leaves now for extended hours', { ...limit, extendedHours: true }, EVENING],
    ['leaves now for the opening auction', { ...limit, timeInForce: 'opg' }, EVENING],
    ['is told now what the venue would refuse at the opening', { ...limit, limitPrice: '99.505' }, EVENING],
  ])('given in the evening, %s', (_what, terms, dueAt) => {
    const { state } = planned(terms, EVENING);
    expect(state.children.map((child) => child.dueAt)).toEqual([dueAt]);
    expect(state.parents[0]!.sessionClose).toBe('2024-03-05T21:00:00.000Z');
  });

  it('leaves the others of its plan as they are', () => {
    const both = [{ ...trade('AAPL', '13'), terms: limit }, trade('IBM', '12')];
    const { state } = planSchedules(approved, both, rules, ALPACA_RULES, MONDAY_10);
    expect(state.children.map(({ symbol, terms }) => [symbol, terms?.type ?? null])).toEqual([
      ['AAPL', 'limit'],
      ...Array.from({ length: 6 }, () => ['IBM', null]),
    ]);
  });
});

describe('identities', () => {
  const parent = { cycleId: approved.cycleId, account: 'main', symbol: 'AAPL', side: 'buy' as const };

  it('are the same whenever they are asked for', () => {
    const parentOrderId = parentOrderIdOf(parent);
    expect(parentOrderId).toBe('ab6e2fab-0a56-5586-b7d2-9a77d962852d');
    expect(clientOrderIdOf({ ...parent, parentOrderId }, 0, 0)).toBe('fbcc9afb9e5b01782c7b53551bde61c7');
  });

  it('tell slices, attempts, sides and accounts apart', () => {
    const parentOrderId = parentOrderIdOf(parent);
    const ids = [
      clientOrderIdOf({ ...parent, parentOrderId }, 0, 0),
      clientOrderIdOf({ ...parent, parentOrderId }, 0, 1),
      clientOrderIdOf({ ...parent, parentOrderId }, 1, 0),
      clientOrderIdOf({ ...parent, parentOrderId, side: 'sell' }, 0, 0),
      clientOrderIdOf({ ...parent, parentOrderId, account: 'other' }, 0, 0),
    ];
    expect(new Set(ids).size).toBe(ids.length);
  });
});
