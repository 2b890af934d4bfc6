import { D, KernelError, toCents } from '../money/index.js';
import type { Decimal } from '../money/index.js';

/** Minutes of a regular NYSE session: what one day is wherever a model counts in days of trading. */
export const SESSION_MINUTES = 390;

/** More pieces than a session has minutes several times over are no schedule; the propagator compares all pairs. */
const SLICES_MAX = 2_000;

/** Overlaps below this share of a slice come from dividing a horizon in binary. */
const OVERLAP_TOLERANCE = 1e-9;

/** One piece of an order as a model of impact sees it. A single order is one piece. */
export interface ImpactSlice {
  /** Its shares over the shares that trade in an average day: 0.01 is 1 % of ADV. */
  readonly volumeFraction: number;
  /** Minutes of trading from the start of the order to the start of this piece. */
  readonly startMinutes: number;
  /** Minutes of trading within which it is executed, above zero. */
  readonly minutes: number;
}

/** How an order moves the price against itself, in basis points of the arrival price; the same for buys and sales. */
export interface ImpactModel {
  /**
   * What each slice pays on average. The pieces are in the order of time; what one pays follows from it and those before
   * it alone, so that a venue can ask as they come.
   */
  paidBp(slices: readonly ImpactSlice[]): number[];
  /** By how much the price has moved when the last slice is done: what each model says of that is in its docstring. */
  movedBp(slices: readonly ImpactSlice[]): number;
}

/**
 * A model whose moves add up, whoever made them and on whichever side: what a venue follows, where many orders meet.
 */
export interface AdditiveImpactModel extends ImpactModel {
  /** What a slice has left in the price `minutes` after its start, in basis points. */
  leftBp(slice: ImpactSlice, minutes: number): number;
}

/**
 * Places the rows of a schedule (`twapSchedule`) before a model.
 * In: quantities in shares, offsets in milliseconds of trading; `dailyVolume` in shares; `sliceMinutes`, within which
 * each row is executed. Out: one slice a row. Throws `INVALID_PARAMETER` where the volume is not above zero.
 */
export function impactSlices(
  rows: readonly { readonly qty: Decimal; readonly offsetMs: number }[],
  { dailyVolume, sliceMinutes }: { readonly dailyVolume: Decimal; readonly sliceMinutes: number },
): ImpactSlice[] {
  requirePositive('The daily volume', dailyVolume.toNumber());
  return rows.map(({ qty, offsetMs }) => ({
    volumeFraction: new D(qty).div(dailyVolume).toNumber(),
    startMinutes: offsetMs / 60_000,
    minutes: sliceMinutes,
  }));
}

/**
 * What the whole order pays on average, in basis points of the arrival price: the slices' own, weighted by size.
 * Throws `INVALID_SCHEDULE` where there is no slice, and what the model throws.
 */
export function averagePaidBp(model: ImpactModel, slices: readonly ImpactSlice[]): number {
  const paid = model.paidBp(slices);
  const total = totalFraction(slices);
  return slices.reduce((sum, { volumeFraction }, i) => sum + (volumeFraction / total) * (paid[i] ?? Number.NaN), 0);
}

/** Basis points of a notional in its currency, to the cent: `qty` shares at an arrival price of `price`. */
export function impactCost(bp: number, qty: Decimal, price: Decimal): Decimal {
  return toCents(new D(qty).times(price).times(bp).div(10_000));
}

/** The shares of all slices, over ADV. */
export function totalFraction(slices: readonly ImpactSlice[]): number {
  return slices.reduce((sum, { volumeFraction }) => sum + volumeFraction, 0);
}

/**
 * Refuses what is no schedule, before a model makes a number of it: `INVALID_SCHEDULE` for none or too many slices, and
 * for slices that are out of order or overlap; `INVALID_PARAMETER` for a size or time that cannot be.
 */
export function requireSlices(slices: readonly ImpactSlice[]): void {
  if (slices.length === 0 || slices.length > SLICES_MAX) {
    throw new KernelError('INVALID_SCHEDULE', `A schedule has 1 to ${SLICES_MAX} slices, not ${slices.length}.`);
  }
  slices.forEach((slice, i) => {
    requirePositive(`The size of slice ${i} over ADV`, slice.volumeFraction);
    requirePositive(`The time within which slice ${i} is executed, in minutes,`, slice.minutes);
    requireNotNegative(`The start of slice ${i} in minutes`, slice.startMinutes);
    const before = slices[i - 1];
    const overlap = before ? before.startMinutes + before.minutes - slice.startMinutes : 0;
    if (overlap > slice.minutes * OVERLAP_TOLERANCE) {
      throw new KernelError(
        'INVALID_SCHEDULE',
        `Slice ${i} starts at minute ${slice.startMinutes}, while slice ${i - 1} is executed until minute ` +
          `${slice.startMinutes + overlap}; let slices take the interval at most, in the order of time.`,
      );
    }
  });
}

/** Throws `INVALID_PARAMETER` naming it. */
export function requirePositive(name: string, value: number): void {
  if (!Number.isFinite(value) || value <= 0) throw invalid(name, 'above zero', value);
}

/** Throws `INVALID_PARAMETER` naming it. */
export function requireNotNegative(name: string, value: number): void {
  if (!Number.isFinite(value) || value < 0) throw invalid(name, 'of zero or more', value);
}

const invalid = (name: string, what: string, value: number): KernelError =>
  new KernelError('INVALID_PARAMETER', `${name} must be a number ${what}; it is ${value}.`);
