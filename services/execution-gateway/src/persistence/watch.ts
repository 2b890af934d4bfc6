import type { Break } from '@ballast/contracts';
import type { EntityManager } from 'typeorm';
import type { SymbolHalt } from '../domain/halt.js';
import type { Watch } from '../domain/watch.js';
import { AccountWatchEntity } from './entities/account-watch.entity.js';
import { OpenBreakEntity } from './entities/open-break.entity.js';
import { ReconciliationEntity } from './entities/reconciliation.entity.js';
import { SymbolHaltEntity } from './entities/symbol-halt.entity.js';

export const watchBy = (tx: EntityManager, account: string): Promise<Watch | null> =>
  tx.findOneBy(AccountWatchEntity, { account });

export async function saveWatch(
  tx: EntityManager,
  account: string,
  changed: Partial<Omit<Watch, 'account' | 'portfolioId'>>,
): Promise<void> {
  await tx.update(AccountWatchEntity, { account }, changed);
}

/** Closes every account until its books agree, and tells which there are. */
export async function closeAll(tx: EntityManager): Promise<string[]> {
  await tx.query(`update account_watch set ready_at = null, status = null, look_id = null, next_look_at = null`);
  const rows = await tx.query<{ account: string }[]>(`select account from account_watch order by account`);
  return rows.map(({ account }) => account);
}

/** What the last look found and nobody has mended, by kind and subject. */
export const openBreaks = (tx: EntityManager, account: string): Promise<OpenBreakEntity[]> =>
  tx.find(OpenBreakEntity, { where: { account }, order: { kind: 'ASC', subject: 'ASC' } });

/** Puts breaks in the place of those that were open; one that is known by the same amount stays as it is known. */
export async function replaceBreaks(
  tx: EntityManager,
  account: string,
  fresh: readonly Break[],
  known: readonly OpenBreakEntity[],
  now: string,
): Promise<void> {
  await tx.delete(OpenBreakEntity, { account });
  const blank = { account, foundAt: now, acceptedBy: null, acceptedAt: null };
  await tx.insert(OpenBreakEntity, [
    ...known,
    ...fresh.map((each) => ({ ...each, symbol: each.symbol ?? null, ...blank })),
  ]);
}

/** Notes who let orders leave though these breaks are open: those of a symbol, or those of none. */
export async function acceptBreaks(
  tx: EntityManager,
  account: string,
  symbol: string | null,
  by: string,
  now: string,
): Promise<void> {
  await tx.query(
    `update open_break set accepted_by = $3, accepted_at = $4
      where account = $1 and symbol is not distinct from $2 and accepted_at is null`,
    [account, symbol, by, now],
  );
}

/** The halt of a symbol; null where it was never halted. */
export const symbolHaltBy = (tx: EntityManager, account: string, symbol: string): Promise<SymbolHalt | null> =>
  tx.findOneBy(SymbolHaltEntity, { account, symbol });

/** The symbols of an account that are halted. The caller holds the account's halt row, so that none is added meanwhile. */
export const haltedSymbols = (tx: EntityManager, account: string): Promise<SymbolHalt[]> =>
  tx.find(SymbolHaltEntity, { where: { account, halted: true }, order: { symbol: 'ASC' } });

export async function saveSymbolHalt(tx: EntityManager, halt: SymbolHalt): Promise<void> {
  await tx.upsert(SymbolHaltEntity, { ...halt }, ['account', 'symbol']);
}

/** Keeps a reconciliation. */
export async function saveReconciliation(tx: EntityManager, row: ReconciliationEntity): Promise<void> {
  await tx.insert(ReconciliationEntity, row as never);
}

/** How many fills of an account were said so far. */
export async function countFills(tx: EntityManager, account: string): Promise<number> {
  const [row] = await tx.query<{ n: number }[]>(`select count(*) as n from fill where account = $1`, [account]);
  return row!.n;
}

/**
 * What has been sent to buy and may not be in a figure that the venue was asked for at a moment: everything sent since then,
 * and what was still on its way. At limits or reference prices, in US dollars.
 */
export async function spentSince(tx: EntityManager, account: string, since: string): Promise<string> {
  const [row] = await tx.query<{ spent: string }[]>(
    `select coalesce(sum(c.quantity * coalesce((c.terms ->> 'limitPrice')::numeric, p.reference_price)), 0)::text as spent
       from child_order c join parent_order p using (parent_order_id)
      where c.account = $1 and c.side = 'buy' and c.state not in ('planned', 'rejected')
        and (c.submitted_at >= $2 or c.state in ('sending', 'unknown'))`,
    [account, since],
  );
  return row!.spent;
}

/** Whether a slice of an account is due and has not left. */
export async function hasWaitingSlice(tx: EntityManager, account: string, now: string): Promise<boolean> {
  const [row] = await tx.query<{ waits: boolean }[]>(
    `select exists (select from child_order where account = $1 and state = 'planned' and due_at <= $2) as waits`,
    [account, now],
  );
  return row!.waits;
}
