import { closesOf, requirePanel, zScores } from '../statistics/index.js';
import type { Panel } from '../statistics/index.js';

/** What one strategy thinks of one name: a cross-sectional z-score in [-3, 3], or null with the reason. */
export interface Score {
  readonly symbol: string;
  readonly score: number | null;
  /** Present exactly when `score` is null. */
  readonly reason?: 'INSUFFICIENT_HISTORY';
}

/** Scores beyond three deviations say "extreme" and nothing more; clipping keeps one outlier from owning a portfolio. */
export const SCORE_ABS_MAX = 3;
const SCORE_RESOLUTION = 1e9;

/**
 * Turns one raw number a symbol into comparable scores: z-score over the names that have one, clipped to ±3, rounded to
 * 1e-9 so that the same pack gives the same hash everywhere. When all raw numbers are equal (or there is one name) every
 * name is average, which is 0. A symbol without a close on the last date is never scored: it cannot be traded on it.
 */
export function scoreCrossSection(panel: Panel, rawScore: (closes: Float64Array) => number | null): Score[] {
  requirePanel(panel);
  const raw = new Float64Array(panel.symbols.length).fill(Number.NaN);
  for (let s = 0; s < raw.length; s += 1) {
    const closes = closesOf(panel, s);
    if (!isPrice(closes.at(-1))) continue;
    raw[s] = rawScore(closes) ?? Number.NaN;
  }
  const standardised = zScores(raw);
  return panel.symbols.map((symbol, s): Score => {
    if (!Number.isFinite(raw[s])) return { symbol, score: null, reason: 'INSUFFICIENT_HISTORY' };
    return { symbol, score: standardised === null ? 0 : rounded(standardised[s]!) };
  });
}

/** True for a price that can be divided by: there, finite and above zero. */
export function isPrice(value: number | undefined): value is number {
  return value !== undefined && Number.isFinite(value) && value > 0;
}

function rounded(score: number): number {
  const clipped = Math.max(-SCORE_ABS_MAX, Math.min(SCORE_ABS_MAX, score));
  // Adding zero turns -0 into 0, which would otherwise differ between JSON and memory.
  return Math.round(clipped * SCORE_RESOLUTION) / SCORE_RESOLUTION + 0;
}
