import { PlanRefused, type DataOf } from '@ballast/contracts';
import { On, type InboxContext } from '@ballast/platform';
import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { settleRefused } from '../persistence/queries.js';

/** Codes under which a forgery was refused; the verdict that it was made of may be at work all the same. */
const FORGED: ReadonlySet<DataOf<typeof PlanRefused>['code']> = new Set(['SIGNATURE_INVALID', 'HASH_MISMATCH']);

/** Execution does nothing of a verdict: what it let through does not count as working any more. */
@Controller()
export class OnPlanRefused {
  @On(PlanRefused)
  async handle(@Payload() event: PlanRefused, @Ctx() ctx: InboxContext<'risk'>): Promise<void> {
    const { cycleId, approvedHash, code } = event.data;
    if (!FORGED.has(code)) await settleRefused(ctx.tx, cycleId, approvedHash);
  }
}
