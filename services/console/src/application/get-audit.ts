import { zodPipe } from '@ballast/platform';
import { Controller, Get, Inject, Query } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { z } from 'zod';
import { listAudit, verifyAudit, type Verification } from '../persistence/audit-queries.js';
import { limit } from './query.js';

const AuditQuery = z.strictObject({
  cycleId: z.uuid().optional(),
  service: z.string().max(48).optional(),
  after: z.coerce.number().int().min(0).default(0),
  limit: limit(1_000, 100),
});

/** Answers who did what, in the order in which it was heard, and whether that record was touched. */
@Controller('/api/v1/audit')
export class GetAudit {
  constructor(@Inject(DataSource) private readonly dataSource: DataSource) {}

  @Get()
  async list(@Query(zodPipe(AuditQuery)) query: z.infer<typeof AuditQuery>): Promise<unknown> {
    const { items, next } = await listAudit(this.dataSource, query);
    return {
      items: items.map(({ sequence, entry, previousHash, hash }) => ({ sequence, ...entry, previousHash, hash })),
      next,
    };
  }

  @Get('/verify')
  verify(): Promise<Verification> {
    return verifyAudit(this.dataSource);
  }
}
