import { Door, IdempotencyKey, zodPipe } from '@ballast/platform';
import { Body, Controller, HttpCode, Inject, Post } from '@nestjs/common';
import { z } from 'zod';
import { CALENDAR_MARKETS } from '../domain/calendar/day.js';
import { RefreshNow } from '../messages-reference.js';

const RefreshBody = z.object({ market: z.enum(CALENDAR_MARKETS) });

/** Asks the vendor of a market's calendar now, and not only once a day. */
@Controller('/api/v1/feeds/calendar')
export class PostCalendarRefresh {
  constructor(@Inject(Door) private readonly door: Door) {}

  @Post('/refresh')
  @HttpCode(202)
  async refresh(
    @Body(zodPipe(RefreshBody)) { market }: z.infer<typeof RefreshBody>,
    @IdempotencyKey() key: string,
  ): Promise<unknown> {
    return this.door.command(RefreshNow, market, { market }, key);
  }
}
