import { D, type Decimal } from '@ballast/kernel/money';

/** What is known of a child order. The last four are ends. */
export const ORDER_STATES = [
  'planned',
  'sending',
  'unknown',
  'acknowledged',
  'partially_filled',
  'pending_cancel',
  'filled',
  'cancelled',
  'rejected',
  'expired',
] as const;
export type OrderState = (typeof ORDER_STATES)[number];

/** What can happen to a child order, in our words; adapters translate their venue's into these. */
export const ORDER_EVENTS = [
  'due',
  'acknowledged',
  'fill',
  'rejected',
  'expired',
  'cancelled',
  'cancel_requested',
  'cancel_refused',
  'no_answer',
  'found_at_venue',
  'not_at_venue',
  'deferred',
] as const;
export type OrderEventName = (typeof ORDER_EVENTS)[number];

/**
 * Where a cell of the table leads, where that hangs on more than the state:
 * `same`         nothing changes: a repeat, or news that came late;
 * `by_quantity`  filled once the whole quantity has filled, else working;
 * `late_fill`    filled once the whole quantity has filled, else the end it is in;
 * `working`      pending_cancel where a cancel was asked for, else partially_filled or acknowledged by what has filled;
 * `asked`        unknown, and rejected as NOT_AT_VENUE at the second time;
 * `unheard`      unknown, unless the venue has named the order already;
 * `reopened`     working where we had only concluded NOT_AT_VENUE ourselves, else the venue's rejection stands.
 */
export type Rule = 'same' | 'by_quantity' | 'late_fill' | 'working' | 'asked' | 'unheard' | 'reopened';

/** A `!` marks what should not happen: it is believed all the same, and a person is told. */
export type Cell = OrderState | Rule | `${OrderState | Rule}!`;

type Row = Readonly<Record<OrderEventName, Cell>>;

/** An end: nothing leads out of it but what a row says otherwise. */
const ENDED: Row = {
  due: 'same',
  acknowledged: 'same',
  fill: 'late_fill',
  rejected: 'same',
  expired: 'same',
  cancelled: 'same',
  cancel_requested: 'same',
  cancel_refused: 'same',
  no_answer: 'same',
  found_at_venue: 'same',
  not_at_venue: 'same',
  deferred: 'same',
};

/** An order that the venue has confirmed. */
const WORKING: Row = {
  due: 'same',
  acknowledged: 'same',
  fill: 'by_quantity',
  rejected: 'rejected',
  expired: 'expired',
  cancelled: 'cancelled',
  cancel_requested: 'pending_cancel',
  cancel_refused: 'same',
  no_answer: 'same',
  found_at_venue: 'same',
  not_at_venue: 'same!',
  deferred: 'same!',
};

/** Every state and every event. What a venue says of an order that we have not sent is believed: our books may be old. */
export const ORDER_TABLE: Readonly<Record<OrderState, Row>> = {
  planned: {
    due: 'sending',
    acknowledged: 'working!',
    fill: 'by_quantity!',
    rejected: 'rejected!',
    expired: 'expired!',
    cancelled: 'cancelled!',
    cancel_requested: 'cancelled',
    cancel_refused: 'same',
    no_answer: 'same',
    found_at_venue: 'working!',
    not_at_venue: 'same',
    deferred: 'same',
  },
  sending: {
    due: 'same',
    acknowledged: 'working',
    fill: 'by_quantity',
    rejected: 'rejected',
    expired: 'expired',
    cancelled: 'cancelled',
    cancel_requested: 'pending_cancel',
    cancel_refused: 'same',
    no_answer: 'unknown',
    found_at_venue: 'working',
    not_at_venue: 'same',
    deferred: 'cancelled',
  },
  unknown: {
    due: 'same',
    acknowledged: 'working',
    fill: 'by_quantity',
    rejected: 'rejected',
    expired: 'expired',
    cancelled: 'cancelled',
    cancel_requested: 'same',
    cancel_refused: 'same',
    no_answer: 'same',
    found_at_venue: 'working',
    not_at_venue: 'asked',
    deferred: 'same!',
  },
  acknowledged: WORKING,
  partially_filled: { ...WORKING, rejected: 'rejected!' },
  pending_cancel: {
    ...WORKING,
    cancel_requested: 'same',
    cancel_refused: 'working',
    no_answer: 'unheard',
    not_at_venue: 'same',
    deferred: 'cancelled',
  },
  filled: { ...ENDED, rejected: 'same!' },
  cancelled: ENDED,
  rejected: { ...ENDED, acknowledged: 'reopened!', fill: 'reopened!', found_at_venue: 'reopened!' },
  expired: ENDED,
};

