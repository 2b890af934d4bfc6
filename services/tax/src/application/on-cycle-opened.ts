import { CycleOpened } from '@ballast/contracts';
import { On, PACKS, type InboxContext, type PackStore } from '@ballast/platform';
import { Controller, Inject } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { rememberPart } from '../persistence/queries.js';
import { assessWhenReady } from './assess-when-ready.js';

/** A cycle says in which session its plan would trade: the date that decides between short and long term. */
@Controller()
export class OnCycleOpened {
  constructor(@Inject(PACKS) private readonly packs: PackStore) {}

  @On(CycleOpened)
  async handle(@Payload() event: CycleOpened, @Ctx() ctx: InboxContext<'tax'>): Promise<void> {
    const known = await rememberPart(ctx.tx, event.data, { tradeDate: event.data.tradeSession.date });
    await assessWhenReady(ctx, known, this.packs);
  }
}
