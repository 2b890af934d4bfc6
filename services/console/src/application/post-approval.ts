import { AcceptsBody, Door, IdempotencyKey, zodPipe } from '@ballast/platform';
import { Body, Controller, HttpCode, Inject, Param, Post } from '@nestjs/common';
import { z } from 'zod';
import { ApprovalDecision, DecideApproval } from '../messages.js';

/** Takes a person's answer to what risk asked. */
@Controller('/api/v1/approvals')
export class PostApproval {
  constructor(@Inject(Door) private readonly door: Door) {}

  @Post('/:cycleId')
  @HttpCode(200)
  @AcceptsBody(ApprovalDecision, 'the answer, the list that it is about, who gives it and why')
  decide(
    @Param('cycleId', zodPipe(z.uuid())) cycleId: string,
    @Body(zodPipe(ApprovalDecision)) body: z.infer<typeof ApprovalDecision>,
    @IdempotencyKey() key: string,
  ): Promise<unknown> {
    return this.door.command(DecideApproval, cycleId, { cycleId, ...body }, key);
  }
}
