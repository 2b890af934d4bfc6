import { hashOf, OrderRequested, planHashOf, type Trade } from '@ballast/contracts';
import { addMilliseconds } from '@ballast/kernel/calendar';
import { CONFIG, On, packRows, PACKS, type InboxContext, type PackStore } from '@ballast/platform';
import { Controller, Inject } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import type { RiskConfig } from '../config.js';
import { judgeWish } from '../domain/manual-order.js';
import { beginRequestReview } from '../persistence/queries.js';
import { loadKnownBook } from './load-book.js';
import { ruleBookOf } from './rule-book-of.js';
import { VerdictMaker } from './verdict-maker.js';

/** How long a verdict about an order of a person may be executed. */
const VALID_MS = 24 * 3_600_000;

/** A person asks for an order: it is judged like a plan of one trade, by the last marks and positions heard of. */
@Controller()
export class OnOrderRequested {
  constructor(
    @Inject(CONFIG) private readonly config: RiskConfig,
    @Inject(PACKS) private readonly packs: PackStore,
    @Inject(VerdictMaker) private readonly verdicts: VerdictMaker,
  ) {}

  @On(OrderRequested)
  async handle(@Payload() event: OrderRequested, @Ctx() ctx: InboxContext<'risk'>): Promise<void> {
    const { requestId, portfolioId, symbol, side, quantity, notional, terms } = event.data;
    const known = await loadKnownBook(ctx.tx, this.packs, portfolioId, requestId);
    const { trade, judgement } = judgeWish({ symbol, side, quantity, notional, terms }, known?.book ?? null, ctx.now, {
      limits: ruleBookOf(this.config),
      marksAgeHoursMax: this.config.RISK_MARKS_AGE_HOURS_MAX,
    });
    const trades = trade === null ? [] : [trade];
    const pricingPackId = known?.basis.snapshot?.pricingPackId;
    const review = await beginRequestReview(ctx.tx, {
      ...{ cycleId: requestId, portfolioId, origin: 'manual', basisCycleId: known?.basis.cycleId ?? requestId },
      ...{ mode: known?.book.mode ?? null, expiresAt: addMilliseconds(ctx.now, VALID_MS) },
      plan: {
        // Without marks there is no trade to name; the refusal then names the wish itself.
        planHash:
          pricingPackId && trade
            ? planHashOf({ cycleId: requestId, portfolioId, pricingPackId, trades })
            : hashOf(event.data),
        trades: (await packRows<Trade>(this.packs, trades)) as never,
      },
    });
    await this.verdicts.conclude(ctx, review, judgement);
  }
}
