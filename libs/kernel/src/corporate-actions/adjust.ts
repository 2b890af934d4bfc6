import { addDays } from '../calendar/index.js';
import type { SessionDate } from '../calendar/index.js';
import { D, KernelError } from '../money/index.js';
import type { Decimal } from '../money/index.js';
import { orderActions } from './action.js';
import type { CorporateAction } from './action.js';
import { factorSteps } from './factors.js';
import type { AppliedAction } from './factors.js';

/** `split`: splits and stock dividends. `total_return`: these, cash dividends and spin-offs. */
export type AdjustmentMode = 'split' | 'total_return';

/** A daily bar: prices above zero in the quote currency, volume in shares. */
export interface DailyBar {
  readonly date: SessionDate;
  readonly open?: Decimal;
  readonly high?: Decimal;
  readonly low?: Decimal;
  readonly close: Decimal;
  readonly volume?: Decimal;
}

/** What was known when: nothing after `asOf` is applied, and no bar after it is in the answer. */
export interface Adjustment {
  readonly asOf: SessionDate;
  readonly mode: AdjustmentMode;
}

/** A series in the shares and prices of its `asOf`, and the actions that made it, in the order applied. */
export interface AdjustedSeries {
  readonly bars: DailyBar[];
  readonly applied: AppliedAction[];
}

const MODES: readonly string[] = ['split', 'total_return'] satisfies AdjustmentMode[];
const PRICES = ['open', 'high', 'low', 'close'] as const;
const UNADJUSTED = { numerator: new D(1), denominator: new D(1), shares: new D(1) };

/**
 * Adjusts the raw bars of one instrument for its corporate actions, as of a date.
 *
 * In: raw bars and actions of one instrument, both in any order. Out: the bars up to `asOf` by date, and the actions that
 * moved at least one of them. An action dated D moves every bar before D and no other, whether D has a bar or not. Every
 * answer is computed from raw bars anew, never from adjusted ones; bars after the last action are raw. Prices are
 * raw × product of numerators / product of denominators (see {@link factorSteps}) in 40 significant digits, with one division
 * a price; volumes are raw × product of the ratios, and distributions leave them alone (CRSP, "Adjusted Data"). Volumes are
 * not rounded to whole shares, so that close × volume of a split-adjusted bar is the money that changed hands.
 *
 * Throws `UNKNOWN_MODE`, `INVALID_DATE`, `INVALID_BAR` (a price not above zero, a volume below it), `DUPLICATE_BAR`, what
 * {@link orderActions} says of the actions, of those after `asOf` too, and what {@link factorSteps} says of distributions.
 */
export function adjustBars(
  bars: readonly DailyBar[],
  actions: readonly CorporateAction[],
  { asOf, mode }: Adjustment,
): AdjustedSeries {
  if (!MODES.includes(mode)) {
    throw new KernelError(
      'UNKNOWN_MODE',
      `mode ${JSON.stringify(mode) ?? 'missing'} is not one of ${MODES.join(', ')}.`,
    );
  }
  const until = addDays(asOf, 0);
  const raw = orderBars(bars).filter(({ date }) => date <= until);
  const known = orderActions(actions).filter(({ date }) => date <= until);
  const steps = factorSteps(raw, mode === 'split' ? known.filter((action) => 'ratio' in action) : known);

  const adjusted: DailyBar[] = [];
  let factor = UNADJUSTED;
  let step = steps.length - 1;
  for (const bar of raw.toReversed()) {
    for (let later = steps[step]; later && later.action.date > bar.date; later = steps[step]) {
      factor = {
        numerator: factor.numerator.times(later.numerator),
        denominator: factor.denominator.times(later.denominator),
        shares: factor.shares.times(later.volumeFactor),
      };
      step -= 1;
    }
    adjusted.push(adjustBar(bar, factor));
  }
  return {
    bars: adjusted.reverse(),
    applied: steps.map(({ action, priceFactor, volumeFactor, previous }) => {
      return { action, priceFactor, volumeFactor, previous };
    }),
  };
}

function adjustBar(bar: DailyBar, { numerator, denominator, shares }: typeof UNADJUSTED): DailyBar {
  const priceOf = (price: Decimal): Decimal => numerator.times(price).div(denominator);
  return {
    date: bar.date,
    ...(bar.open && { open: priceOf(bar.open) }),
    ...(bar.high && { high: priceOf(bar.high) }),
    ...(bar.low && { low: priceOf(bar.low) }),
    close: priceOf(bar.close),
    ...(bar.volume && { volume: shares.times(bar.volume) }),
  };
}

function orderBars(bars: readonly DailyBar[]): DailyBar[] {
  for (const bar of bars) checkBar(bar);
  const sorted = [...bars].sort((a, b) => (a.date < b.date ? -1 : a.date > b.date ? 1 : 0));
  const twice = sorted.find(({ date }, i) => date === sorted[i - 1]?.date);
  if (twice) {
    throw new KernelError('DUPLICATE_BAR', `There are two bars on ${twice.date}; give one bar a date.`);
  }
  return sorted;
}

function checkBar(bar: DailyBar): void {
  addDays(bar.date, 0);
  const price = PRICES.find((field) => {
    const value = bar[field];
    return value === undefined ? field === 'close' : !value.isFinite() || value.lessThanOrEqualTo(0);
  });
  if (price) throw invalidBar(bar, price, 'above zero');
  const { volume } = bar;
  if (volume && (!volume.isFinite() || volume.isNegative())) throw invalidBar(bar, 'volume', 'zero or above');
}

function invalidBar(bar: DailyBar, field: Exclude<keyof DailyBar, 'date'>, what: string): KernelError {
  const value = bar[field]?.toString() ?? 'missing';
  return new KernelError('INVALID_BAR', `${field} of the bar on ${bar.date} must be ${what}; it is ${value}.`);
}
