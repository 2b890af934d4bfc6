// Goal: a slice leaves only into a market that is known to be as it must be; what is missing never passes.
import { describe, expect, it } from '@jest/globals';
import type { Trade } from '@ballast/contracts';
import { addMilliseconds } from '@ballast/kernel/calendar';
import { ALPACA_RULES } from '../adapters/alpaca-rules.js';
import type { VenueQuote } from '../messages.js';
import type { ChildOrder } from './child-order.js';
import { decideDue, type DueInputs } from './due.js';
import { checkMarket, volumeSince, type MarketRules } from './market-check.js';
import { planSchedules } from './schedule.js';

const START = '2024-03-04T15:00:00.000Z';
const MINUTE = 60_000;
const at = (minutes: number): string => addMilliseconds(START, minutes * MINUTE);

const planned = (side: 'buy' | 'sell' = 'buy', quantity = '60') =>
  planSchedules(
    {
      ...{ cycleId: '5b0e0bb5-5a43-5d3a-8f44-0d6a3a2a1f01', portfolioId: 'main', account: 'main' },
      ...{ approvedHash: 'a'.repeat(64), purpose: 'trade', haltEpoch: 0 },
    },
    [{ symbol: 'AAPL', side, quantity, referencePrice: '100' } as Trade],
    { algorithm: 'twap', slices: 6, horizonMinutes: 60 },
    ALPACA_RULES,
    START,
  ).state;

const quote = (more: Partial<VenueQuote> = {}): VenueQuote => ({
  ...{ symbol: 'AAPL', bid: '99.99', ask: '100.01', at: START, condition: 'open' },
  ...more,
});
const plain: MarketRules = { quoteAgeMsMax: 5_000, priceLimitBp: null, participationRatioMax: null };
const without = (name: 'at' | 'condition'): VenueQuote => {
  const { [name]: _, ...rest } = quote();
  return rest;
};

describe('the market', () => {
  const codeOf = (seen: VenueQuote | null, rules = plain, side: 'buy' | 'sell' = 'buy', left: string | null = null) => {
    const { parents, children } = planned(side);
    const parent = { ...parents[0]!, arrivalPrice: left };
    const sent = { ...children[0]!, submittedAt: START };
    const family = left === null ? children : [sent, ...children.slice(1)];
    const verdict = checkMarket(parent, family, { quote: seen, volume: null }, rules, ALPACA_RULES, START);
    return verdict.open ? verdict.limitPrice : verdict.code;
  };

  it.each<[string, VenueQuote | null, string | null]>([
    ['a fresh quote of an open market', quote(), null],
    ['no quote', null, 'QUOTE_MISSING'],
    ['a halt or a pause', quote({ condition: 'halted' }), 'MARKET_HALTED'],
    ['a market that has closed', quote({ condition: 'closed' }), 'MARKET_CLOSED'],
    ['a quote that is not firm', quote({ condition: 'not_firm' }), 'QUOTE_NOT_FIRM'],
    ['a quote of which nobody says what it is', without('condition'), 'QUOTE_NOT_FIRM'],
    ['a crossed quote', quote({ bid: '101' }), 'QUOTE_NOT_FIRM'],
    ['a quote of one side', quote({ ask: '0' }), 'QUOTE_NOT_FIRM'],
    ['a quote just fresh', quote({ at: addMilliseconds(START, -5_000) }), null],
    ['an old quote', quote({ at: addMilliseconds(START, -5_001) }), 'QUOTE_STALE'],
    ['a quote from the future', quote({ at: addMilliseconds(START, 5_001) }), 'QUOTE_STALE'],
    ['a quote without its time', without('at'), 'QUOTE_STALE'],
  ])('with %s', (_what, seen, expected) => {
    expect(codeOf(seen)).toBe(expected);
  });

  const limit = { ...plain, priceLimitBp: 25 };
  it.each<[string, 'buy' | 'sell', Partial<VenueQuote>, string | null, string]>([
    ['a first buy', 'buy', {}, null, '100.25'],
    ['a first sale', 'sell', {}, null, '99.75'],
    ['a buy at the limit', 'buy', { bid: '100.2', ask: '100.25' }, '100', '100.25'],
    ['a buy beyond it', 'buy', { bid: '100.2', ask: '100.26' }, '100', 'PRICE_LIMIT'],
    ['a sale beyond it', 'sell', { bid: '99.74', ask: '99.8' }, '100', 'PRICE_LIMIT'],
    ['a limit between two cents, towards arrival', 'buy', { bid: '99', ask: '99.01' }, '100.03', '100.28'],
    ['a name below a dollar', 'sell', { bid: '0.5', ask: '0.501' }, '0.5', '0.4988'],
  ])('is bounded from arrival: %s', (_what, side, more, arrival, expected) => {
    expect(codeOf(quote(more), limit, side, arrival)).toBe(expected);
  });

  it('has no bound where some has left and nobody knows at what it arrived', () => {
    const { parents, children } = planned();
    const family = [{ ...children[0]!, submittedAt: START }, ...children.slice(1)];
    const view = { quote: quote(), volume: null };
    expect(checkMarket(parents[0]!, family, view, limit, ALPACA_RULES, START)).toMatchObject({
      code: 'ARRIVAL_UNKNOWN',
    });
  });

  it('is counted from an interval before the first slice', () => {
    const { parents, children } = planned();
    expect(volumeSince(parents[0]!, children)).toBe('2024-03-04T14:50:00.000Z');
  });
});

