import { MessageParked, type ParkedData, type Envelope } from '@ballast/contracts';
import { On, type InboxContext } from '@ballast/platform';
import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { keepParked } from '../persistence/alert-queries.js';

/** A service put a message aside for a person. One type a family, because the family says who may speak. */
@Controller()
export class OnMessageParked {
  @On(MessageParked.orchestrator)
  orchestrator(@Payload() event: Envelope<ParkedData>, @Ctx() ctx: InboxContext<'console'>): Promise<void> {
    return keepParked(ctx.tx, event.data);
  }

  @On(MessageParked.feeds)
  feeds(@Payload() event: Envelope<ParkedData>, @Ctx() ctx: InboxContext<'console'>): Promise<void> {
    return keepParked(ctx.tx, event.data);
  }

  @On(MessageParked.signal)
  signal(@Payload() event: Envelope<ParkedData>, @Ctx() ctx: InboxContext<'console'>): Promise<void> {
    return keepParked(ctx.tx, event.data);
  }

  @On(MessageParked.policy)
  policy(@Payload() event: Envelope<ParkedData>, @Ctx() ctx: InboxContext<'console'>): Promise<void> {
    return keepParked(ctx.tx, event.data);
  }

  @On(MessageParked.allocator)
  allocator(@Payload() event: Envelope<ParkedData>, @Ctx() ctx: InboxContext<'console'>): Promise<void> {
    return keepParked(ctx.tx, event.data);
  }

  @On(MessageParked.tax)
  tax(@Payload() event: Envelope<ParkedData>, @Ctx() ctx: InboxContext<'console'>): Promise<void> {
    return keepParked(ctx.tx, event.data);
  }

  @On(MessageParked.risk)
  risk(@Payload() event: Envelope<ParkedData>, @Ctx() ctx: InboxContext<'console'>): Promise<void> {
    return keepParked(ctx.tx, event.data);
  }

  @On(MessageParked.execution)
  execution(@Payload() event: Envelope<ParkedData>, @Ctx() ctx: InboxContext<'console'>): Promise<void> {
    return keepParked(ctx.tx, event.data);
  }

  @On(MessageParked.portfolio)
  portfolio(@Payload() event: Envelope<ParkedData>, @Ctx() ctx: InboxContext<'console'>): Promise<void> {
    return keepParked(ctx.tx, event.data);
  }

  @On(MessageParked.console)
  console(@Payload() event: Envelope<ParkedData>, @Ctx() ctx: InboxContext<'console'>): Promise<void> {
    return keepParked(ctx.tx, event.data);
  }
}
