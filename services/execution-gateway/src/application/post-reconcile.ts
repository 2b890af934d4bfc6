import { Slug } from '@ballast/contracts';
import { AcceptsBody, Door, IdempotencyKey, zodPipe } from '@ballast/platform';
import { Body, Controller, HttpCode, Inject, Post } from '@nestjs/common';
import { z } from 'zod';
import { ReconcileNow } from '../messages.js';

const ReconcileBody = z.strictObject({ account: Slug });

/** Asks for a comparison with the venue's books. */
@Controller('/api/v1/execution')
export class PostReconcile {
  constructor(@Inject(Door) private readonly door: Door) {}

  @Post('/reconcile')
  @HttpCode(202)
  @AcceptsBody(ReconcileBody)
  ask(
    @Body(zodPipe(ReconcileBody)) body: z.infer<typeof ReconcileBody>,
    @IdempotencyKey() key: string,
  ): Promise<unknown> {
    return this.door.command(ReconcileNow, body.account, body, key);
  }
}
