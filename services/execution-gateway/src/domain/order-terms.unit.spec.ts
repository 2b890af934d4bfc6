import { describe, expect, it } from '@jest/globals';
import type { OrderTerms } from '@ballast/contracts';
import { ALPACA_RULES } from '../adapters/alpaca-rules.js';
import { PLAIN_TERMS, termsFault, type OrderDraft } from './order-terms.js';

/** A Monday, ten in the morning in New York. */
const NOW = '2024-03-04T15:00:00.000Z';

const draft = (terms: Partial<OrderTerms> = {}, more: Partial<OrderDraft> = {}): OrderDraft => ({
  ...{ side: 'buy', quantity: '10', notional: null, ...more },
  terms: { ...PLAIN_TERMS, ...terms },
});
const LIMIT = { type: 'limit', limitPrice: '100' } as const;
const EXITS = { takeProfit: { limitPrice: '110' }, stopLoss: { stopPrice: '95' } };

const codeOf = (order: OrderDraft, now = NOW) => termsFault(order, ALPACA_RULES, now)?.code ?? 'sent';

describe('what Alpaca takes', () => {
  const priced = {
    market: {},
    limit: { limitPrice: '100' },
    stop: { stopPrice: '101' },
    stop_limit: { stopPrice: '101', limitPrice: '101.5' },
    trailing_stop: { trailPercent: '1.5' },
  };
  const table = (more: Partial<OrderDraft>, terms: Partial<OrderTerms> = {}): string => {
    const types = Object.keys(priced) as (keyof typeof priced)[];
    const rows = (['day', 'gtc', 'ioc', 'fok', 'opg', 'cls'] as const).map((timeInForce) => {
      // Before the opening no auction has ended.
      const cells = types.map((type) =>
        codeOf(draft({ type, timeInForce, ...priced[type], ...terms }, more), '2024-03-04T13:00:00.000Z'),
      );
      return [timeInForce, ...cells.map((code) => (code === 'sent' ? 'yes' : code))].join(' ');
    });
    return `\n     ${types.join(' ')}\n${rows.join('\n')}\n`;
  };

  it('of whole shares is the table of its documentation', () => {
    expect(table({})).toBe(`
     market limit stop stop_limit trailing_stop
day yes yes yes yes yes
gtc yes yes yes yes yes
ioc yes yes TIME_IN_FORCE_UNSUPPORTED TIME_IN_FORCE_UNSUPPORTED TIME_IN_FORCE_UNSUPPORTED
fok yes yes TIME_IN_FORCE_UNSUPPORTED TIME_IN_FORCE_UNSUPPORTED TIME_IN_FORCE_UNSUPPORTED
opg yes yes TIME_IN_FORCE_UNSUPPORTED TIME_IN_FORCE_UNSUPPORTED TIME_IN_FORCE_UNSUPPORTED
cls yes yes TIME_IN_FORCE_UNSUPPORTED TIME_IN_FORCE_UNSUPPORTED TIME_IN_FORCE_UNSUPPORTED
`);
  });

  it('of fractions of a share is for the day', () => {
    expect(table({ quantity: '0.5' })).toBe(`
     market limit stop stop_limit trailing_stop
day yes yes yes yes FRACTIONAL_TYPE
gtc ${'FRACTIONAL_TIME_IN_FORCE '.repeat(5).trim()}
ioc FRACTIONAL_TIME_IN_FORCE FRACTIONAL_TIME_IN_FORCE ${'TIME_IN_FORCE_UNSUPPORTED '.repeat(3).trim()}
fok FRACTIONAL_TIME_IN_FORCE FRACTIONAL_TIME_IN_FORCE ${'TIME_IN_FORCE_UNSUPPORTED '.repeat(3).trim()}
opg FRACTIONAL_TIME_IN_FORCE FRACTIONAL_TIME_IN_FORCE ${'TIME_IN_FORCE_UNSUPPORTED '.repeat(3).trim()}
cls FRACTIONAL_TIME_IN_FORCE FRACTIONAL_TIME_IN_FORCE ${'TIME_IN_FORCE_UNSUPPORTED '.repeat(3).trim()}
`);
  });

  it('in extended hours is a limit order of the day', () => {
    expect(
      table({}, { extendedHours: true }).replaceAll('TIME_IN_FORCE_UNSUPPORTED', '-').replaceAll('EXTENDED_HOURS_', ''),
    ).toBe(`
     market limit stop stop_limit trailing_stop
day TYPE yes TYPE TYPE TYPE
gtc TYPE TIME_IN_FORCE TYPE TYPE TYPE
ioc TYPE TIME_IN_FORCE - - -
fok TYPE TIME_IN_FORCE - - -
opg TYPE TIME_IN_FORCE - - -
cls TYPE TIME_IN_FORCE - - -
`);
  });

  it.each<[string, OrderDraft, string]>([
    ['neither shares nor money', draft({}, { quantity: null }), 'QUANTITY_OR_NOTIONAL'],
    ['both', draft({}, { notional: '500' }), 'QUANTITY_OR_NOTIONAL'],
    ['no shares', draft({}, { quantity: '0' }), 'QUANTITY_INVALID'],
    ['nine decimals', draft({}, { quantity: '0.123456789' }), 'sent'],
    ['ten decimals', draft({}, { quantity: '0.1234567891' }), 'QUANTITY_DECIMALS'],
    ['less than a dollar', draft({}, { quantity: null, notional: '0.99' }), 'NOTIONAL_TOO_SMALL'],
    ['money of ten decimals', draft({}, { quantity: null, notional: '5.0000000001' }), 'NOTIONAL_DECIMALS'],
    [
      'money until cancelled',
      draft({ timeInForce: 'gtc' }, { quantity: null, notional: '5' }),
      'FRACTIONAL_TIME_IN_FORCE',
    ],
    ['money', draft({}, { quantity: null, notional: '5' }), 'sent'],
    ['a limit order without limit', draft({ type: 'limit' }), 'LIMIT_PRICE_MISSING'],
    ['a stop order without stop', draft({ type: 'stop' }), 'STOP_PRICE_MISSING'],
    ['a stop limit order with half', draft({ type: 'stop_limit', stopPrice: '1' }), 'STOP_LIMIT_PRICES_MISSING'],
    ['a trailing stop without trail', draft({ type: 'trailing_stop' }), 'TRAIL_MISSING'],
    ['two trails', draft({ type: 'trailing_stop', trailPrice: '1', trailPercent: '1' }), 'TRAIL_MISSING'],
    ['a market order with a limit', draft({ limitPrice: '1' }), 'MARKET_PRICE_UNWANTED'],
    ['a limit order with a stop', draft({ ...LIMIT, stopPrice: '1' }), 'PRICE_UNWANTED'],
    ['a limit order that trails', draft({ ...LIMIT, trailPrice: '1' }), 'TRAIL_UNWANTED'],
    ['a price of nothing', draft({ ...LIMIT, limitPrice: '0' }), 'PRICE_INVALID'],
    ['a trail of nothing', draft({ type: 'trailing_stop', trailPercent: '0' }), 'PRICE_INVALID'],
    ['fractions of a cent', draft({ ...LIMIT, limitPrice: '1.001' }), 'PRICE_INCREMENT'],
    ['four decimals below a dollar', draft({ ...LIMIT, limitPrice: '0.9999' }), 'sent'],
    ['five decimals below a dollar', draft({ ...LIMIT, limitPrice: '0.99999' }), 'PRICE_INCREMENT'],
    [
      'a bracket, which it takes and we do not follow',
      draft({ ...EXITS, orderClass: 'bracket' }),
      'ORDER_CLASS_NOT_WORKED',
    ],
    ['a bracket with one exit', draft({ orderClass: 'bracket', stopLoss: EXITS.stopLoss }), 'TAKE_PROFIT_MISSING'],
    ['a bracket with the other', draft({ orderClass: 'bracket', takeProfit: EXITS.takeProfit }), 'STOP_LOSS_MISSING'],
    ['a bracket at once', draft({ ...EXITS, orderClass: 'bracket', timeInForce: 'ioc' }), 'ORDER_CLASS_TIME_IN_FORCE'],
    [
      'a bracket that trails',
      draft({ ...EXITS, orderClass: 'bracket', type: 'trailing_stop', trailPrice: '1' }),
      'ORDER_CLASS_TYPE',
    ],
    ['a bracket of a fraction', draft({ ...EXITS, orderClass: 'bracket' }, { quantity: '0.5' }), 'FRACTIONAL_CLASS'],
    [
      'a bracket in extended hours',
      draft({ ...EXITS, ...LIMIT, orderClass: 'bracket', extendedHours: true }),
      'EXTENDED_HOURS_CLASS',
    ],
    ['exits without a class', draft(EXITS), 'EXIT_UNWANTED'],
    ['exits that are crossed', draft({ ...EXITS, orderClass: 'bracket' }, { side: 'sell' }), 'EXIT_PRICES_CROSSED'],
    [
      'a take-profit below its entry',
      draft({ ...EXITS, ...LIMIT, limitPrice: '111', orderClass: 'bracket' }),
      'TAKE_PROFIT_TOO_NEAR',
    ],
    [
      'a stop-loss at its entry',
      draft({ ...EXITS, ...LIMIT, limitPrice: '95', orderClass: 'bracket' }),
      'STOP_LOSS_TOO_NEAR',
    ],
    ['an OCO that sells', draft({ ...EXITS, ...LIMIT, orderClass: 'oco' }, { side: 'sell' }), 'ORDER_CLASS_NOT_WORKED'],
    ['an OCO that buys with exits of a sale', draft({ ...EXITS, ...LIMIT, orderClass: 'oco' }), 'EXIT_PRICES_CROSSED'],
    ['an OCO at the market', draft({ ...EXITS, orderClass: 'oco' }), 'ORDER_CLASS_TYPE'],
    ['an OTO with both exits', draft({ ...EXITS, orderClass: 'oto' }), 'EXIT_MISSING'],
    ['an OTO with one', draft({ orderClass: 'oto', stopLoss: EXITS.stopLoss }), 'ORDER_CLASS_NOT_WORKED'],
  ])('or not: %s', (_, order, code) => {
    expect(codeOf(order)).toBe(code);
  });

  it.each([
    ['opg', '2024-03-04T14:28:00.000Z', 'sent'],
    ['opg', '2024-03-04T14:28:00.001Z', 'AUCTION_CLOSED'],
    ['opg', '2024-03-04T23:59:59.999Z', 'AUCTION_CLOSED'],
    ['opg', '2024-03-05T00:00:00.000Z', 'sent'],
    ['cls', '2024-03-04T20:50:00.000Z', 'sent'],
    ['cls', '2024-03-04T20:50:00.001Z', 'AUCTION_CLOSED'],
    ['cls', '2024-03-05T00:00:00.000Z', 'sent'],
    // A day that closes at one in the afternoon, and a Saturday.
    ['cls', '2024-07-03T16:50:00.001Z', 'AUCTION_CLOSED'],
    ['opg', '2024-03-09T15:00:00.000Z', 'sent'],
  ] as const)('for an auction, %s at %s: %s', (timeInForce, now, code) => {
    expect(codeOf(draft({ timeInForce }), now)).toBe(code);
  });

  it('is refused in a sentence with the numbers, and in its own words', () => {
    const reason = (order: OrderDraft) => termsFault(order, ALPACA_RULES, NOW)!.reason;
    expect(reason(draft({ ...LIMIT, limitPrice: '290.123' }))).toBe(
      'limit_price has more than 2 decimals; the venue says "invalid limit_price 290.123. sub-penny increment does not fulfill minimum pricing criteria"',
    );
    expect(reason(draft({ timeInForce: 'gtc' }, { quantity: '0.5' }))).toBe(
      'an order for 0.5 shares cannot be gtc; the venue says "fractional orders must be DAY orders"',
    );
    expect(reason(draft({ type: 'stop', stopPrice: '1', timeInForce: 'ioc' }))).toBe(
      'a stop order may be day, gtc, and not ioc; the venue says "invalid time_in_force"',
    );
    expect(reason(draft({ ...EXITS, orderClass: 'oco' }))).toMatch(/the venue says "oco orders must be limit orders"$/);
    expect(reason(draft({ ...EXITS, ...LIMIT, limitPrice: '95', orderClass: 'bracket' }))).toMatch(
      /the venue says "stop_loss.stop_price must be <= base_price - 0.01"$/,
    );
  });
});
