import { perform, type Instant, type Task } from '@ballast/contracts';
import { millisecondsBetween } from '@ballast/kernel/calendar';
import { decimal, formatDecimal, sum } from '@ballast/kernel/money';
import { spreadLate } from '@ballast/kernel/twap';
import { AskQuotes } from '../messages.js';
import { committedQuantity, type Alarm, type ChildOrder, type News } from './child-order.js';
import type { ParentOrder } from './schedule.js';

/** By how much of its planned quantity a slice may grow when it takes over from slices that were late. */
const LATE_CAP = 0.5;

/** What is read in the sending transaction. */
export interface DueInputs {
  readonly now: Instant;
  readonly account: string;
  /** Why nothing of the account may leave; null where it may. */
  readonly stopped: { readonly code: string; readonly reason: string } | null;
  /** The planned children that are due, by due time and client order id. */
  readonly due: readonly ChildOrder[];
  readonly parents: readonly ParentOrder[];
  /** Every child of those parents, the due ones included. */
  readonly family: readonly ChildOrder[];
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
 * Decides about slices that fell due: each leaves, or is void with a reason. Nothing leaves of a stopped account, after
 * the session, or where the parent's children would exceed it. A slice later than one interval does not
 * leave: what it had is spread over those to come under a cap, and what finds no room is void (never a burst).
 */
export function decideDue(inputs: DueInputs): DueOutcome {
  const moves: { order: ChildOrder; news: News }[] = [];
  const grown: ChildOrder[] = [];
  const arriving: { parentOrderId: string; symbol: string }[] = [];
  const alarms: Alarm[] = [];
  for (const parent of inputs.parents) {
    const due = inputs.due.filter((order) => order.parentOrderId === parent.parentOrderId);
    const family = inputs.family.filter((order) => order.parentOrderId === parent.parentOrderId);
    const stop = inputs.stopped ?? endOfSession(parent, inputs.now) ?? excess(parent, family);
    if (stop) {
      moves.push(...due.map((order) => ({ order, news: { name: 'cancel_requested' as const, ...stop } })));
      if (stop.code === 'EXCEEDS_PARENT') alarms.push(excessAlarm(parent, stop.reason));
      continue;
    }
    const spread = spreadOver(parent, due, family, inputs.now);
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

function endOfSession({ sessionClose }: ParentOrder, now: Instant) {
  if (now < sessionClose) return null;
  return { code: 'SESSION_ENDED', reason: `the session closed at ${sessionClose}` };
}

function excess(parent: ParentOrder, family: readonly ChildOrder[]) {
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
    LATE_CAP,
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
