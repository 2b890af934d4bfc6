import { zodPipe } from '@ballast/platform';
import { Controller, Get, Inject, Query } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { z } from 'zod';
import { listAlerts, listParked } from '../persistence/alert-queries.js';
import { limit } from './query.js';

const AlertQuery = z.strictObject({
  state: z.enum(['open', 'acknowledged']).optional(),
  severity: z.enum(['critical', 'warning', 'info']).optional(),
  after: z.uuid().optional(),
  limit: limit(500, 50),
});

const ParkedQuery = z.strictObject({ limit: limit(500, 50) });

/** Answers what people should know, and which messages wait for them. */
@Controller('/api/v1/alerts')
export class GetAlerts {
  constructor(@Inject(DataSource) private readonly dataSource: DataSource) {}

  @Get()
  async list(@Query(zodPipe(AlertQuery)) query: z.infer<typeof AlertQuery>): Promise<unknown> {
    const { items, next } = await listAlerts(this.dataSource, query);
    return {
      items: items.map((alert) => ({ ...alert, state: alert.acknowledgedAt === null ? 'open' : 'acknowledged' })),
      next,
    };
  }

  @Get('/parked')
  async parked(@Query(zodPipe(ParkedQuery)) query: z.infer<typeof ParkedQuery>): Promise<unknown> {
    return { items: await listParked(this.dataSource, query.limit), next: null };
  }
}
