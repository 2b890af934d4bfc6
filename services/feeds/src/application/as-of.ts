import type { SessionDate } from '@ballast/contracts';
import type { EntityManager } from 'typeorm';
import { InstrumentSeries } from '../domain/instrument-series.js';
import { listingsOf } from '../domain/reference/identity.js';
import { asOf } from '../domain/reference/timeline.js';
import { loadSectors } from '../persistence/bar-queries.js';
import type { SourceEntity } from '../persistence/entities/source.entity.js';
import { loadFacts, loadListingsAround } from '../persistence/reference-queries.js';

/** The market whose reference facts cycles look at. */
const MARKET = 'US';

/** Whose bars some tickers are as of a date, by the listings that were known on it. A synthetic market has no companies. */
export async function seriesAsOf(
  tx: EntityManager,
  synthetic: boolean,
  tickers: readonly string[],
  date: SessionDate,
): Promise<InstrumentSeries> {
  const facts = synthetic ? [] : await loadListingsAround(tx, MARKET, tickers, date);
  return new InstrumentSeries(listingsOf(facts, date), date);
}

/**
 * The sectors of some symbols as of a date: by the reference facts that were known on it, and where they know nothing, by what
 * was given together with the bars.
 */
export async function sectorsAsOf(
  tx: EntityManager,
  { source, synthetic }: SourceEntity,
  symbols: readonly string[],
  date: SessionDate,
): Promise<Map<string, string>> {
  const sectorOf = await loadSectors(tx, source);
  if (synthetic) return sectorOf;
  const facts = await loadFacts(tx, { kind: 'sector', market: MARKET, subjects: symbols, knownOn: date, until: date });
  for (const { subject, value } of asOf(facts, date, date)) {
    const sector = value?.['sector'];
    if (sector) sectorOf.set(subject, sector);
  }
  return sectorOf;
}

/** Names what is known of listings and sectors: facts are only ever added, so that their number tells one state from another. */
export async function referenceState(tx: EntityManager): Promise<string> {
  const [{ count }] = await tx.query<[{ count: number }]>(
    `select count(*) as count from reference_fact where kind in ('listing', 'sector')`,
  );
  return `${count}`;
}
