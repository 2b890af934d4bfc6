import type { Instant, SessionDate } from '@ballast/contracts';
import { dateInNewYork, nextSession, previousSession, sessionOf, type Session } from '@ballast/kernel/calendar';
import { KernelError } from '@ballast/kernel/money';

/** The last session of NYSE that has closed at a moment. */
export function lastCompletedSession(now: Instant): Session {
  const date = dateInNewYork(now);
  const today = sessionOf(date);
  return today && today.close <= now ? today : previousSession(date);
}

/** The first session after `asOf` that has not closed yet at `now`: the one in which a cycle may trade. */
export function tradeSessionAfter(asOf: SessionDate, now: Instant): Session {
  const next = nextSession(asOf);
  if (next.close > now) return next;
  const date = dateInNewYork(now);
  const today = sessionOf(date);
  return today && today.close > now ? today : nextSession(date);
}

/** Why a text cannot be the date that a cycle decides about; null where it is a session that has closed. */
export function asOfFault(asOf: string, now: Instant): string | null {
  try {
    const session = sessionOf(asOf);
    if (!session) return `NYSE did not trade on ${asOf}.`;
    if (session.close > now) return `The session of ${asOf} closes at ${session.close}, and it is ${now}.`;
    return null;
  } catch (error) {
    if (error instanceof KernelError) return error.message;
    throw error;
  }
}
