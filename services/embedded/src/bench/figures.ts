/** The middle one; of an even number the lower of the two. */
export function median(values: readonly number[]): number {
  return percentileOf(values, 50);
}

/** A percentile by nearest rank; NaN of nothing. */
export function percentileOf(values: readonly number[], percent: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil((percent / 100) * sorted.length) - 1)] ?? Number.NaN;
}
