import { CONFIG, Retryable } from '@ballast/platform';
import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { REFERENCE_VENDORS, type ReferenceVendor, type ReferenceVendors } from '../adapters/vendor-ports.js';
import type { FeedsConfig } from '../config.js';
import { ImportRefused } from '../domain/import-refused.js';
import type { IncomingFact } from '../domain/reference/add-facts.js';
import {
  reportsTold,
  sectorsTold,
  type ToldReport,
  type ToldSector,
  type VendorTerms,
} from '../domain/reference/vendor-facts.js';
import type { ReferenceRequest, VendorInput } from '../messages-reference.js';
import { currentSource } from '../persistence/queries.js';
import { loadFacts } from '../persistence/reference-queries.js';
import { symbolsOfHistory } from '../persistence/bar-queries.js';

/** A question each for their sectors: at 300 a minute ten minutes. */
const SYMBOLS_MAX = 3_000;
/** Five questions a second are the slowest plan's, and it may ask to be left alone in between. */
const DEADLINE_MS = 30 * 60_000;
/** Symbols without an answer that are named. */
const NAMED_MAX = 20;

/** What a vendor told. */
export interface FetchedReference {
  readonly facts: readonly IncomingFact[];
  /** Reports or companies that it told of. */
  readonly rows: number;
  /** Symbols of which it knows no sector. */
  readonly untold?: { readonly count: number; readonly first: readonly string[] };
}

type VendorRequest = ReferenceRequest & { readonly vendor: VendorInput };

/** Fetches reference facts of a vendor and lays them beside what is known, for symbols that are named or those of the history. */
@Injectable()
export class VendorReference {
  constructor(
    @Inject(CONFIG) private readonly config: FeedsConfig,
    @Inject(DataSource) private readonly dataSource: DataSource,
    @Inject(REFERENCE_VENDORS) private readonly vendors: ReferenceVendors,
  ) {}

  /**
   * @throws ImportRefused UNKNOWN_VENDOR, SYMBOLS_MISSING, TOO_MANY_SYMBOLS, EMPTY_ANSWER where the vendor tells nothing at
   *   all; Retryable, ImportRefused as the vendor does.
   */
  async read(request: VendorRequest): Promise<FetchedReference> {
    const { vendor: input } = request;
    const vendor = this.vendors.get(input.name);
    if (vendor === undefined) throw unknownVendor(input.name, [...this.vendors.keys()]);
    const symbols = input.symbols ?? (await this.#symbolsOfHistory());
    const signal = AbortSignal.timeout(DEADLINE_MS);
    try {
      return request.kind === 'earnings'
        ? await this.#reports(vendor, request, symbols, signal)
        : await this.#sectors(vendor, request, symbols, signal);
    } catch (error) {
      if (!signal.aborted) throw error;
      throw new Retryable('VENDOR_AWAY', `${vendor.name} took more than ${DEADLINE_MS / 60_000} minutes`);
    }
  }

  async #reports(
    vendor: ReferenceVendor,
    request: VendorRequest,
    symbols: readonly string[],
    signal: AbortSignal,
  ): Promise<FetchedReference> {
    const { from, to } = request.vendor;
    const wanted = new Set(symbols);
    const days = new Set<string>();
    const told: ToldReport[] = [];
    for await (const reports of vendor.reports({ from, to }, signal)) {
      for (const report of reports) {
        days.add(report.date);
        if (wanted.has(report.symbol)) told.push(report);
      }
    }
    if (days.size === 0) throw emptyAnswer(vendor.name, `no report of anybody from ${from} to ${to}`);
    const { manager } = this.dataSource;
    const known = await loadFacts(manager, { kind: 'earnings', market: request.market, subjects: symbols });
    return { facts: reportsTold(told, days, known, termsOf(request)), rows: told.length };
  }

  async #sectors(
    vendor: ReferenceVendor,
    request: VendorRequest,
    symbols: readonly string[],
    signal: AbortSignal,
  ): Promise<FetchedReference> {
    const told: ToldSector[] = [];
    const untold: string[] = [];
    for (const symbol of symbols) {
      const sector = await vendor.sector(symbol, signal);
      if (sector === null) untold.push(symbol);
      else told.push(sector);
    }
    if (told.length === 0) throw emptyAnswer(vendor.name, `the sector of none of ${symbols.length} symbols`);
    return {
      ...{ facts: sectorsTold(told, termsOf(request)), rows: told.length },
      untold: { count: untold.length, first: untold.slice(0, NAMED_MAX) },
    };
  }

  async #symbolsOfHistory(): Promise<readonly string[]> {
    const { manager } = this.dataSource;
    const history = await currentSource(manager, this.config.FEEDS_SOURCE);
    const symbols = history === null ? [] : await symbolsOfHistory(manager, history.source, SYMBOLS_MAX + 1);
    if (symbols.length > 0 && symbols.length <= SYMBOLS_MAX) return symbols;
    throw new ImportRefused(
      symbols.length === 0 ? 'SYMBOLS_MISSING' : 'TOO_MANY_SYMBOLS',
      symbols.length === 0
        ? 'no symbols are named, and there is no history to take them from'
        : `no symbols are named, and the history ${history?.source} has more than ${SYMBOLS_MAX}`,
      `Name 1 to ${SYMBOLS_MAX} symbols.`,
    );
  }
}

/** The day is that of the order: what is fetched in the night of a long collection was known on no earlier one. */
const termsOf = ({ source, market, knownOn }: VendorRequest): VendorTerms => ({ source, market, knownFrom: knownOn });

const emptyAnswer = (vendor: string, what: string): ImportRefused =>
  new ImportRefused(
    'EMPTY_ANSWER',
    `${vendor} tells ${what}`,
    'Check the symbols and the days; where they are right the vendor has lost them for now: collect again later. Nothing was changed.',
  );

const unknownVendor = (name: string, known: readonly string[]): ImportRefused =>
  new ImportRefused('UNKNOWN_VENDOR', `there is no vendor named "${name}"`, `Name one of: ${known.join(', ')}.`);
