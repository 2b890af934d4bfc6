import type { Mark, Rows } from '@ballast/contracts';
import { Fault, type Writing } from '@ballast/platform';
import type { EntityManager } from 'typeorm';
import type { Opening } from '../domain/account.js';
import type { Fill } from '../domain/fill.js';
import type { ChainedEntry, Commit, LedgerEntry } from '../domain/ledger.js';
import type { Holding } from '../domain/position.js';
import type { HeldName } from '../domain/valuation.js';
import type { Order } from '../domain/working-order.js';
import { AccountEntity } from './entities/account.entity.js';
import { AwaitedReconciliationEntity } from './entities/awaited-reconciliation.entity.js';
import { SnapshotEntity } from './entities/snapshot.entity.js';
import { WorkingOrderEntity } from './entities/working-order.entity.js';
import { markPosted } from './fees.js';

export const findAccount = (tx: EntityManager, portfolioId: string): Promise<AccountEntity | null> =>
  tx.findOneBy(AccountEntity, { portfolioId });

export const findOrder = (tx: EntityManager, clientOrderId: string): Promise<Order | null> =>
  tx.findOneBy(WorkingOrderEntity, { clientOrderId });

/** Opens the account with its deposit. */
export async function saveOpening(tx: EntityManager, { opened, entries, head }: Opening): Promise<void> {
  await tx.insert(AccountEntity, {
    portfolioId: opened.book,
    mode: opened.mode,
    ...{ openingCash: opened.cash, cash: opened.cash, realised: '0', fees: '0' },
    ...{ ledgerSequence: head.sequence, ledgerHash: head.hash, openedAt: opened.openedAt },
  });
  await saveEntries(tx, opened.book, entries);
}

/**
 * Keeps a fill; false where it was kept before.
 * @throws Fault FILL_CONFLICT where the venue used the execution id for something else.
 */
export async function rememberFill(tx: EntityManager, fill: Fill): Promise<boolean> {
  const inserted = await tx.query<unknown[]>(
    `insert into fill (venue, execution_id, portfolio_id, symbol, side, quantity, price, fees, client_order_id,
                       parent_order_id, cycle_id, filled_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) on conflict do nothing returning venue`,
    [
      ...[fill.venue, fill.executionId, fill.portfolioId, fill.symbol, fill.side, fill.quantity, fill.price, fill.fees],
      ...[fill.clientOrderId, fill.parentOrderId, fill.cycleId, fill.filledAt],
    ],
  );
  if (inserted.length > 0) return true;
  const same = await tx.query<unknown[]>(
    `select from fill where venue = $1 and execution_id = $2 and portfolio_id = $3 and symbol = $4 and side = $5
        and quantity = $6 and price = $7 and fees = $8 and client_order_id = $9 and filled_at = $10`,
    [
      ...[fill.venue, fill.executionId, fill.portfolioId, fill.symbol, fill.side, fill.quantity, fill.price, fill.fees],
      ...[fill.clientOrderId, fill.filledAt],
    ],
  );
  if (same.length > 0) return false;
  throw new Fault(
    'FILL_CONFLICT',
    `${fill.venue} told of execution ${fill.executionId} before, with other numbers; compare both with the venue, then skip or replay this one`,
  );
}

/** How much of a book was heard. */
export interface Heard {
  readonly fills: number;
  readonly fees: number;
}

export async function countHeard(tx: EntityManager, portfolioId: string): Promise<Heard> {
  const [row] = await tx.query<Heard[]>(
    `select (select count(*) from fill where portfolio_id = $1) as fills,
            (select count(*) from fee where portfolio_id = $1) as fees`,
    [portfolioId],
  );
  return row!;
}

/** Keeps a reconciled cycle until its fills are there. */
export const awaitFills = async (tx: EntityManager, awaited: AwaitedReconciliationEntity): Promise<void> =>
  void (await tx.upsert(AwaitedReconciliationEntity, { ...awaited }, ['portfolioId', 'cycleId']));

/** Takes out the cycles of a book that waited for no more than so many fills and fees, the earliest first. */
export async function takeAwaited(
  tx: EntityManager,
  portfolioId: string,
  { fills, fees }: Heard,
): Promise<AwaitedReconciliationEntity[]> {
  const [rows] = await tx.query<[AwaitedReconciliationEntity[], number]>(
    `delete from awaited_reconciliation where portfolio_id = $1 and fills <= $2 and fees <= $3
     returning portfolio_id as "portfolioId", cycle_id as "cycleId", fills, fees, status`,
    [portfolioId, fills, fees],
  );
  return [...rows].sort((a, b) => a.fills - b.fills || (a.cycleId < b.cycleId ? -1 : 1));
}

