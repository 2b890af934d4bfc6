import { CycleClosed } from '@ballast/contracts';
import { On, type InboxContext } from '@ballast/platform';
import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { lapseApproval } from '../persistence/approval-queries.js';

/** A cycle ended as it should. */
@Controller()
export class OnCycleClosed {
  @On(CycleClosed)
  async handle(@Payload() event: CycleClosed, @Ctx() ctx: InboxContext<'console'>): Promise<void> {
    await lapseApproval(ctx.tx, event.data.cycleId);
  }
}
