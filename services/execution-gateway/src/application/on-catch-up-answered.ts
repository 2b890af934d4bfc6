import { perform, type Envelope, type LocalType } from '@ballast/contracts';
import { addMilliseconds } from '@ballast/kernel/calendar';
import { CONFIG, On } from '@ballast/platform';
import { Controller, Inject } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { VENUE, type Venue } from '../adapters/ports.js';
import type { ExecutionConfig } from '../config.js';
import { CatchUp } from '../messages.js';
import { takeCatchUp } from './take-catch-up.js';
import type { ExecutionContext } from './take-news.js';

/** How long to wait before a venue that is away is asked again. */
const CATCH_UP_AGAIN_MS = 30_000;

type Answered = typeof CatchUp.answered extends LocalType<infer D> ? D : never;

/** What happened at the venue while its stream was not heard. */
@Controller()
export class OnCatchUpAnswered {
  constructor(
    @Inject(CONFIG) private readonly config: ExecutionConfig,
    @Inject(VENUE) private readonly venue: Venue,
  ) {}

  @On(CatchUp.answered)
  async handle(@Payload() { data }: Envelope<Answered>, @Ctx() ctx: ExecutionContext): Promise<void> {
    const { request, outcome } = data;
    const { account } = request;
    if (outcome.status !== 'done') {
      ctx.later([perform(CatchUp, account, request, addMilliseconds(ctx.now, CATCH_UP_AGAIN_MS))]);
      ctx.alert({
        code: 'CATCH_UP_FAILED',
        severity: 'warning',
        message: `${account}: what happened while the stream was not heard could not be asked for: ${outcome.reason}`,
        numbers: { account, since: request.since },
        nextStep: `it is asked for again every ${CATCH_UP_AGAIN_MS / 1_000} s; check the venue's address and keys`,
      });
      return;
    }
    await takeCatchUp(ctx, { config: this.config, venue: this.venue }, account, outcome.answer);
  }
}
