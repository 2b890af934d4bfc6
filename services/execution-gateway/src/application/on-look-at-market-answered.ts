import type { Envelope, LocalType } from '@ballast/contracts';
import { CONFIG, On } from '@ballast/platform';
import { Controller, Inject } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { VENUE, type Venue } from '../adapters/ports.js';
import type { ExecutionConfig } from '../config.js';
import type { MarketView } from '../domain/market-check.js';
import { LookAtMarket } from '../messages.js';
import { childrenOf, parentsBy } from '../persistence/orders.js';
import { marketRulesOf } from './market-rules.js';
import { sendDue } from './send-due.js';
import { SliceLateness } from './slice-lateness.js';
import type { ExecutionContext } from './take-news.js';

type Answered = typeof LookAtMarket.answered extends LocalType<infer D> ? D : never;

/** The market was looked at: slices that are due leave into it, or go on waiting. */
@Controller()
export class OnLookAtMarketAnswered {
  constructor(
    @Inject(CONFIG) private readonly config: ExecutionConfig,
    @Inject(VENUE) private readonly venue: Venue,
    @Inject(SliceLateness) private readonly lateness: SliceLateness,
  ) {}

  @On(LookAtMarket.answered)
  async handle(@Payload() { data }: Envelope<Answered>, @Ctx() ctx: ExecutionContext): Promise<void> {
    const { account, looks } = data.request;
    const ids = looks.map(({ parentOrderId }) => parentOrderId).sort();
    // What left, ended or was looked at by another question meanwhile is not planned any more.
    const children = (await childrenOf(ctx.tx, ids)).filter(
      ({ state, dueAt }) => state === 'planned' && dueAt <= ctx.now,
    );
    if (children.length === 0) return;
    const due = new Set(children.map(({ parentOrderId }) => parentOrderId));
    const parents = (await parentsBy(ctx.tx, ids)).filter(({ parentOrderId }) => due.has(parentOrderId));
    const rules = marketRulesOf(this.config);
    const market = rules && { rules, views: viewsOf(data) };
    const { config, venue, lateness } = this;
    await sendDue(ctx, { config, venue, lateness }, { account, children, parents, market });
  }
}

function viewsOf({ request, outcome }: Answered): ReadonlyMap<string, MarketView> {
  if (outcome.status !== 'done') return new Map();
  const quotes = new Map(outcome.answer.quotes.map((quote) => [quote.symbol, quote]));
  const volumes = new Map(outcome.answer.volumes.map(({ parentOrderId, volume }) => [parentOrderId, volume]));
  return new Map(
    request.looks.map(({ parentOrderId, symbol }) => [
      parentOrderId,
      { quote: quotes.get(symbol) ?? null, volume: volumes.get(parentOrderId) ?? null },
    ]),
  );
}
