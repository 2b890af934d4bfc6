import { Mark, Slug } from '@ballast/contracts';
import { decimal, formatDecimal } from '@ballast/kernel/money';
import { PACKS, unpackRows, zodPipe, type PackStore } from '@ballast/platform';
import { Controller, Get, Inject, Param, Query } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { z } from 'zod';
import { valueBook } from '../domain/valuation.js';
import { AccountEntity } from '../persistence/entities/account.entity.js';
import { findSnapshot, heldNames } from '../persistence/queries.js';
import { requireBook } from './require-book.js';

const Page = z.object({ after: Slug.optional(), limit: z.coerce.number().int().min(1).max(500).default(100) });

/** Answers which books there are and what they are worth at the last marks. */
@Controller('/api/v1/books')
export class GetBook {
  constructor(
    @Inject(DataSource) private readonly dataSource: DataSource,
    @Inject(PACKS) private readonly packs: PackStore,
  ) {}

  @Get()
  async list(@Query(zodPipe(Page)) page: z.infer<typeof Page>): Promise<unknown> {
    const accounts = await this.dataSource.manager
      .createQueryBuilder(AccountEntity, 'account')
      .where('account.portfolioId collate "C" > :after', { after: page.after ?? '' })
      .orderBy('account.portfolioId collate "C"')
      .take(page.limit)
      .getMany();
    const next = accounts.length === page.limit ? accounts.at(-1)!.portfolioId : null;
    return { items: accounts.map(summaryOf), next };
  }

  @Get('/:book')
  async get(@Param('book', zodPipe(Slug)) book: string): Promise<unknown> {
    return this.dataSource.transaction('REPEATABLE READ', (tx) => this.#read(tx, book));
  }

  async #read(tx: EntityManager, book: string): Promise<unknown> {
    const account = await requireBook(tx, book);
    const snapshot = await findSnapshot(tx, book);
    const marks = snapshot ? await unpackRows(this.packs, snapshot.marks, Mark) : [];
    const { equity, unrealised, positions, unpriced } = valueBook(account.cash, await heldNames(tx, book), marks);
    return {
      ...summaryOf(account),
      ...{ equity, unrealised, positions: positions.length + unpriced.length, unpriced },
      marks: snapshot ? { cycleId: snapshot.cycleId, asOf: snapshot.asOf, sealedAt: snapshot.sealedAt } : null,
    };
  }
}

const text = (amount: string): string => formatDecimal(decimal(amount));

const summaryOf = (account: AccountEntity) => ({
  book: account.portfolioId,
  ...{ account: account.portfolioId, mode: account.mode, currency: 'USD' },
  ...{ openedAt: account.openedAt, openingCash: text(account.openingCash) },
  ...{ cash: text(account.cash), realised: text(account.realised), fees: text(account.fees) },
  ledger: { sequence: account.ledgerSequence, commitHash: account.ledgerHash },
});
