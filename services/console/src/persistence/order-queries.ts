import type { DataOf, Instant, OrderAcknowledged, OrderFilled, OrderSubmitted } from '@ballast/contracts';
import type { InboxContext, Writing } from '@ballast/platform';
import type { DataSource, EntityManager } from 'typeorm';
import { blankOrder, evolveOrder, type OrderChange, type OrderStatus } from '../domain/order-state.js';
import { CycleEntity } from './entities/cycle.entity.js';
import { OrderFillEntity } from './entities/order-fill.entity.js';
import { ParentOrderEntity } from './entities/parent-order.entity.js';
import { TradeOrderEntity } from './entities/trade-order.entity.js';
import { pageOf, type Page } from './page.js';

/** What every fact about an order says of it. */
type OrderRef = Omit<DataOf<typeof OrderAcknowledged>, 'venueOrderId'>;

/** Takes a change into an order, whichever fact of it is heard first. */
export async function changeOrder(
  ctx: Pick<InboxContext, 'tx'> & Writing,
  ref: OrderRef,
  change: OrderChange,
  at: Instant,
): Promise<void> {
  const { clientOrderId } = ref;
  const known = await ctx.tx.findOneBy(TradeOrderEntity, { clientOrderId });
  const state = evolveOrder(known ?? blankOrder(at), change, at);
  const { status, quantity, filledQuantity, filledNotional, fees, venueOrderId, reason, code, changedAt } = state;
  const { parentOrderId, cycleId, portfolioId, account, symbol, side, slice, attempt } = ref;
  ctx.write(
    `insert into trade_order (client_order_id, parent_order_id, cycle_id, portfolio_id, account, symbol, side, slice,
                              attempt, first_heard_at, status, quantity, filled_quantity, filled_notional, fees,
                              venue_order_id, reason, code, changed_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)
     on conflict (client_order_id) do update
        set status = excluded.status, quantity = excluded.quantity, filled_quantity = excluded.filled_quantity,
            filled_notional = excluded.filled_notional, fees = excluded.fees, venue_order_id = excluded.venue_order_id,
            reason = excluded.reason, code = excluded.code, changed_at = excluded.changed_at`,
    [
      ...[clientOrderId, parentOrderId, cycleId, portfolioId, account, symbol, side, slice, attempt, at],
      ...[status, quantity, filledQuantity, filledNotional, fees, venueOrderId, reason, code, changedAt],
    ],
  );
}

/** Keeps under which terms an order was sent. */
export function keepTerms(to: Writing, order: DataOf<typeof OrderSubmitted>): void {
  const { clientOrderId, orderType, timeInForce, limitPrice, terms, approvedHash } = order;
  to.write(
    `update trade_order set order_type = $2, time_in_force = $3, limit_price = $4, approved_hash = $5
      where client_order_id = $1`,
    [clientOrderId, terms?.type ?? orderType, terms?.timeInForce ?? timeInForce, limitPrice, approvedHash],
  );
}

/** Keeps a fill. Returns false where it was there before. */
export async function keepFill(tx: EntityManager, fill: DataOf<typeof OrderFilled>): Promise<boolean> {
  const { venue, executionId, clientOrderId, quantity, price, fees, filledAt } = fill;
  const kept = await tx.query<unknown[]>(
    `insert into order_fill (venue, execution_id, client_order_id, quantity, price, fees, filled_at)
     values ($1, $2, $3, $4, $5, $6, $7) on conflict do nothing returning venue`,
    [venue, executionId, clientOrderId, quantity, price, fees, filledAt],
  );
  return kept.length > 0;
}

/** Adds to what is known of a parent order. */
export async function keepParent(
  tx: EntityManager,
  parent: Pick<
    ParentOrderEntity,
    'parentOrderId' | 'cycleId' | 'portfolioId' | 'account' | 'symbol' | 'side' | 'quantity'
  > &
    Partial<ParentOrderEntity>,
): Promise<void> {
  await tx.upsert(ParentOrderEntity, parent as never, ['parentOrderId']);
}

/** Adds to what is known of a cycle. */
export async function keepCycle(
  tx: EntityManager,
  cycle: Pick<CycleEntity, 'cycleId' | 'portfolioId' | 'status'> & Partial<CycleEntity>,
): Promise<void> {
  await tx.upsert(CycleEntity, cycle, ['cycleId']);
}

export interface OrderQuery {
  readonly cycleId?: string | undefined;
  readonly book?: string | undefined;
  readonly status?: OrderStatus | undefined;
  /** The client order id of the last order of the page before. */
  readonly after?: string | undefined;
  readonly limit: number;
}

/** Orders, the newest first. */
export async function listOrders(dataSource: DataSource, query: OrderQuery): Promise<Page<TradeOrderEntity>> {
  const { cycleId, book, status, after, limit } = query;
  const select = dataSource.manager.createQueryBuilder(TradeOrderEntity, 'trade');
  if (cycleId !== undefined) select.andWhere('trade.cycle_id = :cycleId', { cycleId });
  if (book !== undefined) select.andWhere('trade.portfolio_id = :book', { book });
  if (status !== undefined) select.andWhere('trade.status = :status', { status });
  if (after !== undefined) {
    select.andWhere(
      `(trade.first_heard_at, trade.client_order_id) <
       (select first_heard_at, client_order_id from trade_order where client_order_id = :after)`,
      { after },
    );
  }
  const rows = await select
    .orderBy('trade.firstHeardAt', 'DESC')
    .addOrderBy('trade.clientOrderId', 'DESC')
    .limit(limit + 1)
    .getMany();
  return pageOf(rows, limit, ({ clientOrderId }) => clientOrderId);
}

export const findOrder = (tx: EntityManager, clientOrderId: string): Promise<TradeOrderEntity | null> =>
  tx.findOneBy(TradeOrderEntity, { clientOrderId });

/** What an order is explained by: its fills, its parent, its cycle. */
export async function contextOfOrder(dataSource: DataSource, order: TradeOrderEntity) {
  const { manager } = dataSource;
  const { clientOrderId, parentOrderId, cycleId } = order;
  return {
    fills: await manager.find(OrderFillEntity, {
      where: { clientOrderId },
      order: { filledAt: 'ASC', executionId: 'ASC' },
    }),
    parent: await manager.findOneBy(ParentOrderEntity, { parentOrderId }),
    cycle: await manager.findOneBy(CycleEntity, { cycleId }),
  };
}
