import { ApprovalDeclined } from '@ballast/contracts';
import { On, type InboxContext } from '@ballast/platform';
import { Controller, Inject } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { openQuestion } from './open-question.js';
import { VerdictMaker } from './verdict-maker.js';

/** A person said no: nothing of the plan may be executed. */
@Controller()
export class OnApprovalDeclined {
  constructor(@Inject(VerdictMaker) private readonly verdicts: VerdictMaker) {}

  @On(ApprovalDeclined)
  async handle(@Payload() event: ApprovalDeclined, @Ctx() ctx: InboxContext<'risk'>): Promise<void> {
    const review = await openQuestion(ctx, event.data);
    if (review) await this.verdicts.veto(ctx, review, { checks: [], trims: [], codes: ['DECLINED'] });
  }
}
