import { Inject, Injectable } from '@nestjs/common';
import type { FactRequest, FactSource } from './ports.js';
import { PublishedFacts } from './published-facts.js';
import { SecFacts } from './sec/sec-facts.js';
import { VendorFacts } from './vendors/vendor-facts.js';

/** Whoever says what is asked for. */
@Injectable()
export class FactSources implements FactSource {
  constructor(
    @Inject(PublishedFacts) private readonly published: PublishedFacts,
    @Inject(VendorFacts) private readonly vendors: VendorFacts,
    @Inject(SecFacts) private readonly sec: SecFacts,
  ) {}

  async fetch(request: FactRequest, signal: AbortSignal): Promise<string> {
    switch (request.what) {
      case 'newsapi-headlines':
      case 'fred-series':
        return this.vendors.fetch(request, signal);
      case 'sec-ownership':
        return this.sec.fetch(request, signal);
      default:
        return this.published.fetch(request, signal);
    }
  }
}
