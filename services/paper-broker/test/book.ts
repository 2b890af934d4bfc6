import { D } from '@ballast/kernel/money';
import { emptyHolding, openAccount } from '../src/domain/account.js';
import type { Account, Holding } from '../src/domain/account.js';
import type { Bar, MarketSession } from '../src/domain/market.js';
import { isRefusal } from '../src/domain/refusal.js';
import { PLAIN_RULES } from '../src/domain/rules.js';
import type { Rules } from '../src/domain/rules.js';
import type { OrderRequest } from '../src/domain/order.js';
import { parseOrderRequest } from '../src/domain/validate.js';
import { CLOSE, DATE, OPEN } from './times.js';

/** The plain rules with what a test switches on. */
export const rulesWith = (more: Partial<Rules> = {}): Rules => ({ ...PLAIN_RULES, ...more });

export const barOf = (symbol: string, open: string, high = open, low = open, close = open, volume?: string): Bar => ({
  ...{ symbol, open: new D(open), high: new D(high), low: new D(low), close: new D(close) },
  ...{ volume: volume === undefined ? null : new D(volume), averageVolume: null, volatility: null },
});

/** A session in which AAA walks between 95 and 106 and BBB stands still at 20. */
export function sessionOf(more: Partial<MarketSession> = {}): MarketSession {
  const bar = (symbol: string, open: string, high: string, low: string, close: string) =>
    [symbol, barOf(symbol, open, high, low, close)] as const;
  return {
    date: DATE,
    open: OPEN,
    close: CLOSE,
    source: 'test',
    seed: 'seven',
    bars: new Map([bar('AAA', '100', '106', '95', '104.5'), bar('BBB', '20', '20', '20', '20')]),
    recordings: new Map(),
    previousCloses: new Map(),
    paths: new Map(),
    bands: new Map(),
    ...more,
  };
}

export const accountOf = (cash: string): Account => openAccount('main', new D(cash), '2017-07-03T00:00:00.000Z');

export const holdingOf = (symbol: string, qty = '0', cost = '0'): Holding => ({
  ...emptyHolding('main', symbol),
  qty: new D(qty),
  costBasis: new D(cost),
});

/** A request that passes validation: by default ten shares of BBB at the market, for the day. */
export function requestOf(more: Record<string, unknown> = {}): OrderRequest {
  const body = { symbol: 'BBB', side: 'buy', type: 'market', time_in_force: 'day', qty: '10', ...more };
  const request = parseOrderRequest(body);
  if (isRefusal(request)) throw new Error(request.body.message);
  if (request.qty === null) throw new Error('an order for an amount of money is in shares only at a venue');
  return request;
}
