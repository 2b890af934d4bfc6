import { OrderUnknown } from '@ballast/contracts';
import { On, type InboxContext } from '@ballast/platform';
import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { changeOrder } from '../persistence/order-queries.js';

/** Nobody knows yet whether the venue has the order. */
@Controller()
export class OnOrderUnknown {
  @On(OrderUnknown)
  async handle(@Payload() event: OrderUnknown, @Ctx() ctx: InboxContext<'console'>): Promise<void> {
    await changeOrder(ctx, event.data, { kind: 'unknown', reason: event.data.reason }, event.time);
  }
}
