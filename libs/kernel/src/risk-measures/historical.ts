import { D, KernelError } from '../money/index.js';

/** Where the tail of `alpha` begins among `observations` sorted ascending; computed once, used for every vector of that length. */
export interface Tail {
  readonly observations: number;
  /** Index of the observation at value at risk: ⌈alpha·n⌉ − 1. */
  readonly index: number;
  /** alpha·n, exact. */
  readonly weight: number;
  /** False where alpha·n is below 1: the tail is thinner than one observation, and shortfall is only the worst loss seen. */
  readonly sufficient: boolean;
}

/** Value at risk and expected shortfall, in the unit of what was measured; above zero is a loss. */
export interface TailLoss {
  readonly valueAtRisk: number;
  readonly shortfall: number;
}

/**
 * The tail of a probability. In: how many observations there are, and the probability of the tail (0.025 for a confidence
 * of 97.5 %). alpha·n is multiplied as decimals, because 0.07 × 100 in floating point is above 7 and would move the index.
 * @throws KernelError INVALID_ALPHA unless 0 < alpha < 1; NO_OBSERVATIONS where there is none.
 */
export function tailOf(observations: number, alpha: number): Tail {
  if (!(alpha > 0 && alpha < 1)) {
    throw new KernelError('INVALID_ALPHA', `alpha is ${alpha}; give the probability of the tail, between 0 and 1.`);
  }
  if (!Number.isInteger(observations) || observations < 1) {
    throw new KernelError('NO_OBSERVATIONS', 'There are no returns to measure; give at least one.');
  }
  const weight = new D(alpha).times(observations);
  return {
    observations,
    index: weight.ceil().toNumber() - 1,
    weight: weight.toNumber(),
    sufficient: weight.greaterThanOrEqualTo(1),
  };
}

/**
 * Historical value at risk and expected shortfall (CVaR) of returns or of profits and losses.
 *
 * With x sorted ascending and i = ⌈alpha·n⌉ − 1: VaR = −x_i, CVaR = VaR − Σ_{j≤i}(x_j − x_i)/(alpha·n). It is the mean of the tail
 * where alpha·n is whole, and the worst loss where it is below 1, which `tail.sufficient` tells. Sources: Acerbi and Tasche,
 * On the coherence of expected shortfall (2002); Rockafellar and Uryasev (2002); the estimator of Riskfolio-Lib.
 * @throws KernelError INVALID_RETURN where a value is missing or not finite: a gap is no return of zero.
 */
export function historicalTailLoss(values: ArrayLike<number>, tail: Tail): TailLoss {
  return tailLoss(values, tail, smallest(tail.index + 1));
}

/** The same of `base[i] + scale × unit[i]`, without building that vector: a book with a trade in it. */
export function shiftedTailLoss(
  base: ArrayLike<number>,
  unit: ArrayLike<number>,
  scale: number,
  tail: Tail,
  scratch: Float64Array = smallest(tail.index + 1),
): TailLoss {
  requireLength(unit, tail);
  return tailLoss(base, tail, scratch, unit, scale);
}

/** Room for the observations of a tail, to be used for one vector after another. */
export function smallest(count: number): Float64Array {
  return new Float64Array(count);
}

/** Keeps the lowest observations in order while it walks over the vector once; a tail is a small part of it. */
function tailLoss(
  base: ArrayLike<number>,
  tail: Tail,
  lowest: Float64Array,
  unit: ArrayLike<number> | null = null,
  scale = 0,
): TailLoss {
  requireLength(base, tail);
  const size = tail.index + 1;
  let filled = 0;
  for (let i = 0; i < tail.observations; i += 1) {
    const value = unit === null ? base[i]! : base[i]! + scale * unit[i]!;
    // False for what is not a number, so that a gap is met below and not passed over.
    if (filled === size && value >= lowest[size - 1]! && value < Infinity) continue;
    if (!Number.isFinite(value)) throw invalidReturn(i, value);
    let place = filled < size ? filled++ : size - 1;
    for (; place > 0 && lowest[place - 1]! > value; place -= 1) lowest[place] = lowest[place - 1]!;
    lowest[place] = value;
  }
  const atRisk = lowest[size - 1]!;
  let beyond = 0;
  for (let i = 0; i < size; i += 1) beyond += lowest[i]! - atRisk;
  return { valueAtRisk: 0 - atRisk, shortfall: 0 - atRisk - beyond / tail.weight };
}

function requireLength(values: ArrayLike<number>, { observations }: Tail): void {
  if (values.length === observations) return;
  throw new KernelError(
    'LENGTH_MISMATCH',
    `there are ${values.length} values for a tail of ${observations}; align them by date first`,
  );
}

const invalidReturn = (index: number, value: number): KernelError =>
  new KernelError(
    'INVALID_RETURN',
    `value ${index} is ${value}; a return that is missing is not zero, leave its date out.`,
  );
