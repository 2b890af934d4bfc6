import type { Envelope } from '@ballast/contracts';
import { On, type InboxContext } from '@ballast/platform';
import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { acknowledgementFault } from '../domain/acknowledgement.js';
import { AcknowledgeAlert } from '../messages.js';
import { acknowledge, findAlert } from '../persistence/alert-queries.js';

/** A person has seen an alert. */
@Controller()
export class OnAcknowledgeAlert {
  @On(AcknowledgeAlert)
  async handle(@Payload() event: Envelope<AcknowledgeAlert>, @Ctx() ctx: InboxContext<'console'>): Promise<void> {
    const { alertId, by, reason } = event.data;
    const alert = await findAlert(ctx.tx, alertId);
    const refusal = acknowledgementFault(alertId, alert);
    if (refusal) return ctx.refuse(refusal);
    await acknowledge(ctx.tx, alertId, { by, reason }, ctx.now);
    ctx.audit({ act: 'alert.acknowledged', actor: by, subject: alertId, detail: { code: alert!.code, reason } });
    ctx.reply({ alertId, state: 'acknowledged' });
  }
}
