import { uuid5, type Envelope } from '@ballast/contracts';
import { CONFIG, On, type InboxContext } from '@ballast/platform';
import { Controller, Inject } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import type { OrchestratorConfig } from '../config.js';
import { OpenCycle } from '../messages.js';
import { openCycle } from './open-cycle.js';

/** Somebody asks for a cycle. */
@Controller()
export class OnOpenCycle {
  constructor(@Inject(CONFIG) private readonly config: OrchestratorConfig) {}

  @On(OpenCycle)
  async handle(@Payload() event: Envelope<OpenCycle>, @Ctx() ctx: InboxContext<'orchestrator'>): Promise<void> {
    const { portfolioId, idempotencyKey, request } = event.data;
    const cycleId = uuid5(portfolioId, idempotencyKey);
    const opening = await openCycle(ctx, this.config, cycleId, portfolioId, request);
    if (opening.kind === 'opened') return ctx.reply({ cycleId });
    const { code, detail } = opening.refusal;
    ctx.audit({
      act: 'cycle.refused',
      subject: portfolioId,
      portfolioId,
      detail: { code, detail, asOf: request.asOf },
    });
    ctx.refuse(opening.refusal);
  }
}
