import { OrderFilled } from '@ballast/contracts';
import { On, type InboxContext } from '@ballast/platform';
import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { changeOrder, keepFill } from '../persistence/order-queries.js';

/** Some of an order was executed. */
@Controller()
export class OnOrderFilled {
  @On(OrderFilled)
  async handle(@Payload() event: OrderFilled, @Ctx() ctx: InboxContext<'console'>): Promise<void> {
    if (!(await keepFill(ctx.tx, event.data))) return;
    const { quantity, price, fees } = event.data;
    await changeOrder(ctx, event.data, { kind: 'filled', quantity, price, fees }, event.time);
  }
}
