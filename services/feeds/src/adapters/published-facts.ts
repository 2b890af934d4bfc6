import { CONFIG, Retryable } from '@ballast/platform';
import { Inject, Injectable } from '@nestjs/common';
import type { FeedsConfig } from '../config.js';
import { ImportRefused } from '../domain/import-refused.js';
import { NseFacts } from './nse/nse-facts.js';
import { NseHttp } from './nse/nse-http.js';
import type { FactRequest, FactSource } from './ports.js';
import { Publisher } from './publisher.js';

/** Publishers of feeds are asked a few times a day. */
const FEED_REQUESTS_PER_SECOND_MAX = 1;
const FIRST_DELAY_MS = 500;
const REST_MS = 60_000;
const USER_AGENT = 'Ballast (a reader of feeds)';

/** Everybody who publishes what feeds collects: NSE behind its cookies, and feeds and files that anybody may read. */
@Injectable()
export class PublishedFacts implements FactSource {
  readonly #nse: NseFacts;
  /** One for each host, because one that is away says nothing of the others. */
  readonly #publishers = new Map<string, Publisher>();

  constructor(@Inject(CONFIG) private readonly config: FeedsConfig) {
    const { FEEDS_NSE_URL, FEEDS_NSE_USER_AGENT, FEEDS_NSE_REQUESTS_PER_SECOND_MAX } = config;
    const http = new NseHttp({
      url: FEEDS_NSE_URL,
      userAgent: FEEDS_NSE_USER_AGENT,
      ...this.#manners(FEEDS_NSE_REQUESTS_PER_SECOND_MAX),
    });
    this.#nse = new NseFacts(http);
  }

  async fetch(request: FactRequest, signal: AbortSignal): Promise<string> {
    const address = this.#addressOf(request);
    return address === null ? this.#nse.fetch(request, signal) : this.#read(address, signal);
  }

  /** Where anybody may read it; null where NSE has to be asked. */
  #addressOf({ what, subject, date }: FactRequest): URL | null {
    const { config } = this;
    switch (what) {
      case 'nse-announcements':
        return new URL(config.FEEDS_NSE_ANNOUNCEMENTS_URL);
      case 'rbi-texts':
        return new URL(config.FEEDS_RBI_TEXTS_URL);
      case 'rbi-notifications':
        return new URL(config.FEEDS_RBI_NOTIFICATIONS_URL);
      case 'sebi-texts':
        return new URL(config.FEEDS_SEBI_TEXTS_URL);
      case 'pib-texts':
        return new URL(config.FEEDS_PIB_TEXTS_URL);
      case 'fed-texts':
        return new URL(config.FEEDS_FED_TEXTS_URL);
      case 'macro-series': {
        const url = new URL(config.FEEDS_FRED_URL);
        url.searchParams.set('id', subject ?? '');
        if (date !== null) url.searchParams.set('cosd', date);
        return url;
      }
      default:
        return null;
    }
  }

  async #read(url: URL, signal: AbortSignal): Promise<string> {
    const publisher =
      this.#publishers.get(url.host) ?? new Publisher(url.host, this.#manners(FEED_REQUESTS_PER_SECOND_MAX));
    this.#publishers.set(url.host, publisher);
    return publisher.converse(async (ask) => {
      const { status, text } = await ask(url, { 'user-agent': USER_AGENT, accept: '*/*' });
      if (status === 200) return text;
      if (status === 401 || status === 403) {
        throw new Retryable('SOURCE_BLOCKED', `${url.host} answered ${status}: it does not let programs in now`);
      }
      throw new ImportRefused(
        'SOURCE_REFUSED',
        `${url.host}${url.pathname} answered ${status}`,
        'Check the address of the source in the settings of feeds.',
      );
    }, signal);
  }

  #manners(requestsPerSecondMax: number) {
    const timeoutMs = this.config.FEEDS_PUBLISHER_TIMEOUT_MS;
    return { requestsPerSecondMax, timeoutMs, firstDelayMs: FIRST_DELAY_MS, restMs: REST_MS };
  }
}
