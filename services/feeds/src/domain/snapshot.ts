import type { DataOf, Mark, SnapshotSealed } from '@ballast/contracts';
import { qualityScore } from '@ballast/kernel/data-quality';
import { averageDailyVolume } from '@ballast/kernel/features';
import { Decimal, formatDecimal } from '@ballast/kernel/money';
import { regimeOf } from '@ballast/kernel/regime';
import { mean } from '@ballast/kernel/statistics';
import type { BarPanel } from './bar-month.js';

/** Below this the history of a symbol is not to be relied on. */
export const QUALITY_MIN = 0.6;
/** Symbols below it are named up to here. */
const BELOW_SHOWN_MAX = 1_000;
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

/**
 * Describes a panel: marks (the last close there is), average daily volume, quality, regime. Everything follows from
 * the panel and the sectors alone, so that whoever has the pack can check the snapshot.
 */
export function describePanel(panel: BarPanel, sectorOf: ReadonlyMap<string, string>, exchange: string): PanelFacts {
  const sessions = panel.dates.length;
  const closes = panel.symbols.map((_, s) => panel.close.subarray(s * sessions, (s + 1) * sessions));
  const sector = panel.symbols.map((symbol) => sectorOf.get(symbol) ?? null);
  const adv = averageDailyVolume(panel).map(({ shares }) => (shares === null ? null : Math.floor(shares)));
  const quality = closes.map((each) => qualityScore(each).score);
  const marks = panel.symbols.map((symbol, s): Mark => ({
    symbol,
    exchange,
    price: decimalOf(closes[s]!.findLast((close) => !Number.isNaN(close))!),
    sector: sector[s]!,
    adv: adv[s] === null ? null : decimalOf(adv[s]!),
    quality: quality[s]!,
  }));
  const { trend, volatility, trendScore, realisedVolatility } = regimeOf(panel);
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
    },
  };
}

/** A price as its decimal text; an import takes only prices that a float64 keeps exactly, so that nothing is lost here. */
export const decimalOf = (value: number): string => formatDecimal(new Decimal(value));
