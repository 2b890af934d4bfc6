import type { Client, Json } from './client.js';
import { CliError, EXIT } from './errors.js';
import { cell, objectsOf } from './output/record.js';

/** An order as it was found: a parent with its slices, or a child with its parent, its fills and its history. */
export interface FoundOrder {
  readonly order: Json;
  /** The parent of a child; null for a parent. */
  readonly parent: Json | null;
  /** Every attempt at every slice of a parent; none for a child. */
  readonly slices: readonly Json[];
  readonly fills: readonly Json[];
  /** Every state that a child was in, with what was heard that moved it; null for a parent. */
  readonly transitions: readonly Json[] | null;
}

const PAGE_MAX = 1_000;
const WHOLE_ID = /^([0-9a-f]{32}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})$/;

/**
 * Finds an order by the id of a parent or a child, or the beginning of one.
 * @throws CliError ORDER_NOT_FOUND, ORDER_AMBIGUOUS; whatever the host refuses with.
 */
export async function findOrder(client: Client, id: string): Promise<FoundOrder> {
  if (WHOLE_ID.test(id)) return readOrder(client, id);
  const parents = await client.list('/api/v1/orders', { limit: PAGE_MAX });
  const children = await client.list('/api/v1/execution/orders', { limit: PAGE_MAX });
  const ids = [...parents.map((each) => cell(each['orderId'])), ...children.map((each) => cell(each['clientOrderId']))];
  const matches = ids.filter((each) => each.startsWith(id));
  if (matches.length === 1) return readOrder(client, matches[0]!);
  throw new CliError({
    code: matches.length === 0 ? 'ORDER_NOT_FOUND' : 'ORDER_AMBIGUOUS',
    what:
      matches.length === 0
        ? `No order's id begins with ${id}.`
        : `${matches.length} orders begin with ${id}: ${matches.slice(0, 5).join(', ')}.`,
    nextStep: matches.length === 0 ? 'Take an id from "ballast order list".' : 'Give more digits.',
    exit: EXIT.failure,
  });
}

/** Reads an order by its whole id. @throws CliError ANSWER_UNREADABLE; whatever the host refuses with. */
export async function readOrder(client: Client, id: string): Promise<FoundOrder> {
  const { order, parent, fills, transitions } = await client.get(`/api/v1/orders/${id}`);
  if (!isJson(order)) {
    throw new CliError({
      code: 'ANSWER_UNREADABLE',
      what: `The host answered for order ${id} without the order.`,
      nextStep: 'Check that host and command line are of one version: run "npm ci" and start the host again.',
      exit: EXIT.failure,
    });
  }
  return {
    order,
    parent: isJson(parent) ? parent : null,
    slices: isParent(order) ? await client.list(`/api/v1/orders/${id}/slices`, { limit: PAGE_MAX }) : [],
    fills: objectsOf(fills) ?? [],
    transitions: objectsOf(transitions),
  };
}

/** Whether it is a parent order, which has slices. */
export const isParent = (order: Json): boolean => order['kind'] === 'parent';

const isJson = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value);
