import { local, Slug } from '@ballast/contracts';
import { z } from 'zod';

/** Dollars and cents above zero; more than 15 digits are a slip of the hand. */
const FirstCash = z
  .string()
  .regex(/^(0|[1-9]\d{0,14})(\.\d{1,2})?$/, 'an amount with at most two decimals as text, such as "100000.00"')
  .refine((text) => /[1-9]/.test(text), 'an amount above zero');

/** What opens a book. Only paper books can be opened in this version. */
export const BookOpening = z.object({ book: Slug, cash: FirstCash, mode: z.enum(['paper']).default('paper') });
export type BookOpening = z.infer<typeof BookOpening>;

export const OpenBook = local('command.open-book', BookOpening);
