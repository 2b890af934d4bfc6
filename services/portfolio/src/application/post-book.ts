import { AcceptsBody, Door, IdempotencyKey, zodPipe } from '@ballast/platform';
import { Body, Controller, HttpCode, Inject, Post } from '@nestjs/common';
import type { z } from 'zod';
import { BookOpening, OpenBook } from '../messages.js';

/** Takes the wish to open a book. */
@Controller('/api/v1/books')
export class PostBook {
  constructor(@Inject(Door) private readonly door: Door) {}

  @Post()
  @HttpCode(200)
  @AcceptsBody(BookOpening)
  post(@Body(zodPipe(BookOpening)) body: z.infer<typeof BookOpening>, @IdempotencyKey() key: string): Promise<unknown> {
    return this.door.command(OpenBook, body.book, body, key);
  }
}
