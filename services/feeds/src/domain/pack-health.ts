import type { Instant, SessionDate } from '@ballast/contracts';
import { addMilliseconds, dateInNewYork, millisecondsBetween } from '@ballast/kernel/calendar';
import { lastCompletedSession, sessionsBehind } from './sessions.js';

/** What is known about prices at a moment. */
export interface PackState {
  readonly now: Instant;
  /** The import under way, and how much of it has been read: 0 to 1. */
  readonly running: { readonly source: string; readonly startedAt: Instant; readonly fraction: number } | null;
  readonly lastRefusal: { readonly code: string; readonly reason: string } | null;
  readonly source: { readonly name: string; readonly to: SessionDate } | null;
  readonly snapshot: { readonly pricingPackId: string; readonly asOf: SessionDate; readonly packThere: boolean } | null;
  readonly staleSessionsMax: number;
  /** How the history compares with the one that is kept to check it; null where there is none, or it was not compared yet. */
  readonly reconciliation: {
    readonly against: string;
    readonly status: 'green' | 'red';
    readonly compared: number;
    readonly differing: number;
  } | null;
}

/** The answer of `/health/pack`; the names of its fields are fixed by the requirements. */
export interface PackHealth {
  readonly status: 'warming' | 'fresh' | 'stale' | 'error';
  readonly pricing_pack_id: string | null;
  readonly as_of: SessionDate | null;
  readonly estimated_ready: Instant | null;
  readonly reason: string;
}

/** How long an import is taken to last before enough of it was read to tell. */
const IMPORT_MS = 10_000;
const FRACTION_MIN = 0.05;

/** Tells whether prices can be relied on now, and if not, why and until when. */
export function packHealth(state: PackState): PackHealth {
  const { now, running, lastRefusal, source, snapshot } = state;
  const known = { pricing_pack_id: snapshot?.pricingPackId ?? null, as_of: snapshot?.asOf ?? source?.to ?? null };
  if (running) {
    const reason = `the import into ${running.source} is under way`;
    return { ...known, status: 'warming', estimated_ready: readyAt(now, running), reason };
  }
  if (source === null) {
    if (lastRefusal) {
      return { ...known, status: 'error', estimated_ready: null, reason: `${lastRefusal.code}: ${lastRefusal.reason}` };
    }
    return { ...known, status: 'warming', estimated_ready: null, reason: 'no history was imported yet' };
  }
  if (snapshot && !snapshot.packThere) {
    const reason = 'the file of the last pack is missing from the pack store';
    return { ...known, status: 'error', estimated_ready: null, reason };
  }
  const disagreement = disagreementOf(source.name, state.reconciliation);
  if (disagreement !== null) return { ...known, status: 'error', estimated_ready: null, reason: disagreement };
  // A book in simulated time may stand before the history it was given, and even before the calendar begins.
  const expected = source.to >= dateInNewYork(now) ? source.to : lastCompletedSession(now);
  const behind = sessionsBehind(source.to, expected);
  const stale = behind > state.staleSessionsMax;
  const reason = `${source.name} reaches ${source.to}, ${behind} sessions behind ${expected}; at most ${state.staleSessionsMax} may be missing`;
  return { ...known, status: stale ? 'stale' : 'fresh', estimated_ready: stale ? null : now, reason };
}

/** Why the history is not to be relied on beside the one that is kept to check it; null where the two agree. */
function disagreementOf(source: string, reconciliation: PackState['reconciliation']): string | null {
  if (reconciliation?.status !== 'red') return null;
  const { against, compared, differing } = reconciliation;
  return compared === 0
    ? `${source} and ${against} have no close of the last sessions in common, so nobody can tell whether they agree`
    : `${differing} of ${compared} closes of ${source} differ from those of ${against} by more than 0.5 %`;
}

function readyAt(now: Instant, { startedAt, fraction }: { startedAt: Instant; fraction: number }): Instant {
  if (fraction < FRACTION_MIN) return addMilliseconds(now, IMPORT_MS);
  const elapsed = Math.max(0, millisecondsBetween(startedAt, now));
  return addMilliseconds(now, Math.ceil((elapsed * (1 - fraction)) / fraction));
}
