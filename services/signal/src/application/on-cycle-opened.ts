import { CycleOpened } from '@ballast/contracts';
import { On, PackCache, PACKS, type InboxContext, type PackStore } from '@ballast/platform';
import { Controller, Inject } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { rememberPart } from '../persistence/queries.js';
import { scoreWhenReady } from './score-when-ready.js';

/** A cycle says which strategies it asks. */
@Controller()
export class OnCycleOpened {
  constructor(
    @Inject(PACKS) private readonly packs: PackStore,
    @Inject(PackCache) private readonly cache: PackCache,
  ) {}

  @On(CycleOpened)
  async handle(@Payload() event: CycleOpened, @Ctx() ctx: InboxContext<'signal'>): Promise<void> {
    const scoring = await rememberPart(ctx.tx, event.data, { strategies: event.data.strategies });
    await scoreWhenReady(ctx, scoring, this.packs, this.cache);
  }
}
