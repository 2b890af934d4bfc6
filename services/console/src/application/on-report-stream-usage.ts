import type { Envelope } from '@ballast/contracts';
import { On, type InboxContext } from '@ballast/platform';
import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { ReportStreamUsage } from '../messages.js';

/** The stream is nearly full: people must know before publishing is refused. */
@Controller()
export class OnReportStreamUsage {
  @On(ReportStreamUsage)
  handle(@Payload() event: Envelope<ReportStreamUsage>, @Ctx() ctx: InboxContext<'console'>): void {
    const { limit, used, max } = event.data;
    const percent = Math.floor((used / max) * 100);
    ctx.alert({
      code: 'STREAM_NEARLY_FULL',
      severity: 'warning',
      message: `The stream of events has used ${used} of ${max} (${percent} %) of its ${limit}; when it is full nothing can be published.`,
      numbers: { limit, used: String(used), max: String(max), percent: String(percent) },
      nextStep:
        'raise the limit of the stream or give the server more storage; or, once every service has caught up ("ballast status"), purge old messages with "nats stream purge EVENTS --keep 100000": Postgres keeps them all',
    });
    ctx.reply({ raised: true });
  }
}
