import type { Envelope, LocalType } from '@ballast/contracts';
import { CONFIG, On } from '@ballast/platform';
import { Controller, Inject } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { VENUE, type Venue } from '../adapters/ports.js';
import type { ExecutionConfig } from '../config.js';
import { midOf } from '../domain/completion.js';
import { AskQuotes } from '../messages.js';
import { saveArrivals } from '../persistence/orders.js';
import { completeParents, type ExecutionContext } from './take-news.js';

type Answered = typeof AskQuotes.answered extends LocalType<infer D> ? D : never;

/** The quotes at which parents arrived are known, or there are none. */
@Controller()
export class OnAskQuotesAnswered {
  constructor(
    @Inject(CONFIG) private readonly config: ExecutionConfig,
    @Inject(VENUE) private readonly venue: Venue,
  ) {}

  @On(AskQuotes.answered)
  async handle(@Payload() { data }: Envelope<Answered>, @Ctx() ctx: ExecutionContext): Promise<void> {
    const { request, outcome } = data;
    const quotes = new Map(
      outcome.status === 'done' ? outcome.answer.quotes.map((quote) => [quote.symbol, midOf(quote)]) : [],
    );
    saveArrivals(
      ctx,
      request.parents.map(({ parentOrderId, symbol }) => ({ parentOrderId, price: quotes.get(symbol) ?? null })),
    );
    await completeParents(
      ctx,
      { config: this.config, venue: this.venue },
      request.parents.map(({ parentOrderId }) => parentOrderId),
    );
  }
}
