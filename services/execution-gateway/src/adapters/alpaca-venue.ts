import { errors, marketData, trading } from '@alpacahq/alpaca-trade-api/rest';
import { Fault, messageOf, Retryable } from '@ballast/platform';
import type { ExecutionConfig } from '../config.js';
import type {
  PlaceAnswer,
  PlaceRequest,
  VenueBar,
  VenueAccount,
  VenueFee,
  VenueFill,
  VenueOrder,
  VenuePosition,
  VenueQuote,
} from '../messages.js';
import { failureOf } from './alpaca-errors.js';
import { orderRequestOf } from './alpaca-request.js';
import { ALPACA_RULES } from './alpaca-rules.js';
import { openStream } from './alpaca-stream.js';
import {
  parseAccount,
  parseBars,
  parseError,
  parseFees,
  parseFills,
  parseOrder,
  parseOrders,
  parsePositions,
  parseQuotes,
} from './alpaca-wire.js';
import { CallLimit } from './call-limit.js';
import type { Deadline, StreamListener, Venue, VenueGuarantees } from './ports.js';

/** Alpaca's page sizes. */
const ORDERS_PAGE = 500;
const ACTIVITIES_PAGE = 100;
const SYMBOLS_PAGE = 100;
const BARS_PAGE = 10_000;

/** A question may be put again at once where the connection broke or a gateway in between failed; an order never. */
const READING = { maxRetries: 2, retryableStatuses: [502, 503, 504] };

const KEPT_BACK = 'kept back so that the venue gets no more calls a minute than it takes';

interface Client {
  readonly limit: CallLimit;
  /** Sends and cancels, without any retry. */
  readonly desk: trading.OrdersApi;
  readonly orders: trading.OrdersApi;
  readonly positions: trading.PositionsApi;
  readonly accounts: trading.AccountsApi;
  readonly activities: trading.AccountActivitiesApi;
  readonly stocks: marketData.StockApi;
}

/**
 * Alpaca, or whoever speaks its protocol, over the official client 4.0.2. What sends has a configuration without retries
 * (the client never repeats a POST in any case). The client's own rate limiter is off, because it knows no order of
 * importance: ours leaves room for cancels, and tells an order to come back instead of holding it. Answers are read raw, because
 * the client's parsers take fill activities for non-trade ones.
 */
export class AlpacaVenue implements Venue {
  readonly name = 'alpaca';
  readonly guarantees: VenueGuarantees = { dedupesClientOrderId: true, lookupByClientId: true, replaysFills: true };
  readonly rules = ALPACA_RULES;
  readonly #clients = new Map<string, Client>();

  constructor(private readonly config: ExecutionConfig) {}

  async placeOrder(request: PlaceRequest, { deadlineMs }: Deadline): Promise<PlaceAnswer> {
    const { desk, limit } = this.#client(request.account);
    const retryAfterMs = limit.send();
    if (retryAfterMs > 0) return { kind: 'deferred', retryAfterMs, reason: KEPT_BACK, unsent: true };
    try {
      const response = await desk.postOrderRaw(
        { postOrderRequest: orderRequestOf(request) },
        { signal: AbortSignal.timeout(deadlineMs) },
      );
      const { venueOrderId, status } = parseOrder(await response.raw.json());
      return { kind: 'acknowledged', venueOrderId, status };
    } catch (error) {
      return refusalOf(error);
    }
  }

