import { KernelError } from '../money/index.js';

/** Cash below this is a rounding error of floating point, not a remainder. */
const DUST = 1e-12;

/** Weights under a cap, in the order of the input. */
export interface CappedWeights {
  readonly capped: number[];
  /** The part of the budget that no weight took. */
  readonly residualCash: number;
  /** Whether cash is left over because of the cap. */
  readonly infeasible: boolean;
}

/** Weights by inverse volatility, before and after the cap. */
export interface InverseVolatility extends CappedWeights {
  /** Weights that add up to the budget of 1, 0 where excluded. */
  readonly raw: number[];
  /** Inputs that took no part, by position, so that the caller can raise an alert. */
  readonly excluded: readonly { readonly index: number; readonly reason: 'MISSING' | 'NOT_POSITIVE' }[];
}

/**
 * Scales raw weights to a budget with no weight above a cap, by water-filling.
 *
 * Weights not yet fixed share what is left of the budget in proportion to their raw weight; every one above the cap is
 * fixed there; and again until none exceeds. A raw weight of zero stays zero, so the residual is cash.
 * In: raw weights of zero or more, in any unit; cap and budget as fractions of equity. Source: the rule as fixed in docs/concepts/multi-alpha-allocation.md.
 * Throws `INVALID_WEIGHT`, `INVALID_CAP`, `INVALID_BUDGET` for negative or not finite numbers.
 */
export function waterFill(raw: readonly number[], cap: number, budget = 1): CappedWeights {
  raw.forEach((weight, i) => requireNotNegative('INVALID_WEIGHT', `Weight ${i}`, weight));
  requireNotNegative('INVALID_CAP', 'The cap', cap);
  requireNotNegative('INVALID_BUDGET', 'The budget', budget);

  const largest = raw.reduce((most, weight) => Math.max(most, weight), 0);
  // Relative to the largest, so that neither huge nor tiny weights leave the range of a float when they are added.
  const shares = raw.map((weight) => (largest > 0 ? weight / largest : 0));
  const capped = shares.map(() => 0);
  let open = shares.flatMap((share, i) => (share > 0 ? [i] : []));
  let left = budget;
  for (;;) {
    const total = open.reduce((sum, i) => sum + (shares[i] ?? 0), 0);
    // The quotient first: it is exact where one is left, however small, and a product of tiny numbers is not.
    const scaled = open.map((i) => ({ i, weight: left * ((shares[i] ?? 0) / total) }));
    const above = scaled.filter(({ weight }) => weight > cap);
    if (above.length === 0) {
      for (const { i, weight } of scaled) capped[i] = weight;
      if (open.length > 0) left = 0;
      break;
    }
    for (const { i } of above) capped[i] = cap;
    left = Math.max(0, left - cap * above.length);
    open = scaled.flatMap(({ i, weight }) => (weight > cap ? [] : [i]));
  }
  const residualCash = left < DUST ? 0 : left;
  return { capped, residualCash, infeasible: residualCash > 0 && largest > 0 };
}

/**
 * The same weight for each of `n`, under a cap, by water-filling. Throws `INVALID_COUNT` where `n` is not a whole number
 * from 0 to 100,000, and `INVALID_CAP`.
 */
export function equalWeight(n: number, cap: number): CappedWeights {
  if (!Number.isInteger(n) || n < 0 || n > 100_000) {
    throw new KernelError('INVALID_COUNT', `The count must be a whole number from 0 to 100000, not ${n}.`);
  }
  return waterFill(Array<number>(n).fill(1), cap);
}

/**
 * Weights in proportion to 1 / volatility, under a cap, by water-filling.
 *
 * In: volatilities in any common unit, `null` or `undefined` where unknown. One that is missing, not a number, or not
 * above zero is excluded with its reason and weighs 0; nothing is ever divided by it. Where none is left everything is
 * cash. Throws `INVALID_CAP`, `INVALID_BUDGET`.
 */
export function inverseVolatility(
  vols: readonly (number | null | undefined)[],
  cap: number,
  budget = 1,
): InverseVolatility {
  const usable: number[] = [];
  const excluded: { index: number; reason: 'MISSING' | 'NOT_POSITIVE' }[] = [];
  vols.forEach((vol, index) => {
    if (typeof vol !== 'number' || !Number.isFinite(vol)) excluded.push({ index, reason: 'MISSING' });
    else if (vol <= 0) excluded.push({ index, reason: 'NOT_POSITIVE' });
    else usable.push(vol);
  });
  const calmest = usable.reduce((least, vol) => Math.min(least, vol), Infinity);
  const out = new Set(excluded.map(({ index }) => index));
  // The calmest over each volatility is in proportion to 1 / volatility and cannot overflow.
  const inverse = vols.map((vol, i) => (out.has(i) ? 0 : calmest / (vol ?? NaN)));
  const total = inverse.reduce((sum, each) => sum + each, 0);
  const raw = inverse.map((each) => (total > 0 ? each / total : 0));
  return { raw, ...waterFill(raw, cap, budget), excluded };
}

function requireNotNegative(code: string, what: string, value: number): void {
  if (!Number.isFinite(value) || value < 0) {
    throw new KernelError(code, `${what} must be a finite number of zero or more, not ${value}.`);
  }
}
