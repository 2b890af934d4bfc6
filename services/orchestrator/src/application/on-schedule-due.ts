import { uuid5, type Envelope } from '@ballast/contracts';
import { CONFIG, On, type InboxContext } from '@ballast/platform';
import { Controller, Inject } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import type { OrchestratorConfig } from '../config.js';
import { isCurrent } from '../domain/schedule.js';
import { ScheduleDue } from '../messages.js';
import { ScheduleEntity } from '../persistence/entities/schedule.entity.js';
import { arm } from './arm.js';
import { openCycle } from './open-cycle.js';

const PATTERN = 'daily-rebalance';

/** A session has closed a while ago: its cycle is opened, or it is said why not. */
@Controller()
export class OnScheduleDue {
  constructor(@Inject(CONFIG) private readonly config: OrchestratorConfig) {}

  @On(ScheduleDue)
  async handle(@Payload() event: Envelope<ScheduleDue>, @Ctx() ctx: InboxContext<'orchestrator'>): Promise<void> {
    const { portfolioId, asOf, dueAt } = event.data;
    const slot = await ctx.tx.findOneBy(ScheduleEntity, { portfolioId });
    if (slot?.dueAt !== dueAt) return;
    if (this.config.ORCHESTRATOR_SCHEDULE === 'off' || this.config.ORCHESTRATOR_PORTFOLIO !== portfolioId) {
      await ctx.tx.delete(ScheduleEntity, { portfolioId });
      return;
    }
    await arm(ctx, portfolioId);
    if (!isCurrent(slot, ctx.now)) {
      return this.#skip(
        ctx,
        event.data,
        'SLOT_MISSED',
        `It is ${ctx.now}, and a later session has closed since ${asOf}.`,
      );
    }
    const request = { patternId: PATTERN, asOf, trigger: 'schedule' as const };
    const opening = await openCycle(ctx, this.config, uuid5(portfolioId, dueAt), portfolioId, request);
    if (opening.kind === 'opened') return;
    this.#skip(ctx, event.data, opening.refusal.code, opening.refusal.detail);
  }

  #skip(ctx: InboxContext<'orchestrator'>, slot: ScheduleDue, code: string, reason: string): void {
    const { portfolioId, asOf, dueAt } = slot;
    ctx.audit({ act: 'schedule.skipped', subject: portfolioId, portfolioId, detail: { asOf, dueAt, code, reason } });
    ctx.alert({
      code: 'SCHEDULE_SKIPPED',
      severity: code === 'CYCLE_OPEN' ? 'info' : 'warning',
      message: `The schedule opened no cycle of ${portfolioId} as of ${asOf}: ${reason}`,
      numbers: { portfolioId, asOf, dueAt, code },
      nextStep: `open it by hand with "ballast cycle run --book ${portfolioId} --as-of ${asOf}", or wait for the next session`,
    });
  }
}
