import { integer } from '@ballast/platform';
import { z } from 'zod';

/** What an operator can set; every variable has a sane default. */
export const SignalConfig = z.object({
  SIGNAL_PACK_CACHE_MIB: integer({ min: 16, max: 16_384 })
    .default(512)
    .describe('how much of the packs used last is kept decoded; the last one is kept in any case'),
});

export type SignalConfig = z.infer<typeof SignalConfig>;
