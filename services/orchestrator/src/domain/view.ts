import type { Instant } from '@ballast/contracts';
import { millisecondsBetween } from '@ballast/kernel/calendar';
import { isEnded, type Cycle, type Stage } from './cycle.js';

/** A stage as people are shown it: when it was said, and how long after the stage before it. */
export interface StageView {
  readonly stage: Stage | 'closed' | 'aborted';
  readonly at: Instant;
  readonly sinceOpenedMs: number;
  readonly tookMs: number;
}

/** The stages of a cycle in order of their times, each with the time since the one before. */
export function stagesOf(cycle: Pick<Cycle, 'stages' | 'openedAt' | 'endedAt' | 'status'>): StageView[] {
  const heard: [StageView['stage'], Instant][] = Object.entries(cycle.stages) as [Stage, Instant][];
  if (cycle.endedAt !== null && (cycle.status === 'closed' || cycle.status === 'aborted')) {
    heard.push([cycle.status, cycle.endedAt]);
  }
  // Sorting is stable, and jsonb gives keys back by length: equal times are put in the order of the names.
  const ordered = heard.sort(([a, x], [b, y]) => (x === y ? (a < b ? -1 : 1) : x < y ? -1 : 1));
  return ordered.map(([stage, at], i) => ({
    stage,
    at,
    sinceOpenedMs: millisecondsBetween(cycle.openedAt, at),
    tookMs: millisecondsBetween(ordered[i - 1]?.[1] ?? cycle.openedAt, at),
  }));
}

/** From opening to end in milliseconds; null while the cycle is open. */
export const durationOf = ({ openedAt, endedAt }: Pick<Cycle, 'openedAt' | 'endedAt'>): number | null =>
  endedAt === null ? null : millisecondsBetween(openedAt, endedAt);

export interface Health {
  /** `unknown` before the first cycle has ended; `degraded` where one of the last was aborted; `failing` where the last was. */
  readonly status: 'unknown' | 'healthy' | 'degraded' | 'failing';
  readonly cycles: number;
  readonly closed: number;
  readonly aborted: number;
  readonly open: number;
  readonly averageDurationMs: number | null;
  readonly last: readonly {
    readonly cycleId: string;
    readonly portfolioId: string;
    readonly asOf: string;
    readonly status: string;
    readonly outcome: string | null;
    readonly code: string | null;
    readonly durationMs: number | null;
  }[];
}

/** How the last cycles went. In: cycles, the newest first. */
export function healthOf(cycles: readonly Cycle[]): Health {
  const ended = cycles.filter(isEnded);
  const aborted = ended.filter(({ status }) => status === 'aborted').length;
  const durations = ended.map((cycle) => durationOf(cycle)!);
  const sum = durations.reduce((total, each) => total + each, 0);
  return {
    status: statusOf(ended[0]?.status, aborted),
    cycles: cycles.length,
    closed: ended.length - aborted,
    aborted,
    open: cycles.length - ended.length,
    averageDurationMs: durations.length === 0 ? null : Math.round(sum / durations.length),
    last: cycles.map((cycle) => ({
      cycleId: cycle.cycleId,
      portfolioId: cycle.portfolioId,
      asOf: cycle.asOf,
      status: cycle.status,
      outcome: cycle.outcome,
      code: cycle.code,
      durationMs: durationOf(cycle),
    })),
  };
}

function statusOf(last: Cycle['status'] | undefined, aborted: number): Health['status'] {
  if (last === undefined) return 'unknown';
  if (last === 'aborted') return 'failing';
  return aborted > 0 ? 'degraded' : 'healthy';
}
