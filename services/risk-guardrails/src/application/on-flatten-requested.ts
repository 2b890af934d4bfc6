import { FlattenRequested, hashOf, planHashOf, type Trade } from '@ballast/contracts';
import { addMilliseconds } from '@ballast/kernel/calendar';
import { CONFIG, On, packRows, PACKS, type InboxContext, type PackStore } from '@ballast/platform';
import { Controller, Inject } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import type { RiskConfig } from '../config.js';
import { judgeFlatten } from '../domain/flatten.js';
import { beginRequestReview, haltOf } from '../persistence/queries.js';
import { loadKnownBook } from './load-book.js';
import { ruleBookOf } from './rule-book-of.js';
import { VerdictMaker } from './verdict-maker.js';

/** How long a permit to flatten may be taken in; execution then works it under its halt epoch. */
const VALID_MS = 24 * 3_600_000;

/** A person asks to close all that a halted book holds: what is known of it is closed, under a permit of its own. */
@Controller()
export class OnFlattenRequested {
  constructor(
    @Inject(CONFIG) private readonly config: RiskConfig,
    @Inject(PACKS) private readonly packs: PackStore,
    @Inject(VerdictMaker) private readonly verdicts: VerdictMaker,
  ) {}

  @On(FlattenRequested)
  async handle(@Payload() event: FlattenRequested, @Ctx() ctx: InboxContext<'risk'>): Promise<void> {
    const { requestId, portfolioId, haltEpoch } = event.data;
    const known = await loadKnownBook(ctx.tx, this.packs, portfolioId, requestId);
    const halt = await haltOf(ctx.tx, portfolioId);
    const judgement = judgeFlatten(known?.book ?? null, { ...halt, askedEpoch: haltEpoch }, ctx.now, {
      limits: ruleBookOf(this.config),
      marksAgeHoursMax: this.config.RISK_MARKS_AGE_HOURS_MAX,
    });
    const { trades } = judgement;
    const pricingPackId = known?.basis.snapshot?.pricingPackId;
    const review = await beginRequestReview(ctx.tx, {
      ...{ cycleId: requestId, portfolioId, origin: 'flatten', basisCycleId: known?.basis.cycleId ?? requestId },
      ...{ mode: known?.book.mode ?? null, expiresAt: addMilliseconds(ctx.now, VALID_MS) },
      plan: {
        planHash: pricingPackId
          ? planHashOf({ cycleId: requestId, portfolioId, pricingPackId, trades })
          : hashOf(event.data),
        trades: (await packRows<Trade>(this.packs, trades)) as never,
      },
    });
    await this.verdicts.concludeFlatten(ctx, review, judgement, haltEpoch);
  }
}
