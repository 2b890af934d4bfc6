import {
  checkHistory,
  listedSessions,
  type HistoryAction,
  type HistoryBar,
  type HistoryCode,
  type HistoryFinding,
} from '@ballast/kernel/data-quality';
import type { PanelAdjustment, PriceBasis } from './adjust-panel.js';
import type { BarPanel } from './bar-month.js';

/** A bar that is kept out of packs, because it cannot be what was traded. */
export interface QuarantinedBar {
  readonly symbol: string;
  readonly date: string;
  readonly code: HistoryCode;
  readonly detail: string;
}

/** What checking a panel came to. */
export interface PanelQuality {
  /** The panel without the quarantined bars. */
  readonly panel: BarPanel;
  /** Of each symbol, 0 to 1: see `historyScore` of the kernel, and {@link judgePanel} for what makes it 0. */
  readonly score: readonly number[];
  readonly quarantined: readonly QuarantinedBar[];
  /** Sessions without a bar from the first bar of each symbol to the end of the panel, all together. */
  readonly missingSessions: number;
}

/** Faults that say that the row itself is wrong, and not only that something about it is strange. */
const QUARANTINE: ReadonlySet<HistoryCode> = new Set(['UNIT_ERROR', 'ADJUSTMENT_FLIP']);

/**
 * Checks every symbol of a panel, and takes the bars out that cannot be right. Only what the panel holds is looked at, so
 * that the score of a date never knows a later bar.
 *
 * The score is 0, whatever else was found, where nobody can tell what the symbol is worth on the panel's last date: its
 * last bar is quarantined, its actions contradict each other, or a split came after its last bar.
 */
export function judgePanel(
  panel: BarPanel,
  explanationsOf: ReadonlyMap<string, readonly HistoryAction[]>,
  { factors, unadjustable }: PanelAdjustment,
  basis: PriceBasis,
): PanelQuality {
  const { symbols, dates } = panel;
  const context = { calendar: listedSessions('the exchange', dates), basis, to: dates.at(-1)! };
  const contradicted = new Set(unadjustable.map(({ symbol }) => symbol));
  const quarantined: QuarantinedBar[] = [];
  let missingSessions = 0;
  const score = symbols.map((symbol, s) => {
    const row = s * dates.length;
    const bars = barsOf(panel, row);
    const last = dates.indexOf(bars.at(-1)?.date ?? '');
    const found = checkHistory(bars, { ...context, actions: explanationsOf.get(symbol) ?? [] });
    const out = quarantineOf(symbol, found.findings);
    quarantined.push(...out);
    missingSessions += found.findings.filter(({ code }) => code === 'MISSING_SESSION').length;
    const unknown =
      contradicted.has(symbol) || factors[row + last] !== 1 || out.some(({ date }) => date === dates[last]);
    return unknown ? 0 : found.score;
  });
  return { panel: without(panel, quarantined), score, quarantined, missingSessions };
}

/** The bars of a symbol that are there, as the kernel checks them. */
function barsOf({ dates, open, high, low, close, volume }: BarPanel, row: number): HistoryBar[] {
  const bars: HistoryBar[] = [];
  for (let d = 0; d < dates.length; d += 1) {
    const i = row + d;
    if (Number.isNaN(close[i]!)) continue;
    bars.push({
      date: dates[d]!,
      open: open[i]!,
      high: high[i]!,
      low: low[i]!,
      close: close[i]!,
      volume: volume[i]!,
    });
  }
  return bars;
}

/** One entry a row: the first fault of a row is enough to keep it out. */
function quarantineOf(symbol: string, findings: readonly HistoryFinding[]): QuarantinedBar[] {
  const byDate = new Map<string, QuarantinedBar>();
  for (const { code, severity, date, detail } of findings) {
    if (date === null || severity !== 'CRITICAL' || !QUARANTINE.has(code) || byDate.has(date)) continue;
    byDate.set(date, { symbol, date, code, detail });
  }
  return [...byDate.values()];
}

function without(panel: BarPanel, quarantined: readonly QuarantinedBar[]): BarPanel {
  if (quarantined.length === 0) return panel;
  const { symbols, dates } = panel;
  const rowOf = new Map(symbols.map((symbol, s) => [symbol, s * dates.length]));
  const dayOf = new Map(dates.map((date, d) => [date, d]));
  const cells = quarantined.map(({ symbol, date }) => rowOf.get(symbol)! + dayOf.get(date)!);
  const cleared = (series: Float64Array): Float64Array => {
    const copy = Float64Array.from(series);
    for (const cell of cells) copy[cell] = Number.NaN;
    return copy;
  };
  const { open, high, low, close, volume } = panel;
  return {
    ...{ symbols, dates },
    ...{ open: cleared(open), high: cleared(high), low: cleared(low), close: cleared(close), volume: cleared(volume) },
  };
}
