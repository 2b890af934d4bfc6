import { Instant, Slug } from '@ballast/contracts';
import { Door, IdempotencyKey, zodPipe } from '@ballast/platform';
import { Body, Controller, HttpCode, Inject, Post } from '@nestjs/common';
import { z } from 'zod';
import { SubmitText } from '../messages.js';

/** What fits an event together with its envelope, in bytes of JSON. */
const TEXT_BYTES_MAX = 200_000;

const TextBody = z
  .object({
    sourceId: Slug,
    title: z.string().min(1).max(500),
    body: z.string().min(1).max(TEXT_BYTES_MAX),
    publishedAt: Instant,
  })
  .refine((text) => Buffer.byteLength(JSON.stringify(text)) <= TEXT_BYTES_MAX, {
    path: ['body'],
    message: `a text of at most ${TEXT_BYTES_MAX} bytes as JSON`,
  });

/** Takes a text of a policy maker. */
@Controller('/api/v1/feeds/texts')
export class PostText {
  constructor(@Inject(Door) private readonly door: Door) {}

  @Post()
  @HttpCode(201)
  async submit(
    @Body(zodPipe(TextBody)) body: z.infer<typeof TextBody>,
    @IdempotencyKey() key: string,
  ): Promise<unknown> {
    return this.door.command(SubmitText, body.sourceId, body, key);
  }
}
