import type { DataSource, EntityManager } from 'typeorm';
import type { ChildOrder } from '../domain/child-order.js';
import type { ParentProgress, ParentStatus } from '../domain/order-progress.js';
import { ChildOrderEntity } from './entities/child-order.entity.js';
import { FillEntity } from './entities/fill.entity.js';
import { OrderTransitionEntity } from './entities/order-transition.entity.js';
import { ENDS_SQL, OPEN_SQL } from './orders.js';

/** Which parent orders are wanted. */
export interface ParentQuery {
  readonly portfolioId?: string | undefined;
  readonly cycleId?: string | undefined;
  readonly symbol?: string | undefined;
  readonly side?: 'buy' | 'sell' | undefined;
  readonly status?: ParentStatus | undefined;
  /** The order id of the last one of the page before. */
  readonly after?: string | undefined;
  readonly limit: number;
}

const PARENT_SQL = `
  select p.parent_order_id as "orderId", p.cycle_id as "cycleId", p.portfolio_id as "portfolioId", p.account, p.symbol,
         p.side, p.purpose, p.quantity, p.reference_price as "referencePrice", p.arrival_price as "arrivalPrice",
         case when p.algorithm = 'at_once'
              then (select c.terms from child_order c where c.parent_order_id = p.parent_order_id limit 1) end as terms,
         s.aggregated_status as status,
         json_build_object('total', s.total_slices, 'planned', s.slices_planned, 'submitted', s.slices_submitted,
                            'working', s.slices_working, 'filled', s.slices_filled, 'void', s.slices_void) as slices,
         s.filled_qty::text as "filledQuantity", s.filled_notional::text as "filledNotional",
         array(select distinct c.code from child_order c
                where c.parent_order_id = p.parent_order_id and c.code is not null and c.state in ${ENDS_SQL}
                order by c.code) as codes,
         p.planned_at as "plannedAt"
    from parent_order p join parent_order_status s on s.parent_id = p.parent_order_id`;

/** Parents that may be open: those that have not come to their end, and those of open and planned children; each has an index. */
const OPEN_PARENTS_SQL = `
  select parent_order_id from parent_order where completed_at is null
  union select parent_order_id from child_order where state = 'planned'
  union select parent_order_id from child_order where state in ${OPEN_SQL}`;

/** Parent orders with how far they came, the latest planned first. */
export function listParents({ manager }: DataSource, query: ParentQuery): Promise<ParentProgress[]> {
  const values: unknown[] = [];
  const given = (value: unknown): string => `$${values.push(value)}`;
  const { portfolioId, cycleId, symbol, side, status, after } = query;
  const where = [
    ...(portfolioId === undefined ? [] : [`p.portfolio_id = ${given(portfolioId)}`]),
    ...(cycleId === undefined ? [] : [`p.cycle_id = ${given(cycleId)}`]),
    ...(symbol === undefined ? [] : [`p.symbol = ${given(symbol)}`]),
    ...(side === undefined ? [] : [`p.side = ${given(side)}`]),
    ...(status === undefined ? [] : [`s.aggregated_status = ${given(status)}`]),
    ...(status === undefined || status === 'complete' ? [] : [`p.parent_order_id in (${OPEN_PARENTS_SQL})`]),
    ...(after === undefined
      ? []
      : [
          `(p.planned_at, p.parent_order_id) <
           (select planned_at, parent_order_id from parent_order where parent_order_id = ${given(after)})`,
        ]),
  ];
  return manager.query<ParentProgress[]>(
    `${PARENT_SQL} where ${['true', ...where].join(' and ')}
      order by p.planned_at desc, p.parent_order_id desc limit ${given(query.limit)}`,
    values,
  );
}

/** One parent order with how far it came. */
export async function findParent(tx: EntityManager, orderId: string): Promise<ParentProgress | null> {
  const [row] = await tx.query<ParentProgress[]>(`${PARENT_SQL} where p.parent_order_id = $1`, [orderId]);
  return row ?? null;
}

/** The child orders of a parent by slice and attempt, those after one of them. */
export function slicesOf(
  { manager }: DataSource,
  orderId: string,
  { after, limit }: { readonly after?: string | undefined; readonly limit: number },
): Promise<ChildOrder[]> {
  const find = manager
    .createQueryBuilder(ChildOrderEntity, 'child')
    .where('child.parent_order_id = :orderId', { orderId });
  if (after !== undefined) {
    find.andWhere(
      `(child.slice, child.attempt, child.client_order_id) >
       (select slice, attempt, client_order_id from child_order where client_order_id = :after)`,
      { after },
    );
  }
  return find
    .orderBy('child.slice')
    .addOrderBy('child.attempt')
    .addOrderBy('child.clientOrderId')
    .limit(limit)
    .getMany();
}

/** What a child order is explained by: its fills, and everything that was ever heard of it. */
export async function historyOf({ manager }: DataSource, clientOrderId: string) {
  return {
    fills: await manager.find(FillEntity, {
      where: { clientOrderId },
      order: { filledAt: 'ASC', executionId: 'ASC' },
    }),
    transitions: await manager.find(OrderTransitionEntity, { where: { clientOrderId }, order: { position: 'ASC' } }),
  };
}
