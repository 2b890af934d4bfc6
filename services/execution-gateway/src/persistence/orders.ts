import type { InboxContext, Writing } from '@ballast/platform';
import type { EntityManager } from 'typeorm';
import { In } from 'typeorm';
import type { ChildOrder, Transition } from '../domain/child-order.js';
import type { EndedParent, Report } from '../domain/completion.js';
import { CARRIED_CODES, HORIZON_ENDED } from '../domain/ending.js';
import type { ParentOrder } from '../domain/schedule.js';
import { PlaceOrder, type VenueFill } from '../messages.js';
import { ChildOrderEntity } from './entities/child-order.entity.js';
import { ParentOrderEntity } from './entities/parent-order.entity.js';
import { executionsOf, noteWritten } from './orders-in-hand.js';

/** What orders are written through. */
type WritingOrders = Writing & Pick<InboxContext, 'tx'>;

/** The states that are ends, as SQL. */
export const ENDS_SQL = `('filled', 'cancelled', 'replaced', 'rejected', 'expired')`;

type Column = readonly [column: string, of: (order: ChildOrder) => unknown];

/** Columns of child_order, in the one order in which rows are written. */
const CHILD_COLUMNS: readonly Column[] = [
  ['client_order_id', (order) => order.clientOrderId],
  ['parent_order_id', (order) => order.parentOrderId],
  ['cycle_id', (order) => order.cycleId],
  ['portfolio_id', (order) => order.portfolioId],
  ['account', (order) => order.account],
  ['symbol', (order) => order.symbol],
  ['side', (order) => order.side],
  ['slice', (order) => order.slice],
  ['attempt', (order) => order.attempt],
  ['quantity', (order) => order.quantity],
  ['planned_quantity', (order) => order.plannedQuantity],
  ['approved_hash', (order) => order.approvedHash],
  ['due_at', (order) => order.dueAt],
  ['deferred_until', (order) => order.deferredUntil],
  ['state', (order) => order.state],
  ['venue_order_id', (order) => order.venueOrderId],
  ['filled_quantity', (order) => order.filledQuantity],
  ['filled_notional', (order) => order.filledNotional],
  ['cancel_requested', (order) => order.cancelRequested],
  ['missed_asks', (order) => order.missedAsks],
  ['held', (order) => order.held],
  ['standing_at', (order) => order.standingAt],
  ['code', (order) => order.code],
  ['reason', (order) => order.reason],
  ['submitted_at', (order) => order.submittedAt],
  ['ended_at', (order) => order.endedAt],
  ['terms', (order) => order.terms],
];

/** What can change of a child after it was planned. */
const MUTABLE = [
  'quantity',
  'deferred_until',
  'state',
  'venue_order_id',
  'filled_quantity',
  'filled_notional',
  'cancel_requested',
  'missed_asks',
  'held',
  'standing_at',
  'code',
  'reason',
  'submitted_at',
  'ended_at',
];

const NAMES = CHILD_COLUMNS.map(([column]) => column).join(', ');

const INSERT_CHILDREN = `
  insert into child_order (${NAMES}) select ${NAMES} from json_populate_recordset(null::child_order, $1)`;

/** Children as they are now, new ones too: whichever is written last of an order counts. */
const PUT_CHILDREN = `${INSERT_CHILDREN}
  on conflict (client_order_id) do update
     set ${MUTABLE.map((column) => `${column} = excluded.${column}`).join(', ')},
         sending_epoch = coalesce(child_order.sending_epoch,
           case when excluded.state = 'sending' then (select epoch from instance_lease) end)`;

/** An order by its columns. Those that are null are left out, and null is what Postgres makes of them: schedules are long. */
function rowOf(order: ChildOrder): object {
  const row: Record<string, unknown> = {};
  for (const [column, of] of CHILD_COLUMNS) {
    const value = of(order);
    if (value !== null) row[column] = value;
  }
  return row;
}

const rowsOf = (orders: readonly ChildOrder[]): [key: string, row: object][] =>
  orders.map((order) => [order.clientOrderId, rowOf(order)]);

