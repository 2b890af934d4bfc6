import {
  fact,
  OrderAcknowledged,
  OrderCancelled,
  OrderExpired,
  OrderFilled,
  OrderRejected,
  OrderSubmitted,
  OrderUnknown,
  perform,
  wake,
  type AlertData,
  type Fact,
  type Instant,
  type OrderTerms,
  type Side,
  type Task,
} from '@ballast/contracts';
import { addMilliseconds } from '@ballast/kernel/calendar';
import { decimal, formatDecimal } from '@ballast/kernel/money';
import { AskVenue, CancelOrder, PlaceOrder, SlicesDue, type VenueFill } from '../messages.js';
import { sizeAfter } from './amount.js';
import { clientOrderIdOf } from './identity.js';
import { isEnd, step, type MachineEvent, type Step } from './order-machine.js';
import type { OrderEventName, OrderState } from './order-table.js';
import type { Settlement } from './settlement.js';

/** One attempt at one slice of a parent order. Quantities and amounts are decimal strings. */
export interface ChildOrder {
  readonly clientOrderId: string;
  readonly parentOrderId: string;
  readonly cycleId: string;
  readonly portfolioId: string;
  readonly account: string;
  readonly symbol: string;
  readonly side: Side;
  readonly slice: number;
  readonly attempt: number;
  readonly quantity: string;
  /** What the plan gave the slice at first; late slices may make `quantity` larger. */
  readonly plannedQuantity: string;
  readonly approvedHash: string;
  /** Under what terms a person wanted it; null for a slice at the market. */
  readonly terms: OrderTerms | null;
  readonly dueAt: Instant;
  /** Where it waits for the market: not looked at again before this moment. */
  readonly deferredUntil: Instant | null;
  readonly state: OrderState;
  readonly venueOrderId: string | null;
  readonly filledQuantity: string;
  /** Sum of quantity × price over the fills. */
  readonly filledNotional: string;
  readonly cancelRequested: boolean;
  readonly missedAsks: number;
  /** Whether the newest news of how it stands is that the venue holds it. */
  readonly held: boolean;
  /** When that news happened at the venue; null before any with a time. */
  readonly standingAt: Instant | null;
  readonly code: string | null;
  readonly reason: string | null;
  readonly submittedAt: Instant | null;
  readonly endedAt: Instant | null;
}

/** What is new about an order. */
export type News =
  | { readonly name: 'due' }
  | { readonly name: 'refused'; readonly code: string; readonly reason: string }
  | {
      readonly name: 'acknowledged' | 'held' | 'replace_pending' | 'replace_refused' | 'found_at_venue';
      readonly venueOrderId: string;
      /** When it happened at the venue, where the venue says so. */
      readonly at?: Instant;
    }
  | {
      readonly name: 'fill';
      readonly fill: VenueFill;
      /** How many shares an order for an amount of money has turned out to be for. */
      readonly ordered?: string;
    }
  | {
      readonly name: 'rejected' | 'cancelled' | 'replaced' | 'expired' | 'cancel_requested';
      readonly code: string;
      readonly reason: string;
      readonly venueOrderId?: string;
    }
  | { readonly name: 'no_answer' | 'cancel_refused' | 'not_at_venue' | 'not_shown'; readonly reason: string }
  | {
      readonly name: 'deferred';
      readonly reason: string;
      readonly retryAt: Instant;
      /** It never left us, so that to send it is no second time. */
      readonly unsent: boolean;
    };

/** What the rules need to know beside the order. */
export interface OrderRules {
  readonly now: Instant;
  readonly venue: string;
  readonly settlement: Settlement;
}

/** How an order went from one state to the next, and what was compared. */
export interface Transition {
  readonly clientOrderId: string;
  readonly at: Instant;
  readonly event: OrderEventName;
  readonly from: OrderState;
  readonly to: OrderState;
  readonly detail: Readonly<Record<string, unknown>>;
}

export type Alarm = Omit<AlertData, 'at'>;

/** What one piece of news does to an order. */
export interface OrderDecision {
  readonly state: ChildOrder;
  readonly facts: readonly Fact<'execution'>[];
  readonly tasks: readonly Task[];
  readonly alarms: readonly Alarm[];
  readonly transition: Transition;
  /** More has filled than was ordered: the account must stop. */
  readonly halts: boolean;
  /** The next attempt, where the venue certainly did not take this one. */
  readonly successor: ChildOrder | null;
}

