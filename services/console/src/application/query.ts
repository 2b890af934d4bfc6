import { z } from 'zod';

/** How many rows of a list a caller wants. */
export const limit = (max: number, usual: number) => z.coerce.number().int().min(1).max(max).default(usual);