/** Writes new children of new parents. */
export const insertChildren = (to: Writing, orders: readonly ChildOrder[]): void =>
  to.merge(INSERT_CHILDREN, rowsOf(orders));

/** Brings children up to date, and writes those that take their place. */
export function putChildren(to: WritingOrders, orders: readonly ChildOrder[]): void {
  noteWritten(to.tx, orders);
  to.merge(PUT_CHILDREN, rowsOf(orders));
}

/** Gives children the terms that they leave under; others have those that they were planned with. */
export function saveTerms(to: Writing, orders: readonly ChildOrder[]): void {
  if (orders.length === 0) return;
  to.write(
    `update child_order set terms = new.terms::json
       from unnest($1::text[], $2::text[]) as new (id, terms) where client_order_id = new.id`,
    [orders.map((order) => order.clientOrderId), orders.map((order) => JSON.stringify(order.terms))],
  );
}

/** Writes new parents. */
export function insertParents(to: Writing, parents: readonly ParentOrder[]): void {
  to.insert(
    'parent_order',
    parents.map((parent) => ({
      parent_order_id: parent.parentOrderId,
      cycle_id: parent.cycleId,
      portfolio_id: parent.portfolioId,
      account: parent.account,
      symbol: parent.symbol,
      side: parent.side,
      quantity: parent.quantity,
      reference_price: parent.referencePrice,
      approved_hash: parent.approvedHash,
      purpose: parent.purpose,
      halt_epoch: parent.haltEpoch,
      algorithm: parent.algorithm,
      interval_ms: parent.intervalMs,
      session_close_at: parent.sessionClose,
      horizon_end_at: parent.horizonEndAt,
      ending: parent.ending,
      benchmark: 'none',
      arrival: 'none',
      planned_at: parent.plannedAt,
    })),
  );
}

/** Planned children of an account that are due and do not wait, in order of due time, then client order id. */
export const dueChildren = (tx: EntityManager, account: string, now: string, limit: number): Promise<ChildOrder[]> =>
  tx
    .createQueryBuilder(ChildOrderEntity, 'child')
    .where(`child.account = :account and child.state = 'planned' and child.due_at <= :now`, { account, now })
    .andWhere(`(child.deferred_until is null or child.deferred_until <= :now)`, { now })
    .orderBy('child.dueAt')
    .addOrderBy('child.clientOrderId')
    .limit(limit)
    .getMany();

/** Every child of some parents. */
export const childrenOf = (tx: EntityManager, parentOrderIds: readonly string[]): Promise<ChildOrder[]> =>
  tx.find(ChildOrderEntity, { where: { parentOrderId: In(parentOrderIds) }, order: { clientOrderId: 'ASC' } });

/** Some parents, by id. */
export const parentsBy = (tx: EntityManager, parentOrderIds: readonly string[]): Promise<ParentOrder[]> =>
  tx.find(ParentOrderEntity, { where: { parentOrderId: In(parentOrderIds) }, order: { parentOrderId: 'ASC' } });

/** A child by our name for it, for whoever only reads. */
export const childBy = (tx: EntityManager, clientOrderId: string): Promise<ChildOrder | null> =>
  tx.findOneBy(ChildOrderEntity, { clientOrderId });

/** Children by the venue's names for them. */
export const childrenByVenueId = (
  tx: EntityManager,
  account: string,
  venueOrderIds: readonly string[],
): Promise<ChildOrder[]> => tx.findBy(ChildOrderEntity, { account, venueOrderId: In(venueOrderIds) });

/** The states of orders that have left and not ended, as SQL: those that the index of open orders holds. */
export const OPEN_SQL = `('sending', 'unknown', 'held', 'acknowledged', 'partially_filled', 'pending_replace', 'pending_cancel')`;

/** Children of an account that have not ended, oldest first. */
export const openChildren = (tx: EntityManager, account: string): Promise<ChildOrder[]> =>
  tx
    .createQueryBuilder(ChildOrderEntity, 'child')
    .where(`(child.account = :account and child.state = 'planned')`, { account })
    .orWhere(`(child.account = :account and child.state in ${OPEN_SQL})`, { account })
    .orderBy('child.dueAt')
    .addOrderBy('child.clientOrderId')
    .getMany();

