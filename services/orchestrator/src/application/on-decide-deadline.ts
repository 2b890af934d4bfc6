import type { Envelope } from '@ballast/contracts';
import { On, type InboxContext } from '@ballast/platform';
import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { overdue } from '../domain/deadlines.js';
import { DecideDeadline } from '../messages.js';
import { findCycle } from '../persistence/queries.js';
import { conclude } from './advance.js';

/** Until now there should have been a verdict. */
@Controller()
export class OnDecideDeadline {
  @On(DecideDeadline)
  async handle(@Payload() event: Envelope<DecideDeadline>, @Ctx() ctx: InboxContext<'orchestrator'>): Promise<void> {
    const cycle = await findCycle(ctx.tx, event.data.cycleId);
    const ended = cycle && overdue(cycle, 'decide', ctx.now);
    if (ended) await conclude(ctx, cycle, ended.cycle, ended);
  }
}
