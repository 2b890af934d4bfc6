import { describe, expect, it } from '@jest/globals';
import type { OrderTerms } from '@ballast/contracts';
import { ALPACA_RULES } from '../adapters/alpaca-rules.js';
import type { VenueAccount } from '../messages.js';
import { dayTradeAlarm, leansOnFacts, monitorAccount, type MonitorInputs } from './account-monitor.js';
import type { ChildOrder } from './child-order.js';
import type { SymbolHalt } from './halt.js';
import type { ParentOrder } from './schedule.js';

const NOON = '2024-03-04T15:00:00.000Z';

const standing: VenueAccount = {
  ...{ cash: '1000', equity: '1000', buyingPower: '1000', multiplier: '1', active: true, shortingEnabled: false },
  ...{ tradingBlocked: false, accountBlocked: false, patternDayTrader: null, dayTrades: null },
};

/** A parent at a reference price of 100 with one child that is due. */
const order = (symbol: string, side: 'buy' | 'sell', quantity: string, terms: OrderTerms | null = null) => ({
  parent: { parentOrderId: `${symbol} ${side}`, symbol, side, referencePrice: '100', purpose: 'trade' } as ParentOrder,
  child: { parentOrderId: `${symbol} ${side}`, symbol, side, quantity, terms } as ChildOrder,
});

const codes = (orders: ReturnType<typeof order>[], more: Partial<MonitorInputs> = {}): Record<string, string> => {
  const stops = monitorAccount({
    ...{ now: NOON, facts: standing, marketHours: 'regular', venue: ALPACA_RULES, collarBp: 100, spent: '0' },
    ...{ holdings: { positions: [], working: [] }, halted: [], ...more },
    parents: orders.map(({ parent }) => parent),
    due: orders.map(({ child }) => child),
  });
  return Object.fromEntries([...stops].map(([id, { code }]) => [id, code]));
};

const facts = (more: Partial<VenueAccount>): Partial<MonitorInputs> => ({ facts: { ...standing, ...more } });
const halted = { account: 'main', symbol: 'AAPL', halted: true, by: 'ada', reason: 'odd' } as SymbolHalt;
const extended: OrderTerms = { type: 'limit', timeInForce: 'day', limitPrice: '100', extendedHours: true };
const closing: OrderTerms = { type: 'market', timeInForce: 'cls' };
const held = { positions: [{ symbol: 'AAPL', quantity: '5' }], working: [] };
const BEFORE_OPEN = '2024-03-04T13:00:00.000Z';

