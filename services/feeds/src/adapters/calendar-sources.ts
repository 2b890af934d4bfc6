import type { FeedsConfig } from '../config.js';
import { AlpacaCalendar } from './alpaca-calendar.js';
import { NseCalendar } from './nse-calendar.js';
import type { CalendarSource } from './ports.js';

/** The vendors of calendars that the configuration names. */
export function calendarSources(config: FeedsConfig): readonly CalendarSource[] {
  const { FEEDS_CALENDAR_ALPACA_URL: url, FEEDS_CALENDAR_NSE_URL: nse } = config;
  const { FEEDS_ALPACA_KEY_ID: keyId, FEEDS_ALPACA_SECRET: secret } = config;
  return [
    ...(url !== undefined && keyId !== undefined && secret !== undefined
      ? [new AlpacaCalendar({ url, keyId, secret })]
      : []),
    ...(nse === undefined ? [] : [new NseCalendar(nse)]),
  ];
}