/** What a fill meets: its book, what the ledger has of the symbol, what waits for the ledger, and its order. */
export interface BeforeFill {
  readonly isOpen: boolean;
  /** Whether a reconciled cycle waits for fills. */
  readonly awaited: boolean;
  readonly posted: Holding;
  readonly pendingRealised: string;
  readonly order: Order | null;
}

interface BeforeFillRow {
  readonly is_open: boolean;
  readonly awaited: boolean;
  readonly posted_quantity: string;
  readonly posted_cost: string;
  readonly pending_realised: string;
  readonly order_quantity: string | null;
  readonly order_filled: string;
  readonly order_ended: boolean;
}

/** One question for all that a fill meets, because nothing comes as often as fills. */
export async function beforeFill(tx: EntityManager, fill: Fill): Promise<BeforeFill> {
  const { portfolioId, clientOrderId, symbol, side } = fill;
  const rows = await tx.query<BeforeFillRow[]>(
    `select a.portfolio_id is not null as is_open,
            exists (select from awaited_reconciliation w where w.portfolio_id = fill.portfolio_id) as awaited, coalesce(p.posted_quantity, 0) as posted_quantity,
            coalesce(p.posted_cost, 0) as posted_cost, coalesce(p.pending_realised, 0) as pending_realised,
            o.quantity as order_quantity, o.filled as order_filled, o.ended as order_ended
       from (select $1::text as portfolio_id, $2::text as symbol, $3::text as client_order_id) fill
       left join account a on a.portfolio_id = fill.portfolio_id
       left join position p on p.portfolio_id = fill.portfolio_id and p.symbol = fill.symbol
       left join working_order o on o.client_order_id = fill.client_order_id`,
    [portfolioId, symbol, clientOrderId],
  );
  const { order_quantity: quantity, order_filled: filled, order_ended: ended, ...row } = rows[0]!;
  return {
    isOpen: row.is_open,
    awaited: row.awaited,
    posted: { quantity: row.posted_quantity, cost: row.posted_cost },
    pendingRealised: row.pending_realised,
    order: quantity === null ? null : { clientOrderId, portfolioId, symbol, side, quantity, filled, ended },
  };
}

/** Fills that the ledger does not have yet, of one symbol or of all. */
export const pendingFills = (tx: EntityManager, portfolioId: string, symbol: string | null): Promise<Fill[]> =>
  tx.query<Fill[]>(
    `select venue, execution_id as "executionId", client_order_id as "clientOrderId", cycle_id as "cycleId",
            parent_order_id as "parentOrderId", portfolio_id as "portfolioId", symbol, side, quantity, price, fees,
            filled_at as "filledAt"
       from fill where portfolio_id = $1 and ledger_sequence is null and ($2::text is null or symbol = $2)`,
    [portfolioId, symbol],
  );

/** Moves a position and the account's totals together; totals move by what this fill changed. */
export function saveFilledPosition(
  to: Writing,
  name: { portfolioId: string; symbol: string },
  held: Holding & { readonly pendingRealised: string },
  change: { cash: string; realised: string; fees: string },
): void {
  to.write(
    `with moved as (
       update account set cash = cash + $6::numeric, realised = realised + $7::numeric, fees = fees + $8::numeric
        where portfolio_id = $1)
     insert into position (portfolio_id, symbol, quantity, cost, pending_realised, posted_quantity, posted_cost)
     values ($1, $2, $3, $4, $5, 0, 0)
     on conflict (portfolio_id, symbol) do update
        set quantity = excluded.quantity, cost = excluded.cost, pending_realised = excluded.pending_realised`,
    [
      name.portfolioId,
      name.symbol,
      held.quantity,
      held.cost,
      held.pendingRealised,
      change.cash,
      change.realised,
      change.fees,
    ],
  );
}

/** What a book holds now, by symbol; names that were sold out are left out. */
export async function heldNames(tx: EntityManager, portfolioId: string): Promise<HeldName[]> {
  return tx.query<HeldName[]>(
    `select symbol, quantity, cost from position where portfolio_id = $1 and quantity <> 0 order by symbol collate "C"`,
    [portfolioId],
  );
}

