import type { Instant } from '@ballast/contracts';
import { millisecondsBetween } from '@ballast/kernel/calendar';
import { decimal, formatDecimal, sum, type Decimal } from '@ballast/kernel/money';
import { handOn, incrementOf, participate, spreadLate, type TakeOver, type TwapSlice } from '@ballast/kernel/twap';
import { committedQuantity, type ChildOrder, type News } from './child-order.js';
import type { ParentOrder } from './schedule.js';

/** What becomes of a parent's due slices, and of those that are still to come. */
export interface Spread {
  readonly moves: readonly { readonly order: ChildOrder; readonly news: News }[];
  /** Children that stay planned and are not what they were. */
  readonly changed: readonly ChildOrder[];
}

/** Why slices wait. */
interface Wait {
  readonly code: string;
  readonly reason: string;
}

/**
 * Sends what is due, or lets it wait where there is a reason; what is later than one interval does neither: it is void,
 * and the kernel hands its quantity on to slices to come.
 */
export function spreadOver(
  parent: ParentOrder,
  due: readonly ChildOrder[],
  family: readonly ChildOrder[],
  now: Instant,
  takeOver: TakeOver,
  wait: Wait | null = null,
): Spread {
  const isLate = (order: ChildOrder): boolean => millisecondsBetween(order.dueAt, now) > parent.intervalMs;
  if (!due.some(isLate)) return passing(due, [], wait);
  const planned = plannedOf(family);
  const asSlices = slicesOf(planned, (order) => (isLate(order) || order.dueAt > now ? order.dueAt : now));
  const { slices } = spreadLate(asSlices, now, takeOver);
  const late = `more than ${parent.intervalMs} ms late; spread over later slices as far as the cap allows`;
  const news = (order: ChildOrder): News => {
    const { code, reason } = wait ?? order;
    if (code === null) return { name: 'cancel_requested', code: 'LATE', reason: late };
    return { name: 'cancel_requested', code, reason: `${reason}; ${late}` };
  };
  const dueIds = new Set(due.map((order) => order.clientOrderId));
  const coming = slices.map(({ i, qty }) => ({ was: planned[i]!, order: withQuantity(planned[i]!, qty) }));
  const isDue = ({ order }: { order: ChildOrder }): boolean => dueIds.has(order.clientOrderId);
  const grown = coming.filter((each) => !isDue(each) && each.order.quantity !== each.was.quantity);
  const passed = passing(
    coming.filter(isDue).map(({ order }) => order),
    grown.map(({ order }) => order),
    wait,
  );
  const voided = planned.filter(isLate).map((order) => ({ order, news: news(order) }));
  return { ...passed, moves: [...voided, ...passed.moves] };
}

/** What is in time leaves; where there is a reason it waits, and says so. */
function passing(due: readonly ChildOrder[], grown: readonly ChildOrder[], wait: Wait | null): Spread {
  if (wait === null) return { moves: due.map((order) => ({ order, news: { name: 'due' } })), changed: grown };
  return { moves: [], changed: [...due.map((order) => waiting(order, wait)), ...grown] };
}

const waiting = (order: ChildOrder, { code, reason }: Wait): ChildOrder => ({ ...order, code, reason });

/** What a parent may be of the market. */
export interface ParticipationCap {
  /** Shares that all traded since the parent's share is counted; null where nobody knows. */
  readonly volume: string | null;
  readonly maxRatio: string;
  readonly takeOver: TakeOver;
}

/**
 * Holds what would leave back to the parent's part of the volume. A slice of which nothing may leave waits; of one that leaves
 * in part the rest is handed on to the slices to come, under the cap of late ones.
 */
export function holdBack(
  parent: ParentOrder,
  family: readonly ChildOrder[],
  spread: Spread,
  { volume, maxRatio, takeOver }: ParticipationCap,
): Spread {
  const increment = incrementOf(decimal(parent.quantity), {});
  const marketVolume = volume === null ? null : decimal(volume);
  let own = sum(
    family.filter(({ submittedAt }) => submittedAt !== null).map((order) => decimal(committedQuantity(order))),
  );
  let unsent = decimal('0');
  const moves: { order: ChildOrder; news: News }[] = [];
  const waits: ChildOrder[] = [];
  for (const move of spread.moves) {
    if (move.news.name !== 'due') {
      moves.push(move);
      continue;
    }
    const wanted = decimal(move.order.quantity);
    const part = participate({ wanted, own, marketVolume, maxRatio: decimal(maxRatio), increment });
    if (part.leaves.isZero()) {
      waits.push(waiting(move.order, waitFor(part.state, parent, own, volume, maxRatio)));
      continue;
    }
    own = own.plus(part.leaves);
    unsent = unsent.plus(part.waits);
    moves.push({ ...move, order: withQuantity(move.order, part.leaves) });
  }
  const gone = new Set([
    ...moves.map(({ order }) => order.clientOrderId),
    ...waits.map((order) => order.clientOrderId),
  ]);
  const changedBefore = new Map(spread.changed.map((order) => [order.clientOrderId, order]));
  const coming = plannedOf(family)
    .filter(({ clientOrderId }) => !gone.has(clientOrderId))
    .map((order) => changedBefore.get(order.clientOrderId) ?? order);
  const { slices } = handOn(
    unsent,
    slicesOf(coming, ({ dueAt }) => dueAt),
    { ...takeOver, increment },
  );
  const after = slices.map(({ i, qty }) => withQuantity(coming[i]!, qty));
  const grown = after.filter(
    (order, i) => changedBefore.has(order.clientOrderId) || order.quantity !== coming[i]!.quantity,
  );
  return { moves, changed: [...waits, ...grown] };
}

function waitFor(
  state: 'free' | 'capped' | 'unknown',
  { symbol }: ParentOrder,
  own: Decimal,
  volume: string | null,
  maxRatio: string,
): Wait {
  if (state === 'unknown') {
    return {
      code: 'VOLUME_UNKNOWN',
      reason: `nobody knows what traded of ${symbol}, and it may be ${maxRatio} of that`,
    };
  }
  const told = `${formatDecimal(own)} shares have left, and it may be ${maxRatio} of the ${volume} that traded`;
  return { code: 'PARTICIPATION_CAP', reason: told };
}

const plannedOf = (family: readonly ChildOrder[]): ChildOrder[] =>
  family
    .filter((order) => order.state === 'planned')
    .sort((a, b) => (a.dueAt < b.dueAt ? -1 : a.dueAt > b.dueAt ? 1 : a.slice - b.slice));

const slicesOf = (orders: readonly ChildOrder[], dueAt: (order: ChildOrder) => Instant): TwapSlice[] =>
  orders.map((order, i) => ({
    i,
    qty: decimal(order.quantity),
    plannedQty: decimal(order.plannedQuantity),
    dueAt: dueAt(order),
  }));

const withQuantity = (order: ChildOrder, quantity: Decimal): ChildOrder => ({
  ...order,
  quantity: formatDecimal(quantity),
});
