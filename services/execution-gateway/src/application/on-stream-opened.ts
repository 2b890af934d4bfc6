import { perform, type Envelope } from '@ballast/contracts';
import { addMilliseconds } from '@ballast/kernel/calendar';
import { On } from '@ballast/platform';
import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { CatchUp, StreamOpened } from '../messages.js';
import { accountBy, countStreamOpen } from '../persistence/accounts.js';
import { lastFillAt } from '../persistence/orders.js';
import { beginLook } from './look.js';
import type { ExecutionContext } from './take-news.js';

/** How far before the last fill that was booked catching up begins: venues list fills a little late. */
const OVERLAP_MS = 5 * 60_000;

/** Something of an account's stream may have been missed. It replays nothing, so what happened is asked for, and the books are compared. */
@Controller()
export class OnStreamOpened {
  @On(StreamOpened)
  async handle(
    @Payload() { data: { account } }: Envelope<{ account: string }>,
    @Ctx() ctx: ExecutionContext,
  ): Promise<void> {
    const known = await accountBy(ctx.tx, account);
    if (!known) return;
    await countStreamOpen(ctx.tx, account);
    const since = addMilliseconds((await lastFillAt(ctx.tx, account)) ?? known.openedAt, -OVERLAP_MS);
    ctx.later([perform(CatchUp, account, { account, since })]);
    await beginLook(ctx, account);
  }
}
