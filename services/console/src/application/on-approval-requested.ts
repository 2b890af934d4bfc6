import { ApprovalRequested } from '@ballast/contracts';
import { On, type InboxContext } from '@ballast/platform';
import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { keepApproval } from '../persistence/approval-queries.js';

/** Risk asks a person before the plan may be executed. */
@Controller()
export class OnApprovalRequested {
  @On(ApprovalRequested)
  async handle(@Payload() event: ApprovalRequested, @Ctx() ctx: InboxContext<'console'>): Promise<void> {
    await keepApproval(ctx.tx, event.data, event.time);
  }
}
