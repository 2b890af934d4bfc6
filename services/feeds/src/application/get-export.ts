import { Readable } from 'node:stream';
import { Instant, SessionDate, Slug, uuid5 } from '@ballast/contracts';
import {
  CLOCK,
  CONFIG,
  Door,
  LOGGER,
  Metrics,
  Problem,
  Retryable,
  zodPipe,
  type Clock,
  type Log,
} from '@ballast/platform';
import { Controller, Get, Inject, Query, Req, StreamableFile } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { z } from 'zod';
import type { FeedsConfig } from '../config.js';
import { dateInIndia } from '../domain/facts/fields.js';
import { FACT_KINDS } from '../domain/facts/market-fact.js';
import { MARKETS, REFERENCE_KINDS } from '../domain/reference/fact.js';
import { exportVerdict, RightsRegistry, SYNTHETIC, type RightsRule } from '../domain/rights.js';
import { ExportDecided } from '../messages-reference.js';
import { SourceEntity } from '../persistence/entities/source.entity.js';
import { sourcesOfWords, type WordsQuery } from '../persistence/export-queries.js';
import { sourcesOfFacts, type FactsWanted } from '../persistence/fact-queries.js';
import { currentSource } from '../persistence/queries.js';
import {
  asCsv,
  asJson,
  BAR_COLUMNS,
  barRows,
  FACT_COLUMNS,
  factRows,
  MARKET_FACT_COLUMNS,
  marketFactRows,
  type ExportRow,
} from './export-rows.js';
import { momentAskedFor } from './get-facts.js';
import { sourcesBehind } from './provenance.js';

/** Symbols of one request; a query must fit a line. All of a source are had by naming none. */
const SYMBOLS_MAX = 1_000;

const Common = {
  source: Slug.optional(),
  symbols: z
    .string()
    .transform((text) => text.split(',').map((each) => each.trim()))
    .pipe(z.array(z.string().min(1).max(64)).max(SYMBOLS_MAX))
    .optional(),
  from: SessionDate.optional(),
  to: SessionDate.optional(),
  format: z.enum(['csv', 'json']).default('csv'),
};
const BarsQuery = z.strictObject({ what: z.literal('bars'), ...Common });
const ReferenceQuery = z.strictObject({
  what: z.literal('reference'),
  ...Common,
  kind: z.enum(REFERENCE_KINDS),
  market: z.enum(MARKETS).default('US'),
  knownOn: SessionDate.optional(),
});
const FactsQuery = z.strictObject({
  what: z.literal('facts'),
  ...Common,
  kind: z.enum(FACT_KINDS),
  /** The moment that is looked back from; now, where it is left out. */
  knownAt: Instant.optional(),
});
const ExportQuery = z.discriminatedUnion('what', [BarsQuery, ReferenceQuery, FactsQuery]);
type Asked = z.infer<typeof ExportQuery>;

/** What is asked for, as a person calls it. */
const NAMES: Readonly<Record<Asked['what'], string>> = { bars: 'bars', reference: 'reference facts', facts: 'facts' };

/** What an export would hold: whose it is, and how it is read. */
interface Prepared {
  readonly sources: readonly string[];
  readonly columns: readonly string[];
  readonly rows: () => AsyncIterable<readonly ExportRow[]>;
}

/** Gives out bars, reference facts and what sources said of the market as a file, where the rights of every source in it permit. */
@Controller('/api/v1/feeds/export')
export class GetExport {
  readonly #violations;

