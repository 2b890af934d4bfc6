import { KernelError } from '../money/index.js';

/** Correlations of pairs of strategies; a key is the two names in the order of their text, joined by a bar: `a|b`. */
export interface Correlation {
  /** Null where it is undefined: fewer than two common dates, or a strategy that did not move. */
  readonly corr: Record<string, number | null>;
  /** Pairs whose correlation is above the threshold, in order. */
  readonly alerts: string[];
}

/**
 * Pearson correlation of each pair of strategies on the dates that both have.
 *
 * In: strategy → returns by position, one position a date, `null` where there is none; every list as long. An alert is a
 * correlation strictly above the threshold, so negative ones never are. Source: the rule as fixed in docs/concepts/multi-alpha-allocation.md.
 * Throws `MISALIGNED_RETURNS` where lists differ in length, `INVALID_RETURN`, `INVALID_THRESHOLD`.
 */
export function correlation(
  returns: Readonly<Record<string, readonly (number | null)[]>>,
  threshold = 0.7,
): Correlation {
  if (!Number.isFinite(threshold)) {
    throw new KernelError('INVALID_THRESHOLD', `The threshold must be a finite number, not ${threshold}.`);
  }
  const names = Object.keys(returns).sort();
  const length = returns[names[0] ?? '']?.length ?? 0;
  for (const name of names) requireReturns(name, returns[name] ?? [], length);

  const corr: [string, number | null][] = [];
  names.forEach((a, i) => {
    for (const b of names.slice(i + 1)) corr.push([`${a}|${b}`, pearson(returns[a] ?? [], returns[b] ?? [])]);
  });
  return {
    corr: Object.fromEntries(corr),
    alerts: corr.flatMap(([pair, value]) => (value !== null && value > threshold ? [pair] : [])),
  };
}

function requireReturns(name: string, series: readonly (number | null)[], length: number): void {
  if (series.length !== length) {
    throw new KernelError(
      'MISALIGNED_RETURNS',
      `${name} has ${series.length} returns where others have ${length}; align them by date, null where one is missing.`,
    );
  }
  const at = series.findIndex((value) => value !== null && !Number.isFinite(value));
  if (at >= 0) {
    throw new KernelError('INVALID_RETURN', `Return ${at} of ${name} is not a finite number: ${series[at]}.`);
  }
}

function pearson(a: readonly (number | null)[], b: readonly (number | null)[]): number | null {
  const pairs = a.flatMap((x, i) => {
    const y = b[i] ?? null;
    return x === null || y === null ? [] : [{ x, y }];
  });
  const xs = pairs.map((pair) => pair.x);
  const ys = pairs.map((pair) => pair.y);
  // Equal values are compared as such: their mean may differ from them by a rounding error and fake a movement.
  if (pairs.length < 2 || isConstant(xs) || isConstant(ys)) return null;
  const meanX = mean(xs);
  const meanY = mean(ys);
  let xy = 0;
  let xx = 0;
  let yy = 0;
  for (const { x, y } of pairs) {
    xy += (x - meanX) * (y - meanY);
    xx += (x - meanX) ** 2;
    yy += (y - meanY) ** 2;
  }
  const value = xy / (Math.sqrt(xx) * Math.sqrt(yy));
  return Number.isFinite(value) ? Math.min(1, Math.max(-1, value)) : null;
}

function isConstant(values: readonly number[]): boolean {
  return values.every((value) => value === values[0]);
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