describe('before orders leave', () => {
  it.each<[string, ReturnType<typeof order>[], Partial<MonitorInputs>, Record<string, string>]>([
    ['a buy within the buying power', [order('AAPL', 'buy', '9')], {}, {}],
    [
      'an account that is not active',
      [order('AAPL', 'buy', '1')],
      facts({ active: false }),
      { 'AAPL buy': 'ACCOUNT_BLOCKED' },
    ],
    [
      'trading that is blocked',
      [order('AAPL', 'buy', '1')],
      facts({ tradingBlocked: true }),
      { 'AAPL buy': 'ACCOUNT_BLOCKED' },
    ],
    [
      'an account that is blocked',
      [order('AAPL', 'buy', '1')],
      facts({ accountBlocked: true }),
      { 'AAPL buy': 'ACCOUNT_BLOCKED' },
    ],
    [
      'a venue that does not say whether trading is blocked',
      [order('AAPL', 'buy', '1')],
      facts({ tradingBlocked: null }),
      { 'AAPL buy': 'ACCOUNT_BLOCKED' },
    ],
    ['a venue that does not count day trades', [order('AAPL', 'buy', '1')], facts({ patternDayTrader: null }), {}],
    [
      'a symbol that is halted, and another',
      [order('AAPL', 'buy', '1'), order('IBM', 'buy', '1')],
      { halted: [halted] },
      { 'AAPL buy': 'SYMBOL_HALTED' },
    ],
    [
      'a buy at the whole buying power, for which the collar has no room',
      [order('AAPL', 'buy', '10')],
      {},
      { 'AAPL buy': 'BUYING_POWER' },
    ],
    [
      'a buy at a limit, which needs no collar',
      [order('AAPL', 'buy', '10', { type: 'limit', timeInForce: 'day', limitPrice: '100' })],
      {},
      {},
    ],
    [
      'a buy for an amount of money, which costs just that',
      [order('AAPL', 'buy', '11', { type: 'market', timeInForce: 'day', notional: '1000' })],
      {},
      {},
    ],
    [
      'buys that share the buying power, in their order',
      [order('A', 'buy', '6'), order('B', 'buy', '6'), order('C', 'buy', '3')],
      {},
      { 'B buy': 'BUYING_POWER' },
    ],
    ['buys after others were sent', [order('AAPL', 'buy', '6')], { spent: '500' }, { 'AAPL buy': 'BUYING_POWER' }],
    [
      'a venue that does not say the buying power',
      [order('AAPL', 'buy', '1'), order('IBM', 'sell', '0')],
      facts({ buyingPower: null }),
      { 'AAPL buy': 'BUYING_POWER' },
    ],
    ['a sale of what is held', [order('AAPL', 'sell', '5')], { holdings: held }, {}],
    [
      'a sale of more than is held',
      [order('AAPL', 'sell', '6')],
      { holdings: held },
      { 'AAPL sell': 'SHORTING_DISABLED' },
    ],
    [
      'a sale of what another order sells already',
      [order('AAPL', 'sell', '5')],
      { holdings: { ...held, working: [{ symbol: 'AAPL', side: 'sell', remaining: '1' }] } },
      { 'AAPL sell': 'SHORTING_DISABLED' },
    ],
    [
      'a sale of what is not held where shorts are allowed',
      [order('AAPL', 'sell', '6')],
      facts({ shortingEnabled: true }),
      {},
    ],
    [
      'a venue that does not say whether shorts are allowed',
      [order('AAPL', 'sell', '6')],
      { ...facts({ shortingEnabled: null }), holdings: held },
      { 'AAPL sell': 'SHORTING_DISABLED' },
    ],
    [
      'an order at the market before the open',
      [order('AAPL', 'buy', '1')],
      { now: BEFORE_OPEN },
      { 'AAPL buy': 'MARKET_CLOSED' },
    ],
    [
      'an order for extended hours where they are not wanted',
      [order('AAPL', 'buy', '1', extended)],
      { now: BEFORE_OPEN },
      { 'AAPL buy': 'MARKET_CLOSED' },
    ],
    [
      'an order for extended hours where they are',
      [order('AAPL', 'buy', '1', extended)],
      { now: BEFORE_OPEN, marketHours: 'extended' },
      {},
    ],
    [
      'an order for extended hours at night',
      [order('AAPL', 'buy', '1', extended)],
      { now: '2024-03-05T02:00:00.000Z', marketHours: 'extended' },
      { 'AAPL buy': 'MARKET_CLOSED' },
    ],
    [
      'an order for extended hours on a holiday',
      [order('AAPL', 'buy', '1', extended)],
      { now: '2024-03-29T15:00:00.000Z', marketHours: 'extended' },
      { 'AAPL buy': 'MARKET_CLOSED' },
    ],
    ['an order for extended hours in the session', [order('AAPL', 'buy', '1', extended)], {}, {}],
    ['an order for the closing auction', [order('AAPL', 'buy', '1', closing)], { now: BEFORE_OPEN }, {}],
    [
      'an order that the venue refuses by name at any hour',
      [order('AAPL', 'buy', '1', { type: 'market', timeInForce: 'day', extendedHours: true })],
      { now: BEFORE_OPEN },
      {},
    ],
  ])('%s', (_, orders, more, expected) => {
    expect(codes(orders, more)).toEqual(expected);
  });

  it('asks what only closes positions for neither money nor shares, but for an account that may trade', () => {
    const { parent, child } = order('AAPL', 'buy', '1000');
    const flatten = { parent: { ...parent, purpose: 'flatten' } as ParentOrder, child };
    expect(codes([flatten], facts({ buyingPower: '0' }))).toEqual({});
    expect(codes([flatten], facts({ tradingBlocked: true }))).toEqual({ 'AAPL buy': 'ACCOUNT_BLOCKED' });
    expect(codes([flatten], { halted: [halted] })).toEqual({ 'AAPL buy': 'SYMBOL_HALTED' });
  });

  it('draws some stops from the venue, which may say something else now, and some from what we know', () => {
    expect(leansOnFacts({ code: 'BUYING_POWER', reason: '' })).toBe(true);
    expect(leansOnFacts({ code: 'SYMBOL_HALTED', reason: '' })).toBe(false);
  });
});

describe('day trades', () => {
  const counted = (dayTrades: number | null, patternDayTrader: boolean | null = false): VenueAccount => ({
    ...standing,
    dayTrades,
    patternDayTrader,
  });

  it.each<[string, VenueAccount | null, VenueAccount, boolean]>([
    ['warn before the fourth', counted(2), counted(3), true],
    ['warn at the first look', null, counted(3), true],
    ['warn once', counted(3), counted(3), false],
    ['do not warn below', counted(1), counted(2), false],
    ['do not concern who is a pattern day trader', counted(2), counted(3, true), false],
    ['are unknown where the venue does not count them', counted(2), counted(null, null), false],
  ])('%s', (_, before, after, warns) => {
    expect(dayTradeAlarm('main', before, after)?.code).toBe(warns ? 'DAY_TRADES' : undefined);
  });
});