/** What the ledger has of some symbols. */
export async function postedHoldings(tx: EntityManager, portfolioId: string, symbols: readonly string[]) {
  const rows = await tx.query<HeldName[]>(
    `select symbol, posted_quantity as quantity, posted_cost as cost
       from position where portfolio_id = $1 and symbol = any($2)`,
    [portfolioId, symbols],
  );
  return new Map<string, Holding>(rows.map(({ symbol, quantity, cost }) => [symbol, { quantity, cost }]));
}

/** Adds a commit to the ledger, and lets its fills, fees and positions know. */
export async function saveCommit(tx: EntityManager, portfolioId: string, commit: Commit): Promise<void> {
  if (commit.entries.length === 0) return;
  await saveEntries(tx, portfolioId, commit.entries);
  const sequencesOf = (kind: LedgerEntry['kind']): number[] =>
    commit.entries.filter(({ entry }) => entry.kind === kind).map(({ sequence }) => sequence);
  await markPosted(tx, commit.fees, sequencesOf('fee'));
  await tx.query(
    `update fill set ledger_sequence = new.sequence
       from unnest($1::text[], $2::text[], $3::integer[]) as new (venue, execution_id, sequence)
      where fill.venue = new.venue and fill.execution_id = new.execution_id`,
    [commit.fills.map((fill) => fill.venue), commit.fills.map((fill) => fill.executionId), sequencesOf('fill')],
  );
  const holdings = [...commit.holdings];
  await tx.query(
    `update position
        set quantity = new.quantity, cost = new.cost, posted_quantity = new.quantity, posted_cost = new.cost,
            pending_realised = 0
       from unnest($2::text[], $3::numeric[], $4::numeric[]) as new (symbol, quantity, cost)
      where position.portfolio_id = $1 and position.symbol = new.symbol`,
    [
      portfolioId,
      holdings.map(([symbol]) => symbol),
      holdings.map(([, { quantity }]) => quantity),
      holdings.map(([, { cost }]) => cost),
    ],
  );
  const { sequence: ledgerSequence, hash: ledgerHash } = commit.head;
  await tx.update(AccountEntity, { portfolioId }, { ledgerSequence, ledgerHash });
}

async function saveEntries(tx: EntityManager, portfolioId: string, entries: readonly ChainedEntry[]): Promise<void> {
  await tx.query(
    `insert into ledger_entry (portfolio_id, sequence, previous_hash, entry, hash)
     select $1, * from unnest($2::integer[], $3::text[], $4::jsonb[], $5::text[])`,
    [
      portfolioId,
      entries.map((entry) => entry.sequence),
      entries.map((entry) => entry.previousHash),
      entries.map((entry) => JSON.stringify(entry.entry)),
      entries.map((entry) => entry.hash),
    ],
  );
}

/** Keeps where an order stands. */
export function saveOrder(to: Writing, order: Order): void {
  const { clientOrderId, portfolioId, symbol, side, quantity, filled, ended } = order;
  to.write(
    `insert into working_order (client_order_id, portfolio_id, symbol, side, quantity, filled, ended)
     values ($1, $2, $3, $4, $5, $6, $7)
     on conflict (client_order_id) do update
        set quantity = excluded.quantity, filled = excluded.filled, ended = excluded.ended`,
    [clientOrderId, portfolioId, symbol, side, quantity, filled, ended],
  );
}

/** Orders that may still fill. */
export const openOrders = (tx: EntityManager, portfolioId: string): Promise<Order[]> =>
  tx.findBy(WorkingOrderEntity, { portfolioId, ended: false });

/** Keeps the marks of the newest snapshot of a book. */
export async function rememberMarks(
  tx: EntityManager,
  snapshot: { portfolioId: string; cycleId: string; asOf: string; marks: Rows<Mark>; sealedAt: string },
): Promise<void> {
  const { portfolioId, cycleId, asOf, marks, sealedAt } = snapshot;
  await tx.query(
    `insert into snapshot (portfolio_id, cycle_id, as_of, marks, sealed_at) values ($1, $2, $3, $4, $5)
     on conflict (portfolio_id) do update
        set cycle_id = excluded.cycle_id, as_of = excluded.as_of, marks = excluded.marks, sealed_at = excluded.sealed_at
      where snapshot.sealed_at <= excluded.sealed_at`,
    [portfolioId, cycleId, asOf, JSON.stringify(marks), sealedAt],
  );
}

export const findSnapshot = (tx: EntityManager, portfolioId: string): Promise<SnapshotEntity | null> =>
  tx.findOneBy(SnapshotEntity, { portfolioId });
