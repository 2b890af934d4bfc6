import { ApprovalGranted, Trim } from '@ballast/contracts';
import { On, PACKS, unpackRows, type InboxContext, type PackStore } from '@ballast/platform';
import { Controller, Inject } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { openQuestion } from './open-question.js';
import { VerdictMaker } from './verdict-maker.js';

/** A person said yes: the guardrails look again and confirm exactly that list, or veto it. */
@Controller()
export class OnApprovalGranted {
  constructor(
    @Inject(PACKS) private readonly packs: PackStore,
    @Inject(VerdictMaker) private readonly verdicts: VerdictMaker,
  ) {}

  @On(ApprovalGranted)
  async handle(@Payload() event: ApprovalGranted, @Ctx() ctx: InboxContext<'risk'>): Promise<void> {
    const review = await openQuestion(ctx, event.data);
    if (!review) return;
    if (ctx.now >= review.expiresAt!) {
      return this.verdicts.veto(ctx, review, { checks: [], trims: [], codes: ['APPROVAL_EXPIRED'] });
    }
    await this.verdicts.confirm(ctx, review, await unpackRows(this.packs, review.proposal!.trims, Trim));
  }
}
