import { CycleAborted } from '@ballast/contracts';
import { On, type InboxContext } from '@ballast/platform';
import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { endRebalance, rememberPart } from '../persistence/queries.js';

/** A cycle ended early: whatever still comes in for it makes no plan. */
@Controller()
export class OnCycleAborted {
  @On(CycleAborted)
  async handle(@Payload() event: CycleAborted, @Ctx() ctx: InboxContext<'allocator'>): Promise<void> {
    const rebalance = await rememberPart(ctx.tx, event.data, {});
    if (rebalance.status === 'gathering') await endRebalance(ctx.tx, event.data.cycleId, 'aborted');
  }
}
