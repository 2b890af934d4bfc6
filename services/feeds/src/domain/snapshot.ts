import type { DataOf, Mark, SnapshotSealed } from '@ballast/contracts';
import { averageDailyVolume } from '@ballast/kernel/features';
import { Decimal, formatDecimal } from '@ballast/kernel/money';
import { regimeOf } from '@ballast/kernel/regime';
import { mean } from '@ballast/kernel/statistics';
import type { BarPanel } from './bar-month.js';
import type { PanelQuality } from './panel-quality.js';

/** Below this the history of a symbol is not to be relied on. */
export const QUALITY_MIN = 0.6;
/** Symbols below it are named up to here. */
const BELOW_SHOWN_MAX = 1_000;
/** Quarantined bars are named up to here; what is beyond is in the count. */
const QUARANTINED_SHOWN_MAX = 50;
const RESOLUTION = 1e9;

/** What is said of a panel: of each symbol, in its order, and of all of them. */
export interface PanelFacts {
  readonly sector: readonly (string | null)[];
  readonly adv: readonly (number | null)[];
  readonly quality: readonly number[];
  readonly marks: readonly Mark[];
  readonly regime: DataOf<typeof SnapshotSealed>['regime'];
  readonly summary: DataOf<typeof SnapshotSealed>['quality'];
}

/** Leaves out the sessions before the first bar of any symbol. */
export function fromFirstBar(panel: BarPanel): BarPanel {
  const { symbols, dates } = panel;
  const first = dates.findIndex((_, d) => symbols.some((_, s) => !Number.isNaN(panel.close[s * dates.length + d])));
  if (first <= 0) return panel;
  const width = dates.length - first;
  const cut = (series: Float64Array): Float64Array => {
    const kept = new Float64Array(symbols.length * width);
    symbols.forEach((_, s) => kept.set(series.subarray(s * dates.length + first, (s + 1) * dates.length), s * width));
    return kept;
  };
  const { open, high, low, close, volume } = panel;
  return {
    symbols,
    dates: dates.slice(first),
    open: cut(open),
    high: cut(high),
    low: cut(low),
    close: cut(close),
    volume: cut(volume),
  };
}

/** What the marks say besides prices. */
export interface Surroundings {
  readonly sectorOf: ReadonlyMap<string, string>;
  readonly exchange: string;
}

/**
 * Describes a panel: marks (the last close there is), average daily volume, quality, regime. Everything follows from
 * the panel, its factors and the sectors alone, so that whoever has the pack can check the snapshot.
 * @param raw the panel before anything was kept out of it: whoever has no other close is marked, at quality 0, with that.
 * @param factors price × factor, and volume / factor, are comparable over dates.
 */
export function describePanel(
  raw: BarPanel,
  { panel, score: quality, quarantined, missingSessions }: PanelQuality,
  factors: Float64Array,
  { sectorOf, exchange }: Surroundings,
): PanelFacts {
  const comparable = comparablePanel(panel, factors);
  const sector = panel.symbols.map((symbol) => sectorOf.get(symbol) ?? null);
  const adv = averageDailyVolume(comparable).map(({ shares }) => (shares === null ? null : Math.floor(shares)));
  const marks = panel.symbols.map((symbol, s): Mark => ({
    symbol,
    exchange,
    price: decimalOf(lastClose(panel, s) ?? lastClose(raw, s)!),
    sector: sector[s]!,
    adv: adv[s] === null ? null : decimalOf(adv[s]!),
    quality: quality[s]!,
  }));
  const { trend, volatility, trendScore, realisedVolatility } = regimeOf(comparable);
  return {
    sector,
    adv,
    quality,
    marks,
    regime: { trend, volatility, trendScore, realisedVolatility },
    summary: {
      average: Math.round(mean(quality)! * RESOLUTION) / RESOLUTION,
      lowest: quality.reduce((a, b) => Math.min(a, b), 1),
      below: panel.symbols.filter((_, s) => quality[s]! < QUALITY_MIN).slice(0, BELOW_SHOWN_MAX),
      missingSessions,
      quarantined: {
        count: quarantined.length,
        first: quarantined.slice(0, QUARANTINED_SHOWN_MAX).map(({ symbol, date, code }) => ({ symbol, date, code })),
      },
    },
  };
}

function comparablePanel(panel: BarPanel, factors: Float64Array): BarPanel {
  if (factors.every((factor) => factor === 1)) return panel;
  return {
    ...panel,
    close: panel.close.map((price, i) => price * factors[i]!),
    volume: panel.volume.map((shares, i) => shares / factors[i]!),
  };
}

function lastClose({ dates, close }: BarPanel, s: number): number | undefined {
  return close.subarray(s * dates.length, (s + 1) * dates.length).findLast((price) => !Number.isNaN(price));
}

/** A price as its decimal text; an import takes only prices that a float64 keeps exactly, so that nothing is lost here. */
export const decimalOf = (value: number): string => formatDecimal(new Decimal(value));
