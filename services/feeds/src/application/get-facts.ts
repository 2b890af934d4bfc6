import { Instant, SessionDate, Slug } from '@ballast/contracts';
import { CLOCK, zodPipe, type Clock } from '@ballast/platform';
import { Controller, Get, Inject, Query } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { z } from 'zod';
import { NAME } from '../domain/facts/catalog.js';
import { dateInIndia } from '../domain/facts/fields.js';
import { FACT_KINDS } from '../domain/facts/market-fact.js';
import { factsKnownAt, type FactRow } from '../persistence/fact-queries.js';

const FactQuery = z.strictObject({
  kind: z.enum(FACT_KINDS),
  source: Slug.optional(),
  symbol: z.string().regex(NAME.pattern, NAME.examples).optional(),
  from: SessionDate.optional(),
  to: SessionDate.optional(),
  /** The moment that is looked back from; now, where it is left out. */
  knownAt: Instant.optional(),
  /** `<date>/<id>` of the last fact of the page before. */
  after: z
    .string()
    .regex(/^\d{4}-\d{2}-\d{2}\/[0-9a-f-]{36}$/, 'the "next" of the page before')
    .transform((text) => ({ date: text.slice(0, 10), factId: text.slice(11) }))
    .refine(({ date, factId }) => SessionDate.safeParse(date).success && z.uuid().safeParse(factId).success)
    .optional(),
  limit: z.coerce.number().int().min(1).max(500).default(100),
});

/** Answers what was known at a moment: of each fact the revision that was the last then, and nothing that came or was published later. */
@Controller('/api/v1/feeds/facts')
export class GetFacts {
  constructor(
    @Inject(DataSource) private readonly dataSource: DataSource,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Get()
  async list(
    @Query(zodPipe(FactQuery)) query: z.infer<typeof FactQuery>,
  ): Promise<{ knownAt: string; items: FactRow[]; next: string | null }> {
    const { kind, source = null, symbol, from = null, to = null, after = null, limit } = query;
    const symbols = symbol === undefined ? null : [symbol];
    const knownAt = momentAskedFor(query.knownAt, this.clock.now());
    const wanted = { kind, source, symbols, from, to, knownAt, knownOn: dateInIndia(knownAt), after, limit: limit + 1 };
    const rows = await factsKnownAt(this.dataSource.manager, wanted);
    const items = rows.slice(0, limit);
    const last = items.at(-1);
    return { knownAt, items, next: last && rows.length > limit ? `${last.date}/${last.factId}` : null };
  }
}

/** The moment that is looked back from: now, where none is told or it has not come. */
export const momentAskedFor = (knownAt: Instant | undefined, now: Instant): Instant =>
  knownAt === undefined || knownAt > now ? now : knownAt;
