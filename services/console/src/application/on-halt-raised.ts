import { HaltRaised } from '@ballast/contracts';
import { On, type InboxContext } from '@ballast/platform';
import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { HaltEntity } from '../persistence/entities/halt.entity.js';

/** No order of the account leaves any more. */
@Controller()
export class OnHaltRaised {
  @On(HaltRaised)
  async handle(@Payload() event: HaltRaised, @Ctx() ctx: InboxContext<'console'>): Promise<void> {
    const { account, epoch, by, reason, at } = event.data;
    await ctx.tx.upsert(HaltEntity, { account, raised: true, epoch, by, reason, at }, ['account']);
  }
}
