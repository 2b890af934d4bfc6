import type { InboxContext } from '@ballast/platform';

/** Tells people of a message for a book that nobody opened; nothing is said about such a book. */
export function alertUnknownBook(ctx: InboxContext<'portfolio'>, portfolioId: string, what: string): void {
  ctx.alert({
    code: 'BOOK_UNKNOWN',
    severity: 'critical',
    message: `book "${portfolioId}" is not open, but ${what} came in`,
    numbers: { book: portfolioId },
    nextStep: `open it with POST /api/v1/books, or find out who works with a book of that name`,
  });
}
