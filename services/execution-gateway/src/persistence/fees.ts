import type { DataOf, FeeCharged } from '@ballast/contracts';
import { Fault } from '@ballast/platform';
import type { EntityManager } from 'typeorm';

type Fee = DataOf<typeof FeeCharged>;

/**
 * Keeps a fee; false where it was kept before.
 * @throws Fault FEE_CONFLICT where the venue used its name for another amount or account.
 */
export async function rememberFee(tx: EntityManager, fee: Fee, now: string): Promise<boolean> {
  const { venue, activityId, account, code, amount, date, description, bookedAt } = fee;
  const inserted = await tx.query<unknown[]>(
    `insert into fee (venue, activity_id, account, code, amount, date, description, booked_at, recorded_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9) on conflict do nothing returning 1`,
    [venue, activityId, account, code, amount, date, description, bookedAt, now],
  );
  if (inserted.length > 0) return true;
  const same = await tx.query<unknown[]>(
    `select from fee where venue = $1 and activity_id = $2 and account = $3 and amount = $4`,
    [venue, activityId, account, amount],
  );
  if (same.length > 0) return false;
  throw new Fault(
    'FEE_CONFLICT',
    `${venue} listed the fee ${activityId} before, with another amount or for another account; compare both with the venue, then skip or replay this one`,
  );
}

/** When the newest fee of an account was booked; null where it has none. */
export async function lastFeeAt(tx: EntityManager, account: string): Promise<string | null> {
  const [row] = await tx.query<{ at: string | null }[]>(`select max(booked_at) as at from fee where account = $1`, [
    account,
  ]);
  return row?.at ?? null;
}

/** How many fees of an account were said so far. */
export async function countFees(tx: EntityManager, account: string): Promise<number> {
  const [row] = await tx.query<{ n: number }[]>(`select count(*) as n from fee where account = $1`, [account]);
  return row!.n;
}
