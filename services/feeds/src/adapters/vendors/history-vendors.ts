import { CONFIG, LOGGER, Secret, type Log } from '@ballast/platform';
import type { FactoryProvider } from '@nestjs/common';
import type { FeedsConfig } from '../../config.js';
import { Circuits } from '../http/circuits.js';
import { HISTORY_VENDORS, type HistoryVendor, type HistoryVendors } from '../vendor-ports.js';
import { AlpacaHistory } from './alpaca-history.js';
import { PolygonHistory } from './polygon-history.js';
import { VendorHttp, type VendorKey } from './vendor-http.js';

/** The vendors that this service knows, each with its own limit and circuit, which the metrics show. */
export const historyVendors: FactoryProvider<HistoryVendors> = {
  provide: HISTORY_VENDORS,
  useFactory: (config: FeedsConfig, log: Log, circuits: Circuits): HistoryVendors => {
    const alpaca = circuits.watch(alpacaHttp(config, log));
    const polygon = circuits.watch(polygonHttp(config, log));
    const vendors: HistoryVendor[] = [new AlpacaHistory(alpaca, config.FEEDS_ALPACA_FEED), new PolygonHistory(polygon)];
    return new Map(vendors.map((vendor) => [vendor.name, vendor]));
  },
  inject: [CONFIG, LOGGER, Circuits],
};

/** The two halves of a key with Alpaca, which opens its data and its trading API. */
export const alpacaKeys = (config: FeedsConfig): readonly VendorKey[] => [
  {
    variable: 'FEEDS_ALPACA_KEY_ID',
    value: config.FEEDS_ALPACA_KEY_ID === undefined ? undefined : new Secret(config.FEEDS_ALPACA_KEY_ID),
    place: { header: 'APCA-API-KEY-ID' },
  },
  {
    variable: 'FEEDS_ALPACA_SECRET',
    value: config.FEEDS_ALPACA_SECRET,
    place: { header: 'APCA-API-SECRET-KEY' },
  },
];

const alpacaHttp = (config: FeedsConfig, log: Log): VendorHttp =>
  new VendorHttp({
    vendor: 'alpaca',
    url: config.FEEDS_ALPACA_DATA_URL,
    urlVariable: 'FEEDS_ALPACA_DATA_URL',
    keys: alpacaKeys(config),
    requestsPerMinute: config.FEEDS_ALPACA_REQUESTS_PER_MINUTE,
    log,
  });

const polygonHttp = (config: FeedsConfig, log: Log): VendorHttp =>
  new VendorHttp({
    vendor: 'polygon',
    url: config.FEEDS_POLYGON_URL,
    urlVariable: 'FEEDS_POLYGON_URL',
    keys: [
      {
        variable: 'FEEDS_POLYGON_KEY',
        value: config.FEEDS_POLYGON_KEY,
        place: { header: 'Authorization', scheme: 'Bearer' },
      },
    ],
    requestsPerMinute: config.FEEDS_POLYGON_REQUESTS_PER_MINUTE,
    log,
  });
