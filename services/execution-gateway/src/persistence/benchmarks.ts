import type { Writing } from '@ballast/platform';
import type { EntityManager } from 'typeorm';
import type { MarketAnswer } from '../domain/completion.js';

/** A parent of which it is asked what the market did while it was worked. */
export interface Benchmarked {
  readonly parentOrderId: string;
  readonly symbol: string;
  readonly from: string;
  readonly to: string;
}

/** Marks parents for a question about the market. */
export function markWanted(to: Writing, parentOrderIds: readonly string[]): void {
  to.write(`update parent_order set benchmark = 'wanted' where parent_order_id = any($1)`, [parentOrderIds]);
}

/** Whether a question about the market is waiting for an account already. */
export async function hasWanted(tx: EntityManager, account: string): Promise<boolean> {
  const rows = await tx.query<unknown[]>(
    `select from parent_order where account = $1 and benchmark = 'wanted' limit 1`,
    [account],
  );
  return rows.length > 0;
}

/** Takes parents of an account that wait for a question about the market; they count as asked about. */
export async function takeWanted(tx: EntityManager, account: string, limit: number): Promise<Benchmarked[]> {
  const [rows] = await tx.query<[Benchmarked[], number]>(
    `update parent_order set benchmark = 'asked'
       from (select p.parent_order_id as id, min(c.submitted_at) as first, max(c.ended_at) as last
               from parent_order p join child_order c using (parent_order_id)
              where p.account = $1 and p.benchmark = 'wanted' and c.submitted_at is not null
              group by p.parent_order_id order by p.parent_order_id limit $2) as span
      where parent_order_id = span.id
     returning parent_order_id as "parentOrderId", symbol, span.first as "from", span.last as "to"`,
    [account, limit],
  );
  return [...rows].sort((a, b) => (a.parentOrderId < b.parentOrderId ? -1 : 1));
}

/** Keeps what the venue said of the market. */
export function saveBenchmarks(
  to: Writing,
  answers: readonly ({ readonly parentOrderId: string } & MarketAnswer)[],
): void {
  to.write(
    `update parent_order set benchmark = 'answered', market = new.market::json
       from unnest($1::uuid[], $2::text[]) as new (id, market)
      where parent_order_id = new.id and benchmark = 'asked'`,
    [
      answers.map((each) => each.parentOrderId),
      answers.map(({ figures, reason }) => JSON.stringify({ figures, reason })),
    ],
  );
}
