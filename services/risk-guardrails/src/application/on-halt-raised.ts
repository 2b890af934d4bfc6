import { HaltRaised } from '@ballast/contracts';
import { On, type InboxContext } from '@ballast/platform';
import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { rememberHalt } from '../persistence/queries.js';

/** An account was halted: nothing more is let through for it. */
@Controller()
export class OnHaltRaised {
  @On(HaltRaised)
  async handle(@Payload() event: HaltRaised, @Ctx() ctx: InboxContext<'risk'>): Promise<void> {
    const { account, epoch, at } = event.data;
    await rememberHalt(ctx.tx, { account, epoch, at, halted: true });
  }
}
