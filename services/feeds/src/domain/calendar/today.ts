import type { SessionDate } from '@ballast/contracts';
import type { Instant } from '@ballast/kernel/calendar';
import { dateAt } from '../reference/fact.js';
import type { CalendarMarket } from './day.js';

/** The date at an exchange. */
export const todayAt = (market: CalendarMarket, now: Instant): SessionDate =>
  dateAt(market === 'NYSE' ? 'US' : 'NSE', now);
