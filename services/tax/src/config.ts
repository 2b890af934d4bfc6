import { z } from 'zod';

/** Tax has nothing to set: lots are relieved first in, first out, in this version. */
export const TaxConfig = z.object({});

export type TaxConfig = z.infer<typeof TaxConfig>;
