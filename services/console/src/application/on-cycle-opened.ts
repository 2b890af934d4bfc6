import { CycleOpened } from '@ballast/contracts';
import { On, type InboxContext } from '@ballast/platform';
import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { keepCycle } from '../persistence/order-queries.js';

/** A cycle was opened: its orders can be explained by it. */
@Controller()
export class OnCycleOpened {
  @On(CycleOpened)
  async handle(@Payload() event: CycleOpened, @Ctx() ctx: InboxContext<'console'>): Promise<void> {
    const { cycleId, portfolioId, asOf, patternId, trigger, openedAt } = event.data;
    await keepCycle(ctx.tx, { cycleId, portfolioId, asOf, patternId, trigger, status: 'open', openedAt });
  }
}
