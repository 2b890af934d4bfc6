import type { Instant } from '@ballast/contracts';
import { z } from 'zod';
import type { Circuit } from '../http/source-http.js';
import { VendorHttp, type VendorSettings } from './vendor-http.js';
import { count } from './vendor-json.js';

/** That an article exists: what it is called, who brought it, where and when. Its text is not kept, because its rights are not ours. */
export interface Headline {
  /** The name of the publisher, or the host of the address where it has none. */
  readonly source: string;
  readonly title: string;
  readonly url: string;
  readonly publishedAt: Instant;
}

export interface HeadlineSearch {
  /** NewsAPI's search text, at most 500 characters, such as `"Apple Inc" OR AAPL`. */
  readonly text: string;
  readonly from: Instant;
  readonly to: Instant;
}

export interface HeadlinesFound {
  /** The latest first, each address once. */
  readonly headlines: readonly Headline[];
  /** How many articles NewsAPI counts. */
  readonly counted: number;
  /** Whether these are all: a plan may show fewer articles than it finds. */
  readonly complete: boolean;
}

const PATH = '/v2/everything';
/** NewsAPI's own bound of a page, and all that is shown without a paid plan: a page further is refused with HTTP 426. */
const PAGE = 100;
/** What stands in the place of an article that its publisher took back. */
const REMOVED = '[Removed]';

const Article = z.object({
  source: z.object({ name: z.string().nullish() }),
  title: z.string().nullish(),
  url: z.string().nullish(),
  publishedAt: z.iso.datetime({ offset: true }),
});

const Everything = z.object({ status: z.literal('ok'), totalResults: count, articles: z.array(Article) });

/** NewsAPI (https://newsapi.org/docs/endpoints/everything): headlines by search. */
export class NewsApi {
  readonly name = 'newsapi';
  readonly #http: VendorHttp;
  readonly #shownMax: number;

  /** @param settings `shownMax`: how many articles of a search the plan shows. */
  constructor({
    key,
    log,
    url,
    requestsPerMinute,
    patience,
    shownMax,
  }: VendorSettings & { readonly shownMax: number }) {
    this.#shownMax = shownMax;
    this.#http = new VendorHttp({
      vendor: this.name,
      url,
      urlVariable: 'FEEDS_NEWSAPI_URL',
      keys: [{ variable: 'FEEDS_NEWSAPI_KEY', value: key, place: { header: 'X-Api-Key' } }],
      requestsPerMinute,
      log,
      ...(patience === undefined ? {} : { patience }),
    });
  }

  get circuit(): Circuit {
    return this.#http.circuit;
  }

  /**
   * Searches for headlines in English. An article without title or web address, or taken back, is left out: there is
   * nothing of it to read.
   * @throws as `VendorHttp.get`.
   */
  async headlines({ text, from, to }: HeadlineSearch, signal: AbortSignal): Promise<HeadlinesFound> {
    // New articles push others onto the next page, so that one may come twice.
    const found = new Map<string, Headline>();
    for (let page = 1; ; page += 1) {
      const query = {
        q: text,
        from: seconds(from),
        to: seconds(to),
        language: 'en',
        sortBy: 'publishedAt',
        pageSize: String(PAGE),
        page: String(page),
      };
      const { totalResults, articles } = await this.#http.get({ path: PATH, query, answer: Everything }, signal);
      for (const { source, title, url, publishedAt } of articles) {
        const host = hostOf(url);
        if (!title || title === REMOVED || !url || host === undefined || found.has(url)) continue;
        const at = new Date(Date.parse(publishedAt)).toISOString();
        found.set(url, { source: source.name || host, title, url, publishedAt: at });
      }
      const seen = page * PAGE;
      if (seen >= totalResults) return { headlines: [...found.values()], counted: totalResults, complete: true };
      if (articles.length === 0)
        throw this.#http.speaksOtherwise(PATH, `counts ${totalResults} articles and ends before`);
      if (seen >= this.#shownMax) return { headlines: [...found.values()], counted: totalResults, complete: false };
    }
  }
}

/** NewsAPI knows no milliseconds; its times are in UTC. */
const seconds = (instant: Instant): string => instant.slice(0, 19);

/** The host of a web address; undefined for anything else, which nobody should be led to. */
function hostOf(address: string | null | undefined): string | undefined {
  if (!address || !URL.canParse(address)) return undefined;
  const { protocol, hostname } = new URL(address);
  return protocol === 'https:' || protocol === 'http:' ? hostname : undefined;
}
