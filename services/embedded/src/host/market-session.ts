import { nextSessionOpening, sessionAt, type Instant, type Session } from '@ballast/kernel/calendar';

/** The session whose prices the venue needs at a moment: the one that is open, else the one that opens next. */
export const sessionToTrade = (now: Instant): Session => sessionAt(now) ?? nextSessionOpening(now);
