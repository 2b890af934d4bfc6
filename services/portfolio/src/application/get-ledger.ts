import { Slug } from '@ballast/contracts';
import { zodPipe } from '@ballast/platform';
import { Controller, Get, Inject, Query } from '@nestjs/common';
import { DataSource, MoreThanOrEqual, type EntityManager } from 'typeorm';
import { z } from 'zod';
import { LedgerCheck, type LedgerVerdict } from '../domain/ledger-check.js';
import { LedgerEntryEntity } from '../persistence/entities/ledger-entry.entity.js';
import { requireBook } from './require-book.js';

const Question = z.object({
  book: Slug,
  /** The sequence of the last entry that was read already. */
  after: z.coerce.number().int().min(0).max(2_147_483_646).default(0),
  limit: z.coerce.number().int().min(1).max(1_000).default(100),
});

const OfBook = z.object({ book: Slug });

/** How many entries are verified at once. */
const VERIFY_PAGE = 2_000;

/** Answers what the ledger of a book says, and whether anybody has touched it. */
@Controller('/api/v1/ledger')
export class GetLedger {
  constructor(@Inject(DataSource) private readonly dataSource: DataSource) {}

  @Get()
  async list(@Query(zodPipe(Question)) { book, after, limit }: z.infer<typeof Question>): Promise<unknown> {
    const tx = this.dataSource.manager;
    const { ledgerSequence, ledgerHash } = await requireBook(tx, book);
    const rows = await entriesFrom(tx, book, after + 1, limit);
    const items = rows.map(({ sequence, previousHash, entry, hash }) => ({ sequence, previousHash, entry, hash }));
    const last = items.at(-1)?.sequence ?? ledgerSequence;
    const head = { sequence: ledgerSequence, commitHash: ledgerHash };
    return { book, head, items, next: last < ledgerSequence ? last : null };
  }

  @Get('/verify')
  verify(@Query(zodPipe(OfBook)) { book }: z.infer<typeof OfBook>): Promise<LedgerVerdict> {
    // One snapshot, so that a commit in the meantime does not look like a break.
    return this.dataSource.transaction('REPEATABLE READ', async (tx) => {
      const { ledgerSequence, ledgerHash } = await requireBook(tx, book);
      const check = new LedgerCheck(book);
      let page: LedgerEntryEntity[];
      do {
        page = await entriesFrom(tx, book, check.next, VERIFY_PAGE);
        check.add(page);
      } while (page.length === VERIFY_PAGE && !check.broken);
      return check.verdict({ sequence: ledgerSequence, hash: ledgerHash });
    });
  }
}

const entriesFrom = (
  tx: EntityManager,
  portfolioId: string,
  from: number,
  take: number,
): Promise<LedgerEntryEntity[]> =>
  tx.find(LedgerEntryEntity, {
    ...{ where: { portfolioId, sequence: MoreThanOrEqual(from) }, order: { sequence: 'ASC' }, take },
  });
