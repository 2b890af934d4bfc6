import { PlanProposed } from '@ballast/contracts';
import { On, type InboxContext } from '@ballast/platform';
import { Controller, Inject } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { rememberPart } from '../persistence/queries.js';
import { VerdictMaker } from './verdict-maker.js';

/** There is a plan to judge. */
@Controller()
export class OnPlanProposed {
  constructor(@Inject(VerdictMaker) private readonly verdicts: VerdictMaker) {}

  @On(PlanProposed)
  async handle(@Payload() event: PlanProposed, @Ctx() ctx: InboxContext<'risk'>): Promise<void> {
    const { planHash, trades } = event.data;
    const review = await rememberPart(ctx.tx, event.data, { plan: { planHash, trades } });
    await this.verdicts.judgeWhenReady(ctx, review);
  }
}
