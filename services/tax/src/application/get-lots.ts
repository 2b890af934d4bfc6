import { Slug, TickerSymbol } from '@ballast/contracts';
import { zodPipe } from '@ballast/platform';
import { Controller, Get, Inject, Query } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { z } from 'zod';
import { lotRow } from '../domain/lots.js';
import { openLots } from '../persistence/queries.js';

const Question = z.object({
  book: Slug,
  symbol: TickerSymbol.optional(),
  /** Symbols up to this one were read already. */
  after: TickerSymbol.optional(),
  /** Symbols a page. */
  limit: z.coerce.number().int().min(1).max(500).default(100),
});

/** Answers which lots a book holds, by symbol and in the order in which they were opened. */
@Controller('/api/v1/lots')
export class GetLots {
  constructor(@Inject(DataSource) private readonly dataSource: DataSource) {}

  @Get()
  async list(
    @Query(zodPipe(Question)) { book, symbol, after = '', limit }: z.infer<typeof Question>,
  ): Promise<unknown> {
    const tx = this.dataSource.manager;
    const symbols = await tx.query<{ symbol: string }[]>(
      `select distinct symbol collate "C" as symbol from lot
        where account = $1 and symbol collate "C" > $2 and ($3::text is null or symbol = $3) order by 1 limit $4`,
      [book, after, symbol ?? null, limit],
    );
    const names = symbols.map((row) => row.symbol);
    const lots = await openLots(tx, book, names);
    const rows = names.flatMap((name) => (lots.get(name) ?? []).map((lot) => ({ symbol: name, ...lotRow(lot) })));
    return { book, items: rows, next: names.length === limit ? names.at(-1)! : null };
  }
}
