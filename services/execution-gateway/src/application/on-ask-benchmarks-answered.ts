import type { Envelope, LocalType } from '@ballast/contracts';
import { CONFIG, On } from '@ballast/platform';
import { Controller, Inject } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { VENUE, type Venue } from '../adapters/ports.js';
import type { ExecutionConfig } from '../config.js';
import { AskBenchmarks } from '../messages.js';
import { saveBenchmarks } from '../persistence/benchmarks.js';
import { completeParents, type ExecutionContext } from './take-news.js';

type Answered = typeof AskBenchmarks.answered extends LocalType<infer D> ? D : never;

/** What the market did while parents were worked is known, or why it is not. */
@Controller()
export class OnAskBenchmarksAnswered {
  constructor(
    @Inject(CONFIG) private readonly config: ExecutionConfig,
    @Inject(VENUE) private readonly venue: Venue,
  ) {}

  @On(AskBenchmarks.answered)
  async handle(@Payload() { data }: Envelope<Answered>, @Ctx() ctx: ExecutionContext): Promise<void> {
    const { request, outcome } = data;
    const answers = new Map(
      outcome.status === 'done' ? outcome.answer.benchmarks.map((each) => [each.parentOrderId, each]) : [],
    );
    const failed = outcome.status === 'done' ? 'the answer has nothing of it' : outcome.reason;
    const ids = request.parents.map(({ parentOrderId }) => parentOrderId);
    saveBenchmarks(
      ctx,
      ids.map((parentOrderId) => answers.get(parentOrderId) ?? { parentOrderId, figures: null, reason: failed }),
    );
    await completeParents(ctx, { config: this.config, venue: this.venue }, ids);
  }
}
