import { perform, type Instant, type Task } from '@ballast/contracts';
import { millisecondsBetween } from '@ballast/kernel/calendar';
import { decimal, formatDecimal, sum } from '@ballast/kernel/money';
import { spreadLate } from '@ballast/kernel/twap';
import { AskQuotes } from '../messages.js';
import { committedQuantity, type Alarm, type ChildOrder, type News } from './child-order.js';
import { roomOf, takeRoom, type Holdings, type Room } from './closing.js';
import type { Halt } from './halt.js';
import { draftOf, PLAIN_TERMS, termsFault, type VenueRules } from './order-terms.js';
import type { ParentOrder } from './schedule.js';

/** By how much of its planned quantity a slice may grow when it takes over from slices that were late. */
const LATE_CAP = 0.5;

/** What is read in the sending transaction. */
export interface DueInputs {
  readonly now: Instant;
  readonly account: string;
  /** The account's halt; null where the account is not known here. */
  readonly halt: Pick<Halt, 'halted' | 'epoch' | 'by' | 'reason'> | null;
  /** Why this gateway may not trade the account; null where it may. */
  readonly modeFault: string | null;
  /** Why the account's monitor lets nothing of a parent leave, by the parent's id. */
  readonly stops: ReadonlyMap<string, Stop>;
  /** What the account holds, the due children not counted as working; looked at where positions are being closed. */
  readonly holdings: Holdings;
  /** What the venue takes. */
  readonly venue: VenueRules;
  /** The planned children that are due, by due time and client order id. */
  readonly due: readonly ChildOrder[];
  readonly parents: readonly ParentOrder[];
  /** Every child of those parents, the due ones included. */
  readonly family: readonly ChildOrder[];
}

/** Why a slice is void. */
interface Stop {
  readonly code: string;
  readonly reason: string;
}

export interface DueOutcome {
  /** What happens to which child; a child may first have grown. */
  readonly moves: readonly { readonly order: ChildOrder; readonly news: News }[];
  /** Planned children that grew and are not due yet. */
  readonly grown: readonly ChildOrder[];
  readonly tasks: readonly Task[];
  /** Parents whose first slice leaves now: their arrival price is being asked for. */
  readonly arriving: readonly string[];
  readonly alarms: readonly Alarm[];
  /** A parent's children would exceed it: the account must stop. */
  readonly exceeded: boolean;
}

/**
 * Decides about slices that fell due: each leaves, or is void with a reason. Nothing leaves of a halted account but what
 * flattens it under this very halt and only shrinks what it holds; nothing of an account that is not ours to trade, after
 * the session, or where the parent's children would exceed it; nothing that the venue's rules do not take. A slice later than one interval does not
 * leave: what it had is spread over those to come under a cap, and what finds no room is void (never a burst).
 */
export function decideDue(inputs: DueInputs): DueOutcome {
  const moves: { order: ChildOrder; news: News }[] = [];
  const grown: ChildOrder[] = [];
  const arriving: { parentOrderId: string; symbol: string }[] = [];
  const alarms: Alarm[] = [];
  let room = roomOf(inputs.holdings);
  for (const parent of inputs.parents) {
    const due = inputs.due.filter((order) => order.parentOrderId === parent.parentOrderId);
    const family = inputs.family.filter((order) => order.parentOrderId === parent.parentOrderId);
    const closed = closes(parent, due, room);
    const stop = barred(parent, inputs) ?? endOfSession(parent, inputs.now) ?? excess(parent, family) ?? closed.stop;
    if (stop) {
      moves.push(...due.map((order) => ({ order, news: { name: 'cancel_requested' as const, ...stop } })));
      if (stop.code === 'EXCEEDS_PARENT') alarms.push(excessAlarm(parent, stop.reason));
      continue;
    }
    room = closed.left;
    const refused = due.flatMap((order) => refusalOf(order, inputs));
    moves.push(...refused);
    const gone = new Set(refused.map(({ order }) => order.clientOrderId));
    const stays = (order: ChildOrder): boolean => !gone.has(order.clientOrderId);
    const spread = spreadOver(parent, due.filter(stays), family.filter(stays), inputs.now);
    moves.push(...spread.moves);
    grown.push(...spread.grown);
    const leaves = spread.moves.some(({ news }) => news.name === 'due');
    if (leaves && family.every((order) => order.submittedAt === null)) arriving.push(parent);
  }
  const { account } = inputs;
  const asked = arriving.map(({ parentOrderId, symbol }) => ({ parentOrderId, symbol }));
  return {
    moves,
    grown,
    tasks: asked.length === 0 ? [] : [perform(AskQuotes, account, { account, parents: asked })],
    arriving: asked.map(({ parentOrderId }) => parentOrderId),
    alarms,
    exceeded: alarms.length > 0,
  };
}

