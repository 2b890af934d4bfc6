import type { Envelope } from '@ballast/contracts';
import { On } from '@ballast/platform';
import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import type { z } from 'zod';
import { LookDue } from '../messages.js';
import { watchBy } from '../persistence/watch.js';
import { beginLook } from './look.js';
import type { ExecutionContext } from './take-news.js';

/** It is time to look at an account, unless another time was set since. */
@Controller()
export class OnLookDue {
  @On(LookDue)
  async handle(
    @Payload() { data: { account, dueAt } }: Envelope<z.infer<typeof LookDue.schema>>,
    @Ctx() ctx: ExecutionContext,
  ): Promise<void> {
    const watch = await watchBy(ctx.tx, account);
    if (watch?.nextLookAt === dueAt) await beginLook(ctx, account);
  }
}
