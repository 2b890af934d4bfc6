import { SessionDate } from '@ballast/contracts';
import { CLOCK, zodPipe, type Clock } from '@ballast/platform';
import { Controller, Get, Inject, Param, Query } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { z } from 'zod';
import { dateAt, MARKETS, REFERENCE_KINDS, type Market, type ReferenceKind } from '../domain/reference/fact.js';
import { heldByOwner, Identities, listingsOf, type OwnedSegment } from '../domain/reference/identity.js';
import { attributionsOf, RightsRegistry } from '../domain/rights.js';
import { loadFacts, loadListingsAround, subjectsAfter } from '../persistence/reference-queries.js';

const ReferenceQuery = z
  .strictObject({
    /** The date that is asked about; the day on which it is asked as known, where it is left out. */
    asOf: SessionDate.optional(),
    /** The last date that is asked about, such as the end of a week of earnings. */
    until: SessionDate.optional(),
    /** Nothing that became known later is looked at; today where it is left out. */
    knownOn: SessionDate.optional(),
    market: z.enum(MARKETS).default('US'),
    subject: z.string().min(1).max(64).optional(),
    scope: z.string().min(1).max(48).optional(),
    /** The subject of the last page's `next`. */
    after: z.string().max(64).default(''),
    limit: z.coerce.number().int().min(1).max(1_000).default(500),
  })
  .refine(({ asOf, until }) => until === undefined || (asOf !== undefined && until >= asOf), {
    path: ['until'],
    message: 'a date on or after "asOf"',
  });

interface Asked {
  readonly kind: ReferenceKind;
  readonly market: Market;
  readonly scope: string | undefined;
  readonly from: string;
  readonly until: string;
  readonly knownOn: string;
}

/**
 * Answers what held on a date as it was known on a day. A fact is about a company: it is found under whatever ticker the
 * company has, and never under the same ticker of another one.
 */
@Controller('/api/v1/feeds/reference')
export class GetReference {
  constructor(
    @Inject(DataSource) private readonly dataSource: DataSource,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(RightsRegistry) private readonly rights: RightsRegistry,
  ) {}

  @Get('/:kind')
  async get(
    @Param('kind', zodPipe(z.enum(REFERENCE_KINDS))) kind: ReferenceKind,
    @Query(zodPipe(ReferenceQuery)) query: z.infer<typeof ReferenceQuery>,
  ): Promise<unknown> {
    const { manager } = this.dataSource;
    const { market, scope, subject, after, limit } = query;
    const knownOn = query.knownOn ?? dateAt(market, this.clock.now());
    const from = query.asOf ?? knownOn;
    const until = query.until ?? from;
    const asked: Asked = { kind, market, scope, from, until, knownOn };
    const subjects =
      subject === undefined
        ? await subjectsAfter(manager, { kind, market, scope: scope ?? null, knownOn }, after, limit + 1)
        : [subject];
    const page = subjects.slice(0, limit);
    const held = await this.#held(manager, asked, page, subject);
    return {
      ...{ kind, market, asOf: from, until, knownOn },
      items: held.map(itemOf),
      next: subjects.length > limit ? page.at(-1)! : null,
      attributions: attributionsOf(
        this.rights,
        held.map(({ fact }) => fact.source),
      ),
    };
  }

  async #held(
    manager: EntityManager,
    { kind, market, scope, from, until, knownOn }: Asked,
    subjects: readonly string[],
    subject: string | undefined,
  ): Promise<OwnedSegment[]> {
    const byTicker = kind !== 'listing' && kind !== 'instrument';
    const listings = byTicker ? listingsOf(await loadListingsAround(manager, market, subjects, knownOn), knownOn) : [];
    const tickers = [...new Set([...subjects, ...listings.map(({ symbol }) => symbol)])];
    // A report lasts for its day, so that earlier ones need not be read.
    const since = kind === 'earnings' ? { since: from } : {};
    const facts = await loadFacts(manager, { kind, market, subjects: tickers, scope, knownOn, until, ...since });
    const identities = new Identities(listings);
    const held = heldByOwner(facts, identities, { from, until, knownOn });
    // Each company's facts stand on the page of the ticker under which they were said, once.
    if (subject === undefined || !byTicker) return held.filter(({ fact }) => subjects.includes(fact.subject));
    const owner = identities.ownerOn(subject, from);
    if ('instrumentId' in owner) return held.filter(({ instrumentId }) => instrumentId === owner.instrumentId);
    return 'symbol' in owner ? held.filter(({ fact }) => fact.subject === subject) : [];
  }
}

const itemOf = ({ fact, instrumentId, from, to }: OwnedSegment): object => ({
  subject: fact.subject,
  instrumentId: fact.kind === 'listing' ? (fact.value?.['instrumentId'] ?? null) : instrumentId,
  scope: fact.scope === '' ? null : fact.scope,
  ...{ value: fact.value, validFrom: from, validTo: to, knownFrom: fact.knownFrom, source: fact.source },
});
