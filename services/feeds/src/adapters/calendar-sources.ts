import { CONFIG, LOGGER, type Log } from '@ballast/platform';
import type { FactoryProvider } from '@nestjs/common';
import type { FeedsConfig } from '../config.js';
import { AlpacaCalendar } from './alpaca-calendar.js';
import { Circuits } from './http/circuits.js';
import { NseCalendar } from './nse-calendar.js';
import { CALENDAR_SOURCES, type CalendarSource } from './ports.js';
import { Publishers } from './publishers.js';
import { alpacaKeys } from './vendors/history-vendors.js';
import { VendorHttp } from './vendors/vendor-http.js';

/** https://docs.alpaca.markets/docs/usage-limits: calls a minute to the trading API. */
const ALPACA_TRADING_PER_MINUTE = 200;

/** The vendors of calendars that the configuration names. */
export const calendarSources: FactoryProvider<readonly CalendarSource[]> = {
  provide: CALENDAR_SOURCES,
  useFactory: (config: FeedsConfig, log: Log, circuits: Circuits, publishers: Publishers): CalendarSource[] => {
    const { FEEDS_CALENDAR_ALPACA_URL: url, FEEDS_CALENDAR_NSE_URL: nse } = config;
    const sources: CalendarSource[] = [];
    if (url !== undefined) {
      const http = new VendorHttp({
        ...{ vendor: 'alpaca-trading', url, urlVariable: 'FEEDS_CALENDAR_ALPACA_URL', keys: alpacaKeys(config) },
        ...{ requestsPerMinute: ALPACA_TRADING_PER_MINUTE, log },
      });
      sources.push(new AlpacaCalendar(circuits.watch(http)));
    }
    if (nse !== undefined) sources.push(new NseCalendar(publishers.nse(nse)));
    return sources;
  },
  inject: [CONFIG, LOGGER, Circuits, Publishers],
};
