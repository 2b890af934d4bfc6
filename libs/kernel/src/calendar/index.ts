export { dateInNewYork, newYorkToInstant } from './new-york.js';
export { niftyMonthlyExpiry, niftyWeeklyExpiries, nseSessionOf, nseSessionsBetween } from './nse.js';
export type { NseSegment, NseSession } from './nse.js';
export {
  isSession,
  nextSession,
  nextSessionOpening,
  previousSession,
  sessionAt,
  sessionOf,
  sessionsBetween,
  settlementDate,
} from './sessions.js';
export type { Session } from './sessions.js';
export { addDays, addMilliseconds, daysBetween, instantToMs, millisecondsBetween, msToInstant } from './time.js';
export type { Instant, SessionDate } from './time.js';
