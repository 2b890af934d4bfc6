import { KernelError } from '../money/index.js';
import { normalQuantile } from '../random/index.js';
import { studentDensity, studentQuantile } from './student-t.js';
import type { TailLoss } from './historical.js';

/** A distribution of returns with its mean and standard deviation, in the unit of the returns. */
export interface Normal {
  readonly mean: number;
  readonly deviation: number;
}

/**
 * VaR = −μ + σz and ES = −μ + σ·multiplier of returns that are normal. `confidence` is 0.975, not 0.025.
 * @throws KernelError INVALID_PARAMETER for a negative deviation, a mean that is no number, a confidence outside (0.5, 1).
 */
export function gaussianShortfall({ mean, deviation }: Normal, confidence: number): TailLoss {
  requireMoments(mean, deviation);
  const multiplier = gaussianMultiplier(confidence);
  return {
    valueAtRisk: -mean + deviation * normalQuantile(confidence),
    shortfall: -mean + deviation * multiplier,
  };
}

/** Expected shortfall of a standard normal: φ(z)/(1 − c), 2.0627 at 95 % and 2.3378 at 97.5 %. @throws KernelError INVALID_PARAMETER. */
export function gaussianMultiplier(confidence: number): number {
  requireConfidence(confidence);
  const z = normalQuantile(confidence);
  return Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI) / (1 - confidence);
}

/**
 * VaR and ES of returns that are Student's t with `nu` degrees of freedom, scaled so that `deviation` is their standard
 * deviation: ES = (ν + q²)/(ν − 1) · f(q)/(1 − c) · √((ν − 2)/ν).
 * @throws KernelError INVALID_PARAMETER as for the normal, and for ν ≤ 2, where there is no standard deviation.
 */
export function studentShortfall({ mean, deviation }: Normal, nu: number, confidence: number): TailLoss {
  requireMoments(mean, deviation);
  const multipliers = studentMultipliers(nu, confidence);
  return {
    valueAtRisk: -mean + deviation * multipliers.valueAtRisk,
    shortfall: -mean + deviation * multipliers.shortfall,
  };
}

/** VaR and ES of a Student's t of mean zero and standard deviation one. @throws KernelError INVALID_PARAMETER for ν ≤ 2. */
export function studentMultipliers(nu: number, confidence: number): TailLoss {
  requireConfidence(confidence);
  if (!(nu > 2 && Number.isFinite(nu))) {
    throw new KernelError(
      'INVALID_PARAMETER',
      `nu is ${nu}; a standard deviation needs more than 2 degrees of freedom.`,
    );
  }
  const q = studentQuantile(confidence, nu);
  const unit = Math.sqrt((nu - 2) / nu);
  const tail = (((nu + q * q) / (nu - 1)) * studentDensity(q, nu)) / (1 - confidence);
  return { valueAtRisk: q * unit, shortfall: tail * unit };
}

function requireMoments(mean: number, deviation: number): void {
  if (!Number.isFinite(mean)) throw new KernelError('INVALID_PARAMETER', `mu is ${mean}; give a number.`);
  if (!(deviation >= 0 && Number.isFinite(deviation))) {
    throw new KernelError('INVALID_PARAMETER', `sigma is ${deviation}; a standard deviation is not below zero.`);
  }
}

function requireConfidence(confidence: number): void {
  if (confidence > 0.5 && confidence < 1) return;
  throw new KernelError('INVALID_PARAMETER', `confidence is ${confidence}; give it between 0.5 and 1, as in 0.975.`);
}
