import { AcceptsBody, Door, IdempotencyKey, zodPipe } from '@ballast/platform';
import { Body, Controller, HttpCode, Inject, Post } from '@nestjs/common';
import type { z } from 'zod';
import { CancelOrders, CancelRequest, OrderRequest, PlaceOrder } from '../messages.js';

/** Takes orders of people, and cancels of whole books. What becomes of them is told where orders are worked. */
@Controller('/api/v1/orders')
export class PostOrders {
  constructor(@Inject(Door) private readonly door: Door) {}

  @Post()
  @HttpCode(202)
  @AcceptsBody(OrderRequest, 'one order, who wants it and why')
  place(
    @Body(zodPipe(OrderRequest)) body: z.infer<typeof OrderRequest>,
    @IdempotencyKey() key: string,
  ): Promise<unknown> {
    return this.door.command(PlaceOrder, body.book, body, key);
  }

  @Post('/cancel')
  @HttpCode(202)
  @AcceptsBody(CancelRequest, 'all orders of a book, who wants them cancelled and why')
  cancel(
    @Body(zodPipe(CancelRequest)) body: z.infer<typeof CancelRequest>,
    @IdempotencyKey() key: string,
  ): Promise<unknown> {
    return this.door.command(CancelOrders, body.book, body, key);
  }
}
