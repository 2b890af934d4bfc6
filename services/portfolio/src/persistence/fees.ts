import { Fault } from '@ballast/platform';
import type { EntityManager } from 'typeorm';
import type { Fee } from '../domain/fee.js';

/**
 * Keeps a fee; false where it was kept before.
 * @throws Fault FEE_CONFLICT where its name was used for another amount or book.
 */
export async function rememberFee(tx: EntityManager, fee: Fee): Promise<boolean> {
  const inserted = await tx.query<unknown[]>(
    `insert into fee (venue, activity_id, portfolio_id, code, amount, date, description, booked_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict do nothing returning venue`,
    [
      ...[fee.venue, fee.activityId, fee.portfolioId, fee.code, fee.amount],
      ...[fee.date, fee.description, fee.bookedAt],
    ],
  );
  if (inserted.length > 0) return true;
  const same = await tx.query<unknown[]>(
    `select from fee where venue = $1 and activity_id = $2 and portfolio_id = $3 and amount = $4`,
    [fee.venue, fee.activityId, fee.portfolioId, fee.amount],
  );
  if (same.length > 0) return false;
  throw new Fault(
    'FEE_CONFLICT',
    `${fee.venue} told of the fee ${fee.activityId} before, with another amount or for another book; compare both with the venue, then skip or replay this one`,
  );
}

/** Takes a fee from the cash of its book. */
export const chargeFee = async (tx: EntityManager, { portfolioId, amount }: Fee): Promise<void> =>
  void (await tx.query(
    `update account set cash = cash - $2::numeric, fees = fees + $2::numeric where portfolio_id = $1`,
    [portfolioId, amount],
  ));

/** Fees that the ledger does not have yet. */
export const pendingFees = (tx: EntityManager, portfolioId: string): Promise<Fee[]> =>
  tx.query<Fee[]>(
    `select venue, activity_id as "activityId", portfolio_id as "portfolioId", code, amount, date, description,
            booked_at as "bookedAt"
       from fee where portfolio_id = $1 and ledger_sequence is null`,
    [portfolioId],
  );

/** Lets fees know where the ledger has them. */
export async function markPosted(tx: EntityManager, fees: readonly Fee[], sequences: readonly number[]): Promise<void> {
  if (fees.length === 0) return;
  await tx.query(
    `update fee set ledger_sequence = new.sequence
       from unnest($1::text[], $2::text[], $3::integer[]) as new (venue, activity_id, sequence)
      where fee.venue = new.venue and fee.activity_id = new.activity_id`,
    [fees.map((fee) => fee.venue), fees.map((fee) => fee.activityId), sequences],
  );
}
