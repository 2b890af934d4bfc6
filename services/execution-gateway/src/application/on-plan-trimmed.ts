import { PlanTrimmed } from '@ballast/contracts';
import { CONFIG, On, PACKS, type PackStore } from '@ballast/platform';
import { Controller, Inject } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { VENUE, VERDICT_KEYS, type Venue, type VerdictKeys } from '../adapters/ports.js';
import type { ExecutionConfig } from '../config.js';
import type { ExecutionContext } from './take-news.js';
import { takeVerdict } from './take-verdict.js';

/** The plan may be executed as it was trimmed. */
@Controller()
export class OnPlanTrimmed {
  constructor(
    @Inject(CONFIG) private readonly config: ExecutionConfig,
    @Inject(PACKS) private readonly packs: PackStore,
    @Inject(VERDICT_KEYS) private readonly keys: VerdictKeys,
    @Inject(VENUE) private readonly venue: Venue,
  ) {}

  @On(PlanTrimmed)
  async handle(@Payload() event: PlanTrimmed, @Ctx() ctx: ExecutionContext): Promise<void> {
    const { config, keys, packs, venue } = this;
    await takeVerdict(ctx, { desk: { config, venue }, keys, packs }, event.data);
  }
}
