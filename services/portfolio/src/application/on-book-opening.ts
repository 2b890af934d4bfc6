import type { Envelope } from '@ballast/contracts';
import { On, PACKS, type InboxContext, type PackStore } from '@ballast/platform';
import { Controller, Inject } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { openBook, sameOpening, type OpenedBook } from '../domain/account.js';
import { OpenBook, type BookOpening } from '../messages.js';
import type { AccountEntity } from '../persistence/entities/account.entity.js';
import { findAccount, saveOpening } from '../persistence/queries.js';
import { ledgerPosted } from './ledger-posted.js';

const EMPTY = { sequence: 0, hash: '' };

/** Somebody opens a book; doing it again with the same cash changes nothing. */
@Controller()
export class OnBookOpening {
  constructor(@Inject(PACKS) private readonly packs: PackStore) {}

  @On(OpenBook)
  async handle(@Payload() command: Envelope<BookOpening>, @Ctx() ctx: InboxContext<'portfolio'>): Promise<void> {
    const { book, cash, mode } = command.data;
    const known = await findAccount(ctx.tx, book);
    if (known) return answerAgain(ctx, openedBookOf(known), command.data);
    const opening = openBook(book, cash, mode, ctx.now);
    await saveOpening(ctx.tx, opening);
    const { cash: first } = opening.opened;
    const totals = { portfolioId: book, cash: first, realised: '0', fees: '0' };
    ctx.emit([opening.fact, await ledgerPosted(this.packs, null, totals, EMPTY, opening.head, [])]);
    ctx.audit({ act: 'book.opened', subject: book, portfolioId: book, detail: { cash: first, mode } });
    ctx.reply(opening.opened);
  }
}

function answerAgain(ctx: InboxContext<'portfolio'>, opened: OpenedBook, wanted: BookOpening): void {
  if (sameOpening(opened, wanted.cash, wanted.mode)) return ctx.reply(opened);
  ctx.refuse({
    status: 409,
    code: 'BOOK_EXISTS',
    title: 'The book exists with other cash',
    detail: `Book "${opened.book}" was opened with ${opened.cash} USD (${opened.mode}), not ${wanted.cash} (${wanted.mode}).`,
    nextStep: `Use the book as it is, or open another one under a new name.`,
  });
}

const openedBookOf = ({ portfolioId, mode, openingCash, openedAt }: AccountEntity): OpenedBook => ({
  ...{ book: portfolioId, account: portfolioId, mode, currency: 'USD', cash: openingCash, openedAt },
});
