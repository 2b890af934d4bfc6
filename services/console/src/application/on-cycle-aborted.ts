import { CycleAborted } from '@ballast/contracts';
import { On, type InboxContext } from '@ballast/platform';
import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { lapseApproval } from '../persistence/approval-queries.js';

/** A cycle ended early; its code takes the place of an outcome. */
@Controller()
export class OnCycleAborted {
  @On(CycleAborted)
  async handle(@Payload() event: CycleAborted, @Ctx() ctx: InboxContext<'console'>): Promise<void> {
    await lapseApproval(ctx.tx, event.data.cycleId);
  }
}
