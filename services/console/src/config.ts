import { z } from 'zod';

/** The console has nothing to set: what it shows and takes follows from what it hears. */
export const ConsoleConfig = z.object({});

export type ConsoleConfig = z.infer<typeof ConsoleConfig>;
