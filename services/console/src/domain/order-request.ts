import type { Instant } from '@ballast/contracts';
import type { Refused } from './refused.js';

interface Book {
  readonly account: string;
}

/** What a wish for a book is answered with that was never opened. */
export const bookNotFound = (portfolioId: string): Refused => ({
  status: 404,
  code: 'BOOK_NOT_FOUND',
  title: 'There is no such book',
  detail: `No account was opened for the portfolio "${portfolioId}".`,
  nextStep: 'See the books with "ballast status"; the name of a book is case-sensitive.',
});

/** Why no order can be asked for in an account; null where it can. Whether it may be sent is for risk to say. */
export function orderFault(
  account: string,
  halt: { readonly raised: boolean; readonly by: string; readonly reason: string; readonly at: Instant } | null,
): Refused | null {
  if (!halt?.raised) return null;
  return {
    status: 409,
    code: 'ACCOUNT_HALTED',
    title: 'The account is halted',
    detail: `${halt.by} halted ${account} at ${halt.at}: ${halt.reason}.`,
    nextStep: `Lift the halt with "ballast halt off" first, then ask with a new Idempotency-Key.`,
  };
}

/** Why a book cannot be flattened; null where it can. What there is to close is for risk to say. */
export function flattenFault(
  portfolioId: string,
  book: Book | null,
  halt: { readonly raised: boolean } | null,
): Refused | null {
  if (!book) return bookNotFound(portfolioId);
  if (halt?.raised) return null;
  return {
    status: 409,
    code: 'ACCOUNT_NOT_HALTED',
    title: 'The account is not halted',
    detail: `Closing everything is for a halted account, and no halt of ${book.account} was heard of.`,
    nextStep: `Halt it and cancel what works with "ballast halt on --flatten --book ${portfolioId}"; a halt of this very moment is heard in a second.`,
  };
}
