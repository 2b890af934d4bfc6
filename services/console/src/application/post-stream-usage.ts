import { AcceptsBody, Door, IdempotencyKey, zodPipe } from '@ballast/platform';
import { Body, Controller, HttpCode, Inject, Post } from '@nestjs/common';
import type { z } from 'zod';
import { ReportStreamUsage, StreamUsage } from '../messages.js';

/** Takes the word of the host, which looks after the stream, that a limit of it is nearly reached. */
@Controller('/api/v1/alerts/stream-usage')
export class PostStreamUsage {
  constructor(@Inject(Door) private readonly door: Door) {}

  @Post()
  @HttpCode(200)
  @AcceptsBody(StreamUsage, 'the limit that is nearly reached, and how much of it is used')
  report(
    @Body(zodPipe(StreamUsage)) body: z.infer<typeof StreamUsage>,
    @IdempotencyKey() key: string,
  ): Promise<unknown> {
    return this.door.command(ReportStreamUsage, body.limit, body, key);
  }
}
