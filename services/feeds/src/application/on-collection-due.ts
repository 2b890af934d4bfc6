import type { Envelope } from '@ballast/contracts';
import { addMilliseconds } from '@ballast/kernel/calendar';
import { CONFIG, On, type InboxContext } from '@ballast/platform';
import { Controller, Inject } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import type { FeedsConfig } from '../config.js';
import { entryOf } from '../domain/facts/catalog.js';
import {
  DAILY_REFERENCE,
  isDailyReference,
  nameOf,
  nextCollectionAt,
  type DailyCollection,
} from '../domain/facts/daily.js';
import { dateAt } from '../domain/reference/fact.js';
import { daysAhead } from '../domain/reference/window.js';
import { CollectionDue } from '../messages-facts.js';
import { CollectionWatchEntity } from '../persistence/entities/collection-watch.entity.js';
import { runningReferenceImport } from '../persistence/reference-queries.js';
import { armCollection } from './arm-collection.js';
import { beginCollection, runningCollection } from './begin-collection.js';
import { beginReferenceImport } from './begin-reference-import.js';
import { vendorOrder } from './vendor-order.js';

/** How long is waited for another one to end. */
const BUSY_MS = 5 * 60_000;

/** A day has passed: what is collected every day is collected. */
@Controller()
export class OnCollectionDue {
  constructor(@Inject(CONFIG) private readonly config: FeedsConfig) {}

  @On(CollectionDue)
  async handle(@Payload() message: Envelope<CollectionDue>, @Ctx() ctx: InboxContext<'feeds'>): Promise<void> {
    const { what, subject, dueAt } = message.data;
    const due: DailyCollection = { what, subject };
    const watch = await ctx.tx.findOneBy(CollectionWatchEntity, { what, subject: subject ?? '' });
    const wanted = this.config.FEEDS_COLLECT_DAILY.some((each) => nameOf(each) === nameOf(due));
    if (watch?.dueAt !== dueAt || !wanted) return;
    const begun = await begin(ctx, message.id, due);
    await armCollection(ctx, due, begun ? nextCollectionAt(what, ctx.now) : addMilliseconds(ctx.now, BUSY_MS));
  }
}

/** Begins a collection; false where another one has to end first. */
async function begin(ctx: InboxContext<'feeds'>, cause: string, { what, subject }: DailyCollection): Promise<boolean> {
  if (isDailyReference(what)) {
    if (await runningReferenceImport(ctx.tx)) return false;
    const days = daysAhead(dateAt('US', ctx.now));
    await beginReferenceImport(ctx, cause, vendorOrder(DAILY_REFERENCE[what], 'fmp', null, days));
    return true;
  }
  if (await runningCollection(ctx, { what, subject })) return false;
  const { source } = entryOf(what);
  await beginCollection(ctx, cause, { what, source, subject, date: null, synthetic: false, path: null });
  return true;
}
