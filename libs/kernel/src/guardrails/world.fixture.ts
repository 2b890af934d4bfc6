import { D } from '../money/index.js';
import type { Decimal } from '../money/index.js';
import type { Facts, GuardrailLimits, PlanInput, PlannedTrade, Side } from './index.js';

/** Numbers by symbol, as decimals. */
export const decimals = (entries: Readonly<Record<string, number | string>>): Map<string, Decimal> =>
  new Map(Object.entries(entries).map(([symbol, value]) => [symbol, new D(value)]));

export const order = (
  side: Side,
  symbol: string,
  quantity: number | string,
  more: Partial<PlannedTrade> = {},
): PlannedTrade => ({
  symbol,
  side,
  quantity: new D(quantity),
  ...more,
});

export const buy = (quantity: number | string, more: Partial<PlannedTrade> = {}): PlannedTrade =>
  order('buy', 'A', quantity, more);
export const sell = (quantity: number | string, more: Partial<PlannedTrade> = {}): PlannedTrade =>
  order('sell', 'A', quantity, more);

export const held = (entries: Readonly<Record<string, number | string>>) =>
  Object.entries(entries).map(([symbol, quantity]) => ({ symbol, quantity: new D(quantity) }));

export const NOW = '2026-11-20T15:00:00.000Z';
const BEFORE = '2026-11-20T14:50:00.000Z';

/** Forty sessions: A falls by a fifth in one of them, B moves as A by half, C against it. */
const moves = Array.from({ length: 40 }, (_, i) => (i === 7 ? -0.25 : i % 2 === 0 ? 0.0625 : -0.0625));

export const FACTS: Facts = {
  returns: new Map([
    ['A', moves],
    ['B', moves.map((each) => each / 2)],
    ['C', moves.map((each) => -each)],
  ]),
  volatilities: new Map([
    ['A', 0.5],
    ['B', 0.2],
  ]),
  betas: new Map([
    ['A', 2],
    ['B', 1],
    ['C', -1],
  ]),
  quality: new Map([['A', 0.9]]),
  sessionsToEarnings: new Map([['A', null]]),
  borrowable: decimals({ A: 100 }),
  bands: new Map([['A', { lower: new D(95), upper: new D(105) }]]),
  paused: new Set(),
  marketHalt: null,
  restricted: new Map(),
  regime: 'calm',
  buyingPower: new D(20_000),
  sessionEquity: new D(100_000),
  peakEquity: new D(100_000),
  strategyGross: decimals({ momentum: 5_000, reversal: 0 }),
  tradingDay: {
    date: '2026-11-20',
    dayTradesBefore: 0,
    executions: [],
    overnight: new Map(),
    equityBefore: new D(20_000),
  },
  ordersToday: 0,
  sentOrders: [],
  accountBucket: { tokens: 10, at: NOW },
  segmentBuckets: new Map([['equities', { tokens: 3, at: NOW }]]),
};

/** An account of 100,000 without positions; a share of A is 100, of B 50, of C 10. A and C are in one sector. */
export function world(
  limits: Omit<GuardrailLimits, 'version'>,
  overrides: Partial<PlanInput<PlannedTrade>> = {},
  facts: { readonly [K in keyof Facts]?: Facts[K] | undefined } = {},
): PlanInput<PlannedTrade> {
  const known = Object.entries({ ...FACTS, ...facts }).filter(([, fact]) => fact !== undefined);
  return {
    trades: [buy(1)],
    positions: [],
    working: [],
    marks: decimals({ A: 100, B: 50, C: 10 }),
    equity: new D(100_000),
    sectors: new Map([
      ['A', 'Tech'],
      ['B', 'Energy'],
      ['C', 'Tech'],
    ]),
    adv: decimals({ A: 1_000, B: 1_000_000, C: 1_000_000 }),
    limits: { version: 'golden-1', ...limits },
    mode: 'live',
    halted: false,
    now: NOW,
    asOf: { marks: BEFORE, book: NOW, equity: NOW, volume: NOW, history: NOW },
    facts: Object.fromEntries(known),
    ...overrides,
  };
}