/** Takes a piece of news into an order. A fill that was counted before must not come here again. */
export function decideOrder(order: ChildOrder, news: News, rules: OrderRules): OrderDecision {
  const stepped = step(memoryOf(order, news), machineEvent(news));
  const state = stateAfter(order, news, stepped, rules.now);
  const again = news.name === 'deferred' && (news.unsent || rules.settlement.resends);
  const successor = again && stepped.effects.has('retry') ? nextAttempt(order, news.retryAt) : null;
  return {
    state,
    facts: factsOf(order, state, news, stepped, rules),
    tasks: [
      ...tasksOf(state, stepped, rules),
      ...(successor
        ? [wake(SlicesDue, order.account, { account: order.account, dueAt: successor.dueAt }, successor.dueAt)]
        : []),
    ],
    alarms: alarmsOf(order, state, news, stepped),
    transition: {
      clientOrderId: order.clientOrderId,
      at: rules.now,
      event: news.name,
      from: order.state,
      to: state.state,
      detail: detailOf(state, news, stepped),
    },
    halts: stepped.effects.has('halt'),
    successor,
  };
}

/** What an order can still take of its parent: all of it while it is open, what it filled once it has ended. */
export const committedQuantity = (order: Pick<ChildOrder, 'state' | 'quantity' | 'filledQuantity'>): string =>
  isEnd(order.state) ? order.filledQuantity : order.quantity;

const memoryOf = (order: ChildOrder, news: News) => ({
  state: order.state,
  quantity: news.name === 'fill' ? sizeAfter(order, news.fill, news.ordered ?? null) : decimal(order.quantity),
  filledQuantity: decimal(order.filledQuantity),
  venueOrderId: order.venueOrderId,
  cancelRequested: order.cancelRequested,
  missedAsks: order.missedAsks,
  held: order.held,
  standingAt: order.standingAt,
  code: order.code,
});

function machineEvent(news: News): MachineEvent {
  if (news.name === 'fill') {
    return { name: 'fill', quantity: decimal(news.fill.quantity), venueOrderId: news.fill.venueOrderId };
  }
  return {
    name: news.name,
    venueOrderId: 'venueOrderId' in news ? (news.venueOrderId ?? null) : null,
    code: 'code' in news ? news.code : null,
    at: 'at' in news ? (news.at ?? null) : null,
  };
}

function stateAfter(order: ChildOrder, news: News, { memory }: Step, now: Instant): ChildOrder {
  const notional =
    news.name === 'fill'
      ? decimal(order.filledNotional).plus(decimal(news.fill.quantity).times(decimal(news.fill.price)))
      : decimal(order.filledNotional);
  const moved = memory.state !== order.state;
  const ended = isEnd(memory.state);
  return {
    ...order,
    state: memory.state,
    quantity: memory.quantity.equals(order.quantity) ? order.quantity : formatDecimal(memory.quantity),
    venueOrderId: memory.venueOrderId,
    filledQuantity: formatDecimal(memory.filledQuantity),
    filledNotional: formatDecimal(notional),
    cancelRequested: memory.cancelRequested,
    missedAsks: memory.missedAsks,
    held: memory.held,
    standingAt: memory.standingAt,
    code: memory.code,
    reason: moved ? (ended && memory.state !== 'filled' ? reasonOf(news) : null) : order.reason,
    submittedAt: news.name === 'due' && moved ? now : order.submittedAt,
    endedAt: ended ? (order.endedAt ?? now) : null,
  };
}

const reasonOf = (news: News): string => ('reason' in news ? news.reason : news.name);

function nextAttempt(order: ChildOrder, dueAt: Instant): ChildOrder {
  const attempt = order.attempt + 1;
  return {
    ...order,
    clientOrderId: clientOrderIdOf(order, order.slice, attempt),
    attempt,
    dueAt,
    deferredUntil: null,
    state: 'planned',
    venueOrderId: null,
    filledQuantity: '0',
    filledNotional: '0',
    cancelRequested: false,
    missedAsks: 0,
    held: false,
    standingAt: null,
    code: null,
    reason: null,
    submittedAt: null,
    endedAt: null,
  };
}

