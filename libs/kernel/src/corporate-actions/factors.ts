import type { SessionDate } from '../calendar/index.js';
import { D, formatDecimal, KernelError } from '../money/index.js';
import type { Decimal } from '../money/index.js';
import { nameOf } from './action.js';
import type { CorporateAction, Distribution, ShareAction } from './action.js';

/** One action of the trail: what it did to every bar before its date. */
export interface AppliedAction {
  readonly action: ShareAction | Distribution;
  /** Prices were multiplied by it. To 40 digits: of a 7-for-1 split it is not exact, the prices are computed without it. */
  readonly priceFactor: Decimal;
  /** Volumes were multiplied by it: the ratio, and 1 for a distribution. */
  readonly volumeFactor: Decimal;
  /** The last raw bar before the ex-date; a distribution is measured against its close. */
  readonly previous: { readonly date: SessionDate; readonly close: Decimal };
}

/** An applied action with its price factor as a fraction, so that a product of many is divided only once. */
export interface FactorStep extends AppliedAction {
  readonly numerator: Decimal;
  readonly denominator: Decimal;
}

const ONE = new D(1);

/**
 * The factor of every action on the bars before it.
 *
 * In: raw bars by date, and actions in the order of {@link orderActions}. Out: one step an action that has a bar before it,
 * in that order. A split of ratio r is 1 / r. A distribution d is (close - d) / close with the raw close of the last bar
 * before the ex-date, the multiplier of Yahoo's help page on adjusted close ("adhering to CRSP standards": $0.08 on $24.96
 * is 1 - 0.08 / 24.96). It is known when the ex-date begins and reinvests at the close less the distribution. Some vendors
 * divide by the ex-date's close instead, close / (close + d); the two differ by d × the move of that day. As in CRSP's
 * return, (price × factor + amount) / previous price - 1, an amount is per share held before a split of the same day.
 *
 * All that happens between two bars is measured against the one before: a second distribution against what the first left
 * of its close, and one that comes on a later date than a split, with no bar between, is taken to be per new share.
 *
 * Throws for a distribution `PREVIOUS_CLOSE_MISSING` where no bar is before it, and `DISTRIBUTION_NOT_BELOW_CLOSE`.
 */
export function factorSteps(
  bars: readonly { readonly date: SessionDate; readonly close: Decimal }[],
  actions: readonly CorporateAction[],
): FactorStep[] {
  const steps: FactorStep[] = [];
  let next = 0;
  // What is left of the previous close, and how many shares one share of that evening has become since.
  let left = ONE;
  let shares = ONE;
  for (const action of actions) {
    if (action.type === 'symbol_change') continue;
    const from = next;
    while ((bars[next]?.date ?? action.date) < action.date) next += 1;
    const previous = bars[next - 1];
    if (!previous) {
      if ('amount' in action) throw previousCloseMissing(action);
      continue;
    }
    if (next > from) [left, shares] = [new D(previous.close), ONE];
    if ('amount' in action) {
      const paid = shares.times(action.amount);
      const rest = left.minus(paid);
      if (rest.lessThanOrEqualTo(0)) throw notBelowClose(action, paid, left, previous.date);
      steps.push(stepOf(action, previous, rest, left));
      left = rest;
    } else {
      steps.push(stepOf(action, previous, ONE, action.ratio));
      shares = shares.times(action.ratio);
    }
  }
  return steps;
}

function stepOf(
  action: ShareAction | Distribution,
  { date, close }: { readonly date: SessionDate; readonly close: Decimal },
  numerator: Decimal,
  denominator: Decimal,
): FactorStep {
  return {
    action,
    priceFactor: numerator.div(denominator),
    volumeFactor: 'ratio' in action ? action.ratio : ONE,
    previous: { date, close },
    numerator,
    denominator,
  };
}

function previousCloseMissing(action: Distribution): KernelError {
  return new KernelError(
    'PREVIOUS_CLOSE_MISSING',
    `amount of ${nameOf(action)} cannot be weighed: no bar is before that day. Give the bars before it, or leave out ` +
      'actions that are not after the first bar.',
  );
}

function notBelowClose(action: Distribution, paid: Decimal, left: Decimal, date: SessionDate): KernelError {
  return new KernelError(
    'DISTRIBUTION_NOT_BELOW_CLOSE',
    `amount ${formatDecimal(action.amount)} of ${nameOf(action)} comes to ${formatDecimal(paid)} for a share of ${date}, ` +
      `not below the ${formatDecimal(left)} left of its close. Check the unit of the amount and the bar of that day.`,
  );
}
