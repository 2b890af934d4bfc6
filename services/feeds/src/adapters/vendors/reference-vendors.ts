import { CONFIG, LOGGER, type Log } from '@ballast/platform';
import type { FactoryProvider } from '@nestjs/common';
import type { FeedsConfig } from '../../config.js';
import { Circuits } from '../http/circuits.js';
import { REFERENCE_VENDORS, type ReferenceVendors } from '../vendor-ports.js';
import { Fmp } from './fmp.js';

/** The vendors of reference facts that this service knows. */
export const referenceVendors: FactoryProvider<ReferenceVendors> = {
  provide: REFERENCE_VENDORS,
  useFactory: (config: FeedsConfig, log: Log, circuits: Circuits): ReferenceVendors => {
    const fmp = new Fmp({
      ...{ key: config.FEEDS_FMP_KEY, url: config.FEEDS_FMP_URL, log },
      requestsPerMinute: config.FEEDS_FMP_REQUESTS_PER_MINUTE,
    });
    return new Map([[fmp.name, circuits.watch(fmp)]]);
  },
  inject: [CONFIG, LOGGER, Circuits],
};
