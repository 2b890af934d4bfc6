import { decimal } from '@ballast/kernel/money';
import type { Decimal } from '@ballast/kernel/money';
import type { Fill, Order, OrderStatus, OrderType, Side, TimeInForce } from '../domain/order.js';

/** A row as `pg` reads it: numeric and bigint as text, timestamptz as Date, dates as text where the query casts them. */
export type Row = Record<string, unknown>;

export const ORDER_COLUMNS = `id, account, client_order_id, seq, symbol, side, type, time_in_force, qty, limit_price,
  status, filled_qty, filled_notional, fill_count, reserve_price, session_date::text as session_date, due_at,
  submitted_at, updated_at, filled_at, canceled_at, expired_at, failed_at`;

/** The order as the columns of table "order", for jsonb_populate_recordset. */
export function orderToRow(order: Order): Row {
  return {
    id: order.id,
    account: order.account,
    client_order_id: order.clientOrderId,
    seq: order.seq,
    symbol: order.symbol,
    side: order.side,
    type: order.type,
    time_in_force: order.timeInForce,
    qty: order.qty.toFixed(),
    limit_price: order.limitPrice?.toFixed() ?? null,
    status: order.status,
    filled_qty: order.filledQty.toFixed(),
    filled_notional: order.filledNotional.toFixed(),
    fill_count: order.fillCount,
    reserve_price: order.reservePrice.toFixed(),
    session_date: order.sessionDate,
    due_at: order.dueAt,
    submitted_at: order.submittedAt,
    updated_at: order.updatedAt,
    filled_at: order.filledAt,
    canceled_at: order.canceledAt,
    expired_at: order.expiredAt,
    failed_at: order.failedAt,
  };
}

export function orderFromRow(row: Row): Order {
  return {
    id: text(row, 'id'),
    account: text(row, 'account'),
    clientOrderId: text(row, 'client_order_id'),
    seq: Number(row['seq']),
    symbol: text(row, 'symbol'),
    side: text(row, 'side') as Side,
    type: text(row, 'type') as OrderType,
    timeInForce: text(row, 'time_in_force') as TimeInForce,
    qty: number(row, 'qty'),
    limitPrice: row['limit_price'] === null ? null : number(row, 'limit_price'),
    status: text(row, 'status') as OrderStatus,
    filledQty: number(row, 'filled_qty'),
    filledNotional: number(row, 'filled_notional'),
    fillCount: Number(row['fill_count']),
    reservePrice: number(row, 'reserve_price'),
    sessionDate: row['session_date'] === null ? null : text(row, 'session_date'),
    dueAt: instantOrNull(row, 'due_at'),
    submittedAt: instant(row, 'submitted_at'),
    updatedAt: instant(row, 'updated_at'),
    filledAt: instantOrNull(row, 'filled_at'),
    canceledAt: instantOrNull(row, 'canceled_at'),
    expiredAt: instantOrNull(row, 'expired_at'),
    failedAt: instantOrNull(row, 'failed_at'),
  };
}

export function fillToRow(seq: number, fill: Fill): Row {
  return {
    seq,
    execution_id: fill.executionId,
    order_id: fill.orderId,
    account: fill.account,
    symbol: fill.symbol,
    side: fill.side,
    qty: fill.qty.toFixed(),
    price: fill.price.toFixed(),
    filled_at: fill.filledAt,
    cum_qty: fill.cumQty.toFixed(),
    leaves_qty: fill.leavesQty.toFixed(),
    order_status: fill.orderStatus,
    position_qty: fill.positionQty.toFixed(),
  };
}

export function fillFromRow(row: Row): Fill {
  return {
    executionId: text(row, 'execution_id'),
    orderId: text(row, 'order_id'),
    account: text(row, 'account'),
    symbol: text(row, 'symbol'),
    side: text(row, 'side') as Side,
    qty: number(row, 'qty'),
    price: number(row, 'price'),
    filledAt: instant(row, 'filled_at'),
    cumQty: number(row, 'cum_qty'),
    leavesQty: number(row, 'leaves_qty'),
    orderStatus: text(row, 'order_status') as OrderStatus,
    positionQty: number(row, 'position_qty'),
  };
}

/** Reads a text column; throws on anything else, because a row that is not what was written is corrupt. */
export function text(row: Row, column: string): string {
  const value = row[column];
  if (typeof value !== 'string') throw new Error(`column ${column} holds ${typeof value}, not text`);
  return value;
}

/** Reads a numeric column exactly. */
export function number(row: Row, column: string): Decimal {
  return decimal(text(row, column));
}

/** Reads a timestamptz column as an instant. */
export function instant(row: Row, column: string): string {
  const value = row[column];
  if (!(value instanceof Date)) throw new Error(`column ${column} holds ${typeof value}, not an instant`);
  return value.toISOString();
}

function instantOrNull(row: Row, column: string): string | null {
  return row[column] === null ? null : instant(row, column);
}
