import { SchedulePlanned } from '@ballast/contracts';
import { On, type InboxContext } from '@ballast/platform';
import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { keepParent } from '../persistence/order-queries.js';

/** A parent order was cut into slices. */
@Controller()
export class OnSchedulePlanned {
  @On(SchedulePlanned)
  async handle(@Payload() event: SchedulePlanned, @Ctx() ctx: InboxContext<'console'>): Promise<void> {
    await keepParent(ctx.tx, { ...event.data, status: 'working' });
  }
}
