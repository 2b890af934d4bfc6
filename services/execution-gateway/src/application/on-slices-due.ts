import { perform, wake, type Envelope } from '@ballast/contracts';
import { CONFIG, On } from '@ballast/platform';
import { Controller, Inject } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import type { z } from 'zod';
import { VENUE, type Venue } from '../adapters/ports.js';
import type { ExecutionConfig } from '../config.js';
import type { ChildOrder } from '../domain/child-order.js';
import { fullMinute, isChecked, volumeSince, type MarketRules } from '../domain/market-check.js';
import type { ParentOrder } from '../domain/schedule.js';
import { LookAtMarket, SlicesDue } from '../messages.js';
import { childrenOf, dueChildren, parentsBy } from '../persistence/orders.js';
import { marketRulesOf } from './market-rules.js';
import { lookAgain, sendDue } from './send-due.js';
import { SliceLateness } from './slice-lateness.js';
import type { ExecutionContext } from './take-news.js';

/** Slices that are sent in one transaction at the most, so that it stays short. */
const BATCH = 250;

/** Slices fell due: they leave, or are void; or the market is looked at first. */
@Controller()
export class OnSlicesDue {
  constructor(
    @Inject(CONFIG) private readonly config: ExecutionConfig,
    @Inject(VENUE) private readonly venue: Venue,
    @Inject(SliceLateness) private readonly lateness: SliceLateness,
  ) {}

  @On(SlicesDue)
  async handle(
    @Payload() { data: { account } }: Envelope<z.infer<typeof SlicesDue.schema>>,
    @Ctx() ctx: ExecutionContext,
  ): Promise<void> {
    const due = await dueChildren(ctx.tx, account, ctx.now, BATCH);
    if (due.length === 0) return;
    const parents = await parentsBy(ctx.tx, [...new Set(due.map((order) => order.parentOrderId))].sort());
    const rules = marketRulesOf(this.config);
    const looks = (parent: ParentOrder): boolean => rules !== null && isChecked(parent);
    const childrenOfParents = (some: readonly ParentOrder[]): ChildOrder[] => {
      const ids = new Set(some.map(({ parentOrderId }) => parentOrderId));
      return due.filter((order) => ids.has(order.parentOrderId));
    };
    const checked = parents.filter(looks);
    if (rules !== null && checked.length > 0) {
      await this.#look(ctx, account, rules, checked);
      lookAgain(ctx, account, childrenOfParents(checked));
    }
    const free = parents.filter((parent) => !looks(parent));
    let decided = childrenOfParents(checked).length;
    if (free.length > 0) {
      const { config, venue, lateness } = this;
      const children = childrenOfParents(free);
      decided += await sendDue(ctx, { config, venue, lateness }, { account, children, parents: free, market: null });
    }
    if (decided === BATCH) ctx.later([wake(SlicesDue, account, { account, dueAt: ctx.now }, ctx.now)]);
  }

  async #look(
    ctx: ExecutionContext,
    account: string,
    { participationRatioMax }: MarketRules,
    parents: readonly ParentOrder[],
  ): Promise<void> {
    const ids = parents.map(({ parentOrderId }) => parentOrderId);
    const family = participationRatioMax === null ? [] : await childrenOf(ctx.tx, ids);
    const looks = parents.map((parent) => {
      const { parentOrderId, symbol } = parent;
      const children = family.filter((order) => order.parentOrderId === parentOrderId);
      return { parentOrderId, symbol, volumeSince: children.length === 0 ? null : volumeSince(parent, children) };
    });
    ctx.later([perform(LookAtMarket, account, { account, looks, until: fullMinute(ctx.now) })]);
  }
}
