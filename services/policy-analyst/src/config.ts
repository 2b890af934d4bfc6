import { z } from 'zod';

/** The policy analyst has nothing to set: its dictionary is part of its method. */
export const PolicyAnalystConfig = z.object({});

export type PolicyAnalystConfig = z.infer<typeof PolicyAnalystConfig>;