/** Whether an account has an order that has left and not ended. */
export async function hasOpenOrder(tx: EntityManager, account: string): Promise<boolean> {
  const [row] = await tx.query<{ open: boolean }[]>(
    `select exists (select from child_order where account = $1 and state in ${OPEN_SQL}) as open`,
    [account],
  );
  return row!.open;
}

/** Writes what happened to orders, in the order in which it did. */
export function appendTransitions(to: Writing, transitions: readonly Transition[]): void {
  to.insert(
    'order_transition',
    transitions.map(({ clientOrderId, at, event, from, to: next, detail }) => ({
      client_order_id: clientOrderId,
      at,
      event,
      from_state: from,
      to_state: next,
      detail,
    })),
  );
}

/**
 * Books a fill. False where the venue had told us of this execution before: then nothing may follow from it. An execution
 * that it names for two orders is no fill that can be believed: the message fails.
 */
export async function bookFill(
  ctx: WritingOrders,
  venue: string,
  order: ChildOrder,
  fill: VenueFill,
  now: string,
): Promise<boolean> {
  const { clientOrderId, account, symbol, side } = order;
  const { executionId, quantity, price, at } = fill;
  const booked = await executionsOf(ctx.tx, clientOrderId);
  if (booked.has(executionId)) return false;
  booked.add(executionId);
  ctx.insert('fill', [
    {
      ...{ venue, execution_id: executionId, client_order_id: clientOrderId, account, symbol, side },
      ...{ quantity, price, fees: '0', filled_at: at, recorded_at: now },
    },
  ]);
  return true;
}

/** The venue's time of the newest fill of an account; null before the first. */
export async function lastFillAt(tx: EntityManager, account: string): Promise<string | null> {
  const [row] = await tx.query<{ at: string | null }[]>(`select max(filled_at) as at from fill where account = $1`, [
    account,
  ]);
  return row?.at ?? null;
}

/**
 * Those of some parents whose children have all ended, while no arrival price is being asked for, with what they came to.
 * What another attempt took over is not lost, nor what ended by a code that is carried, nor what the venue cancelled
 * because the horizon ended and nobody else wanted it cancelled.
 */
export const endedParents = (tx: EntityManager, parentOrderIds: readonly string[]): Promise<EndedParent[]> =>
  tx.query<EndedParent[]>(
    `select p.parent_order_id as "parentOrderId", p.cycle_id as "cycleId", p.portfolio_id as "portfolioId", p.account,
            p.symbol, p.side, p.quantity, p.arrival_price as "arrivalPrice", p.session_close_at as "sessionClose",
            p.horizon_end_at as "horizonEndAt", p.ending, p.benchmark, p.market,
            sum(c.filled_quantity)::text as "filledQuantity", sum(c.filled_notional)::text as "filledNotional",
            coalesce(sum(greatest(c.quantity - c.filled_quantity, 0)) filter (where c.code <> all($2) and not exists (
              select from child_order next where next.parent_order_id = c.parent_order_id and next.slice = c.slice
                 and next.attempt > c.attempt
            ) and not (c.state = 'cancelled' and coalesce((
              select bool_and(t.detail ->> 'code' = $3) from order_transition t
               where t.client_order_id = c.client_order_id and t.event = 'cancel_requested'
            ), false))), 0)::text as "lostQuantity",
            max(c.slice) as "lastSlice", max(c.planned_quantity)::text as "largestPlanned",
            min(c.submitted_at) as "firstSubmittedAt",
            max(c.ended_at) filter (where c.submitted_at is not null) as "lastEndedAt",
            coalesce(array_agg((extract(epoch from c.submitted_at - c.due_at) * 1000)::int
                               order by c.submitted_at - c.due_at)
                     filter (where c.submitted_at is not null), '{}') as "latenessMs",
            coalesce(array_agg(distinct c.code order by c.code) filter (where c.code is not null), '{}') as codes
       from parent_order p join child_order c using (parent_order_id)
      where p.parent_order_id = any($1) and p.completed_at is null and p.arrival <> 'asked'
      group by p.parent_order_id
     having bool_and(c.state in ${ENDS_SQL})
      order by p.symbol, p.side`,
    [parentOrderIds, CARRIED_CODES, HORIZON_ENDED],
  );

