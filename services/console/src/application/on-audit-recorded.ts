import { AuditRecorded, type AuditData, type Envelope } from '@ballast/contracts';
import { On, type InboxContext } from '@ballast/platform';
import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { appendAudit } from '../persistence/audit-queries.js';

/** A service did something that has to be accounted for: it becomes a link of the chain. One type a family, because the family says who may speak. */
@Controller()
export class OnAuditRecorded {
  @On(AuditRecorded.orchestrator)
  orchestrator(@Payload() event: Envelope<AuditData>, @Ctx() ctx: InboxContext<'console'>): Promise<void> {
    return appendAudit(ctx, event.data);
  }

  @On(AuditRecorded.feeds)
  feeds(@Payload() event: Envelope<AuditData>, @Ctx() ctx: InboxContext<'console'>): Promise<void> {
    return appendAudit(ctx, event.data);
  }

  @On(AuditRecorded.signal)
  signal(@Payload() event: Envelope<AuditData>, @Ctx() ctx: InboxContext<'console'>): Promise<void> {
    return appendAudit(ctx, event.data);
  }

  @On(AuditRecorded.policy)
  policy(@Payload() event: Envelope<AuditData>, @Ctx() ctx: InboxContext<'console'>): Promise<void> {
    return appendAudit(ctx, event.data);
  }

  @On(AuditRecorded.allocator)
  allocator(@Payload() event: Envelope<AuditData>, @Ctx() ctx: InboxContext<'console'>): Promise<void> {
    return appendAudit(ctx, event.data);
  }

  @On(AuditRecorded.tax)
  tax(@Payload() event: Envelope<AuditData>, @Ctx() ctx: InboxContext<'console'>): Promise<void> {
    return appendAudit(ctx, event.data);
  }

  @On(AuditRecorded.risk)
  risk(@Payload() event: Envelope<AuditData>, @Ctx() ctx: InboxContext<'console'>): Promise<void> {
    return appendAudit(ctx, event.data);
  }

  @On(AuditRecorded.execution)
  execution(@Payload() event: Envelope<AuditData>, @Ctx() ctx: InboxContext<'console'>): Promise<void> {
    return appendAudit(ctx, event.data);
  }

  @On(AuditRecorded.portfolio)
  portfolio(@Payload() event: Envelope<AuditData>, @Ctx() ctx: InboxContext<'console'>): Promise<void> {
    return appendAudit(ctx, event.data);
  }

  @On(AuditRecorded.console)
  console(@Payload() event: Envelope<AuditData>, @Ctx() ctx: InboxContext<'console'>): Promise<void> {
    return appendAudit(ctx, event.data);
  }
}
