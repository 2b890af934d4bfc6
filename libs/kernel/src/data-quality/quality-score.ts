import { observationAt } from '../statistics/index.js';
import type { Series } from '../statistics/index.js';

/** How far the history of one name can be trusted, and the counts it was made of. */
export interface Quality {
  /** 0 (not at all) to 1 (nothing found), rounded to 1e-9. */
  readonly score: number;
  /** Exchange sessions from the first close to the end of the window. */
  readonly sessions: number;
  /** Of them without a close. */
  readonly missing: number;
  /** Closes equal to both closes before them: two equal closes happen, three in a row are a feed that repeats itself. */
  readonly stale: number;
  /** Moves of more than 30 % from one close to the next there is: mostly splits or wrong digits. */
  readonly jumps: number;
}

const JUMP = 0.3;
const GAP_WEIGHT = 2;
const JUMP_WEIGHT = 0.1;
const RESOLUTION = 1e9;

/**
 * Scores the closes of one name, one entry an exchange session, NaN = missing:
 *
 *     score = max(0, 1 - 2 × missing / sessions - 2 × stale / sessions - 0.1 × jumps)
 *
 * Sessions before the first close are not counted, because a young listing is not a bad one. Names below 0.6 are to be
 * refused, which more than a fifth of the sessions missing or more than four jumps come to. No close at all scores 0.
 */
export function qualityScore(closes: Series): Quality {
  let first = 0;
  while (first < closes.length && Number.isNaN(observationAt(closes, first))) first += 1;
  const sessions = closes.length - first;
  if (sessions === 0) return { score: 0, sessions: 0, missing: 0, stale: 0, jumps: 0 };

  let missing = 0;
  let stale = 0;
  let jumps = 0;
  let previous = Number.NaN;
  let repeats = 0;
  for (let i = first; i < closes.length; i += 1) {
    const close = observationAt(closes, i);
    if (Number.isNaN(close)) {
      missing += 1;
      continue;
    }
    repeats = close === previous ? repeats + 1 : 0;
    if (repeats >= 2) stale += 1;
    if (Math.abs(close - previous) > JUMP * previous) jumps += 1;
    previous = close;
  }
  const score = 1 - (GAP_WEIGHT * (missing + stale)) / sessions - JUMP_WEIGHT * jumps;
  return { score: Math.max(0, Math.round(score * RESOLUTION) / RESOLUTION), sessions, missing, stale, jumps };
}
