import { LOGGER, messageOf, type Runner, type Work } from '@ballast/platform';
import { Inject, Injectable } from '@nestjs/common';
import type { Logger } from 'pino';
import type { z } from 'zod';
import { VENUE, type Venue } from '../adapters/ports.js';
import { AskQuotes } from '../messages.js';

type Request = z.infer<typeof AskQuotes.request>;
type Answer = z.infer<typeof AskQuotes.answer>;

/** Asks for the quotes at which parents arrive. They are worth nothing later, so a failure is not tried again. */
@Injectable()
export class RunAskQuotes implements Runner<Request, Answer> {
  readonly work = AskQuotes;

  constructor(
    @Inject(VENUE) private readonly venue: Venue,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  async run({ request: { account, parents } }: Work<Request>): Promise<Answer> {
    const symbols = [...new Set(parents.map((parent) => parent.symbol))].sort();
    try {
      return { quotes: await this.venue.quote(account, symbols) };
    } catch (error) {
      this.logger.warn({ err: error, account }, `no quotes, so no arrival prices: ${messageOf(error)}`);
      return { quotes: [] };
    }
  }
}
