import type { BarPanel } from './bar-month.js';

/** Closes that differ by more than this are two prices and not two roundings of one. */
const DIFFERS = 0.005;
/** Differing closes that are shown. */
const SHOWN_MAX = 10;

/** How the closes of a history compare with those of another one that is kept to check it. */
export interface SourceReconciliation {
  /** Closes that both have. */
  readonly compared: number;
  readonly differing: number;
  /** `red` where too many differ, and where there is nothing to compare: then nobody knows. */
  readonly status: 'green' | 'red';
  readonly first: readonly {
    readonly symbol: string;
    readonly date: string;
    readonly own: number;
    readonly other: number;
  }[];
}

/**
 * Compares two panels close by close, where both have one.
 * @param fractionMax the part of the compared closes that may differ by more than 0.5 %.
 */
export function reconcileSources(own: BarPanel, other: BarPanel, fractionMax: number): SourceReconciliation {
  const rowOf = new Map(other.symbols.map((symbol, s) => [symbol, s * other.dates.length]));
  const dayOf = new Map(other.dates.map((date, d) => [date, d]));
  const first: SourceReconciliation['first'][number][] = [];
  let compared = 0;
  let differing = 0;
  own.symbols.forEach((symbol, s) => {
    const row = rowOf.get(symbol);
    if (row === undefined) return;
    own.dates.forEach((date, d) => {
      const day = dayOf.get(date);
      if (day === undefined) return;
      const [mine, theirs] = [own.close[s * own.dates.length + d]!, other.close[row + day]!];
      if (Number.isNaN(mine) || Number.isNaN(theirs)) return;
      compared += 1;
      if (Math.abs(mine / theirs - 1) <= DIFFERS) return;
      differing += 1;
      if (first.length < SHOWN_MAX) first.push({ symbol, date, own: mine, other: theirs });
    });
  });
  return { compared, differing, status: compared > 0 && differing <= fractionMax * compared ? 'green' : 'red', first };
}
