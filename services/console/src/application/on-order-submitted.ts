import { OrderSubmitted } from '@ballast/contracts';
import { On, type InboxContext } from '@ballast/platform';
import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { changeOrder, keepTerms } from '../persistence/order-queries.js';

/** An order is about to leave. */
@Controller()
export class OnOrderSubmitted {
  @On(OrderSubmitted)
  async handle(@Payload() event: OrderSubmitted, @Ctx() ctx: InboxContext<'console'>): Promise<void> {
    await changeOrder(ctx, event.data, { kind: 'submitted', quantity: event.data.quantity }, event.time);
    keepTerms(ctx, event.data);
  }
}
