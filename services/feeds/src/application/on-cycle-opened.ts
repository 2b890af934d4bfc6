import { CycleOpened, hashOf, type DataOf } from '@ballast/contracts';
import { CONFIG, encodePack, On, PACKS, packRows, type InboxContext, type PackStore } from '@ballast/platform';
import { Controller, Inject } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import type { EntityManager } from 'typeorm';
import type { FeedsConfig } from '../config.js';
import { actionsBySymbol, explanationsBySymbol } from '../domain/actions.js';
import { adjustPanel } from '../domain/adjust-panel.js';
import { panelOf } from '../domain/bar-month.js';
import type { InstrumentSeries } from '../domain/instrument-series.js';
import { judgePanel } from '../domain/panel-quality.js';
import {
  measureStaleness,
  pricingPackIdOf,
  refusedFact,
  refuseLength,
  sealedFact,
  type HistoryRules,
  type SnapshotContent,
  type SnapshotRefusal,
} from '../domain/seal.js';
import { sessionsUpTo } from '../domain/sessions.js';
import { describePanel, fromFirstBar, QUALITY_MIN } from '../domain/snapshot.js';
import { chooseUniverse, LIQUIDITY_SESSIONS } from '../domain/universe.js';
import { loadActions } from '../persistence/action-queries.js';
import { lastBarDate, loadMonths } from '../persistence/bar-queries.js';
import { SnapshotEntity } from '../persistence/entities/snapshot.entity.js';
import type { SourceEntity } from '../persistence/entities/source.entity.js';
import { currentSource, snapshotOf } from '../persistence/queries.js';
import { referenceState, sectorsAsOf, seriesAsOf } from './as-of.js';

type Cycle = DataOf<typeof CycleOpened>;
type Prepared = { readonly content: SnapshotContent } | { readonly refusal: SnapshotRefusal };

/** Goes up with every change of how a pack is made, so that what was sealed before it is not taken for the same. */
const PACK_RULES = 3;

/** A cycle opened: its prices are fixed as of its date, or it is told why it gets none. */
@Controller()
export class OnCycleOpened {
  readonly #rules: HistoryRules;

  constructor(
    @Inject(CONFIG) private readonly config: FeedsConfig,
    @Inject(PACKS) private readonly packs: PackStore,
  ) {
    this.#rules = { staleSessionsMax: config.FEEDS_STALE_SESSIONS_MAX, sessionsMin: config.FEEDS_PACK_SESSIONS_MIN };
  }

  @On(CycleOpened)
  async handle(@Payload() event: CycleOpened, @Ctx() ctx: InboxContext<'feeds'>): Promise<void> {
    const cycle = event.data;
    const source = await currentSource(ctx.tx, this.config.FEEDS_SOURCE);
    if (source === null) {
      const missing = this.config.FEEDS_SOURCE ? ` into ${this.config.FEEDS_SOURCE}` : '';
      return refuse(ctx, cycle, { code: 'NO_HISTORY', reason: `no history was imported${missing} yet` });
    }
    const inputsHash = this.#inputsHash(source, cycle, await referenceState(ctx.tx));
    const prepared = (await this.#sealedBefore(ctx.tx, inputsHash)) ?? (await this.#prepare(ctx.tx, source, cycle));
    if ('refusal' in prepared) return refuse(ctx, cycle, prepared.refusal);
    // Nothing has been written up to here, so that the relays of other services did not wait for the pack.
    await this.#seal(ctx, cycle, inputsHash, prepared.content);
  }

  #inputsHash({ source, importId }: SourceEntity, { asOf, universe, packOverride }: Cycle, reference: string): string {
    const symbols = universe.symbols ? [...new Set(universe.symbols)].sort() : null;
    const { FEEDS_PACK_SESSIONS_MAX: sessions, FEEDS_EXCHANGE: exchange } = this.config;
    return hashOf({
      source,
      importId,
      reference,
      asOf,
      symbols,
      size: universe.size ?? null,
      sessions,
      exchange,
      rules: this.#rules,
      ...(packOverride ? { staleAllowed: true } : {}),
      packRules: PACK_RULES,
    });
  }

