import { averagePaidBp, totalFraction } from './order.js';
import type { ImpactModel, ImpactSlice } from './order.js';

/** Savings smaller than this share of the cost are what adding in binary leaves of nothing. */
const ROUNDING = 1e-9;

/** A schedule against the same order sent as one, in basis points of the arrival price. */
export interface ScheduleComparison {
  /** What the single order pays on average. */
  readonly singleBp: number;
  /** What the schedule pays on average. */
  readonly scheduleBp: number;
  /** By how much the schedule is cheaper; below zero where it is dearer. */
  readonly savingBp: number;
  /** The same as a fraction of what the single order pays. */
  readonly saving: number;
}

/**
 * Compares a schedule with its whole quantity sent as one order at its start.
 * In: `singleMinutes`, within which the single order would be executed; without it no figure of a model that looks at
 * the rate of trading means anything. Throws what the model throws.
 */
export function compareWithSingle(
  model: ImpactModel,
  slices: readonly ImpactSlice[],
  singleMinutes: number,
): ScheduleComparison {
  const volumeFraction = totalFraction(slices);
  const scheduleBp = averagePaidBp(model, slices);
  const singleBp = averagePaidBp(model, [{ volumeFraction, startMinutes: 0, minutes: singleMinutes }]);
  const difference = singleBp - scheduleBp;
  const savingBp = Math.abs(difference) < singleBp * ROUNDING ? 0 : difference;
  return { singleBp, scheduleBp, savingBp, saving: savingBp / singleBp };
}
