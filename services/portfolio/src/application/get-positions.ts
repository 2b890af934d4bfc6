import { Mark, Slug, TickerSymbol } from '@ballast/contracts';
import { PACKS, unpackRows, zodPipe, type PackStore } from '@ballast/platform';
import { Controller, Get, Inject, Query } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { z } from 'zod';
import { averageCostText } from '../domain/position.js';
import { valueBook } from '../domain/valuation.js';
import { findSnapshot, heldNames } from '../persistence/queries.js';
import { requireBook } from './require-book.js';

const Question = z.object({
  book: Slug,
  after: TickerSymbol.optional(),
  limit: z.coerce.number().int().min(1).max(1_000).default(500),
});

/** Answers what a book holds, at the last marks; what has no mark has no price and no value. */
@Controller('/api/v1/positions')
export class GetPositions {
  constructor(
    @Inject(DataSource) private readonly dataSource: DataSource,
    @Inject(PACKS) private readonly packs: PackStore,
  ) {}

  @Get()
  list(@Query(zodPipe(Question)) question: z.infer<typeof Question>): Promise<unknown> {
    return this.dataSource.transaction('REPEATABLE READ', (tx) => this.#read(tx, question));
  }

  async #read(tx: EntityManager, { book, after = '', limit }: z.infer<typeof Question>): Promise<unknown> {
    await requireBook(tx, book);
    const held = await heldNames(tx, book);
    const page = held.filter(({ symbol }) => symbol > after).slice(0, limit);
    const snapshot = await findSnapshot(tx, book);
    const marks = snapshot ? await unpackRows(this.packs, snapshot.marks, Mark) : [];
    const { positions, unpriced } = valueBook('0', page, marks);
    const average = new Map(page.map((each) => [each.symbol, averageCostText(each)]));
    const rows = [
      ...positions,
      ...unpriced.map(({ symbol, quantity }) => ({
        ...{ symbol, quantity, averageCost: average.get(symbol)! },
        ...{ price: null, marketValue: null, unrealised: null },
      })),
    ].sort((a, b) => (a.symbol < b.symbol ? -1 : 1));
    const last = page.at(-1);
    const more = last !== undefined && held.some(({ symbol }) => symbol > last.symbol);
    return { book, marksAsOf: snapshot?.asOf ?? null, items: rows, next: more ? last.symbol : null };
  }
}
