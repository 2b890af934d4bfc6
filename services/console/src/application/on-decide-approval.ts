import type { Envelope } from '@ballast/contracts';
import { On, type InboxContext } from '@ballast/platform';
import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { answer } from '../domain/approval.js';
import { DecideApproval } from '../messages.js';
import { decideApproval, findApproval } from '../persistence/approval-queries.js';

/** A person answers what risk asked. */
@Controller()
export class OnDecideApproval {
  @On(DecideApproval)
  async handle(@Payload() event: Envelope<DecideApproval>, @Ctx() ctx: InboxContext<'console'>): Promise<void> {
    const { cycleId, approvedHash, by, reason } = event.data;
    const approval = await findApproval(ctx.tx, cycleId);
    const answered = answer(approval, event.data, ctx.now);
    if (answered.kind === 'refused') return ctx.refuse(answered.refusal);
    const { state } = answered;
    await decideApproval(ctx.tx, cycleId, { state, by, reason }, ctx.now);
    ctx.emit([answered.fact]);
    const portfolioId = approval!.portfolioId;
    ctx.audit({ act: `approval.${state}`, actor: by, subject: approvedHash, cycleId, portfolioId, detail: { reason } });
    ctx.reply({ cycleId, state });
  }
}
