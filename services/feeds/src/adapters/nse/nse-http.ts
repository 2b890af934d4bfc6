import { Retryable } from '@ballast/platform';
import type { Publisher } from '../http/publisher.js';
import type { Answer, Ask } from '../http/source-http.js';

/** A page that sets the cookies which the data behind it asks for. */
const LANDING = '/option-chain';
/** NSE sets about ten. */
const COOKIES_MAX = 50;

export interface NseHttpOptions {
  readonly url: string;
  readonly userAgent: string;
}

/**
 * NSE's site for programs: it answers only who came by one of its pages before and brings the cookies of it, and it shuts
 * out who asks more than three times a second. Cookies are had on the first question and again where they no longer
 * open the door; they are kept in memory and are in no message.
 */
export class NseHttp {
  #cookies = new Map<string, string>();
  /** The fetching of new cookies that is under way. */
  #landing: Promise<void> | null = null;
  /** How many times cookies were fetched, so that of several that find the door shut only one fetches new ones. */
  #visits = 0;

  constructor(
    private readonly publisher: Publisher,
    private readonly options: NseHttpOptions,
  ) {}

  /**
   * Asks for data.
   * @param path below the site, such as `/api/fiidiiTradeReact`.
   * @returns the text of the answer, which is never a page.
   * @throws Retryable SOURCE_BLOCKED where NSE keeps the door shut; as {@link Publisher.converse}.
   */
  async get(path: string, query: Readonly<Record<string, string>>, signal: AbortSignal): Promise<string> {
    const url = new URL(path, this.options.url);
    for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
    return this.publisher.converse(async (ask) => {
      if (this.#cookies.size === 0) await this.#land(ask, this.#visits);
      const visits = this.#visits;
      const first = await this.#ask(ask, url);
      if (isData(first)) return first.text;
      await this.#land(ask, visits);
      const second = await this.#ask(ask, url);
      if (isData(second)) return second.text;
      const how = second.status === 200 ? 'with a page instead of data' : `with ${second.status}`;
      throw new Retryable('SOURCE_BLOCKED', `NSE answered ${path} ${how}, with fresh cookies too`);
    }, signal);
  }

  async #ask(ask: Ask, url: URL): Promise<Answer> {
    const cookie = [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const answer = await ask(url, {
      ...this.#headers('application/json, text/csv, text/plain, */*'),
      referer: new URL(LANDING, this.options.url).href,
      ...(cookie === '' ? {} : { cookie }),
    });
    this.#keep(answer);
    return answer;
  }

  /** Fetches new cookies, unless somebody did since the visit that did not help. */
  #land(ask: Ask, after: number): Promise<void> {
    if (this.#visits !== after) return Promise.resolve();
    this.#landing ??= (async () => {
      try {
        this.#cookies = new Map();
        this.#keep(await ask(new URL(LANDING, this.options.url), this.#headers('text/html')));
        this.#visits += 1;
      } finally {
        this.#landing = null;
      }
    })();
    return this.#landing;
  }

  #headers(accept: string): Record<string, string> {
    return { 'user-agent': this.options.userAgent, accept, 'accept-language': 'en-US,en;q=0.9' };
  }

  #keep({ headers }: Answer): void {
    for (const line of headers.getSetCookie()) {
      const [, name, value] = /^\s*([^=;\s]+)=([^;]*)/.exec(line) ?? [];
      if (name === undefined || value === undefined) continue;
      if (/;\s*max-age=0\b/i.test(line)) this.#cookies.delete(name);
      else if (this.#cookies.has(name) || this.#cookies.size < COOKIES_MAX) this.#cookies.set(name, value);
    }
  }
}

/** A page under an address for data is how NSE says no without a status. */
const isData = ({ status, text }: Answer): boolean => status === 200 && !/^\s*</.test(text);