const ENDS: ReadonlySet<OrderState> = new Set(['filled', 'cancelled', 'rejected', 'expired']);

/** Whether nothing more is expected of an order in this state. */
export const isEnd = (state: OrderState): boolean => ENDS.has(state);

/** Our own conclusion that an order never reached the venue; the one rejection that the venue can still contradict. */
export const NOT_AT_VENUE = 'NOT_AT_VENUE';

/** How often the venue has to say that it does not know an order before it is believed. */
const ASKS_NEEDED = 2;

/** What the machine looks at. Quantities are shares. */
export interface OrderMemory {
  readonly state: OrderState;
  readonly quantity: Decimal;
  readonly filledQuantity: Decimal;
  /** The venue's own id; null until the venue has named the order. */
  readonly venueOrderId: string | null;
  readonly cancelRequested: boolean;
  /** How often the venue has said that it does not know the order. */
  readonly missedAsks: number;
  /** Why it ended so; for a rejection the venue's code or {@link NOT_AT_VENUE}. */
  readonly code: string | null;
}

/** Something that happened, as the machine takes it. `quantity` belongs to a fill that was not counted before. */
export type MachineEvent =
  | { readonly name: 'fill'; readonly quantity: Decimal; readonly venueOrderId: string | null }
  | {
      readonly name: Exclude<OrderEventName, 'fill'>;
      readonly venueOrderId?: string | null;
      readonly code?: string | null;
    };

/** What came of an event. */
export interface Step {
  readonly memory: OrderMemory;
  /** More has filled than was ordered: the account must stop. */
  readonly overfilled: boolean;
  /** It should not have happened, and somebody has to look. */
  readonly anomaly: boolean;
  /** The venue named the order for the first time. */
  readonly named: boolean;
}

/**
 * Takes an order one event further, by {@link ORDER_TABLE}. Whoever calls has dropped fills that were
 * counted before. Filled quantity never falls, whatever the state; it exceeds the order's only with `overfilled`.
 */
export function step(memory: OrderMemory, event: MachineEvent): Step {
  const cell = ORDER_TABLE[memory.state][event.name];
  const anomaly = cell.endsWith('!');
  const target = (anomaly ? cell.slice(0, -1) : cell) as OrderState | Rule;
  const named = memory.venueOrderId === null && (event.venueOrderId ?? null) !== null;
  const noted: OrderMemory = {
    ...memory,
    filledQuantity: event.name === 'fill' ? new D(memory.filledQuantity).plus(event.quantity) : memory.filledQuantity,
    venueOrderId: memory.venueOrderId ?? event.venueOrderId ?? null,
    cancelRequested: cancelRequested(memory, event.name),
    missedAsks: memory.missedAsks + (target === 'asked' ? 1 : 0),
  };
  const state = resolve(noted, target);
  const code = state === memory.state ? memory.code : codeOf(noted, state, event);
  return {
    memory: { ...noted, state, code },
    overfilled: event.name === 'fill' && noted.filledQuantity.greaterThan(noted.quantity),
    anomaly: anomaly && !(target === 'reopened' && state === memory.state && event.name !== 'fill'),
    named,
  };
}

function cancelRequested(memory: OrderMemory, event: OrderEventName): boolean {
  if (event === 'cancel_refused') return false;
  return memory.cancelRequested || (event === 'cancel_requested' && !isEnd(memory.state));
}

function resolve(memory: OrderMemory, target: OrderState | Rule): OrderState {
  const whole = memory.filledQuantity.greaterThanOrEqualTo(memory.quantity);
  switch (target) {
    case 'same':
      return memory.state;
    case 'by_quantity':
      return whole ? 'filled' : working(memory);
    case 'late_fill':
      return whole ? 'filled' : memory.state;
    case 'working':
      return whole ? 'filled' : working(memory);
    case 'asked':
      return memory.missedAsks < ASKS_NEEDED ? 'unknown' : 'rejected';
    case 'unheard':
      return memory.venueOrderId === null && memory.filledQuantity.isZero() ? 'unknown' : memory.state;
    case 'reopened':
      if (whole) return 'filled';
      return memory.code === NOT_AT_VENUE ? working(memory) : memory.state;
    default:
      return target;
  }
}

function working(memory: OrderMemory): OrderState {
  if (memory.cancelRequested) return 'pending_cancel';
  return memory.filledQuantity.isZero() ? 'acknowledged' : 'partially_filled';
}

function codeOf(memory: OrderMemory, state: OrderState, event: MachineEvent): string | null {
  if (!isEnd(state) || state === 'filled') return null;
  if (event.name === 'not_at_venue') return NOT_AT_VENUE;
  return event.name === 'fill' ? memory.code : (event.code ?? event.name.toUpperCase());
}