  async orderByClientId(account: string, clientOrderId: string): Promise<VenueOrder | null> {
    const { orders, limit } = this.#client(account);
    try {
      return parseOrder(await this.#read(limit, () => orders.getOrderByClientOrderIdRaw({ clientOrderId })));
    } catch (error) {
      if (await isNotFound(error)) return null;
      throw awayOf(error);
    }
  }

  async cancelOrder(account: string, venueOrderId: string): Promise<'requested' | 'refused' | 'not_found'> {
    const { desk, limit } = this.#client(account);
    await limit.room('cancel');
    try {
      await desk.deleteOrderByOrderIDRaw({ orderId: venueOrderId });
      return 'requested';
    } catch (error) {
      if (await isNotFound(error)) return 'not_found';
      if (error instanceof errors.ApiError && error.status === 422) return 'refused';
      throw awayOf(error);
    }
  }

  async openOrders(account: string): Promise<VenueOrder[]> {
    const { orders, limit } = this.#client(account);
    const found = new Map<string, VenueOrder>();
    for (let after: string | undefined; ;) {
      const request = { status: 'open', direction: 'asc', limit: ORDERS_PAGE, ...(after ? { after } : {}) } as const;
      const page = parseOrders(await this.#get(limit, () => orders.getAllOrdersRaw(request)));
      const before = found.size;
      for (const order of page) found.set(order.venueOrderId, order);
      if (page.length < ORDERS_PAGE) return [...found.values()];
      if (found.size === before) {
        throw new Fault('VENUE_PAGE_STUCK', `${account} has more than ${ORDERS_PAGE} open orders of one millisecond`);
      }
      after = millisecondBefore(page.at(-1)!.submittedAt);
    }
  }

  async fillsSince(account: string, since: string): Promise<VenueFill[]> {
    const fills = await this.#activities(account, 'FILL', since, parseFills);
    return fills.map(({ activityId: _, ...fill }) => fill);
  }

  feesSince(account: string, since: string): Promise<VenueFee[]> {
    return this.#activities(account, 'FEE', since, parseFees);
  }

  async #activities<A extends { readonly activityId: string }>(
    account: string,
    activityType: 'FILL' | 'FEE',
    since: string,
    read: (body: unknown) => A[],
  ): Promise<A[]> {
    const { activities, limit } = this.#client(account);
    const all: A[] = [];
    // Alpaca lists what comes after a moment, and we want what happened at it too.
    const after = new Date(Date.parse(since) - 1);
    for (let pageToken: string | undefined; ;) {
      const request = { activityType, direction: 'asc', pageSize: ACTIVITIES_PAGE, after } as const;
      const page = read(
        await this.#get(limit, () =>
          activities.getAccountActivitiesByActivityTypeRaw({ ...request, ...(pageToken ? { pageToken } : {}) }),
        ),
      );
      all.push(...page);
      if (page.length < ACTIVITIES_PAGE) return all;
      pageToken = page.at(-1)!.activityId;
    }
  }

