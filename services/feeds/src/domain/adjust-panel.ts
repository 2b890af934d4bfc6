import { factorSteps, orderActions, type CorporateAction, type FactorStep } from '@ballast/kernel/corporate-actions';
import { Decimal, KernelError } from '@ballast/kernel/money';
import type { BarPanel } from './bar-month.js';

/**
 * What the prices of a history are: `raw` as they were traded, which jump at splits; `split_adjusted` as most files have
 * them, in the shares of the day the file was made.
 */
export type PriceBasis = 'raw' | 'split_adjusted';

/** A symbol whose actions cannot be applied: its prices of different dates cannot be compared. */
export interface Unadjustable {
  readonly symbol: string;
  readonly code: string;
  readonly detail: string;
}

/** What makes the prices of a panel comparable. */
export interface PanelAdjustment {
  /** For each cell, price × factor is in the shares of the panel's last date; the volume is divided by it. */
  readonly factors: Float64Array;
  readonly unadjustable: readonly Unadjustable[];
}

/**
 * Computes the split factors of a panel of raw prices from the actions up to its last date: those of `adjustBars` of the
 * kernel, as numbers. Prices that are adjusted as they come keep a factor of one.
 * @param actionsOf the actions of each symbol, in any order.
 */
export function adjustPanel(
  panel: BarPanel,
  actionsOf: ReadonlyMap<string, readonly CorporateAction[]>,
  basis: PriceBasis,
): PanelAdjustment {
  const { symbols, dates } = panel;
  const factors = new Float64Array(symbols.length * dates.length).fill(1);
  const unadjustable: Unadjustable[] = [];
  if (basis === 'split_adjusted') return { factors, unadjustable };
  symbols.forEach((symbol, s) => {
    const actions = actionsOf.get(symbol);
    if (actions === undefined) return;
    const row = s * dates.length;
    try {
      spread(factors.subarray(row, row + dates.length), dates, splitSteps(panel, row, actions));
    } catch (error) {
      if (!(error instanceof KernelError)) throw error;
      unadjustable.push({ symbol, code: error.code, detail: error.message });
    }
  });
  return { factors, unadjustable };
}

function splitSteps(panel: BarPanel, row: number, actions: readonly CorporateAction[]): FactorStep[] {
  const last = panel.dates.at(-1)!;
  const known = orderActions(actions.filter(({ date }) => date <= last)).filter((action) => 'ratio' in action);
  if (known.length === 0) return [];
  const bars = panel.dates.flatMap((date, d) => {
    const close = panel.close[row + d]!;
    return Number.isNaN(close) ? [] : [{ date, close: new Decimal(close) }];
  });
  return factorSteps(bars, known);
}

/** A step moves every date before its own; the fractions are multiplied exactly and divided once. */
function spread(factors: Float64Array, dates: readonly string[], steps: readonly FactorStep[]): void {
  let [numerator, denominator] = [new Decimal(1), new Decimal(1)];
  let step = steps.length - 1;
  let factor = 1;
  for (let d = dates.length - 1; d >= 0; d -= 1) {
    for (; step >= 0 && steps[step]!.action.date > dates[d]!; step -= 1) {
      numerator = numerator.times(steps[step]!.numerator);
      denominator = denominator.times(steps[step]!.denominator);
      factor = numerator.div(denominator).toNumber();
    }
    factors[d] = factor;
  }
}
