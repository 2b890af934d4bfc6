import { perform, type Break, type Instant, type Purpose, type Task } from '@ballast/contracts';
import { addMilliseconds, nextSessionOpening, sessionAt } from '@ballast/kernel/calendar';
import { Reconcile, type ReconcileRequest, type VenueAccount } from '../messages.js';
import { isSameBreak } from './reconcile.js';

export type LookStatus = 'green' | 'broken' | 'unavailable';

/** What is known of an account by looking at the venue's books again and again. */
export interface Watch {
  readonly account: string;
  readonly portfolioId: string;
  /** When the books were found to agree since this gateway began its work; null before: nothing leaves. */
  readonly readyAt: Instant | null;
  /** What the last look found; null before the first. */
  readonly status: LookStatus | null;
  /** The look that is under way; null where none is. An answer to another one is old, and nothing follows from it. */
  readonly lookId: string | null;
  /** When the next look begins; null where nothing calls for one. */
  readonly nextLookAt: Instant | null;
  /** When the last look was asked for that found both books the same: every fill before it is booked. */
  readonly greenAt: Instant | null;
  /** The venue's word on the account, and when it was asked for. */
  readonly facts: VenueAccount | null;
  readonly factsAt: Instant | null;
}

/** A break that is open, and whether a person lets orders leave though it is. */
export type KnownBreak = Pick<Break, 'kind' | 'subject' | 'ours' | 'venue'> & { readonly acceptedAt: Instant | null };

/** What a look changes. */
export interface Judged<K> {
  /** Breaks that were not there before, or by another amount: they halt what they are about. */
  readonly fresh: readonly Break[];
  /** Those that were known and still are. */
  readonly standing: readonly K[];
  /** Whether it found something else than the one before, so that it is said. */
  readonly changed: boolean;
  readonly readyAt: Instant | null;
}

/**
 * Compares what a look found with what was known. The account is ready from the first look on that finds no break but those
 * that a person has seen and accepted; it stays so while the gateway runs, because whatever breaks later halts by itself.
 */
export function judgeLook<K extends KnownBreak>(
  before: Pick<Watch, 'status' | 'readyAt'>,
  known: readonly K[],
  { status, breaks }: { readonly status: LookStatus; readonly breaks: readonly Break[] },
  now: Instant,
): Judged<K> {
  if (status === 'unavailable') {
    return { fresh: [], standing: known, changed: before.status !== status, readyAt: before.readyAt };
  }
  const fresh = breaks.filter((each) => !known.some((other) => isSameBreak(other, each)));
  const standing = known.filter((each) => breaks.some((other) => isSameBreak(other, each)));
  const agrees = fresh.length === 0 && standing.every(({ acceptedAt }) => acceptedAt !== null);
  return {
    fresh,
    standing,
    changed: before.status !== status || fresh.length > 0 || standing.length < known.length,
    readyAt: before.readyAt ?? (agrees ? now : null),
  };
}

/** Asks for the venue's books of an account, for the first time. */
export const askBooks = (
  request: Pick<ReconcileRequest, 'reconciliationId' | 'account' | 'portfolioId' | 'cycleId' | 'purpose'>,
  now: Instant,
): Task => perform(Reconcile, request.account, { ...request, round: 1, askedAt: now, since: null, seen: [] });

/** How often an account is looked at, in ms. */
export interface Pace {
  readonly workingMs: number;
  /** While nothing is open; null where it is then not looked at. */
  readonly idleMs: number | null;
}

/** How long after the close the books of the day are looked at: by then the venue has let the day's orders expire. */
const AFTER_CLOSE_MS = 5_000;
/** How long before the open: what leaves at the open finds facts that are fresh. */
const BEFORE_OPEN_MS = 30_000;

/**
 * When to look next: soon while an order is open in a session or the venue could not be asked, else at the idle pace; once
 * after the close and once before the open. Outside of a session an open order does not work, and is looked at at the idle
 * pace. Null where nothing calls for a look.
 */
export function nextLook(
  { open, status, readyAt }: { readonly open: boolean } & Pick<Watch, 'status' | 'readyAt'>,
  { workingMs, idleMs }: Pace,
  now: Instant,
): Instant | null {
  const session = sessionAt(now);
  const unsure = status === 'unavailable' || readyAt === null;
  const paceMs = unsure || (open && session) ? workingMs : session || open ? idleMs : null;
  const usual = paceMs === null ? null : addMilliseconds(now, paceMs);
  if (session) {
    return usual !== null && usual > session.close ? addMilliseconds(session.close, AFTER_CLOSE_MS) : usual;
  }
  if (idleMs === null) return usual;
  const beforeOpen = addMilliseconds(nextSessionOpening(now).open, -BEFORE_OPEN_MS);
  const next = beforeOpen > now ? beforeOpen : addMilliseconds(now, Math.min(idleMs, BEFORE_OPEN_MS));
  return usual === null || next < usual ? next : usual;
}

/** Whether the venue's word on an account is recent enough to let an order leave by it. */
export const isFresh = (
  { facts, factsAt }: Pick<Watch, 'facts' | 'factsAt'>,
  now: Instant,
  ageMsMax: number,
): boolean => facts !== null && factsAt !== null && addMilliseconds(factsAt, ageMsMax) >= now;

/**
 * Whether orders of an account may leave as far as its books go: to trade, once both were found the same since this gateway
 * began its work; to close positions, as soon as they were compared, because whatever did not agree is halted by its symbol.
 */
export const isReady = ({ readyAt, status }: Pick<Watch, 'readyAt' | 'status'>, purpose: Purpose): boolean =>
  readyAt !== null || (purpose === 'flatten' && (status === 'green' || status === 'broken'));
