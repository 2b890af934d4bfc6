import { Slug, TickerSymbol } from '@ballast/contracts';
import { AcceptsBody, Door, IdempotencyKey, zodPipe } from '@ballast/platform';
import { Body, Controller, HttpCode, Inject, Post } from '@nestjs/common';
import { z } from 'zod';
import { HaltSwitch } from '../messages.js';

const HaltBody = z.strictObject({
  account: Slug,
  symbol: TickerSymbol.optional(),
  on: z.boolean(),
  by: z.string().min(1).max(100),
  reason: z.string().min(3).max(500),
  confirm: z.string().optional(),
});

/** The first door of the halt. */
@Controller('/api/v1/halt')
export class PostHalt {
  constructor(@Inject(Door) private readonly door: Door) {}

  @Post()
  @HttpCode(200)
  @AcceptsBody(HaltBody)
  switch(@Body(zodPipe(HaltBody)) body: z.infer<typeof HaltBody>, @IdempotencyKey() key: string): Promise<unknown> {
    const { confirm, symbol, ...rest } = body;
    return this.door.command(
      HaltSwitch,
      body.account,
      {
        ...rest,
        door: 'http',
        ...(symbol === undefined ? {} : { symbol }),
        ...(confirm === undefined ? {} : { confirm }),
      },
      key,
    );
  }
}
