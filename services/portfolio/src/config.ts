import { z } from 'zod';

/** The portfolio has nothing to set: what it holds follows from deposits and fills alone. */
export const PortfolioConfig = z.object({});

export type PortfolioConfig = z.infer<typeof PortfolioConfig>;
