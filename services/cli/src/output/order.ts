import type { Json } from '../client.js';
import { isParent, type FoundOrder } from '../orders.js';
import { cell, columnsOf, renderRecord } from './record.js';
import { renderTable, type Column } from './table.js';

const slicesOf = (order: Json): Json => (order['slices'] ?? {}) as Json;

/** `2 of 6 filled, 1 working, 3 planned`, with what is void where something is. */
const slicesText = (order: Json): string => {
  const { total, planned, working, filled, void: lost } = slicesOf(order);
  const parts = [`${cell(filled)} of ${cell(total)} filled`, `${cell(working)} working`, `${cell(planned)} planned`];
  return [...parts, ...(lost === 0 ? [] : [`${cell(lost)} void`])].join(', ');
};

/** One line of how far an order came. */
export function progressOf(order: Json): string {
  const filled = `${cell(order['filledQuantity'])} of ${cell(order['quantity'])} filled`;
  const at = order['averagePrice'] === null ? '' : ` at ${cell(order['averagePrice'])}`;
  const slices = isParent(order) ? `; slices: ${slicesText(order)}` : '';
  return `${cell(order['symbol'])} ${cell(order['outcome'] ?? order['status'])}: ${filled}${at}${slices}`;
}

/** Parent orders, one a row. */
export const ORDER_COLUMNS: readonly Column<Json>[] = [
  ...columnsOf({
    ORDER: 'orderId',
    SYMBOL: 'symbol',
    SIDE: 'side',
    QUANTITY: 'quantity',
    FILLED: 'filledQuantity',
    AVERAGE: 'averagePrice',
  }),
  { title: 'STATUS', of: (order) => cell(order['outcome'] ?? order['status']) },
  { title: 'SLICES', of: slicesText },
  ...columnsOf({ PLANNED: 'plannedAt', CYCLE: 'cycleId' }),
];

const SLICE_COLUMNS = columnsOf({
  SLICE: 'slice',
  TRY: 'attempt',
  ORDER: 'clientOrderId',
  DUE: 'dueAt',
  SENT: 'submittedAt',
  QUANTITY: 'quantity',
  FILLED: 'filledQuantity',
  AVERAGE: 'averagePrice',
  STATUS: 'status',
  CODE: 'code',
  REASON: 'reason',
});

/** The slices of a parent order, each attempt in a row. */
export const renderSlices = (slices: readonly Json[]): string => renderTable(SLICE_COLUMNS, slices, 'no slices');

/** An order as a person reads it: its members, and below them its slices or its fills and its history. */
export function renderOrder({ order, parent, slices, fills, transitions }: FoundOrder): string {
  if (isParent(order)) return `${renderRecord(order)}\n${renderSlices(slices)}`;
  return renderRecord({ ...order, parent: parent && parent['orderId'], fills, transitions: transitions ?? [] });
}
