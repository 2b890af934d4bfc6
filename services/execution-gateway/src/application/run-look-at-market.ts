import { formatDecimal } from '@ballast/kernel/money';
import { LOGGER, messageOf, type Runner, type Work } from '@ballast/platform';
import { Inject, Injectable } from '@nestjs/common';
import type { Logger } from 'pino';
import type { z } from 'zod';
import { VENUE, type Venue } from '../adapters/ports.js';
import { volumeOf } from '../domain/benchmark.js';
import { LookAtMarket } from '../messages.js';

type Request = z.infer<typeof LookAtMarket.request>;
type Answer = z.infer<typeof LookAtMarket.answer>;

/** Looks at the market. What cannot be had is left out, and is unknown to whoever decides by it: a look grows old too quickly to be tried again. */
@Injectable()
export class RunLookAtMarket implements Runner<Request, Answer> {
  readonly work = LookAtMarket;

  constructor(
    @Inject(VENUE) private readonly venue: Venue,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  async run({ request }: Work<Request>): Promise<Answer> {
    const { account, looks } = request;
    const volumes = await this.#had(account, 'volumes', () => this.#volumes(request));
    // Quotes come last: their age counts from when they are had.
    const symbols = [...new Set(looks.map(({ symbol }) => symbol))].sort();
    const quotes = await this.#had(account, 'quotes', () => this.venue.quote(account, symbols));
    return { quotes: quotes ?? [], volumes: volumes ?? [] };
  }

  async #volumes({ account, looks, until }: Request): Promise<Answer['volumes']> {
    const counted = looks.flatMap(({ volumeSince, ...look }) => (volumeSince === null ? [] : { ...look, volumeSince }));
    if (counted.length === 0) return [];
    const since = counted.map(({ volumeSince }) => volumeSince).reduce((a, b) => (a < b ? a : b));
    const symbols = [...new Set(counted.map(({ symbol }) => symbol))].sort();
    const bars = await this.venue.bars(account, symbols, since, until);
    return counted.flatMap(({ parentOrderId, symbol, volumeSince }) => {
      const own = bars.filter((bar) => bar.symbol === symbol && bar.at >= volumeSince);
      return own.length === 0 ? [] : [{ parentOrderId, volume: formatDecimal(volumeOf(own)) }];
    });
  }

  async #had<T>(account: string, what: string, ask: () => Promise<T>): Promise<T | null> {
    try {
      return await ask();
    } catch (error) {
      this.logger.warn({ err: error, account }, `no ${what}, so slices that need them wait: ${messageOf(error)}`);
      return null;
    }
  }
}