  async positions(account: string): Promise<VenuePosition[]> {
    const { positions, limit } = this.#client(account);
    return parsePositions(await this.#get(limit, () => positions.getAllOpenPositionsRaw()));
  }

  async account(account: string): Promise<VenueAccount> {
    const { accounts, limit } = this.#client(account);
    return parseAccount(await this.#get(limit, () => accounts.getAccountRaw()));
  }

  async quote(account: string, symbols: readonly string[]): Promise<VenueQuote[]> {
    const { stocks, limit } = this.#client(account);
    const quotes: VenueQuote[] = [];
    for (let from = 0; from < symbols.length; from += SYMBOLS_PAGE) {
      const page = symbols.slice(from, from + SYMBOLS_PAGE).join(',');
      quotes.push(...parseQuotes(await this.#get(limit, () => stocks.stockLatestQuotesRaw({ symbols: page }))));
    }
    return quotes;
  }

  async bars(account: string, symbols: readonly string[], from: string, to: string): Promise<VenueBar[]> {
    const { stocks, limit } = this.#client(account);
    // Alpaca's end is included, and ours is not.
    const span = { timeframe: '1Min', start: new Date(from), end: new Date(Date.parse(to) - 1) };
    const found: VenueBar[] = [];
    for (let at = 0; at < symbols.length; at += SYMBOLS_PAGE) {
      const request = { ...span, symbols: symbols.slice(at, at + SYMBOLS_PAGE).join(','), limit: BARS_PAGE };
      for (let pageToken: string | null | undefined; pageToken !== null;) {
        const more = pageToken === undefined ? {} : { pageToken };
        const { bars, next } = parseBars(await this.#get(limit, () => stocks.stockBarsRaw({ ...request, ...more })));
        found.push(...bars);
        pageToken = next;
      }
    }
    return found;
  }

  listen(account: string, listener: StreamListener): () => void {
    const { EXECUTION_VENUE_URL, EXECUTION_VENUE_SECRET } = this.config;
    const url = new URL('/stream', EXECUTION_VENUE_URL);
    url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
    return openStream(url.href, { keyId: this.#keyId(account), secret: EXECUTION_VENUE_SECRET }, listener);
  }

  #keyId(account: string): string {
    return this.config.EXECUTION_VENUE_KEY_ID ?? account;
  }

  #client(account: string): Client {
    const known = this.#clients.get(account);
    if (known) return known;
    const { EXECUTION_VENUE_URL, EXECUTION_VENUE_DATA_URL, EXECUTION_VENUE_SECRET } = this.config;
    const shared = {
      keyId: this.#keyId(account),
      secret: EXECUTION_VENUE_SECRET.reveal(),
      timeoutMs: this.config.EXECUTION_VENUE_DEADLINE_MS,
    };
    const basePath = bare(EXECUTION_VENUE_URL);
    const reading = new trading.Configuration({ ...shared, basePath, retry: READING });
    const data = new marketData.Configuration({
      ...shared,
      basePath: bare(EXECUTION_VENUE_DATA_URL ?? EXECUTION_VENUE_URL),
      retry: READING,
    });
    const client: Client = {
      limit: new CallLimit(this.config.EXECUTION_VENUE_CALLS_PER_MINUTE),
      desk: new trading.OrdersApi(new trading.Configuration({ ...shared, basePath })),
      orders: new trading.OrdersApi(reading),
      positions: new trading.PositionsApi(reading),
      accounts: new trading.AccountsApi(reading),
      activities: new trading.AccountActivitiesApi(reading),
      stocks: new marketData.StockApi(data),
    };
    this.#clients.set(account, client);
    return client;
  }

  async #get(limit: CallLimit, call: () => Promise<{ readonly raw: Response }>): Promise<unknown> {
    try {
      return await this.#read(limit, call);
    } catch (error) {
      throw awayOf(error);
    }
  }

  async #read(limit: CallLimit, call: () => Promise<{ readonly raw: Response }>): Promise<unknown> {
    await limit.room('ask');
    return (await call()).raw.json();
  }
}

const bare = (url: string): string => url.replace(/\/+$/, '');

const millisecondBefore = (at: string): string => new Date(Date.parse(at) - 1).toISOString();

/** What an order's failed call means; throws the error where nobody can say whether the order was taken. */
async function refusalOf(error: unknown): Promise<PlaceAnswer> {
  if (!(error instanceof errors.ApiError)) throw error;
  const { status, retryAfterMs } = error;
  const failure = failureOf({ status, retryAfterMs, body: await error.response.text() });
  if (failure.kind === 'unknown') throw error;
  return failure;
}

const bodyOf = async (error: errors.ApiError) => parseError(await error.response.text());

/** Whether it is the venue that says 404; a proxy's 404 has no message of Alpaca's shape. */
const isNotFound = async (error: unknown): Promise<boolean> =>
  error instanceof errors.ApiError && error.status === 404 && (await bodyOf(error)) !== null;

/** A question that failed may be asked again, except where the venue refuses it or answers nonsense. */
function awayOf(error: unknown): Error {
  if (error instanceof Fault) return error;
  if (error instanceof errors.ApiError && error.status < 500 && error.status !== 429) {
    const { status } = error;
    return new Fault('VENUE_REFUSED', `the venue answered ${status}: ${error.message}; check its address and keys`, {
      cause: error,
    });
  }
  return new Retryable('VENUE_AWAY', `the venue did not answer: ${messageOf(error)}`, { cause: error });
}
