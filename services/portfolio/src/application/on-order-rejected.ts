import { OrderRejected } from '@ballast/contracts';
import { On, type InboxContext } from '@ballast/platform';
import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { ended } from '../domain/working-order.js';
import { findOrder, saveOrder } from '../persistence/queries.js';

/** The venue did not take an order: nothing of it is working. */
@Controller()
export class OnOrderRejected {
  @On(OrderRejected)
  async handle(@Payload() event: OrderRejected, @Ctx() ctx: InboxContext<'portfolio'>): Promise<void> {
    const known = await findOrder(ctx.tx, event.data.clientOrderId);
    saveOrder(ctx, ended(known, event.data));
  }
}
