import type { SessionDate } from '@ballast/kernel/calendar';
import { decimal } from '@ballast/kernel/money';
import type { Decimal } from '@ballast/kernel/money';
import type { Activity } from '../application/state.js';
import type { FeeCode } from '../domain/fees.js';
import { NO_FLOW } from '../domain/flow.js';
import type { Flow } from '../domain/flow.js';
import type { Bar } from '../domain/market.js';
import type {
  Excess,
  Fill,
  Order,
  OrderStatus,
  OrderType,
  PositionIntent,
  Side,
  TimeInForce,
} from '../domain/order.js';
import { NOTHING } from '../domain/symbol-book.js';
import type { SymbolBook, Taken } from '../domain/symbol-book.js';

/** A row as `pg` reads it: numeric and bigint as text, timestamptz as Date, dates as text where the query casts them. */
export type Row = Record<string, unknown>;

export const ORDER_COLUMNS = `id, account, client_order_id, seq, symbol, side, type, time_in_force, qty, limit_price,
  status, filled_qty, filled_notional, fill_count, reserve_price, session_date::text as session_date, due_at,
  submitted_at, updated_at, filled_at, canceled_at, expired_at, failed_at, stop_price, trail_price, trail_percent,
  extended_hours, intent, arrives_at, cancel_at, triggered_at, high_water_mark, followed_to, rests, queue_ahead, replaces,
  replaced_by, excess, replaced_at, notional`;

/** The columns of an order that change after it was written. */
export const ORDER_CHANGES = [
  ...['status', 'qty', 'reserve_price', 'filled_qty', 'filled_notional', 'fill_count', 'session_date', 'due_at'],
  ...['updated_at', 'filled_at', 'canceled_at', 'expired_at', 'failed_at', 'arrives_at', 'cancel_at', 'triggered_at'],
  ...['high_water_mark', 'followed_to', 'rests', 'queue_ahead', 'replaced_by', 'excess', 'replaced_at'],
];

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
    notional: order.notional?.toFixed() ?? null,
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
    stop_price: order.stopPrice?.toFixed() ?? null,
    trail_price: order.trailPrice?.toFixed() ?? null,
    trail_percent: order.trailPercent?.toFixed() ?? null,
    extended_hours: order.extendedHours,
    intent: order.intent,
    arrives_at: order.arrivesAt,
    cancel_at: order.cancelAt,
    triggered_at: order.triggeredAt,
    high_water_mark: order.highWaterMark?.toFixed() ?? null,
    followed_to: order.followedTo,
    rests: order.rests,
    queue_ahead: order.queueAhead?.toFixed() ?? null,
    replaces: order.replaces,
    replaced_by: order.replacedBy,
    excess: order.excess,
    replaced_at: order.replacedAt,
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
    notional: numberOrNull(row, 'notional'),
    limitPrice: numberOrNull(row, 'limit_price'),
    stopPrice: numberOrNull(row, 'stop_price'),
    trailPrice: numberOrNull(row, 'trail_price'),
    trailPercent: numberOrNull(row, 'trail_percent'),
    extendedHours: row['extended_hours'] === true,
    intent: text(row, 'intent') as PositionIntent,
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
    arrivesAt: instantOrNull(row, 'arrives_at'),
    cancelAt: instantOrNull(row, 'cancel_at'),
    triggeredAt: instantOrNull(row, 'triggered_at'),
    highWaterMark: numberOrNull(row, 'high_water_mark'),
    followedTo: instantOrNull(row, 'followed_to'),
    rests: row['rests'] === true,
    queueAhead: numberOrNull(row, 'queue_ahead'),
    replaces: textOrNull(row, 'replaces'),
    replacedBy: textOrNull(row, 'replaced_by'),
    excess: excessFromRow(row['excess']),
    replacedAt: instantOrNull(row, 'replaced_at'),
  };
}

function excessFromRow(value: unknown): Excess | null {
  if (value === null) return null;
  const told = value as Row;
  return { cash: number(told, 'cash'), shares: number(told, 'shares'), filledThen: number(told, 'filledThen') };
}

export function bookToRow(book: SymbolBook): Row {
  return {
    symbol: book.symbol,
    halted_at: book.haltedAt,
    refresh: book.refresh,
    auction: book.auction,
    trade_at: book.tradeAt,
    trade_taken: book.tradeTaken.toFixed(),
    flow: { date: book.flow.date, slices: book.flow.slices.map((each) => ({ ...each, qty: each.qty.toFixed() })) },
  };
}

export function bookFromRow(row: Row): SymbolBook {
  return {
    symbol: text(row, 'symbol'),
    haltedAt: instantOrNull(row, 'halted_at'),
    refresh: takenFromRow(row['refresh'] as Row),
    auction: takenFromRow(row['auction'] as Row),
    tradeAt: instantOrNull(row, 'trade_at'),
    tradeTaken: number(row, 'trade_taken'),
    flow: flowFromRow(row['flow'] as Row),
  };
}

function takenFromRow(told: Row): Taken {
  const window = text(told, 'window');
  if (window === '') return NOTHING;
  return { window, bought: number(told, 'bought'), sold: number(told, 'sold'), filled: number(told, 'filled') };
}

function flowFromRow(told: Row): Flow {
  const date = text(told, 'date');
  const slices = told['slices'] as Row[];
  if (date === '') return NO_FLOW;
  return {
    date,
    slices: slices.map((each) => ({
      ...{ at: text(each, 'at'), side: text(each, 'side') as Side, qty: number(each, 'qty') },
    })),
  };
}

/** A bar as the columns of table "market_bar". */
export function barToRow(date: SessionDate, { averageVolume, volatility, volume, ...prices }: Bar): Row {
  const [traded, average_volume] = [volume, averageVolume].map((shares) => shares?.toFixed() ?? null);
  return { date, ...prices, volume: traded, average_volume, volatility };
}

export function activityToRow(seq: number, activity: Activity): Row {
  const { netAmount, ...rest } = activity;
  return { seq, ...rest, net_amount: netAmount.toFixed() };
}

export function activityFromRow(row: Row): Activity {
  return {
    id: text(row, 'id'),
    account: text(row, 'account'),
    code: text(row, 'code') as FeeCode,
    date: text(row, 'day'),
    at: instant(row, 'at'),
    netAmount: number(row, 'net_amount'),
    description: text(row, 'description'),
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

/** Reads a numeric column that may be empty. */
export function numberOrNull(row: Row, column: string): Decimal | null {
  return row[column] === null ? null : number(row, column);
}

/** Reads a double precision column that may be empty. */
export function statisticOrNull(row: Row, column: string): number | null {
  const value = row[column];
  if (value !== null && typeof value !== 'number')
    throw new Error(`column ${column} holds ${typeof value}, not a number`);
  return value;
}

function textOrNull(row: Row, column: string): string | null {
  return row[column] === null ? null : text(row, column);
}

function instantOrNull(row: Row, column: string): string | null {
  return row[column] === null ? null : instant(row, column);
}