function factsOf(
  order: ChildOrder,
  after: ChildOrder,
  news: News,
  stepped: Step,
  rules: OrderRules,
): Fact<'execution'>[] {
  const { cycleId, portfolioId, account, parentOrderId, symbol, side, clientOrderId, slice, attempt } = order;
  const ref = { cycleId, portfolioId, account, parentOrderId, symbol, side, clientOrderId, slice, attempt };
  const facts: Fact<'execution'>[] = [];
  if (stepped.named) facts.push(fact(OrderAcknowledged, { ...ref, venueOrderId: after.venueOrderId! }));
  if (news.name === 'fill') {
    const left = isEnd(after.state) ? decimal('0') : decimal(after.quantity).minus(after.filledQuantity);
    facts.push(
      fact(OrderFilled, {
        ...ref,
        venue: rules.venue,
        executionId: news.fill.executionId,
        quantity: news.fill.quantity,
        price: news.fill.price,
        fees: '0',
        cumulativeQuantity: after.filledQuantity,
        leavesQuantity: formatDecimal(left),
        filledAt: news.fill.at,
      }),
    );
  }
  if (after.state === order.state) return facts;
  const ended = { ...ref, filledQuantity: after.filledQuantity, reason: after.reason ?? after.state };
  if (after.state === 'sending') facts.push(fact(OrderSubmitted, { ...ref, ...orderTerms(after) }));
  if (after.state === 'unknown') facts.push(fact(OrderUnknown, { ...ref, reason: reasonOf(news) }));
  // Whoever follows orders hears of a replaced one as cancelled: what took its place is not ours.
  if (after.state === 'cancelled' || after.state === 'replaced') facts.push(fact(OrderCancelled, ended));
  if (after.state === 'expired') facts.push(fact(OrderExpired, ended));
  if (after.state === 'rejected') facts.push(fact(OrderRejected, { ...ended, code: after.code ?? 'REJECTED' }));
  return facts;
}

/** What is sent: a market order of the day, or what a person asked for; the first two say of that what their readers know. */
function orderTerms({ quantity, approvedHash, terms }: ChildOrder) {
  const limitPrice = terms?.limitPrice ?? null;
  const endsAtOnce = terms?.timeInForce === 'ioc' || terms?.timeInForce === 'fok';
  return {
    quantity,
    orderType: limitPrice === null ? ('market' as const) : ('limit' as const),
    timeInForce: endsAtOnce ? ('ioc' as const) : ('day' as const),
    limitPrice,
    ...(terms === null ? {} : { terms }),
    approvedHash,
  };
}

function tasksOf(after: ChildOrder, { effects }: Step, rules: OrderRules): Task[] {
  const { account, clientOrderId, symbol, side, venueOrderId } = after;
  if (effects.has('place')) {
    const { approvedHash: _, ...terms } = orderTerms(after);
    return [perform(PlaceOrder, clientOrderId, { account, clientOrderId, symbol, side, ...terms })];
  }
  if (effects.has('ask')) {
    const at = addMilliseconds(rules.now, rules.settlement.windowMs);
    return [perform(AskVenue, clientOrderId, { account, clientOrderId }, at)];
  }
  // A cancel that was asked for before the venue had named the order may have found nothing there.
  return effects.has('cancel') ? [perform(CancelOrder, clientOrderId, { account, clientOrderId, venueOrderId })] : [];
}

function alarmsOf(order: ChildOrder, after: ChildOrder, news: News, stepped: Step): Alarm[] {
  const numbers = {
    clientOrderId: order.clientOrderId,
    ordered: order.quantity,
    filled: after.filledQuantity,
    from: order.state,
    to: after.state,
    event: news.name,
  };
  const alarms: Alarm[] = [];
  if (stepped.effects.has('halt')) {
    alarms.push({
      code: 'ORDER_OVERFILLED',
      severity: 'critical',
      message: `${order.symbol}: ${after.filledQuantity} filled of an order of ${order.quantity}; the account was halted`,
      numbers,
      nextStep: `compare with the venue ("ballast order get ${order.clientOrderId}") before the halt is lifted`,
    });
  }
  if (stepped.effects.has('alarm')) {
    alarms.push({
      code: 'ORDER_STATE_UNEXPECTED',
      severity: 'critical',
      message: `${order.symbol}: the venue says "${news.name}" of an order that was ${order.state} here`,
      numbers,
      nextStep: `look at its history with "ballast order get ${order.clientOrderId}"`,
    });
  }
  return alarms;
}

function detailOf(after: ChildOrder, news: News, { stayed }: Step): Record<string, unknown> {
  const { name: _, ...said } = news;
  const { quantity, filledQuantity, missedAsks, cancelRequested, venueOrderId } = after;
  const why = stayed === null ? {} : { stayed };
  return { ...said, ...why, quantity, filledQuantity, missedAsks, cancelRequested, venueOrderId };
}
