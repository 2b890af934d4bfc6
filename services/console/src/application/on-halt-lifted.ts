import { HaltLifted } from '@ballast/contracts';
import { On, type InboxContext } from '@ballast/platform';
import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { HaltEntity } from '../persistence/entities/halt.entity.js';

/** Orders of the account may leave again. */
@Controller()
export class OnHaltLifted {
  @On(HaltLifted)
  async handle(@Payload() event: HaltLifted, @Ctx() ctx: InboxContext<'console'>): Promise<void> {
    const { account, epoch, by, reason, at } = event.data;
    await ctx.tx.upsert(HaltEntity, { account, raised: false, epoch, by, reason, at }, ['account']);
  }
}
