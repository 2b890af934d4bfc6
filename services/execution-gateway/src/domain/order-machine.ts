import type { Instant } from '@ballast/contracts';
import { D, type Decimal } from '@ballast/kernel/money';
import {
  FOREIGN_ROW,
  ORDER_TABLE,
  type Effect,
  type OrderEventName,
  type OrderState,
  type Rule,
  type Stay,
} from './order-table.js';

const ENDS: ReadonlySet<OrderState> = new Set(['filled', 'cancelled', 'replaced', 'rejected', 'expired']);

/** Whether nothing more is expected of an order in this state. */
export const isEnd = (state: OrderState): boolean => ENDS.has(state);

/** States in which the venue must show the order among its open ones. */
export const AT_VENUE: ReadonlySet<OrderState> = new Set([
  'held',
  'acknowledged',
  'partially_filled',
  'pending_replace',
  'pending_cancel',
]);

/** Our own conclusion that an order never reached the venue; the one rejection that the venue can still contradict. */
export const NOT_AT_VENUE = 'NOT_AT_VENUE';

/** How often the venue has to say that it does not know an order before it is believed. */
const ASKS_NEEDED = 2;

/**
 * News of how an order stands at the venue that a later piece can undo. Told out of order, the latest by the
 * venue's own clock counts.
 */
const STANDINGS: ReadonlySet<OrderEventName> = new Set(['acknowledged', 'held', 'replace_pending', 'replace_refused']);

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
  /** Whether the newest news of how it stands is that the venue holds it. */
  readonly held: boolean;
  /** When that news happened at the venue; null before any with a time. */
  readonly standingAt: Instant | null;
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
      /** When it happened at the venue, where the venue says so. */
      readonly at?: Instant | null;
    };

/** What came of an event. */
export interface Step {
  readonly memory: OrderMemory;
  /** What is to be done, by {@link EFFECT_MEANING}; of the cell's effects those whose condition holds. */
  readonly effects: ReadonlySet<Effect>;
  /** Why the state is the one before, where the table says that it stays; null where it led somewhere. */
  readonly stayed: Stay | null;
  /** The venue named the order for the first time. */
  readonly named: boolean;
}

/**
 * Takes an order one event further, by {@link ORDER_TABLE}. Whoever calls has dropped fills that were
 * counted before. Filled quantity never falls, whatever the state; it exceeds the order's only with the effect `halt`.
 */
export function step(memory: OrderMemory, event: MachineEvent): Step {
  const cell = ORDER_TABLE[memory.state][event.name];
  const old = isOlder(memory, event);
  const target = old || 'stay' in cell ? null : cell.to;
  const named = memory.venueOrderId === null && (event.venueOrderId ?? null) !== null;
  const noted: OrderMemory = {
    ...memory,
    filledQuantity: event.name === 'fill' ? new D(memory.filledQuantity).plus(event.quantity) : memory.filledQuantity,
    venueOrderId: memory.venueOrderId ?? event.venueOrderId ?? null,
    cancelRequested: cancelRequested(memory, event.name),
    missedAsks: memory.missedAsks + (target === 'asked' ? 1 : 0),
    held: old || !tellsStanding(event.name) ? memory.held : event.name === 'held',
    standingAt: standingAt(memory, event),
  };
  const state = target === null ? memory.state : resolve(noted, target);
  const code = state === memory.state ? memory.code : codeOf(noted, state, event);
  const after: OrderMemory = { ...noted, state, code };
  const stayed = old ? 'late' : 'stay' in cell ? cell.stay : null;
  const moved = state !== memory.state;
  const happens = (effect: Effect): boolean => holds(effect, after, event, { moved, named, old });
  return { memory: after, effects: new Set(cell.effects.filter(happens)), stayed, named };
}

/** What an event of an order that is none of ours sets going. */
export const effectsOfForeign = (event: OrderEventName): ReadonlySet<Effect> => new Set(FOREIGN_ROW[event].effects);

const tellsStanding = (event: OrderEventName): boolean => STANDINGS.has(event) || event === 'found_at_venue';

/** Whether news of an order's standing happened before what is known of it; where it has no time, it is not newer. */
function isOlder({ standingAt: known }: OrderMemory, event: MachineEvent): boolean {
  if (known === null || event.name === 'fill' || !STANDINGS.has(event.name)) return false;
  return (event.at ?? null) === null || event.at! <= known;
}

function standingAt({ standingAt: known }: OrderMemory, event: MachineEvent): Instant | null {
  const at = event.name === 'fill' ? null : (event.at ?? null);
  if (at === null || !tellsStanding(event.name)) return known;
  return known === null || at > known ? at : known;
}

function cancelRequested(memory: OrderMemory, event: OrderEventName): boolean {
  if (event === 'cancel_refused') return false;
  return memory.cancelRequested || (event === 'cancel_requested' && !isEnd(memory.state));
}

/** Whether an effect that a cell names takes place, by the conditions in EFFECT_MEANING. */
function holds(
  effect: Effect,
  after: OrderMemory,
  event: MachineEvent,
  { moved, named, old }: { readonly moved: boolean; readonly named: boolean; readonly old: boolean },
): boolean {
  switch (effect) {
    case 'ask':
      return after.state === 'unknown';
    case 'cancel':
      return after.state === 'pending_cancel' && (moved || named);
    case 'retry':
      return !after.cancelRequested;
    case 'halt':
      return after.filledQuantity.greaterThan(after.quantity);
    case 'alarm':
      // A rejection by the venue that stands is not contradicted by an old acknowledgement.
      return !old && (after.state !== 'rejected' || moved || event.name === 'fill');
    default:
      return true;
  }
}

function resolve(memory: OrderMemory, target: OrderState | Rule): OrderState {
  const whole = memory.filledQuantity.greaterThanOrEqualTo(memory.quantity);
  switch (target) {
    case 'by_quantity':
    case 'working':
      return whole ? 'filled' : working(memory);
    case 'unless_whole':
      return whole ? 'filled' : memory.state;
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
  if (memory.held) return 'held';
  return memory.filledQuantity.isZero() ? 'acknowledged' : 'partially_filled';
}

function codeOf(memory: OrderMemory, state: OrderState, event: MachineEvent): string | null {
  if (!isEnd(state) || state === 'filled') return null;
  if (event.name === 'not_at_venue') return NOT_AT_VENUE;
  return event.name === 'fill' ? memory.code : (event.code ?? event.name.toUpperCase());
}
