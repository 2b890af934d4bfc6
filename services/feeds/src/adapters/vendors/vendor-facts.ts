import { addDays } from '@ballast/kernel/calendar';
import { CONFIG, LOGGER, type Log } from '@ballast/platform';
import { Inject, Injectable } from '@nestjs/common';
import type { FeedsConfig } from '../../config.js';
import { searchOf } from '../../domain/facts/newsapi.js';
import { ImportRefused } from '../../domain/import-refused.js';
import { Circuits } from '../http/circuits.js';
import type { FactRequest, FactSource } from '../ports.js';
import { Fred, type MacroObservation } from './fred.js';
import { NewsApi } from './newsapi.js';

/** Without a date, what was written in so many days until today is searched. */
const LOOK_BACK_DAYS = 7;
/** Without a date, the values of so many days until today are asked for: FRED gives 2,000 vintages at once, daily ones too. */
const SERIES_DAYS = 365;
/** How FRED writes that a value still holds. */
const STILL_HOLDS = '9999-12-31';

/** What vendors with keys tell of the world, each in the words of its own protocol, however many pages it took. */
@Injectable()
export class VendorFacts implements FactSource {
  readonly #newsApi: NewsApi;
  readonly #fred: Fred;

  constructor(@Inject(CONFIG) config: FeedsConfig, @Inject(LOGGER) log: Log, @Inject(Circuits) circuits: Circuits) {
    this.#newsApi = circuits.watch(
      new NewsApi({
        ...{ key: config.FEEDS_NEWSAPI_KEY, url: config.FEEDS_NEWSAPI_URL, log },
        ...{
          requestsPerMinute: config.FEEDS_NEWSAPI_REQUESTS_PER_MINUTE,
          shownMax: config.FEEDS_NEWSAPI_ARTICLES_MAX,
        },
      }),
    );
    this.#fred = circuits.watch(
      new Fred({
        ...{ key: config.FEEDS_FRED_KEY, url: config.FEEDS_FRED_URL, log },
        requestsPerMinute: config.FEEDS_FRED_REQUESTS_PER_MINUTE,
      }),
    );
  }

  fetch(request: FactRequest, signal: AbortSignal): Promise<string> {
    switch (request.what) {
      case 'newsapi-headlines':
        return this.#headlines(request, signal);
      case 'fred-series':
        return this.#series(request, signal);
      default:
        throw new ImportRefused('NOT_FETCHED', `no vendor tells of ${request.what}`, 'Bring the file by hand.');
    }
  }

  async #headlines({ subject, date, today }: FactRequest, signal: AbortSignal): Promise<string> {
    const search = {
      text: searchOf(subject ?? '').text,
      from: `${date ?? addDays(today, -LOOK_BACK_DAYS)}T00:00:00.000Z`,
      to: `${date ?? today}T23:59:59.000Z`,
    };
    const { headlines, counted, complete } = await this.#newsApi.headlines(search, signal);
    const articles = headlines.map(({ source, title, url, publishedAt }) => {
      return { source: { name: source }, title, url, publishedAt };
    });
    // What was left out for good is not counted as hidden.
    return JSON.stringify({ status: 'ok', totalResults: complete ? articles.length : counted, articles });
  }

  /**
   * The values from a day on with all their vintages. It is asked from the day before on: FRED cuts the first vintage off where
   * the question begins, so that a value that was known then already could be one of any earlier day.
   */
  async #series({ subject, date, today }: FactRequest, signal: AbortSignal): Promise<string> {
    const series = subject ?? '';
    const from = date ?? addDays(today, -SERIES_DAYS);
    const knownFrom = addDays(from, -1);
    const asked = { series, from, to: STILL_HOLDS, knownFrom, knownTo: STILL_HOLDS };
    const found: MacroObservation[] = [];
    for await (const page of this.#fred.observations(asked, signal)) found.push(...page);
    const cutOff = found.find(({ realtimeStart }) => realtimeStart <= knownFrom);
    if (cutOff) {
      throw new ImportRefused(
        'VINTAGE_CUT_OFF',
        `${series} of ${cutOff.date} was known before ${from}, and since when is not told`,
        'Ask from an earlier day on, before any of these values was known.',
      );
    }
    const observations = found.map(({ date: of, value, realtimeStart, realtimeEnd }) => {
      return { date: of, value: value ?? '.', realtime_start: realtimeStart, realtime_end: realtimeEnd };
    });
    return JSON.stringify({ realtime_start: knownFrom, realtime_end: STILL_HOLDS, observations });
  }
}