  /** The same inputs give the same pack, so that it need not be made again while its file is there. */
  async #sealedBefore(tx: EntityManager, inputsHash: string): Promise<Prepared | null> {
    const known = await snapshotOf(tx, inputsHash);
    return known && (await this.packs.has(known.packId)) ? { content: known.content } : null;
  }

  async #prepare(tx: EntityManager, from: SourceEntity, cycle: Cycle): Promise<Prepared> {
    const { asOf } = cycle;
    const { source, synthetic, priceBasis } = from;
    // Who answers for stale prices gets them; how old they are stands in the snapshot.
    const rules = cycle.packOverride ? { staleSessionsMax: Infinity } : this.#rules;
    const measured = measureStaleness(source, await lastBarDate(tx, source, asOf), asOf, rules);
    if ('refusal' in measured) return measured;
    const { lastSession } = measured.staleness;
    const choice = await this.#choose(tx, from, cycle, lastSession);
    if ('refusal' in choice) return choice;
    const { symbols, series } = choice;
    const dates = sessionsUpTo(lastSession, this.config.FEEDS_PACK_SESSIONS_MAX);
    const tickers = series.tickersOf(symbols);
    const months = await loadMonths(tx, source, dates[0]!, lastSession, tickers);
    const raw = fromFirstBar(panelOf(symbols, dates, series.monthsOf(symbols, months)));
    const tooShort = refuseLength(raw.dates.length, this.#rules);
    if (tooShort) return { refusal: tooShort };
    const told = await loadActions(tx, source, raw.dates[0]!, lastSession, tickers);
    const actions = series.actionsOf(symbols, told);
    const adjustment = adjustPanel(raw, actionsBySymbol(actions), priceBasis);
    const quality = judgePanel(raw, explanationsBySymbol(actions), adjustment, priceBasis);
    const sectorOf = await sectorsAsOf(tx, from, symbols, asOf);
    const surroundings = { sectorOf, exchange: this.config.FEEDS_EXCHANGE };
    const { marks, regime, summary, ...facts } = describePanel(raw, quality, adjustment.factors, surroundings);
    const { panel } = quality;
    const packId = await this.packs.put(
      encodePack({ ...panel, ...facts, adjustment: adjustment.factors, source, synthetic, asOf }),
    );
    const packed = await packRows(this.packs, marks);
    return {
      content: {
        asOf,
        packId,
        regime,
        quality: summary,
        source: { name: source, synthetic },
        pricingPackId: pricingPackIdOf(packId, packed.hash),
        marks: packed as SnapshotContent['marks'],
        symbols: panel.symbols.length,
        sessions: panel.dates.length,
        staleness: measured.staleness,
      },
    };
  }

  /** Chooses the symbols of a cycle, and tells which company's bars are theirs. */
  async #choose(
    tx: EntityManager,
    { source, synthetic }: SourceEntity,
    { asOf, universe }: Cycle,
    lastSession: string,
  ): Promise<
    { readonly symbols: readonly string[]; readonly series: InstrumentSeries } | { refusal: SnapshotRefusal }
  > {
    const dates = sessionsUpTo(lastSession, LIQUIDITY_SESSIONS);
    const months = await loadMonths(tx, source, dates[0]!, lastSession);
    const tickers = [...new Set(months.map(({ symbol }) => symbol))].sort();
    const series = await seriesAsOf(tx, synthetic, tickers, asOf);
    const known = tickers.filter((ticker) => series.isCurrent(ticker));
    const choice = chooseUniverse(panelOf(known, dates, series.monthsOf(known, months)), universe);
    return choice.kind === 'refused' ? { refusal: choice } : { symbols: choice.symbols, series };
  }

  async #seal(ctx: InboxContext<'feeds'>, cycle: Cycle, inputsHash: string, content: SnapshotContent): Promise<void> {
    const { cycleId, portfolioId, asOf, packOverride } = cycle;
    const { packId, pricingPackId, symbols, sessions, quality, regime, staleness, source } = content;
    await ctx.tx.insert(SnapshotEntity, {
      cycleId,
      inputsHash,
      asOf,
      packId,
      pricingPackId,
      content,
      sealedAt: ctx.now,
    } as never);
    ctx.emit([sealedFact(cycle, content, ctx.now)]);
    if (quality.below.length > 0) ctx.alert(qualityAlert(cycleId, asOf, quality));
    ctx.audit({
      act: 'snapshot.sealed',
      subject: pricingPackId,
      cycleId,
      portfolioId,
      detail: {
        packId,
        asOf,
        symbols,
        sessions,
        regime,
        staleness,
        source,
        qualityLowest: quality.lowest,
        packOverride,
      },
    });
  }
}

/** Symbols that an alert names; all of them stand in the snapshot. */
const ALERT_SHOWN_MAX = 20;

function qualityAlert(cycleId: string, asOf: string, { below, lowest, quarantined }: SnapshotContent['quality']) {
  const shown = below.slice(0, ALERT_SHOWN_MAX).join(', ');
  const more = below.length > ALERT_SHOWN_MAX ? ` and ${below.length - ALERT_SHOWN_MAX} more` : '';
  return {
    code: 'QUALITY_LOW',
    severity: 'warning',
    message: `cycle ${cycleId} trades none of ${shown}${more}: their history scores below ${QUALITY_MIN}`,
    numbers: { asOf, symbols: `${below.length}`, lowest: `${lowest}`, quarantined: `${quarantined?.count ?? 0}` },
    nextStep: `"ballast data quality --symbols ${below[0]!}" shows what was found; import what is right.`,
  } as const;
}

function refuse(ctx: InboxContext<'feeds'>, cycle: Cycle, refusal: SnapshotRefusal): void {
  const { cycleId, portfolioId, asOf, universe } = cycle;
  const { code, reason } = refusal;
  ctx.emit([refusedFact(cycle, refusal)]);
  ctx.audit({
    act: 'snapshot.refused',
    subject: cycleId,
    cycleId,
    portfolioId,
    detail: { code, reason, asOf, universe },
  });
  ctx.alert({
    code,
    severity: code === 'STALE_HISTORY' ? 'critical' : 'warning',
    message: `cycle ${cycleId} gets no prices: ${reason}`.slice(0, 1_000),
    numbers: { asOf },
    nextStep: NEXT_STEPS[code],
  });
}

const NEXT_STEPS: Readonly<Record<SnapshotRefusal['code'], string>> = {
  NO_HISTORY: 'Import daily bars, or make a synthetic market.',
  STALE_HISTORY: 'Import the missing sessions, or decide about a date that the history reaches.',
  UNKNOWN_SYMBOLS: 'Leave the named symbols out, or import a history that has them.',
  HISTORY_TOO_SHORT: 'Import a longer history.',
};
