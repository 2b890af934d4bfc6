import { OrderSubmitted } from '@ballast/contracts';
import { On, type InboxContext } from '@ballast/platform';
import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { submitted } from '../domain/working-order.js';
import { findOrder, saveOrder } from '../persistence/queries.js';

/** An order is on its way: plans count it as working. */
@Controller()
export class OnOrderSubmitted {
  @On(OrderSubmitted)
  async handle(@Payload() event: OrderSubmitted, @Ctx() ctx: InboxContext<'portfolio'>): Promise<void> {
    const known = await findOrder(ctx.tx, event.data.clientOrderId);
    saveOrder(ctx, submitted(known, event.data));
  }
}
