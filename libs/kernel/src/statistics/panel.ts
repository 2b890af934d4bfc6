import { KernelError } from '../money/index.js';
import { simpleReturns } from './returns.js';

/**
 * Daily bars of a universe as typed arrays, the shape in which a pricing pack is decoded. All dates are completed
 * sessions in ascending order; the last one is the session we decide about.
 */
export interface Panel {
  readonly symbols: readonly string[];
  /** ISO dates of completed exchange sessions, ascending. */
  readonly dates: readonly string[];
  /** Closes, row-major a symbol: index s * dates.length + d; NaN = missing. */
  readonly close: Float64Array;
  /** Shares traded, laid out like `close`; NaN = missing. */
  readonly volume: Float64Array;
}

/** Refuses a panel whose arrays do not have one cell for each symbol and date. @throws KernelError INVALID_PANEL */
export function requirePanel(panel: Panel): void {
  const cells = panel.symbols.length * panel.dates.length;
  if (panel.close.length !== cells || panel.volume.length !== cells) {
    throw new KernelError(
      'INVALID_PANEL',
      `${panel.symbols.length} symbols × ${panel.dates.length} dates need ${cells} cells, but close has ` +
        `${panel.close.length} and volume ${panel.volume.length}; build all of them from one pack.`,
    );
  }
}

/** The closes of symbol number `s`, oldest first, as a view on the panel (nothing is copied). */
export function closesOf(panel: Panel, s: number): Float64Array {
  return panel.close.subarray(s * panel.dates.length, (s + 1) * panel.dates.length);
}

/** The volumes of symbol number `s`, oldest first, as a view on the panel. */
export function volumesOf(panel: Panel, s: number): Float64Array {
  return panel.volume.subarray(s * panel.dates.length, (s + 1) * panel.dates.length);
}

/**
 * The equal-weight return of the given symbols for each of the last `window` sessions (fewer when history is shorter):
 * the mean of the simple returns that are there, NaN for a session in which fewer than half of the symbols have one.
 */
export function equalWeightReturns(panel: Panel, members: readonly number[], window: number): Float64Array {
  const sessions = Math.max(0, Math.min(window, panel.dates.length - 1));
  const totals = new Float64Array(sessions);
  const counts = new Int32Array(sessions);
  for (const s of members) {
    const returns = simpleReturns(closesOf(panel, s).subarray(panel.dates.length - sessions - 1));
    for (let i = 0; i < sessions; i += 1) {
      const value = returns[i]!;
      if (Number.isNaN(value)) continue;
      totals[i]! += value;
      counts[i]! += 1;
    }
  }
  // Half of the names is a market; a few early arrivals are not.
  return totals.map((total, i) =>
    counts[i]! > 0 && counts[i]! * 2 >= members.length ? total / counts[i]! : Number.NaN,
  );
}
