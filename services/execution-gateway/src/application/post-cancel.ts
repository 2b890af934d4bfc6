import { ClientOrderId, Uuid } from '@ballast/contracts';
import { AcceptsBody, Door, IdempotencyKey, zodPipe } from '@ballast/platform';
import { Body, Controller, HttpCode, Inject, Param, Post } from '@nestjs/common';
import { z } from 'zod';
import { CancelBody, CancelNow } from '../messages.js';

/** Takes cancels of one order: a parent with all that is left of it, or a single child. */
@Controller('/api/v1/orders')
export class PostCancel {
  constructor(@Inject(Door) private readonly door: Door) {}

  @Post('/:id/cancel')
  @HttpCode(202)
  @AcceptsBody(CancelBody, 'who wants it cancelled and why')
  cancel(
    @Param('id', zodPipe(z.union([Uuid, ClientOrderId]))) orderId: string,
    @Body(zodPipe(CancelBody)) body: z.infer<typeof CancelBody>,
    @IdempotencyKey() key: string,
  ): Promise<unknown> {
    return this.door.command(CancelNow, orderId, { orderId, ...body }, key);
  }
}
