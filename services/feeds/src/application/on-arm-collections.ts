import type { Envelope } from '@ballast/contracts';
import { CONFIG, On, type InboxContext } from '@ballast/platform';
import { Controller, Inject } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import type { FeedsConfig } from '../config.js';
import { nameOf } from '../domain/facts/daily.js';
import { ArmCollections } from '../messages-facts.js';
import { CollectionWatchEntity } from '../persistence/entities/collection-watch.entity.js';
import { armCollection } from './arm-collection.js';

/** Feeds has started: what the configuration says is collected every day is what counts from now on. */
@Controller()
export class OnArmCollections {
  constructor(@Inject(CONFIG) private readonly config: FeedsConfig) {}

  @On(ArmCollections)
  async handle(@Payload() _message: Envelope<ArmCollections>, @Ctx() ctx: InboxContext<'feeds'>): Promise<void> {
    const daily = this.config.FEEDS_COLLECT_DAILY;
    const wanted = new Set(daily.map(nameOf));
    const watched = await ctx.tx.find(CollectionWatchEntity);
    const known = new Set<string>();
    for (const { what, subject } of watched) {
      const name = nameOf({ what, subject: subject === '' ? null : subject });
      if (wanted.has(name)) known.add(name);
      else await ctx.tx.delete(CollectionWatchEntity, { what, subject });
    }
    // What is watched has its timer, which fires on its own also where it is overdue. What is new is collected at once, so that
    // a wrong setting shows today and not tomorrow.
    for (const each of daily) if (!known.has(nameOf(each))) await armCollection(ctx, each, ctx.now);
  }
}