describe('slices that are held against the market', () => {
  interface Seen {
    readonly now?: string;
    readonly seen?: Partial<VenueQuote>;
    readonly rules?: Partial<MarketRules>;
    readonly volume?: string | null;
    readonly children?: (all: readonly ChildOrder[]) => readonly ChildOrder[];
  }

  function inputs({ now = START, seen = {}, rules = {}, volume = null, children = (all) => all }: Seen): DueInputs {
    const { parents, children: all } = planned();
    const family = children(all);
    const view = { quote: quote({ at: now, ...seen }), volume };
    return {
      ...{ now, account: 'main', halt: { halted: false, epoch: 0, by: 'ada', reason: 'odd' }, modeFault: null },
      stops: new Map(),
      ...{ venue: ALPACA_RULES, holdings: { positions: [], working: [] }, parents, family, lateRatioMax: '0.5' },
      due: family.filter((order) => order.state === 'planned' && order.dueAt <= now),
      market: { rules: { ...plain, ...rules }, views: new Map([[parents[0]!.parentOrderId, view]]) },
    };
  }
  const told = (seen: Seen) => {
    const { moves, changed } = decideDue(inputs(seen));
    return {
      moves: moves.map(({ order, news }) => [order.slice, order.quantity, 'code' in news ? news.code : news.name]),
      changed: changed.map(({ slice, quantity, code }) => [slice, quantity, code]),
    };
  };
  const firstLeft = ([first, ...rest]: readonly ChildOrder[]): ChildOrder[] => [
    { ...first!, state: 'filled', filledQuantity: '10', submittedAt: START, endedAt: START },
    ...rest,
  ];

  it('leave into an open market, and arrive at the middle of its quote', () => {
    const outcome = decideDue(inputs({}));
    expect(told({})).toEqual({ moves: [[0, '10', 'due']], changed: [] });
    expect(outcome).toMatchObject({ arriving: [], tasks: [], arrived: [{ price: '100' }] });
  });

  it('leave as limit orders where there is a price limit, and as market orders where there is none', () => {
    const terms = (rules: Partial<MarketRules>) => decideDue(inputs({ rules })).moves[0]!.order.terms;
    expect(terms({ priceLimitBp: 25 })).toEqual({ type: 'limit', timeInForce: 'day', limitPrice: '100.25' });
    expect(terms({})).toBeNull();
  });

  it('wait where the market is not as it must be, and say for what', () => {
    expect(told({ seen: { condition: 'halted' } })).toEqual({ moves: [], changed: [[0, '10', 'MARKET_HALTED']] });
    const outcome = decideDue(inputs({ seen: { condition: 'halted' } }));
    expect(outcome).toMatchObject({ arriving: [], arrived: [], tasks: [] });
  });

  it('are void after an interval of waiting, by the code of what they waited for, and spread under the cap', () => {
    expect(told({ now: at(10.1), seen: { condition: 'halted' } })).toEqual({
      moves: [[0, '10', 'MARKET_HALTED']],
      changed: [
        [1, '12', 'MARKET_HALTED'],
        [2, '12', null],
        [3, '12', null],
        [4, '12', null],
        [5, '12', null],
      ],
    });
  });

  it('never become a burst after a long halt: what finds no room is left', () => {
    const { moves, changed } = told({ now: at(45), seen: {} });
    expect(moves).toEqual([...[0, 1, 2, 3].map((slice) => [slice, '10', 'LATE']), [4, '15', 'due']]);
    expect(changed).toEqual([[5, '15', null]]);
  });

  it('leave as far as their part of the volume goes, and hand the rest on under the cap', () => {
    const capped = { rules: { participationRatioMax: '0.1' }, volume: '64' };
    expect(told(capped)).toEqual({
      moves: [[0, '6', 'due']],
      changed: [
        [1, '11', null],
        [2, '11', null],
        [3, '11', null],
        [4, '11', null],
      ],
    });
  });

  it('count what has left against the volume', () => {
    const more = { now: at(10), rules: { participationRatioMax: '0.1' }, children: firstLeft };
    expect(told({ ...more, volume: '200' }).moves).toEqual([[1, '10', 'due']]);
    expect(told({ ...more, volume: '190' }).moves).toEqual([[1, '9', 'due']]);
    expect(told({ ...more, volume: '109' })).toEqual({ moves: [], changed: [[1, '10', 'PARTICIPATION_CAP']] });
  });

  it('do not leave where nobody knows what traded', () => {
    expect(told({ rules: { participationRatioMax: '1' }, volume: null })).toEqual({
      moves: [],
      changed: [[0, '10', 'VOLUME_UNKNOWN']],
    });
  });

  it('are stopped by a halt of the account before anything is looked at', () => {
    const halted = { ...inputs({}), halt: { halted: true, epoch: 1, by: 'ada', reason: 'odd' } };
    expect(decideDue(halted).moves).toMatchObject([{ news: { code: 'HALTED' } }]);
  });
});
