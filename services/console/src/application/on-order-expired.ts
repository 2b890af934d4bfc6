import { OrderExpired } from '@ballast/contracts';
import { On, type InboxContext } from '@ballast/platform';
import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { changeOrder } from '../persistence/order-queries.js';

/** The order ran out of time. */
@Controller()
export class OnOrderExpired {
  @On(OrderExpired)
  async handle(@Payload() event: OrderExpired, @Ctx() ctx: InboxContext<'console'>): Promise<void> {
    await changeOrder(ctx, event.data, { kind: 'expired', reason: event.data.reason }, event.time);
  }
}
