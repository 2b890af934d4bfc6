import type { Mode, SessionDate } from '@ballast/contracts';
import type { EntityManager } from 'typeorm';
import type { Cycle } from '../domain/cycle.js';
import type { SymbolDecision } from '../domain/decisions.js';
import type { Ground } from '../domain/opening.js';
import { BookEntity, type Reconciliation } from './entities/book.entity.js';
import { CycleMetaEntity } from './entities/cycle-meta.entity.js';
import { HistoryEntity } from './entities/history.entity.js';
import { PackStatusEntity } from './entities/pack-status.entity.js';

/** A cycle by its id; null where it is none of ours, such as the verdict on a person's own order. */
export const findCycle = (tx: EntityManager, cycleId: string): Promise<CycleMetaEntity | null> =>
  tx.findOneBy(CycleMetaEntity, { cycleId });

/** Keeps a cycle that was opened. */
export async function insertCycle(
  tx: EntityManager,
  cycle: Cycle,
  more: Pick<CycleMetaEntity, 'universe' | 'traceId'>,
): Promise<void> {
  await tx.insert(CycleMetaEntity, { ...cycle, ...more } as never);
}

/** Writes what may change of a cycle after its opening. */
export async function saveCycle(tx: EntityManager, cycle: Cycle): Promise<void> {
  const { cycleId, status, endedAt, stages, plan, verdict, refusal, decisions, outcome, code, reason } = cycle;
  const { parentsExpected, parentsPlanned, parentsCompleted, packId, pricingPackId, planHash, approvedHash } = cycle;
  const { ledgerCommitHash, ledgerSequence, abortedStage, lateFacts } = cycle;
  const changing = {
    ...{ status, endedAt, stages, plan, verdict, refusal, decisions, outcome, code, reason },
    ...{ parentsExpected, parentsPlanned, parentsCompleted, packId, pricingPackId, planHash, approvedHash },
    ...{ ledgerCommitHash, ledgerSequence, abortedStage, lateFacts },
  };
  await tx.update(CycleMetaEntity, { cycleId }, changing as never);
}

/** Writes the decisions of a cycle in one statement. */
export async function insertDecisions(
  tx: EntityManager,
  cycleId: string,
  decisions: readonly SymbolDecision[],
): Promise<void> {
  await tx.query(
    `insert into decision (cycle_id, symbol, action, reason_codes, target_weight, held_quantity, planned_quantity, approved_quantity)
     select $1, symbol, action, string_to_array(reason_codes, E'\\n'), target_weight, held_quantity, planned_quantity, approved_quantity
       from unnest($2::text[], $3::text[], $4::text[], $5::numeric[], $6::numeric[], $7::numeric[], $8::numeric[])
            as new (symbol, action, reason_codes, target_weight, held_quantity, planned_quantity, approved_quantity)`,
    [
      cycleId,
      decisions.map(({ symbol }) => symbol),
      decisions.map(({ action }) => action),
      // An array of arrays would be taken apart by unnest; no code has a line break in it.
      decisions.map(({ reasonCodes }) => reasonCodes.join('\n')),
      decisions.map(({ targetWeight }) => targetWeight),
      decisions.map(({ heldQuantity }) => heldQuantity),
      decisions.map(({ plannedQuantity }) => plannedQuantity),
      decisions.map(({ approvedQuantity }) => approvedQuantity),
    ],
  );
}

/** What is known of a portfolio before a cycle is opened. */
export async function loadGround(tx: EntityManager, portfolioId: string): Promise<Ground> {
  const book = await tx.findOneBy(BookEntity, { portfolioId });
  const [cycles] = await tx.query<{ last: SessionDate | null; open: Ground['open'] }[]>(
    `select (select max(as_of) from cycle_meta where portfolio_id = $1 and status = 'closed') as last,
            (select json_build_object('cycleId', cycle_id, 'asOf', as_of, 'status', status)
               from cycle_meta where portfolio_id = $1 and status not in ('closed', 'aborted')) as open`,
    [portfolioId],
  );
  return {
    book:
      book && book.account !== null && book.mode !== null ? { ...book, account: book.account, mode: book.mode } : null,
    open: cycles!.open,
    lastClosedAsOf: cycles!.last,
    historyKnown: await tx.existsBy(HistoryEntity, {}),
    pack: await tx.findOneBy(PackStatusEntity, {}),
  };
}

async function saveBook(
  tx: EntityManager,
  portfolioId: string,
  add: (book: BookEntity) => Partial<BookEntity>,
): Promise<void> {
  const blank = { account: null, mode: null, ledgerCommitHash: null, ledgerSequence: 0, reconciliation: null };
  const book =
    (await tx.findOneBy(BookEntity, { portfolioId })) ?? tx.create(BookEntity, { portfolioId, ...blank } as never);
  await tx.save(BookEntity, Object.assign(book, add(book)));
}

/** The book was opened under an account. */
export const rememberAccount = (
  tx: EntityManager,
  portfolioId: string,
  account: { account: string; mode: Mode },
): Promise<void> => saveBook(tx, portfolioId, () => ({ account: account.account, mode: account.mode }));

/** The head of a book's ledger; what is behind the head that is known changes nothing. */
export const rememberLedger = (
  tx: EntityManager,
  portfolioId: string,
  head: { hash: string; sequence: number },
): Promise<void> =>
  saveBook(tx, portfolioId, (book) =>
    head.sequence >= book.ledgerSequence ? { ledgerCommitHash: head.hash, ledgerSequence: head.sequence } : {},
  );

/** The last reconciliation of a book. */
export const rememberReconciliation = (
  tx: EntityManager,
  portfolioId: string,
  reconciliation: Reconciliation,
): Promise<void> => saveBook(tx, portfolioId, () => ({ reconciliation }));
