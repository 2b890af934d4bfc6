import { AlertRaised, type AlertData, type Envelope } from '@ballast/contracts';
import { On, type InboxContext } from '@ballast/platform';
import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { keepAlert } from '../persistence/alert-queries.js';

/** A service wants a person to know something. One type a family, because the family says who may speak. */
@Controller()
export class OnAlertRaised {
  @On(AlertRaised.orchestrator)
  orchestrator(@Payload() event: Envelope<AlertData>, @Ctx() ctx: InboxContext<'console'>): Promise<void> {
    return keepAlert(ctx.tx, 'orchestrator', event);
  }

  @On(AlertRaised.feeds)
  feeds(@Payload() event: Envelope<AlertData>, @Ctx() ctx: InboxContext<'console'>): Promise<void> {
    return keepAlert(ctx.tx, 'feeds', event);
  }

  @On(AlertRaised.signal)
  signal(@Payload() event: Envelope<AlertData>, @Ctx() ctx: InboxContext<'console'>): Promise<void> {
    return keepAlert(ctx.tx, 'signal', event);
  }

  @On(AlertRaised.policy)
  policy(@Payload() event: Envelope<AlertData>, @Ctx() ctx: InboxContext<'console'>): Promise<void> {
    return keepAlert(ctx.tx, 'policy', event);
  }

  @On(AlertRaised.allocator)
  allocator(@Payload() event: Envelope<AlertData>, @Ctx() ctx: InboxContext<'console'>): Promise<void> {
    return keepAlert(ctx.tx, 'allocator', event);
  }

  @On(AlertRaised.tax)
  tax(@Payload() event: Envelope<AlertData>, @Ctx() ctx: InboxContext<'console'>): Promise<void> {
    return keepAlert(ctx.tx, 'tax', event);
  }

  @On(AlertRaised.risk)
  risk(@Payload() event: Envelope<AlertData>, @Ctx() ctx: InboxContext<'console'>): Promise<void> {
    return keepAlert(ctx.tx, 'risk', event);
  }

  @On(AlertRaised.execution)
  execution(@Payload() event: Envelope<AlertData>, @Ctx() ctx: InboxContext<'console'>): Promise<void> {
    return keepAlert(ctx.tx, 'execution', event);
  }

  @On(AlertRaised.portfolio)
  portfolio(@Payload() event: Envelope<AlertData>, @Ctx() ctx: InboxContext<'console'>): Promise<void> {
    return keepAlert(ctx.tx, 'portfolio', event);
  }

  @On(AlertRaised.console)
  console(@Payload() event: Envelope<AlertData>, @Ctx() ctx: InboxContext<'console'>): Promise<void> {
    return keepAlert(ctx.tx, 'console', event);
  }
}
