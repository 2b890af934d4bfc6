import { CONFIG } from '@ballast/platform';
import { Inject, Injectable } from '@nestjs/common';
import type { FeedsConfig } from '../config.js';
import { NseFacts } from './nse/nse-facts.js';
import type { FactRequest, FactSource } from './ports.js';
import { Publishers } from './publishers.js';

const HEADERS = { 'user-agent': 'Ballast (a reader of feeds)', accept: '*/*' };

/** Everybody who publishes what feeds collects: NSE behind its cookies, and feeds and files that anybody may read. */
@Injectable()
export class PublishedFacts implements FactSource {
  readonly #nse: NseFacts;

  constructor(
    @Inject(CONFIG) private readonly config: FeedsConfig,
    @Inject(Publishers) private readonly publishers: Publishers,
  ) {
    this.#nse = new NseFacts(publishers.nse(config.FEEDS_NSE_URL));
  }

  async fetch(request: FactRequest, signal: AbortSignal): Promise<string> {
    const address = this.#addressOf(request);
    if (address === null) return this.#nse.fetch(request, signal);
    return this.publishers.at(address.host).read(address, HEADERS, signal);
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
        const url = new URL(config.FEEDS_FRED_CSV_URL);
        url.searchParams.set('id', subject ?? '');
        if (date !== null) url.searchParams.set('cosd', date);
        return url;
      }
      default:
        return null;
    }
  }
}
