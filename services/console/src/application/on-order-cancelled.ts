import { OrderCancelled } from '@ballast/contracts';
import { On, type InboxContext } from '@ballast/platform';
import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { changeOrder } from '../persistence/order-queries.js';

/** The order was taken back. */
@Controller()
export class OnOrderCancelled {
  @On(OrderCancelled)
  async handle(@Payload() event: OrderCancelled, @Ctx() ctx: InboxContext<'console'>): Promise<void> {
    await changeOrder(ctx, event.data, { kind: 'cancelled', reason: event.data.reason }, event.time);
  }
}
