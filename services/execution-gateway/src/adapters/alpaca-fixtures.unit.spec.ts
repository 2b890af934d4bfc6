import { describe, expect, it } from '@jest/globals';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isOpen } from '../domain/venue-news.js';
import { failureOf } from './alpaca-errors.js';
import {
  parseAccount,
  parseError,
  parseFills,
  parseOrder,
  parseOrders,
  parsePositions,
  parseQuotes,
  parseStreamMessage,
  parseTradeUpdate,
} from './alpaca-wire.js';

// Bodies that Alpaca sends, as published; they are beside the repository, and not part of it.
const data = process.env['BALLAST_SHARED_DATA'] ?? '../shared/data';
const casesFile = join(data, '../cases/alpaca-fixtures.json');
const files = ['alpaca/alpaca_go_fixtures.jsonl', 'alpaca/alpaca_py_http_fixtures.jsonl'].map((file) =>
  join(data, file),
);
const missing = [casesFile, ...files].filter((file) => !existsSync(file));
if (missing.length > 0) console.warn(`skipped: ${missing.join(', ')} not there`);
const when = missing.length > 0 ? it.skip : it;

const PARSERS = {
  order: parseOrder,
  orders: parseOrders,
  fills: parseFills,
  positions: parsePositions,
  account: parseAccount,
  quotes: parseQuotes,
  'trade update': parseTradeUpdate,
  'stream message': parseStreamMessage,
  error: (body: unknown) => parseError(JSON.stringify(body)) ?? refuseByName(),
};

/** What is no error of the venue is not thrown but told as null. */
function refuseByName(): never {
  throw Object.assign(new Error("the venue's error cannot be read: no message"), { code: 'VENUE_ANSWER_INVALID' });
}

/** What parses a body; of the others each must have refused it by name, with the field at fault. */
function readersOf(body: unknown): string[] {
  return Object.entries(PARSERS).flatMap(([name, parse]) => {
    try {
      parse(body);
      return [name];
    } catch (error) {
      const { code, message } = error as { code?: string; message: string };
      expect([name, code, message]).toEqual([
        name,
        'VENUE_ANSWER_INVALID',
        expect.stringMatching(/cannot be read|lacks/),
      ]);
      return [];
    }
  });
}

interface Body {
  readonly from: string;
  readonly method: string;
  readonly url: string;
  readonly body: unknown;
}

const bodies = (): Body[] =>
  files.flatMap((file) =>
    readFileSync(file, 'utf8')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => {
        const { source, test, n, method, url, body } = JSON.parse(line) as Record<string, string>;
        return { from: `${source} ${test ?? n}`, method: method ?? '', url: url ?? '', body };
      }),
  );

