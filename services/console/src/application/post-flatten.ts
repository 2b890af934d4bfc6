import { AcceptsBody, Door, IdempotencyKey, zodPipe } from '@ballast/platform';
import { Body, Controller, HttpCode, Inject, Post } from '@nestjs/common';
import type { z } from 'zod';
import { FlattenBook, FlattenRequest } from '../messages.js';

/** Takes the wish of a person to close everything that a halted book holds. What becomes of it is told by verdict and orders. */
@Controller('/api/v1/flatten')
export class PostFlatten {
  constructor(@Inject(Door) private readonly door: Door) {}

  @Post()
  @HttpCode(202)
  @AcceptsBody(FlattenRequest, 'a halted book, who wants it flat and why')
  flatten(
    @Body(zodPipe(FlattenRequest)) body: z.infer<typeof FlattenRequest>,
    @IdempotencyKey() key: string,
  ): Promise<unknown> {
    return this.door.command(FlattenBook, body.book, body, key);
  }
}
