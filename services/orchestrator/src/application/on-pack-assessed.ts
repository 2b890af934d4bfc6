import { PackAssessed } from '@ballast/contracts';
import { On, type InboxContext } from '@ballast/platform';
import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { PackStatusEntity } from '../persistence/entities/pack-status.entity.js';

/** Something happened to the prices: whether they can be relied on is remembered for whoever asks for a cycle. */
@Controller()
export class OnPackAssessed {
  @On(PackAssessed)
  async handle(@Payload() event: PackAssessed, @Ctx() ctx: InboxContext<'orchestrator'>): Promise<void> {
    const { pack, status, reason, estimatedReady: readyAt, at } = event.data;
    await ctx.tx.upsert(PackStatusEntity, { pack, status, reason, readyAt, assessedAt: at }, ['pack']);
  }
}
