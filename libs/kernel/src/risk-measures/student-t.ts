/** Lanczos approximation with g = 7 and nine terms, to about 1e-15 relative for x > 0. */
const LANCZOS = [
  0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059,
  12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
];
const FRACTION_TERMS = 500;
const TINY = 1e-300;

/** The natural logarithm of the gamma function for x ≥ 0.5. Source: Lanczos (1964), coefficients of Godfrey. */
export function logGamma(x: number): number {
  const t = x - 1;
  let series = LANCZOS[0]!;
  for (let i = 1; i < LANCZOS.length; i += 1) series += LANCZOS[i]! / (t + i);
  const base = t + 7.5;
  return 0.5 * Math.log(2 * Math.PI) + (t + 0.5) * Math.log(base) - base + Math.log(series);
}

/** The density of Student's t with `nu` degrees of freedom. */
export function studentDensity(x: number, nu: number): number {
  const scale = logGamma((nu + 1) / 2) - logGamma(nu / 2) - 0.5 * Math.log(nu * Math.PI);
  return Math.exp(scale - ((nu + 1) / 2) * Math.log1p((x * x) / nu));
}

/** The probability that Student's t with `nu` degrees of freedom is above x, for x ≥ 0. */
function upperTail(x: number, nu: number): number {
  return 0.5 * regularisedBeta(nu / (nu + x * x), nu / 2, 0.5);
}

/**
 * The quantile of Student's t. In: a probability strictly between 0 and 1, degrees of freedom of at least 1. Bisection on the
 * upper tail, to the last bit: a quantile is asked for once a setting, not once a trade.
 */
export function studentQuantile(probability: number, nu: number): number {
  const above = Math.min(probability, 1 - probability);
  let [low, high] = [0, 1];
  while (upperTail(high, nu) > above) high *= 2;
  for (let middle = (low + high) / 2; middle > low && middle < high; middle = (low + high) / 2) {
    if (upperTail(middle, nu) > above) low = middle;
    else high = middle;
  }
  return probability < 0.5 ? -high : high;
}

/** I_x(a, b) by its continued fraction (DLMF 8.17.22), evaluated by Lentz's method where it converges quickly. */
function regularisedBeta(x: number, a: number, b: number): number {
  if (x <= 0 || x >= 1) return x <= 0 ? 0 : 1;
  if (x > (a + 1) / (a + b + 2)) return 1 - regularisedBeta(1 - x, b, a);
  const front = Math.exp(logGamma(a + b) - logGamma(a) - logGamma(b) + a * Math.log(x) + b * Math.log1p(-x)) / a;
  let [c, d] = [1, awayFromZero(1 - ((a + b) * x) / (a + 1))];
  d = 1 / d;
  let fraction = d;
  for (let m = 1; m <= FRACTION_TERMS; m += 1) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    let change = 1;
    for (const term of [even, odd]) {
      d = 1 / awayFromZero(1 + term * d);
      c = awayFromZero(1 + term / c);
      change = d * c;
      fraction *= change;
    }
    if (Math.abs(change - 1) < Number.EPSILON) break;
  }
  return front * fraction;
}

const awayFromZero = (value: number): number => (Math.abs(value) < TINY ? TINY : value);
