import { CycleAborted } from '@ballast/contracts';
import { On, type InboxContext } from '@ballast/platform';
import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { lapseApproval } from '../persistence/approval-queries.js';
import { keepCycle } from '../persistence/order-queries.js';

/** A cycle ended early; its code takes the place of an outcome. */
@Controller()
export class OnCycleAborted {
  @On(CycleAborted)
  async handle(@Payload() event: CycleAborted, @Ctx() ctx: InboxContext<'console'>): Promise<void> {
    const { cycleId, portfolioId, code, abortedAt } = event.data;
    await keepCycle(ctx.tx, { cycleId, portfolioId, status: 'aborted', outcome: code, endedAt: abortedAt });
    await lapseApproval(ctx.tx, cycleId);
  }
}
