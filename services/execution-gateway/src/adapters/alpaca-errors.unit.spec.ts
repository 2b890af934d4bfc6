import { describe, expect, it } from '@jest/globals';
import { ALPACA_REFUSALS, failureOf } from './alpaca-errors.js';
import { ALPACA_RULES } from './alpaca-rules.js';

const failed = (status: number, body: unknown, retryAfterMs?: number) =>
  failureOf({ status, body: typeof body === 'string' ? body : JSON.stringify(body), retryAfterMs });

/** What Alpaca answers, and what it means; the first eight are those of the fixtures. */
const ANSWERS: [number, object, string][] = [
  [403, { code: 40310000, message: 'insufficient buying power', buying_power: '1' }, 'INSUFFICIENT_BUYING_POWER'],
  [
    403,
    { code: 40310000, message: 'insufficient qty available for order (requested: X, available: 0)' },
    'INSUFFICIENT_QUANTITY',
  ],
  [
    403,
    { code: 40310000, message: 'insufficient underlying qty available for covered call (required: 200, available: 0)' },
    'INSUFFICIENT_UNDERLYING',
  ],
  [422, { code: 40010001, message: 'only type="limit" is allowed for extended hours orders' }, 'EXTENDED_HOURS_TYPE'],
  [422, { code: 40010001, message: 'us_equity orders not allowed for account' }, 'ACCOUNT_RESTRICTED'],
  [422, { code: 42210000, message: 'potential wash trade detected. use complex orders' }, 'WASH_TRADE'],
  [422, { message: 'client_order_id must be unique' }, 'unknown'],
  [422, { code: 40010001, message: 'client_order_id must be unique' }, 'unknown'],
  [403, { code: 40310000, message: 'potential wash trade detected. opposite side limit order exists' }, 'WASH_TRADE'],
  [403, { code: 40310000, message: 'account is not allowed to short' }, 'SHORT_NOT_ALLOWED'],
  [403, { code: 40310000, message: 'asset "CWVX" is not fractionable' }, 'NOT_FRACTIONABLE'],
  [403, { code: 40310100, message: 'trade denied due to pattern day trading protection' }, 'DAY_TRADE_LIMIT'],
  [422, { code: 40010001, message: 'asset MKR/USD is not active' }, 'SYMBOL_NOT_TRADABLE'],
  [422, { code: 42210000, message: 'asset "AAPL.US" not found' }, 'SYMBOL_UNKNOWN'],
  [422, { code: 42210000, message: 'fractional orders must be DAY orders' }, 'FRACTIONAL_TIME_IN_FORCE'],
  [
    422,
    {
      code: 42210000,
      message: 'invalid limit_price 290.123. sub-penny increment does not fulfill minimum pricing criteria',
    },
    'PRICE_INCREMENT',
  ],
  [400, { code: 40010001, message: 'bracket orders require take_profit.limit_price' }, 'TAKE_PROFIT_MISSING'],
  [422, { code: 40010001, message: 'take_profit.limit_price must be < stop_loss.stop_price' }, 'EXIT_PRICES_CROSSED'],
  [403, { code: 40310000, message: 'something nobody has heard' }, 'VENUE_FORBIDDEN'],
  [403, { message: 'forbidden.' }, 'VENUE_FORBIDDEN'],
  [422, { code: 42210000, message: 'something nobody has heard' }, 'VENUE_INVALID'],
  [404, { code: 40410000, message: 'endpoint not found.' }, 'VENUE_NOT_FOUND'],
];

describe('a failed call that sent an order', () => {
  it.each(ANSWERS)('of status %i with %j means %s', (status, body, means) => {
    const failure = failed(status, body);
    expect(failure.kind === 'rejected' ? failure.code : failure.kind).toBe(means);
  });

  it("is refused in the venue's own words, with its code", () => {
    expect(failed(403, { code: 40310000, message: 'insufficient buying power' })).toEqual({
      ...{ kind: 'rejected', code: 'INSUFFICIENT_BUYING_POWER', message: 'insufficient buying power (403, 40310000)' },
    });
    expect(failed(403, { message: 'forbidden.' })).toMatchObject({ message: 'forbidden. (403)' });
  });

  it.each([
    ['a 500 of the venue', 500, { code: 50010000, message: 'internal server error occurred' }],
    ['a 503', 503, { message: 'service unavailable' }],
    ['a 504', 504, ''],
    ["a proxy's 403", 403, '<html>403 Forbidden</html>'],
    ["a proxy's 404", 404, '{"error":"no route"}'],
    ["a proxy's 400", 400, { message: 'bad request' }],
    ['a 401, whoever says it', 401, { code: 40110000, message: 'request is not authorized' }],
    ['a 408', 408, { code: 1, message: 'request timeout' }],
    ['a 409', 409, { code: 1, message: 'conflict' }],
  ])('is unknown after %s', (_, status, body) => {
    expect(failed(status, body)).toEqual({ kind: 'unknown' });
  });

  it.each([
    [undefined, 5_000],
    [0, 1_000],
    [30_000.2, 30_001],
    [3_600_000, 120_000],
  ])('is put off after a 429 that asks for %s ms by %i ms', (asked, waits) => {
    expect(failed(429, '', asked)).toMatchObject({ kind: 'deferred', retryAfterMs: waits });
  });

  it('has one meaning: no line hides another, and what our own check says comes back under the same code', () => {
    for (const [code, words] of Object.entries(ALPACA_RULES.words)) {
      const message = words.replaceAll(/\{\w+\}/g, '1.23');
      expect([message, failed(422, { code: 42210000, message })]).toEqual([
        message,
        expect.objectContaining({ kind: 'rejected', code }),
      ]);
    }
    const means = ALPACA_REFUSALS.map((line) => line.means);
    expect(new Set(means).size).toBe(means.length);
  });
});