/** Parents of an account whose horizon is over by now and was not ended yet. */
export const parentsAtHorizon = (
  tx: EntityManager,
  account: string,
  now: string,
  limit: number,
): Promise<ParentOrder[]> =>
  tx
    .createQueryBuilder(ParentOrderEntity, 'parent')
    .where(`parent.account = :account and parent.horizon_end_at <= :now`, { account, now })
    .andWhere(`parent.ending = 'open' and parent.completed_at is null`)
    .orderBy('parent.parentOrderId')
    .limit(limit)
    .getMany();

/** Marks where the horizon of parents stands. */
export function markEnding(to: Writing, parentOrderIds: readonly string[], ending: ParentOrder['ending']): void {
  if (parentOrderIds.length === 0) return;
  to.write(`update parent_order set ending = $2 where parent_order_id = any($1)`, [parentOrderIds, ending]);
}

/** The parents whose children have filled more than the parent wanted. */
export const overfilledParents = (
  tx: EntityManager,
  parentOrderIds: readonly string[],
): Promise<{ parentOrderId: string; symbol: string; quantity: string; filled: string }[]> =>
  tx.query(
    `select p.parent_order_id as "parentOrderId", p.symbol, p.quantity, sum(c.filled_quantity)::text as filled
       from parent_order p join child_order c using (parent_order_id)
      where p.parent_order_id = any($1)
      group by p.parent_order_id having sum(c.filled_quantity) > p.quantity order by p.parent_order_id`,
    [parentOrderIds],
  );

/** Keeps how many shares the parent of an order for an amount of money is for: as many as its one child. */
export function sizeParent(to: Writing, { parentOrderId, quantity }: ChildOrder): void {
  to.write(`update parent_order set quantity = $2 where parent_order_id = $1`, [parentOrderId, quantity]);
}

/** Marks parents as completed, with their reports. */
export function markCompleted(
  to: Writing,
  parents: readonly { readonly parentOrderId: string; readonly report: Report }[],
  now: string,
): void {
  to.write(
    `update parent_order set completed_at = $3, report = new.report::json
       from unnest($1::uuid[], $2::text[]) as new (id, report) where parent_order_id = new.id`,
    [parents.map((each) => each.parentOrderId), parents.map((each) => JSON.stringify(each.report)), now],
  );
}

/** Marks that the arrival price of parents is being asked for. */
export function markArriving(to: Writing, parentOrderIds: readonly string[]): void {
  if (parentOrderIds.length === 0) return;
  to.write(`update parent_order set arrival = 'asked' where parent_order_id = any($1)`, [parentOrderIds]);
}

/** Keeps the arrival prices of parents; null where none was had. */
export function saveArrivals(to: Writing, arrivals: readonly { parentOrderId: string; price: string | null }[]): void {
  to.write(
    `update parent_order set arrival = 'answered', arrival_price = new.price
       from unnest($1::uuid[], $2::numeric[]) as new (id, price)
      where parent_order_id = new.id and arrival = 'asked'`,
    [arrivals.map((each) => each.parentOrderId), arrivals.map((each) => each.price)],
  );
}

/** Where an order was sent from: the trace and the cycle of the task that placed it. */
export interface Sending {
  readonly headers: Readonly<Record<string, string>>;
  readonly correlationId: string;
}

/** The sendings of orders, by client order id; an order that was not sent from here has none. */
export async function sendings(tx: EntityManager, clientOrderIds: readonly string[]): Promise<Map<string, Sending>> {
  if (clientOrderIds.length === 0) return new Map();
  const rows = await tx.query<(Sending & { key: string })[]>(
    `select key, headers, correlation_id as "correlationId" from task where kind = $1 and key = any($2)`,
    [PlaceOrder.kind, clientOrderIds],
  );
  return new Map(rows.map(({ key, ...sending }) => [key, sending]));
}
