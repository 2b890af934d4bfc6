import { Slug } from '@ballast/contracts';
import { zodPipe } from '@ballast/platform';
import { Controller, Get, Inject, Query } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { z } from 'zod';
import { listOpinions } from '../persistence/queries.js';

const OpinionQuery = z.strictObject({
  source: Slug.optional(),
  stance: z.enum(['hawkish', 'dovish', 'neutral']).optional(),
  /** `<source>/<text>` of the last opinion of the page before. */
  after: z
    .string()
    .regex(/^[a-z0-9][a-z0-9_-]{0,47}\/[0-9a-f]{64}$/, 'the "next" of the page before')
    .transform((text) => {
      const [sourceId, textId] = text.split('/') as [string, string];
      return { sourceId, textId };
    })
    .optional(),
  limit: z.coerce.number().int().min(1).max(500).default(50),
});

/** Answers what was read, and how it leans. */
@Controller('/api/v1/opinions')
export class GetOpinions {
  constructor(@Inject(DataSource) private readonly dataSource: DataSource) {}

  @Get()
  list(@Query(zodPipe(OpinionQuery)) query: z.infer<typeof OpinionQuery>): Promise<unknown> {
    return listOpinions(this.dataSource, query);
  }
}
