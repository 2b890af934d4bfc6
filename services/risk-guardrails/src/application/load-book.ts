import { LedgerPosted, Mark, Position, Trade, WorkingOrder, type DataOf, type Rows } from '@ballast/contracts';
import { unpackRows, type PackStore } from '@ballast/platform';
import type { EntityManager } from 'typeorm';
import type { z } from 'zod';
import { bookView, type BookView } from '../domain/book-view.js';
import type { KnownBook } from '../domain/manual-order.js';
import type { ReviewEntity } from '../persistence/entities/review.entity.js';
import { findLedger, haltOf, lastValued, outstandingTrades } from '../persistence/queries.js';

type PostedPosition = NonNullable<DataOf<typeof LedgerPosted>['positions']['inline']>[number];
/** The ledger's positions are told without a price; that is all that sets them apart. */
const PostedRow = Position.pick({
  symbol: true,
  quantity: true,
  averageCost: true,
}) satisfies z.ZodType<PostedPosition>;

/** The newest view of a book by the marks of a cycle; trades of the cycle itself are not counted. */
export async function loadView(
  tx: EntityManager,
  packs: PackStore,
  { snapshot, valuation, portfolioId }: ReviewEntity,
  judged: string,
): Promise<BookView> {
  const posted = await findLedger(tx, portfolioId);
  const outstanding: Trade[] = [];
  for (const trades of await outstandingTrades(tx, portfolioId, judged)) {
    outstanding.push(...(await unpackRows(packs, trades, Trade)));
  }
  return bookView({
    marks: await unpackRows(packs, snapshot!.marks, Mark),
    working: await unpackRows(packs, valuation!.working, WorkingOrder),
    valuation: { ...valuation!, positions: await unpackRows(packs, valuation!.positions, Position) },
    posted: posted && {
      ...posted,
      positions: await unpackRows(packs, posted.positions as Rows<PostedPosition>, PostedRow),
    },
    outstanding,
  });
}

/** What is known of a book between cycles; null where it was never valued. `judged` is the request that is judged. */
export async function loadKnownBook(
  tx: EntityManager,
  packs: PackStore,
  portfolioId: string,
  judged: string,
): Promise<{ book: KnownBook; basis: ReviewEntity } | null> {
  const basis = await lastValued(tx, portfolioId);
  if (!basis) return null;
  const { halted } = await haltOf(tx, portfolioId);
  const view = await loadView(tx, packs, basis, judged);
  // A cycle that was valued before it was heard that it opened says nothing of its mode: the strict one holds.
  return { basis, book: { view, halted, mode: basis.mode ?? 'live', sealedAt: basis.snapshot!.sealedAt } };
}
