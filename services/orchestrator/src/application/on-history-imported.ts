import { HistoryImported } from '@ballast/contracts';
import { On, type InboxContext } from '@ballast/platform';
import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { HistoryEntity } from '../persistence/entities/history.entity.js';

/** A price history was taken in: packs can be sealed. */
@Controller()
export class OnHistoryImported {
  @On(HistoryImported)
  async handle(@Payload() event: HistoryImported, @Ctx() ctx: InboxContext<'orchestrator'>): Promise<void> {
    const { source, from, to } = event.data;
    const history = { source, firstSession: from, lastSession: to, importedAt: event.time };
    await ctx.tx.upsert(HistoryEntity, history, ['source']);
  }
}