/** Why nothing of a parent may leave its account: it is not known, halted, not for this gateway, or stopped by its monitor. */
function barred({ parentOrderId, purpose, haltEpoch }: ParentOrder, inputs: DueInputs): Stop | null {
  const { account, halt, modeFault, stops } = inputs;
  if (halt === null) return { code: 'ACCOUNT_UNKNOWN', reason: `account "${account}" is not known here` };
  const { halted, epoch, by, reason } = halt;
  if (purpose === 'flatten') {
    if (!halted || epoch !== haltEpoch) {
      const now = `the account is ${halted ? 'halted' : 'not halted'} at epoch ${epoch}`;
      return { code: 'HALT_EPOCH_OLD', reason: `it closes positions under halt epoch ${haltEpoch}; ${now}` };
    }
  } else if (halted) return { code: 'HALTED', reason: `halted at epoch ${epoch} by ${by}: ${reason}` };
  if (modeFault !== null) return { code: 'MODE_MISMATCH', reason: modeFault };
  return stops.get(parentOrderId) ?? null;
}

/** The room to close that a parent leaves. Fills that came late may have taken it: a flatten must not turn a position. */
function closes({ purpose }: ParentOrder, due: readonly ChildOrder[], room: Room): { stop: Stop | null; left: Room } {
  const taken = purpose === 'flatten' ? takeRoom(room, due) : { left: room };
  if ('left' in taken) return { stop: null, left: taken.left };
  return { stop: { code: 'NOT_REDUCING', reason: taken.grows }, left: room };
}

function endOfSession({ sessionClose }: ParentOrder, now: Instant): Stop | null {
  if (now < sessionClose) return null;
  return { code: 'SESSION_ENDED', reason: `the session closed at ${sessionClose}` };
}

/** What the venue's rules, looked at before anything is sent, have against an order. */
function refusalOf(order: ChildOrder, { venue, now }: DueInputs): { order: ChildOrder; news: News }[] {
  const { side, quantity, terms } = order;
  const fault = termsFault(draftOf({ side, quantity, terms: terms ?? PLAIN_TERMS }), venue, now);
  return fault ? [{ order, news: { name: 'refused', ...fault } }] : [];
}

function excess(parent: ParentOrder, family: readonly ChildOrder[]): Stop | null {
  const committed = sum(family.map((order) => decimal(committedQuantity(order))));
  if (committed.lessThanOrEqualTo(parent.quantity)) return null;
  return { code: 'EXCEEDS_PARENT', reason: `its children add up to ${formatDecimal(committed)} of ${parent.quantity}` };
}

const excessAlarm = (parent: ParentOrder, reason: string): Alarm => ({
  code: 'EXCEEDS_PARENT',
  severity: 'critical',
  message: `${parent.symbol}: ${reason}; nothing more of it leaves and the account was halted`,
  numbers: { parentOrderId: parent.parentOrderId, quantity: parent.quantity },
  nextStep: 'find how the children came to exceed their parent before the halt is lifted',
});

interface Spread {
  readonly moves: { order: ChildOrder; news: News }[];
  readonly grown: ChildOrder[];
}

/** Sends what is due; where slices are late, by the quantities that the kernel spreads. */
function spreadOver(
  parent: ParentOrder,
  due: readonly ChildOrder[],
  family: readonly ChildOrder[],
  now: Instant,
): Spread {
  const isLate = (order: ChildOrder) => millisecondsBetween(order.dueAt, now) > parent.intervalMs;
  if (!due.some(isLate)) return { moves: due.map((order) => ({ order, news: { name: 'due' } })), grown: [] };
  const planned = family
    .filter((order) => order.state === 'planned')
    .sort((a, b) => (a.dueAt < b.dueAt ? -1 : a.dueAt > b.dueAt ? 1 : a.slice - b.slice));
  const { slices } = spreadLate(
    planned.map((order, i) => ({
      i,
      qty: decimal(order.quantity),
      plannedQty: decimal(order.plannedQuantity),
      // A slice that is due but not late yet still leaves now, and may take over like those to come.
      dueAt: isLate(order) || order.dueAt > now ? order.dueAt : now,
    })),
    now,
    { capFraction: LATE_CAP },
  );
  const reason = `more than ${parent.intervalMs} ms late; spread over later slices as far as the cap allows`;
  const moves: Spread['moves'] = planned
    .filter(isLate)
    .map((order) => ({ order, news: { name: 'cancel_requested', code: 'LATE', reason } }));
  const grown: ChildOrder[] = [];
  const dueIds = new Set(due.map((order) => order.clientOrderId));
  for (const { i, qty } of slices) {
    const order = { ...planned[i]!, quantity: formatDecimal(qty) };
    if (dueIds.has(order.clientOrderId)) moves.push({ order, news: { name: 'due' } });
    else if (order.quantity !== planned[i]!.quantity) grown.push(order);
  }
  return { moves, grown };
}
