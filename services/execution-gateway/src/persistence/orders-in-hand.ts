import type { InboxContext } from '@ballast/platform';
import type { EntityManager } from 'typeorm';
import type { ChildOrder } from '../domain/child-order.js';
import { ChildOrderEntity } from './entities/child-order.entity.js';

/** What reads ahead for the other messages of a transaction. */
export type ReadingAhead = Pick<InboxContext, 'tx' | 'batch'>;

/** An order as it stands in a transaction; null where there is none of that name. */
interface InHand {
  order: ChildOrder | null;
  /** The executions of it that are booked. */
  readonly executions: Set<string>;
}

/** The orders of each transaction that is under way, by client order id. The inbox is ours alone meanwhile, so nobody else changes them. */
const transactions = new WeakMap<EntityManager, Map<string, InHand>>();

/**
 * An order by our name for it. The first of a transaction's messages that asks reads the orders of all of them: what is
 * local to this service and about an order has its name as subject.
 */
export async function childInHand(ctx: ReadingAhead, clientOrderId: string): Promise<ChildOrder | null> {
  const known = transactions.get(ctx.tx) ?? new Map<string, InHand>();
  transactions.set(ctx.tx, known);
  if (!known.has(clientOrderId)) {
    const named = new Set([clientOrderId, ...ctx.batch.map(({ subject }) => subject)]);
    await readInto(
      known,
      ctx.tx,
      [...named].filter((id) => !known.has(id)),
    );
  }
  return known.get(clientOrderId)!.order;
}

async function readInto(known: Map<string, InHand>, tx: EntityManager, ids: readonly string[]): Promise<void> {
  const [orders, fills] = await Promise.all([
    tx.createQueryBuilder(ChildOrderEntity, 'child').where(`child.client_order_id = any(:ids)`, { ids }).getMany(),
    tx.query<{ clientOrderId: string; executionId: string }[]>(
      `select client_order_id as "clientOrderId", execution_id as "executionId" from fill where client_order_id = any($1)`,
      [ids],
    ),
  ]);
  for (const id of ids) known.set(id, { order: null, executions: new Set() });
  for (const order of orders) known.get(order.clientOrderId)!.order = order;
  for (const { clientOrderId, executionId } of fills) known.get(clientOrderId)!.executions.add(executionId);
}

/** Notes how orders stand now that they were written. */
export function noteWritten(tx: EntityManager, orders: readonly ChildOrder[]): void {
  const known = transactions.get(tx);
  for (const order of orders) {
    const inHand = known?.get(order.clientOrderId);
    if (inHand) inHand.order = order;
  }
}

/** The executions that are booked of an order; whoever books another one adds it. */
export async function executionsOf(tx: EntityManager, clientOrderId: string): Promise<Set<string>> {
  const inHand = transactions.get(tx)?.get(clientOrderId);
  if (inHand) return inHand.executions;
  const rows = await tx.query<{ id: string }[]>(`select execution_id as id from fill where client_order_id = $1`, [
    clientOrderId,
  ]);
  return new Set(rows.map(({ id }) => id));
}
