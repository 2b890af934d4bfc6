import type { Instant, SessionDate } from '@ballast/contracts';
import { addMilliseconds, dateInNewYork, nextSession, sessionOf, type Session } from '@ballast/kernel/calendar';
import { lastCompletedSession } from './sessions.js';

/** A cycle that the schedule will open. */
export interface Slot {
  readonly asOf: SessionDate;
  readonly dueAt: Instant;
}

/** Vendors publish the day's bars a few minutes after the close. */
const AFTER_CLOSE_MS = 15 * 60_000;

const slotOf = ({ date, close }: Session): Slot => ({ asOf: date, dueAt: addMilliseconds(close, AFTER_CLOSE_MS) });

/** The first slot that is still to come at a moment. */
export function nextSlot(now: Instant): Slot {
  const date = dateInNewYork(now);
  const today = sessionOf(date);
  const slot = today && slotOf(today);
  return slot && slot.dueAt > now ? slot : slotOf(nextSession(date));
}

/** Whether a slot is still worth opening: no later session has closed while nobody was there. */
export const isCurrent = (slot: Slot, now: Instant): boolean => lastCompletedSession(now).date === slot.asOf;