/** What the gateway would read a body as, by the address that it came from; null where the gateway never asks there. */
function askedFor({ method, url }: Body): string | null {
  const path = url.replace(/^.*?(\/v\d[^?]*).*$/, '$1').replaceAll("'", '');
  if (method === 'delete' && /\/(positions|orders)$/.test(path)) return null;
  if (/\/positions\/\{/.test(path) || /\/orders\/\{/.test(path)) return 'order';
  if (path.endsWith('/orders')) return method === 'post' ? 'order' : 'orders';
  if (path.endsWith('/positions')) return 'positions';
  if (/\/v2\/account$|\/trading\/accounts\/\{account_id\}\/account$/.test(path)) return 'account';
  return path.endsWith('/stocks/quotes/latest') ? 'quotes' : null;
}

describe('the bodies that Alpaca publishes', () => {
  when('parse where the gateway asks for them, and are refused by name where they are something else', () => {
    const all = bodies();
    const read = all.map((each) => ({ ...each, asked: askedFor(each), readers: readersOf(each.body) }));
    const wrong = read.filter(({ asked, readers }) => asked !== null && !readers.includes(asked));
    expect(wrong.map(({ from, asked, readers }) => ({ from, asked, readers }))).toEqual([]);
    // Each kind of body that the gateway asks for is among them, and none of those of others is taken for an order.
    expect([...new Set(read.flatMap(({ asked }) => asked ?? []))].sort()).toEqual([
      ...['account', 'order', 'orders', 'positions', 'quotes'],
    ]);
    const ours = read.filter(({ asked }) => asked !== null);
    const others = read.filter(({ asked, readers }) => asked === null && readers.length > 0);
    const refused = read.filter(({ readers }) => readers.length === 0);
    expect([...new Set(others.flatMap(({ readers }) => readers))].sort()).toEqual(['error', 'quotes']);
    expect(refused.length).toBeGreaterThan(ours.length);
    console.info(
      `${read.length} bodies: ${ours.length} that the gateway asks for, all parsed; ${others.length} of other addresses that ` +
        `read as quotes or as an error; ${refused.length} refused by name`,
    );
  });

  when('of an account parse with and without what was removed from it', () => {
    const accounts = bodies().filter((each) => askedFor(each) === 'account');
    const { account_removed_2026_07_06: removed } = JSON.parse(readFileSync(casesFile, 'utf8')) as {
      account_removed_2026_07_06: string[];
    };
    for (const { body } of accounts) {
      const less = Object.fromEntries(Object.entries(body as object).filter(([name]) => !removed.includes(name)));
      expect(parseAccount(less)).toEqual({ ...parseAccount(body), patternDayTrader: null, dayTrades: null });
    }
    const has = accounts.map(({ body }) => removed.some((name) => name in (body as object)));
    expect(new Set(has)).toEqual(new Set([true, false]));
  });
});

describe('the published cases', () => {
  interface Cases {
    readonly order: object;
    readonly trade_update_fill: { data: { order: object } & Record<string, unknown> };
    readonly handshake: object[];
    readonly events: { common: string[]; rare: string[]; sdk_only: string[] };
    readonly statuses: { terminal: string[]; non_terminal: string[] };
    readonly errors: { http: number; body?: object; headers?: Record<string, string> }[];
    readonly market_data: { session: object[]; trade: object; quote: object };
  }
  const cases = (): Cases => JSON.parse(readFileSync(casesFile, 'utf8')) as Cases;

  when('parse: an order, a fill, every status and every event of the stream', () => {
    const { order, trade_update_fill: update, events, statuses } = cases();
    expect(parseOrder(order)).toMatchObject({ status: 'working', filledQuantity: '0' });
    expect(readersOf(update)).toContain('stream message');
    expect(parseTradeUpdate(update.data)).toMatchObject({
      event: 'fill',
      fill: { executionId: '2f63ea93-423d-4169-b3f6-3fdafc10c418', quantity: '1790.86', price: '105.8988475' },
    });
    const open = (names: string[]) => new Set(names.map((status) => isOpen(parseOrder({ ...order, status }).status)));
    expect([open(statuses.non_terminal), open(statuses.terminal)]).toEqual([new Set([true]), new Set([false])]);
    const words = [...events.common, ...events.rare, ...events.sdk_only];
    for (const event of words) expect(() => parseTradeUpdate({ ...update.data, event })).not.toThrow();
    expect(() => parseTradeUpdate({ ...update.data, event: 'melted' })).toThrow(/event.*cannot be read|cannot be read/);
  });

  when('of the stream are messages of its, and those of the market data are none', () => {
    const { handshake, market_data: market } = cases();
    expect(handshake.map((message) => readersOf(message))).toEqual([[], ['stream message'], [], ['stream message']]);
    for (const message of [...market.session, market.trade, market.quote]) expect(readersOf(message)).toEqual([]);
  });

  when('of errors mean what the map says, each in the words of the venue', () => {
    const told = cases().errors.map(({ http: status, body, headers }) => {
      const failure = failureOf({
        status,
        body: body ? JSON.stringify(body) : '',
        retryAfterMs: headers ? 2_000 : undefined,
      });
      return failure.kind === 'rejected' ? failure.code : failure.kind;
    });
    expect(told).toEqual([
      'INSUFFICIENT_BUYING_POWER',
      'INSUFFICIENT_QUANTITY',
      'INSUFFICIENT_UNDERLYING',
      'EXTENDED_HOURS_TYPE',
      'ACCOUNT_RESTRICTED',
      'WASH_TRADE',
      'unknown',
      'deferred',
    ]);
  });
});
