import { HaltLifted } from '@ballast/contracts';
import { On, type InboxContext } from '@ballast/platform';
import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { rememberHalt } from '../persistence/queries.js';

/** A halt was lifted: verdicts are given again, under the new epoch. */
@Controller()
export class OnHaltLifted {
  @On(HaltLifted)
  async handle(@Payload() event: HaltLifted, @Ctx() ctx: InboxContext<'risk'>): Promise<void> {
    const { account, epoch, at } = event.data;
    await rememberHalt(ctx.tx, { account, epoch, at, halted: false });
  }
}
