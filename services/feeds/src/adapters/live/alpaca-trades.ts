import { errors, marketData } from '@alpacahq/alpaca-trade-api/rest';
import { messageOf, Retryable, type Secret } from '@ballast/platform';
import { FeedRefused } from '../../domain/live/feed-refused.js';
import { msOf, type Trade } from '../../domain/live/tick.js';
import { tradeOf, UnreadableMessage } from './alpaca-live-wire.js';
import type { TradeHistory, TradePage, TradePageRequest } from './ports.js';

/** How long an answer may take. */
const TIMEOUT_MS = 10_000;

export interface AlpacaTradesOptions {
  readonly dataUrl: string;
  readonly keyId: string;
  readonly secret: Secret;
  /** The feed of the stream: what was missed there must be fetched from the same. */
  readonly feed: string;
}

/** Past trades of Alpaca, over the official client, read raw. The client does not try again: the caller waits by its own clock. */
export class AlpacaTrades implements TradeHistory {
  readonly #api: marketData.StockApi;
  readonly #feed: { readonly feed?: marketData.StockHistoricalFeed };

  constructor({ dataUrl, keyId, secret, feed }: AlpacaTradesOptions) {
    const basePath = dataUrl.replace(/\/+$/, '');
    const settings = { keyId, secret: secret.reveal(), basePath, timeoutMs: TIMEOUT_MS };
    this.#api = new marketData.StockApi(new marketData.Configuration(settings));
    const wanted = feed === 'delayed_sip' ? 'sip' : feed;
    const known = Object.values(marketData.StockHistoricalFeed).find((each) => each === wanted);
    this.#feed = known === undefined ? {} : { feed: known };
  }

  async page({ symbol, from, next, limit }: TradePageRequest, signal: AbortSignal): Promise<TradePage> {
    try {
      const response = await this.#api.stockTradesRaw(
        {
          symbols: symbol,
          start: new Date(msOf(from)),
          limit,
          sort: 'asc',
          ...this.#feed,
          ...(next === null ? {} : { pageToken: next }),
        },
        { signal },
      );
      return pageOf(await response.raw.json(), symbol);
    } catch (error) {
      throw causeOf(error);
    }
  }
}

function pageOf(body: unknown, symbol: string): TradePage {
  const { trades, next_page_token: next } = body as { trades?: Record<string, unknown>; next_page_token?: unknown };
  const rows = trades?.[symbol] ?? [];
  if (!Array.isArray(rows)) throw new UnreadableMessage(symbol, 'the answer has no list of trades');
  const read = rows.map((row): Trade => tradeOf(row as Record<string, unknown>, symbol));
  return { trades: read, next: typeof next === 'string' && next !== '' ? next : null };
}

function causeOf(error: unknown): Error {
  if (error instanceof UnreadableMessage) {
    return new FeedRefused('TRADES_UNREADABLE', error.message, 'Report it with the log of feeds.');
  }
  if (error instanceof errors.ApiError && error.status < 500 && ![408, 429].includes(error.status)) {
    return new FeedRefused(
      'TRADES_REFUSED',
      `the venue answered ${error.status} when asked for past trades: ${error.message}`,
      'Check the keys, and whether the plan includes recent trades of this feed.',
    );
  }
  return new Retryable('VENUE_AWAY', `the venue did not answer: ${messageOf(error)}`, { cause: error });
}
