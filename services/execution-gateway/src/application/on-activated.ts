import { perform } from '@ballast/contracts';
import { Activated, On } from '@ballast/platform';
import { Controller } from '@nestjs/common';
import { Ctx } from '@nestjs/microservices';
import { OpenStream } from '../messages.js';
import { closeAll } from '../persistence/watch.js';
import { beginLook } from './look.js';
import type { ExecutionContext } from './take-news.js';

/** This gateway begins its work. What happened meanwhile is not known, so nothing leaves before the books were compared. */
@Controller()
export class OnActivated {
  @On(Activated)
  async handle(@Ctx() ctx: ExecutionContext): Promise<void> {
    for (const account of await closeAll(ctx.tx)) {
      ctx.later([perform(OpenStream, account, { account })]);
      await beginLook(ctx, account);
    }
  }
}
