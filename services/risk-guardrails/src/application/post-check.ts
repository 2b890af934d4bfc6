import { NonNegativeDecimal, Quantity, Side, Slug, TickerSymbol } from '@ballast/contracts';
import { AcceptsBody, CLOCK, CONFIG, PACKS, zodPipe, type Clock, type PackStore } from '@ballast/platform';
import { Body, Controller, HttpCode, Inject, Post } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { z } from 'zod';
import type { RiskConfig } from '../config.js';
import { judgeWish } from '../domain/manual-order.js';
import { loadKnownBook } from './load-book.js';
import { ruleBookOf } from './rule-book-of.js';

const Wish = z.object({
  book: Slug,
  symbol: TickerSymbol,
  side: Side,
  quantity: Quantity.nullable().default(null),
  /** US dollars, in place of shares. */
  notional: NonNegativeDecimal.nullable().default(null),
});

/** The id of no cycle: every trade that was let through counts against a wish. */
const NO_CYCLE = '00000000-0000-0000-0000-000000000000';

/** Answers what the guardrails would say of an order, and changes nothing. */
@Controller('/api/guardrails/check')
export class PostCheck {
  constructor(
    @Inject(CONFIG) private readonly config: RiskConfig,
    @Inject(PACKS) private readonly packs: PackStore,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(DataSource) private readonly dataSource: DataSource,
  ) {}

  @Post()
  @HttpCode(200)
  @AcceptsBody(Wish)
  async check(@Body(zodPipe(Wish)) { book, ...wish }: z.infer<typeof Wish>): Promise<unknown> {
    const limits = ruleBookOf(this.config);
    const known = await loadKnownBook(this.dataSource.manager, this.packs, book, NO_CYCLE);
    const { judgement } = judgeWish(wish, known?.book ?? null, this.clock.now(), {
      ...{ limits, marksAgeHoursMax: this.config.RISK_MARKS_AGE_HOURS_MAX },
    });
    const { verdict, codes, checks, trims } = judgement;
    const marks = known && {
      cycleId: known.basis.cycleId,
      asOf: known.basis.snapshot!.asOf,
      sealedAt: known.book.sealedAt,
    };
    return { book, ...wish, verdict, codes, checks, trims, limitsVersion: limits.version, marks };
  }
}