  constructor(
    @Inject(DataSource) private readonly dataSource: DataSource,
    @Inject(CONFIG) private readonly config: FeedsConfig,
    @Inject(RightsRegistry) private readonly rights: RightsRegistry,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(Door) private readonly door: Door,
    @Inject(LOGGER) private readonly logger: Log,
    @Inject(Metrics) metrics: Metrics,
  ) {
    this.#violations = metrics.counter(
      'ballast_feeds_rights_violations_total',
      'Exports that were refused, by each source whose rights forbid them',
      ['source'],
    );
  }

  @Get()
  async get(
    @Query(zodPipe(ExportQuery)) query: z.infer<typeof ExportQuery>,
    @Req() request: { readonly id: string },
  ): Promise<StreamableFile> {
    const at = this.clock.now();
    const exportId = uuid5('export', request.id, at);
    const { sources, columns, rows } = await this.#prepared(query, at);
    const verdict = exportVerdict(this.rights, sources, { exportId, at });
    const blocked = verdict.permitted ? [] : verdict.blocked;
    await this.#record({ exportId, what: query.what, query, sources: [...sources] }, blocked);
    if (!verdict.permitted) throw notPermitted(NAMES[query.what], verdict.blocked);
    const { watermark, attributions } = verdict;
    const head = { what: query.what, watermark, attributions };
    const csv = query.format === 'csv';
    const pieces = csv ? asCsv(head, columns, rows()) : asJson(head, rows());
    return new StreamableFile(Readable.from(pieces), {
      type: csv ? 'text/csv; charset=utf-8' : 'application/json; charset=utf-8',
      disposition: `attachment; filename="ballast-${query.what}.${query.format}"`,
    });
  }

  #prepared(query: Asked, at: Instant): Promise<Prepared> {
    switch (query.what) {
      case 'bars':
        return this.#bars(query);
      case 'reference':
        return this.#reference(query);
      case 'facts':
        return this.#facts(query, at);
    }
  }

  async #bars({ source: asked, ...query }: z.infer<typeof BarsQuery>): Promise<Prepared> {
    const { manager } = this.dataSource;
    const { symbols = null, from = null, to = null } = query;
    const history = asked === undefined ? await currentSource(manager, this.config.FEEDS_SOURCE) : null;
    const known = history ?? (asked === undefined ? null : await manager.findOneBy(SourceEntity, { source: asked }));
    if (!known)
      throw nothingThere(asked === undefined ? 'No history was imported yet.' : `No history is named ${asked}.`);
    const sources = await sourcesBehind(manager, this.rights, known.source);
    const rows = (): AsyncIterable<ExportRow[]> =>
      this.#unchanged(known, barRows(manager, known, { symbols, from, to }));
    return { sources, columns: BAR_COLUMNS, rows };
  }

  /** Breaks off where the history changes while it is read: half of it would be as it was before. */
  async *#unchanged(known: SourceEntity, rows: AsyncIterable<ExportRow[]>): AsyncGenerator<ExportRow[]> {
    for await (const piece of rows) {
      const now = await this.dataSource.manager.findOneBy(SourceEntity, { source: known.source });
      if (now?.importId !== known.importId) {
        throw new Retryable('HISTORY_CHANGED', `${known.source} was imported into while it was exported; export again`);
      }
      yield piece;
    }
  }

  async #reference(query: z.infer<typeof ReferenceQuery>): Promise<Prepared> {
    const { manager } = this.dataSource;
    const { kind, market, source = null, symbols = null, from = null, to = null, knownOn = null } = query;
    const words: WordsQuery = { kind, market, source, subjects: symbols, from, to, knownOn };
    const sources = await sourcesOfWords(manager, words);
    if (sources.length === 0) throw nothingThere(`No ${kind} facts of ${market} are known as asked for.`);
    return { sources, columns: FACT_COLUMNS, rows: () => factRows(manager, words) };
  }

  async #facts(query: z.infer<typeof FactsQuery>, at: Instant): Promise<Prepared> {
    const { manager } = this.dataSource;
    const { kind, source = null, symbols = null, from = null, to = null } = query;
    const knownAt = momentAskedFor(query.knownAt, at);
    const wanted: FactsWanted = { kind, source, symbols, from, to, knownAt, knownOn: dateInIndia(knownAt) };
    const told = await sourcesOfFacts(manager, wanted);
    if (told.length === 0) throw nothingThere(`No ${kind} facts are known as asked for.`);
    // What somebody made up is nobody's, unless it goes by the name of somebody.
    const sources = told.map((each) => (each.synthetic && !this.rights.knows(each.source) ? SYNTHETIC : each.source));
    return { sources, columns: MARKET_FACT_COLUMNS, rows: () => marketFactRows(manager, wanted) };
  }

  async #record(decided: Omit<ExportDecided, 'blocked'>, rules: readonly RightsRule[]): Promise<void> {
    const blocked = rules.map(({ source }) => source);
    for (const source of blocked) this.#violations.inc({ source: this.rights.knows(source) ? source : 'unknown' });
    if (blocked.length > 0) this.logger.warn({ ...decided, blocked }, 'an export was refused: EXPORT_NOT_PERMITTED');
    const { exportId } = decided;
    await this.door.command(ExportDecided, exportId, { ...decided, blocked }, exportId);
  }
}

const nothingThere = (detail: string): Problem =>
  new Problem({
    ...{ status: 404, code: 'NOTHING_TO_EXPORT', title: 'There is nothing to export', detail },
    nextStep: 'See what is there with "ballast data verify", "ballast data reference list" or "ballast data facts".',
  });

function notPermitted(what: string, blocked: readonly RightsRule[]): Problem {
  const named = blocked.map(({ source, basis }) => `${source} (${basis})`).join('; ');
  return new Problem({
    status: 403,
    code: 'EXPORT_NOT_PERMITTED',
    title: 'A source does not permit the export',
    detail: `The ${what} asked for hold data of sources that may not be exported: ${named}`,
    nextStep:
      'Export without these sources, or have them in FEEDS_RIGHTS_FILE where a contract of yours permits it; "ballast data rights" lists what holds.',
    extra: { blocked: blocked.map(({ source, basis, terms }) => ({ source, basis, terms })) },
  });
}
