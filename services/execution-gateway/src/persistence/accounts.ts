import type { Mode } from '@ballast/contracts';
import type { EntityManager } from 'typeorm';
import type { Holdings } from '../domain/closing.js';
import type { Halt } from '../domain/halt.js';
import type { OwnBooks } from '../domain/reconcile.js';
import { HaltEntity } from './entities/halt.entity.js';
import { VenueAccountEntity } from './entities/venue-account.entity.js';
import { VerdictEntity } from './entities/verdict.entity.js';
import { ENDS_SQL, OPEN_SQL } from './orders.js';

export const accountBy = (tx: EntityManager, account: string): Promise<VenueAccountEntity | null> =>
  tx.findOneBy(VenueAccountEntity, { account });

export const accountsOfPortfolio = (tx: EntityManager, portfolioId: string): Promise<VenueAccountEntity[]> =>
  tx.find(VenueAccountEntity, { where: { portfolioId }, order: { account: 'ASC' } });

export const allAccounts = (tx: EntityManager): Promise<VenueAccountEntity[]> =>
  tx.find(VenueAccountEntity, { order: { account: 'ASC' } });

/** Makes an account known, with its halt row and its watch. False where it was known. */
export async function openAccount(
  tx: EntityManager,
  account: { account: string; portfolioId: string; mode: Mode; openingCash: string; openedAt: string },
  now: string,
): Promise<boolean> {
  const rows = await tx.query<unknown[]>(
    `insert into venue_account (account, portfolio_id, mode, opening_cash, opened_at, stream_opens)
     values ($1, $2, $3, $4, $5, 0)
     on conflict (account) do nothing returning 1`,
    [account.account, account.portfolioId, account.mode, account.openingCash, account.openedAt],
  );
  await tx.query(
    `insert into halt (account, halted, epoch, by, reason, door, at) values ($1, false, 0, 'ballast', 'account opened', 'rule', $2)
     on conflict (account) do nothing`,
    [account.account, now],
  );
  await tx.query(`insert into account_watch (account, portfolio_id) values ($1, $2) on conflict (account) do nothing`, [
    account.account,
    account.portfolioId,
  ]);
  return rows.length > 0;
}

/** Counts an opening of the account's stream. */
export async function countStreamOpen(tx: EntityManager, account: string): Promise<void> {
  await tx.query(`update venue_account set stream_opens = stream_opens + 1 where account = $1`, [account]);
}

/**
 * The halt row of an account. `share` in the transaction that sends, `update` in the one that
 * switches: once a halt has committed, no order can commit to sending.
 */
export async function readHalt(tx: EntityManager, account: string, lock: 'share' | 'update'): Promise<Halt | null> {
  const rows = await tx.query<Halt[]>(
    `select account, halted, epoch, by, reason, door, at from halt where account = $1 for ${lock}`,
    [account],
  );
  return rows[0] ?? null;
}

export async function saveHalt(tx: EntityManager, halt: Halt): Promise<void> {
  await tx.update(HaltEntity, { account: halt.account }, { ...halt });
}

/** The verdict of a cycle that is being executed or was. */
export const executedVerdict = (tx: EntityManager, cycleId: string): Promise<VerdictEntity | null> =>
  tx.findOneBy(VerdictEntity, { cycleId, status: 'executing' });

/** The verdicts of an account that wait for a halt epoch or for the account. */
export const waitingVerdicts = (tx: EntityManager, account: string): Promise<VerdictEntity[]> =>
  tx.find(VerdictEntity, { where: { account, status: 'waiting' }, order: { receivedAt: 'ASC', cycleId: 'ASC' } });

/** Writes what became of a verdict. */
export async function saveVerdict(tx: EntityManager, verdict: Omit<VerdictEntity, 'reconcileAt'>): Promise<void> {
  await tx.query(
    `insert into verdict (cycle_id, approved_hash, portfolio_id, account, status, reason, waiting, parents, received_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
     on conflict (cycle_id, approved_hash) do update set
       status = excluded.status, reason = excluded.reason, waiting = excluded.waiting, parents = excluded.parents`,
    [
      verdict.cycleId,
      verdict.approvedHash,
      verdict.portfolioId,
      verdict.account,
      verdict.status,
      verdict.reason,
      verdict.waiting === null ? null : JSON.stringify(verdict.waiting),
      verdict.parents,
      verdict.receivedAt,
    ],
  );
}

/** Those of some cycles whose parents have all ended and whose books were not asked for yet; marks them as asked. */
export async function takeEndedCycles(
  tx: EntityManager,
  cycleIds: readonly string[],
  now: string,
): Promise<{ cycleId: string; portfolioId: string; account: string }[]> {
  const [rows] = await tx.query<[{ cycleId: string; portfolioId: string; account: string }[], number]>(
    `update verdict set reconcile_at = $2
      where cycle_id = any($1) and status = 'executing' and reconcile_at is null
        and not exists (select from parent_order p where p.cycle_id = verdict.cycle_id and p.completed_at is null)
     returning cycle_id as "cycleId", portfolio_id as "portfolioId", account`,
    [cycleIds, now],
  );
  return [...rows].sort((a, b) => (a.cycleId < b.cycleId ? -1 : 1));
}

const ownPositions = (tx: EntityManager, account: string): Promise<{ symbol: string; quantity: string }[]> =>
  tx.query(
    `select symbol, sum(case when side = 'buy' then quantity else -quantity end)::text as quantity
       from fill where account = $1 group by symbol order by symbol`,
    [account],
  );

/** What closing orders are measured against: the fills of the account, and its orders that have not ended, but some. */
export async function holdingsOf(tx: EntityManager, account: string, but: readonly string[]): Promise<Holdings> {
  const working = await tx.query<Holdings['working']>(
    `select symbol, side, sum(quantity - filled_quantity)::text as remaining from child_order
      where account = $1 and state not in ${ENDS_SQL} and client_order_id <> all($2)
      group by symbol, side order by symbol, side`,
    [account, but],
  );
  return { positions: await ownPositions(tx, account), working };
}

/** What we believe the account holds: all fills and fees since it was opened, and the orders that have not ended or are named. */
export async function ownBooks(tx: EntityManager, account: string, named: readonly string[]): Promise<OwnBooks> {
  const [cash] = await tx.query<{ cash: string }[]>(
    `select (a.opening_cash + coalesce((
              select sum(case when side = 'buy' then -1 else 1 end * quantity * price - fees) from fill where fill.account = a.account
            ), 0) - coalesce((select sum(amount) from fee where fee.account = a.account), 0))::text as cash
       from venue_account a where a.account = $1`,
    [account],
  );
  const positions = await ownPositions(tx, account);
  const orders = await tx.query<OwnBooks['orders']>(
    `select client_order_id as "clientOrderId", symbol, state, side, filled_quantity as "filledQuantity" from child_order
      where account = $1 and (state not in ${ENDS_SQL} or client_order_id = any($2)) order by client_order_id`,
    [account, named],
  );
  return { cash: cash?.cash ?? '0', positions, orders };
}

/**
 * What a sale is measured against: the fills of the account, and the orders that have left; an order that has not left yet
 * does not stand in the way of another.
 */
export async function heldAndSent(tx: EntityManager, account: string): Promise<Holdings> {
  const working = await tx.query<Holdings['working']>(
    `select symbol, side, sum(quantity - filled_quantity)::text as remaining from child_order
      where account = $1 and state in ${OPEN_SQL} group by symbol, side order by symbol, side`,
    [account],
  );
  return { positions: await ownPositions(tx, account), working };
}
