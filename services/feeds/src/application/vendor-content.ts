import { hashOf } from '@ballast/contracts';
import { KernelError } from '@ballast/kernel/money';
import { CLOCK, CONFIG, Retryable, type Clock } from '@ballast/platform';
import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import {
  HISTORY_VENDORS,
  type HistoryRequest,
  type HistoryVendor,
  type HistoryVendors,
  type VendorAction,
} from '../adapters/vendor-ports.js';
import type { FeedsConfig } from '../config.js';
import { actionOf, gatherActions, isOfUnknownWorth, type SymbolAction } from '../domain/actions.js';
import { BarCollector, UnusableFile } from '../domain/collect-bars.js';
import { addReports, NO_ROWS, type Content } from '../domain/content.js';
import { ImportRefused } from '../domain/import-refused.js';
import type { ImportInput } from '../messages.js';
import { keepFetched, loadFetched, type Fetched } from '../persistence/fetched-queries.js';
import { ImportProgress } from './import-progress.js';

type VendorInput = Extract<ImportInput, { kind: 'vendor' }>;

/** Symbols that are fetched together: what was fetched is kept after each group, so that nothing is asked for twice. */
const GROUP = 25;
/** The slowest plan gives five answers a minute, and a group of its symbols has three questions each. */
const GROUP_MS = 30 * 60_000;

/** Fetches what a backfill brings; a group that was fetched is not fetched again, whoever asks for it within a day. */
@Injectable()
export class VendorContent {
  constructor(
    @Inject(CONFIG) private readonly config: FeedsConfig,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(DataSource) private readonly dataSource: DataSource,
    @Inject(HISTORY_VENDORS) private readonly vendors: HistoryVendors,
    @Inject(ImportProgress) private readonly progress: ImportProgress,
  ) {}

  /** @throws ImportRefused, Retryable as the vendor does; ImportRefused NO_USABLE_ROW where it has nothing to give. */
  async read(importId: string, input: VendorInput): Promise<Content> {
    const vendor = this.vendors.get(input.vendor);
    if (vendor === undefined) throw unknownVendor(input.vendor, [...this.vendors.keys()]);
    const groups = groupsOf(input);
    const content = { bars: [] as Fetched['bars'][number][], actions: [] as SymbolAction[], report: NO_ROWS };
    for (const [i, group] of groups.entries()) {
      this.progress.set(importId, { unit: 'groups', done: i, total: groups.length, rows: content.report.rows });
      const fetched = await this.#group(vendor, group);
      content.bars.push(...fetched.bars);
      content.actions.push(...fetched.actions);
      content.report = addReports(content.report, fetched.report);
    }
    this.#requireUsable(input, content);
    return { ...content, sectors: [] };
  }

  async #group(vendor: HistoryVendor, group: HistoryRequest): Promise<Fetched> {
    const { manager } = this.dataSource;
    const key = hashOf({ vendor: vendor.name, ...group });
    const known = await loadFetched(manager, key, this.clock.now());
    if (known) return known;
    const fetched = await this.#fetch(vendor, group);
    await keepFetched(manager, key, fetched, this.clock.now());
    return fetched;
  }

  async #fetch(vendor: HistoryVendor, group: HistoryRequest): Promise<Fetched> {
    const signal = AbortSignal.timeout(GROUP_MS);
    const collector = new BarCollector(this.config.FEEDS_IMPORT_ROWS_MAX);
    const actions: SymbolAction[] = [];
    try {
      for await (const page of vendor.dailyBars(group, signal)) {
        for (const bar of page) collector.add(collector.rows + 1, bar);
      }
      for await (const page of vendor.corporateActions(group, signal)) {
        actions.push(...page.map((told) => checkedAction(vendor.name, told)));
      }
    } catch (error) {
      if (!signal.aborted) throw error;
      throw new Retryable('VENDOR_AWAY', `${vendor.name} took more than ${GROUP_MS / 60_000} minutes for one group`);
    }
    return { ...collected(collector), actions: gatherActions(actions) };
  }

  /** A vendor whose rows are mostly refused says something else than we think; one without rows was asked for nothing. */
  #requireUsable({ vendor, symbols, from, to }: VendorInput, { report }: Pick<Content, 'report'>): void {
    const asked = `${symbols.length} symbols from ${from} to ${to}`;
    if (report.accepted === 0) {
      throw new UnusableFile('NO_USABLE_ROW', `${vendor} gave no usable bar of ${asked}`, report);
    }
    const refusedMax = Number(this.config.FEEDS_REFUSED_FRACTION_MAX);
    if (report.refused / report.rows <= refusedMax) return;
    const shown = `${report.refused} of ${report.rows} rows of ${vendor} for ${asked} are refused`;
    throw new UnusableFile('TOO_MANY_REFUSED', `${shown}, at most ${(refusedMax * 100).toFixed(1)} % may be`, report);
  }
}

/** An action that is half told would be half applied, so that it refuses the whole. */
function checkedAction(vendor: string, told: VendorAction): SymbolAction {
  if (isOfUnknownWorth(told)) return { symbol: told.symbol, date: told.date, type: told.type, terms: [] };
  try {
    return actionOf(told);
  } catch (error) {
    if (!(error instanceof KernelError)) throw error;
    throw new ImportRefused(
      'VENDOR_SPEAKS_OTHERWISE',
      `${vendor} tells of an action that cannot be used: ${error.message}`,
      'Leave the symbol out, or bring its actions by file with "ballast data import --actions FILE".',
    );
  }
}

/** Symbols in order, so that the same order always comes to the same groups. */
function groupsOf({ symbols, from, to }: VendorInput): HistoryRequest[] {
  const sorted = [...new Set(symbols)].sort();
  const groups: HistoryRequest[] = [];
  for (let at = 0; at < sorted.length; at += GROUP) groups.push({ symbols: sorted.slice(at, at + GROUP), from, to });
  return groups;
}

/** A group without a usable bar is no reason to give up the others: the whole is judged at the end. */
function collected(collector: BarCollector): Pick<Fetched, 'bars' | 'report'> {
  try {
    return collector.finish(1);
  } catch (error) {
    if (!(error instanceof UnusableFile)) throw error;
    return { bars: [], report: error.report };
  }
}

const unknownVendor = (name: string, known: readonly string[]): ImportRefused =>
  new ImportRefused(
    'UNKNOWN_VENDOR',
    `there is no vendor named "${name}"`,
    `Name one of: ${known.join(', ') || 'none is set up'}.`,
  );
