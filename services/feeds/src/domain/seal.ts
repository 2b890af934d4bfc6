import {
  fact,
  hashOf,
  SnapshotRefused,
  SnapshotSealed,
  type CycleOpened,
  type DataOf,
  type Fact,
  type Instant,
  type SessionDate,
} from '@ballast/contracts';
import { sessionsBehind } from './sessions.js';

type Cycle = DataOf<typeof CycleOpened>;

/** What a sealed snapshot says besides the cycle and the time. */
export type SnapshotContent = Omit<
  DataOf<typeof SnapshotSealed>,
  'cycleId' | 'portfolioId' | 'universeId' | 'sealedAt'
>;

/** Why no prices are given to a cycle. */
export interface SnapshotRefusal {
  readonly code: DataOf<typeof SnapshotRefused>['code'];
  readonly reason: string;
}

/** The rules that a history must meet. */
export interface HistoryRules {
  readonly staleSessionsMax: number;
  readonly sessionsMin: number;
}

/** Where a history ends, seen from a date. */
export type Staleness = DataOf<typeof SnapshotSealed>['staleness'];

/** Measures how far a history is behind `asOf`, or refuses it. `lastSession` is null where it has no bar up to then. */
export function measureStaleness(
  source: string,
  lastSession: SessionDate | null,
  asOf: SessionDate,
  { staleSessionsMax }: Pick<HistoryRules, 'staleSessionsMax'>,
): { readonly staleness: Staleness } | { readonly refusal: SnapshotRefusal } {
  if (lastSession === null) {
    return { refusal: { code: 'NO_HISTORY', reason: `the source ${source} has no bar on ${asOf} or before` } };
  }
  const behind = sessionsBehind(lastSession, asOf);
  if (behind <= staleSessionsMax) return { staleness: { lastSession, sessionsBehind: behind } };
  const reason = `the source ${source} ends ${lastSession}, ${behind} sessions before ${asOf}; at most ${staleSessionsMax} may be missing`;
  return { refusal: { code: 'STALE_HISTORY', reason } };
}

/** Refuses a universe whose history is too short to say anything about it. */
export function refuseLength(sessions: number, { sessionsMin }: HistoryRules): SnapshotRefusal | null {
  if (sessions >= sessionsMin) return null;
  return {
    code: 'HISTORY_TOO_SHORT',
    reason: `the history has ${sessions} sessions, at least ${sessionsMin} are needed`,
  };
}

/** The name of prices: the hash of the history and of the marks. */
export const pricingPackIdOf = (packId: string, marksHash: string): string => hashOf({ packId, marksHash });

/** The prices of a cycle as they are said. */
export const sealedFact = (cycle: Cycle, content: SnapshotContent, now: Instant): Fact<'feeds'> =>
  fact(SnapshotSealed, { ...cycleRef(cycle), ...content, sealedAt: now });

/** That a cycle gets no prices, as it is said. */
export const refusedFact = (cycle: Cycle, { code, reason }: SnapshotRefusal): Fact<'feeds'> =>
  fact(SnapshotRefused, { ...cycleRef(cycle), code, reason });

const cycleRef = ({ cycleId, portfolioId, universe }: Cycle) => ({
  cycleId,
  portfolioId,
  universeId: universe.universeId,
});
