import { OrderExpired } from '@ballast/contracts';
import { On, type InboxContext } from '@ballast/platform';
import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { ended } from '../domain/working-order.js';
import { findOrder, saveOrder } from '../persistence/queries.js';

/** An order ran out of time: what it did not fill is no longer working. */
@Controller()
export class OnOrderExpired {
  @On(OrderExpired)
  async handle(@Payload() event: OrderExpired, @Ctx() ctx: InboxContext<'portfolio'>): Promise<void> {
    const known = await findOrder(ctx.tx, event.data.clientOrderId);
    saveOrder(ctx, ended(known, event.data));
  }
}
