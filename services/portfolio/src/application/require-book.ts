import { Problem } from '@ballast/platform';
import type { EntityManager } from 'typeorm';
import type { AccountEntity } from '../persistence/entities/account.entity.js';
import { findAccount } from '../persistence/queries.js';

/** The account of a book. @throws Problem 404 BOOK_NOT_FOUND. */
export async function requireBook(tx: EntityManager, book: string): Promise<AccountEntity> {
  const account = await findAccount(tx, book);
  if (account) return account;
  throw new Problem({
    status: 404,
    code: 'BOOK_NOT_FOUND',
    title: 'There is no such book',
    detail: `No book "${book}" was opened.`,
    nextStep: 'GET /api/v1/books lists the books there are; POST /api/v1/books opens one.',
  });
}
