import { ScheduleCompleted } from '@ballast/contracts';
import { On, type InboxContext } from '@ballast/platform';
import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { keepParent } from '../persistence/order-queries.js';

/** Every child of a parent order has ended. */
@Controller()
export class OnScheduleCompleted {
  @On(ScheduleCompleted)
  async handle(@Payload() event: ScheduleCompleted, @Ctx() ctx: InboxContext<'console'>): Promise<void> {
    await keepParent(ctx.tx, event.data);
  }
}
