import type { SessionDate } from '../calendar/index.js';

/** What can be wrong with a history; `checkHistory` says what each one means. */
export type HistoryCode =
  | 'NO_BARS'
  | 'LATE_START'
  | 'INVALID_DATE'
  | 'NOT_A_SESSION'
  | 'MISSING_SESSION'
  | 'DUPLICATE_DATE'
  | 'MISSING_VALUE'
  | 'NOT_NUMERIC'
  | 'PRICE_NOT_POSITIVE'
  | 'NEGATIVE_VOLUME'
  | 'ZERO_VOLUME'
  | 'OHLC_INCONSISTENT'
  | 'STALE_BARS'
  | 'UNEXPLAINED_MOVE'
  | 'UNIT_ERROR'
  | 'ADJUSTMENT_FLIP'
  | 'DIVIDEND_SUSPECT'
  | 'ADJUSTED_CLOSE_MISMATCH';

/** CRITICAL: quarantine the row. WARNING: repair it, or keep it with a trail. INFO: to know, nothing to do. */
export type HistorySeverity = 'CRITICAL' | 'WARNING' | 'INFO';

/** One fault of one row. */
export interface HistoryFinding {
  readonly code: HistoryCode;
  readonly severity: HistorySeverity;
  /** The date of the row, as it was written; null only where there is no row at all. */
  readonly date: SessionDate | null;
  /** A sentence with the numbers that were compared. */
  readonly detail: string;
}

/** Takes one finding. */
export type Report = (code: HistoryCode, severity: HistorySeverity, date: SessionDate | null, detail: string) => void;

const CRITICAL_ROW = 4;
const WARNING_ROW = 2;
const MISSING_FIELD = 1;
const MOVE = 0.1;
const LEVEL = 0.5;
const DIVIDEND = 0.05;
const RESOLUTION = 1e9;

/**
 * The score of a history from its findings: 0 (not at all to be trusted) to 1 (nothing found), rounded to 1e-9.
 *
 *     score = max(0, 1 - (4 C + 2 W + F) / n - 0.1 M - 0.5 L - 0.05 D)
 *
 * n: exchange sessions from the first to the last bar expected, at least 1. Of the findings, each counted once:
 * L: moves nobody can place (CRITICAL `UNEXPLAINED_MOVE`), after which one side of the history is wrong for good; M: moves
 * that may be true (WARNING `UNEXPLAINED_MOVE`); D: `DIVIDEND_SUSPECT` and `ADJUSTED_CLOSE_MISMATCH`; F: WARNING
 * `MISSING_VALUE`, and `ZERO_VOLUME`; C: every other CRITICAL; W: every other WARNING, and `STALE_BARS`. `ZERO_VOLUME` and
 * `STALE_BARS` cost the same where they are INFO, because a name that hardly trades has no price to rely on, and because
 * more of them must never turn into less. Every other INFO costs nothing.
 *
 * No term is negative, so a further finding never raises the score. Below 0.6 the symbol cannot be traded: that is more than
 * a fifth of the sessions missing, a tenth of the rows unusable, more than four moves, or one lasting change of level.
 * No bar on a session scores 0, because data never seen is not healthy data.
 */
export function historyScore(findings: readonly HistoryFinding[], sessions: number): number {
  if (findings.some(({ code }) => code === 'NO_BARS')) return 0;
  const n = Math.max(1, sessions);
  let cost = 0;
  for (const finding of findings) cost += costOf(finding, n);
  return Math.max(0, Math.round((1 - cost) * RESOLUTION) / RESOLUTION);
}

function costOf({ code, severity }: HistoryFinding, sessions: number): number {
  if (code === 'ZERO_VOLUME') return MISSING_FIELD / sessions;
  if (code === 'STALE_BARS') return WARNING_ROW / sessions;
  if (severity === 'INFO') return 0;
  if (code === 'UNEXPLAINED_MOVE') return severity === 'CRITICAL' ? LEVEL : MOVE;
  if (code === 'DIVIDEND_SUSPECT' || code === 'ADJUSTED_CLOSE_MISMATCH') return DIVIDEND;
  if (severity === 'CRITICAL') return CRITICAL_ROW / sessions;
  return (code === 'MISSING_VALUE' ? MISSING_FIELD : WARNING_ROW) / sessions;
}

/** A number as a sentence shows it: six significant digits, no trailing zeros. */
export function shown(value: number): string {
  return String(Number(value.toPrecision(6)));
}

/** A change as a sentence shows it: `-33.3 %`. */
export function percent(fraction: number): string {
  return `${(100 * fraction).toFixed(1)} %`;
}
