import { PlanProposed } from '@ballast/contracts';
import { On, PACKS, type InboxContext, type PackStore } from '@ballast/platform';
import { Controller, Inject } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { rememberPart } from '../persistence/queries.js';
import { assessWhenReady } from './assess-when-ready.js';

/** A plan is there: its sells have a price in tax. */
@Controller()
export class OnPlanProposed {
  constructor(@Inject(PACKS) private readonly packs: PackStore) {}

  @On(PlanProposed)
  async handle(@Payload() event: PlanProposed, @Ctx() ctx: InboxContext<'tax'>): Promise<void> {
    const { planHash, trades } = event.data;
    const known = await rememberPart(ctx.tx, event.data, { plan: { planHash, trades } });
    await assessWhenReady(ctx, known, this.packs);
  }
}
