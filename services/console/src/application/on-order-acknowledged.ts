import { OrderAcknowledged } from '@ballast/contracts';
import { On, type InboxContext } from '@ballast/platform';
import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { changeOrder } from '../persistence/order-queries.js';

/** The venue has the order. */
@Controller()
export class OnOrderAcknowledged {
  @On(OrderAcknowledged)
  async handle(@Payload() event: OrderAcknowledged, @Ctx() ctx: InboxContext<'console'>): Promise<void> {
    const { venueOrderId } = event.data;
    await changeOrder(ctx, event.data, { kind: 'acknowledged', venueOrderId }, event.time);
  }
}
