import { SessionDate } from '@ballast/contracts';
import { symbolMap } from '@ballast/kernel/corporate-actions';
import { CLOCK, Problem, zodPipe, type Clock } from '@ballast/platform';
import { Controller, Get, Inject, Param, Query } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { z } from 'zod';
import { dateAt, MARKETS, type Market } from '../domain/reference/fact.js';
import { listingsOf } from '../domain/reference/identity.js';
import { asOf } from '../domain/reference/timeline.js';
import { attributionsOf, RightsRegistry } from '../domain/rights.js';
import { loadFacts, loadListingsAround } from '../persistence/reference-queries.js';

const InstrumentQuery = z.strictObject({
  /** The date on which the ticker is looked at; today where it is left out. */
  on: SessionDate.optional(),
  /** Nothing that became known later is looked at; today where it is left out. */
  knownOn: SessionDate.optional(),
  market: z.enum(MARKETS).default('US'),
});

/** Answers which instrument a ticker was on a date, and which tickers it had. */
@Controller('/api/v1/feeds/instruments')
export class GetInstrument {
  constructor(
    @Inject(DataSource) private readonly dataSource: DataSource,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(RightsRegistry) private readonly rights: RightsRegistry,
  ) {}

  @Get('/:symbol')
  async get(
    @Param('symbol', zodPipe(z.string().min(1).max(64))) symbol: string,
    @Query(zodPipe(InstrumentQuery)) { market, ...query }: z.infer<typeof InstrumentQuery>,
  ): Promise<unknown> {
    const { manager } = this.dataSource;
    const today = dateAt(market, this.clock.now());
    const { on = today, knownOn = today } = query;
    const facts = await loadListingsAround(manager, market, [symbol], knownOn);
    const listings = listingsOf(facts, knownOn);
    const map = symbolMap(listings);
    const instrumentId = map.instrumentAt(symbol, on);
    if (instrumentId === null) {
      throw notListed({ symbol, market, on, knownOn }, listings.filter((each) => each.symbol === symbol).length);
    }
    const master = await loadFacts(manager, { kind: 'instrument', market, subjects: [instrumentId], knownOn });
    const [instrument] = asOf(master, on, knownOn);
    const sources = [...facts.map(({ source }) => source), ...(instrument ? [instrument.source] : [])];
    return {
      ...{ symbol, market, on, knownOn, instrumentId },
      instrument: instrument?.value ?? null,
      listings: map.listingsOf(instrumentId).map(({ symbol: ticker, from, to }) => ({ symbol: ticker, from, to })),
      attributions: attributionsOf(this.rights, sources),
    };
  }
}

interface Question {
  readonly symbol: string;
  readonly market: Market;
  readonly on: string;
  readonly knownOn: string;
}

const notListed = ({ symbol, market, on, knownOn }: Question, listings: number): Problem =>
  new Problem({
    status: 404,
    code: 'SYMBOL_NOT_LISTED',
    title: 'The ticker was nobody’s on that date',
    detail: `As known on ${knownOn}, ${symbol} (${market}) stood for nothing on ${on}; ${listings === 0 ? 'no listing of it is known' : `it has ${listings} listings at other times`}.`,
    nextStep:
      listings === 0
        ? 'Import listings with "ballast data reference import --kind listing".'
        : `Ask for another date; GET /api/v1/feeds/reference/listing?subject=${encodeURIComponent(symbol)}&asOf=<date> tells one.`,
  });
