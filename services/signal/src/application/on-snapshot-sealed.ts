import { SnapshotSealed } from '@ballast/contracts';
import { On, PackCache, PACKS, type InboxContext, type PackStore } from '@ballast/platform';
import { Controller, Inject } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { rememberPart } from '../persistence/queries.js';
import { scoreWhenReady } from './score-when-ready.js';

/** The history that a cycle looks at is fixed. */
@Controller()
export class OnSnapshotSealed {
  constructor(
    @Inject(PACKS) private readonly packs: PackStore,
    @Inject(PackCache) private readonly cache: PackCache,
  ) {}

  @On(SnapshotSealed)
  async handle(@Payload() event: SnapshotSealed, @Ctx() ctx: InboxContext<'signal'>): Promise<void> {
    const { packId, pricingPackId } = event.data;
    const scoring = await rememberPart(ctx.tx, event.data, { packId, pricingPackId });
    await scoreWhenReady(ctx, scoring, this.packs, this.cache);
  }
}
