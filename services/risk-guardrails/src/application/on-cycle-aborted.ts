import { CycleAborted } from '@ballast/contracts';
import { On, type InboxContext } from '@ballast/platform';
import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { rememberPart } from '../persistence/queries.js';

/** A cycle ended early: whatever still comes in for it, a person's approval too, permits nothing. */
@Controller()
export class OnCycleAborted {
  @On(CycleAborted)
  async handle(@Payload() event: CycleAborted, @Ctx() ctx: InboxContext<'risk'>): Promise<void> {
    const review = await rememberPart(ctx.tx, event.data, {});
    if (review.status === 'judged') return;
    await rememberPart(ctx.tx, event.data, { status: 'aborted' });
  }
}
