import { OrderRejected } from '@ballast/contracts';
import { On, type InboxContext } from '@ballast/platform';
import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { changeOrder } from '../persistence/order-queries.js';

/** The venue, or execution itself, did not take the order. */
@Controller()
export class OnOrderRejected {
  @On(OrderRejected)
  async handle(@Payload() event: OrderRejected, @Ctx() ctx: InboxContext<'console'>): Promise<void> {
    const { reason, code } = event.data;
    await changeOrder(ctx, event.data, { kind: 'rejected', reason, code }, event.time);
  }
}
