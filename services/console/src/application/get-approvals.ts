import { Slug } from '@ballast/contracts';
import { CLOCK, zodPipe, type Clock } from '@ballast/platform';
import { Controller, Get, Inject, Query } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { z } from 'zod';
import { shownState } from '../domain/approval.js';
import { listApprovals } from '../persistence/approval-queries.js';
import { limit } from './query.js';

const ApprovalQuery = z.strictObject({
  book: Slug.optional(),
  state: z.enum(['pending', 'expired', 'granted', 'declined', 'lapsed']).optional(),
  after: z.uuid().optional(),
  limit: limit(200, 20),
});

/** Answers what people are asked, and what they said. */
@Controller('/api/v1/approvals')
export class GetApprovals {
  constructor(
    @Inject(DataSource) private readonly dataSource: DataSource,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Get()
  async list(@Query(zodPipe(ApprovalQuery)) query: z.infer<typeof ApprovalQuery>): Promise<unknown> {
    const now = this.clock.now();
    const { items, next } = await listApprovals(this.dataSource, query, now);
    return { items: items.map((approval) => ({ ...approval, state: shownState(approval, now) })), next };
  }
}
