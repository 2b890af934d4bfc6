import { AcceptsBody, Door, IdempotencyKey, zodPipe } from '@ballast/platform';
import { Body, Controller, HttpCode, Inject, Param, Post } from '@nestjs/common';
import { z } from 'zod';
import { AcknowledgeAlert, Acknowledgement } from '../messages.js';

/** Takes the word of a person that an alert was seen. */
@Controller('/api/v1/alerts')
export class PostAcknowledgement {
  constructor(@Inject(Door) private readonly door: Door) {}

  @Post('/:alertId/acknowledge')
  @HttpCode(200)
  @AcceptsBody(Acknowledgement, 'who has seen it, and why that is enough')
  acknowledge(
    @Param('alertId', zodPipe(z.uuid())) alertId: string,
    @Body(zodPipe(Acknowledgement)) body: z.infer<typeof Acknowledgement>,
    @IdempotencyKey() key: string,
  ): Promise<unknown> {
    return this.door.command(AcknowledgeAlert, alertId, { alertId, ...body }, key);
  }
}
