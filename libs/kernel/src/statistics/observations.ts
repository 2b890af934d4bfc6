import { KernelError } from '../money/index.js';

/** A series of numbers in time or over names. NaN (and anything else that is not finite) means missing, never zero. */
export type Series = ArrayLike<number>;

/** Only the values that are there, in their order. */
export function observations(series: Series): number[] {
  const present: number[] = [];
  for (let i = 0; i < series.length; i += 1) {
    const value = series[i];
    if (value !== undefined && Number.isFinite(value)) present.push(value);
  }
  return present;
}

/** The value at `index`; NaN where it is missing, not finite or outside the series. */
export function observationAt(series: Series, index: number): number {
  const value = series[index];
  return value !== undefined && Number.isFinite(value) ? value : Number.NaN;
}

/** Refuses a window that is not a whole number of at least one observation. */
export function requireWindow(name: string, window: number): void {
  if (!Number.isInteger(window) || window < 1) {
    throw new KernelError('INVALID_WINDOW', `${name} is ${window}; give a whole number of sessions, at least 1`);
  }
}
