import { addMilliseconds } from '@ballast/kernel/calendar';
import { LOGGER, messageOf, type Runner, type Work } from '@ballast/platform';
import { Inject, Injectable } from '@nestjs/common';
import type { Logger } from 'pino';
import type { z } from 'zod';
import { VENUE, type Venue } from '../adapters/ports.js';
import { figuresOf } from '../domain/benchmark.js';
import { fullMinute } from '../domain/market-check.js';
import { AskBenchmarks } from '../messages.js';

type Request = z.infer<typeof AskBenchmarks.request>;
type Answer = z.infer<typeof AskBenchmarks.answer>;

const NO_MINUTE = 'the venue has no minute of it';

/** Asks what the market did while parents were worked. A report is not worth waiting for, so a failure is its answer. */
@Injectable()
export class RunAskBenchmarks implements Runner<Request, Answer> {
  readonly work = AskBenchmarks;

  constructor(
    @Inject(VENUE) private readonly venue: Venue,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  async run({ request: { account, parents } }: Work<Request>): Promise<Answer> {
    const spans = parents.map(({ from, to, ...of }) => ({ ...of, from: fullMinute(from), to: addMilliseconds(to, 1) }));
    const from = spans.map((span) => span.from).reduce((a, b) => (a < b ? a : b));
    const to = spans.map((span) => span.to).reduce((a, b) => (a > b ? a : b));
    const symbols = [...new Set(spans.map(({ symbol }) => symbol))].sort();
    try {
      const bars = await this.venue.bars(account, symbols, from, to);
      return {
        benchmarks: spans.map(({ parentOrderId, symbol, ...span }) => {
          const own = bars.filter((bar) => bar.symbol === symbol && bar.at >= span.from && bar.at < span.to);
          const figures = figuresOf(own);
          return { parentOrderId, figures, reason: figures === null ? NO_MINUTE : null };
        }),
      };
    } catch (error) {
      const reason = messageOf(error);
      this.logger.warn({ err: error, account }, `reports of ${parents.length} parents lack the market: ${reason}`);
      return { benchmarks: parents.map(({ parentOrderId }) => ({ parentOrderId, figures: null, reason })) };
    }
  }
}
