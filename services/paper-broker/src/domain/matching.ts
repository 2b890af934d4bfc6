import { addMilliseconds } from '@ballast/kernel/calendar';
import type { Instant } from '@ballast/kernel/calendar';
import { D, Decimal } from '@ballast/kernel/money';
import { rng } from '@ballast/kernel/random';
import { afterBuy, afterSale, availableQty, buyingPower, heldBy, reserveOf } from './account.js';
import type { Account, Holding } from './account.js';
import { executionIdOf, orderIdOf } from './identity.js';
import { fillPrice, nextCrossing, phaseAt, quoteOf } from './market.js';
import type { MarketSession, Quote } from './market.js';
import { isTerminal, remainingQty } from './order.js';
import type { Fill, Order, OrderRequest, OrderStatus } from './order.js';
import { invalid, refuse } from './refusal.js';
import type { Refusal } from './refusal.js';

/** One order with the account and the holding that it moves: all that a decision reads and writes. */
export interface Entry {
  readonly account: Account;
  readonly holding: Holding;
  readonly order: Order;
}

export type EventName = 'new' | 'fill' | 'partial_fill' | 'canceled' | 'expired' | 'rejected';

/** Something that happened to an order, with the order as it was right after it. */
export interface VenueEvent {
  readonly name: EventName;
  readonly order: Order;
  readonly at: Instant;
  readonly fill: Fill | null;
}

export interface Outcome extends Entry {
  readonly events: readonly VenueEvent[];
}

export interface Rules {
  /** Width of the simulated spread in basis points of the mid price. */
  readonly spreadBp: number;
  readonly partialFills: boolean;
}

export interface Placement {
  readonly account: Account;
  readonly holding: Holding;
  readonly session: MarketSession | null;
  readonly now: Instant;
  readonly seq: number;
  readonly clientOrderId: string;
}

/** A market order that waits for an unknown open holds this much more than the last ask. */
const UNKNOWN_OPEN_COLLAR = new D('1.03');
/** Alpaca's paper venue fills a random 10 % of orders in pieces. */
const PARTIAL_FILL_SHARE = 0.1;
const REMAINDER_DELAY_MS = 1_000;
const ZERO = new D(0);

/**
 * Decides on a new order: a refusal, or the order as acknowledged and all that follows from it at once.
 * Market orders and marketable limits fill at the quote of this instant, others rest; outside the session orders wait.
 */
export function place(
  request: OrderRequest,
  placement: Placement,
  rules: Rules,
): Refusal | { readonly acknowledged: Order; readonly outcome: Outcome } {
  const { account, holding, session, now } = placement;
  const quote = session ? quoteOf(session, request.symbol, now, rules.spreadBp) : null;
  if (!session || !quote) return invalid(`asset "${request.symbol}" not found`);
  const phase = phaseAt(session, now);
  if (request.timeInForce === 'ioc' && phase !== 'open') {
    return invalid('ioc orders are accepted only while the market is open');
  }
  const unknownOpen = phase === 'closed' && request.type === 'market';
  const price = request.limitPrice ?? (unknownOpen ? quote.ask.times(UNKNOWN_OPEN_COLLAR) : quote.ask);
  const refusal = request.side === 'buy' ? lackOfCash(account, request.qty, price) : lackOfShares(holding, request);
  if (refusal) return refusal;
  const order: Order = {
    ...request,
    id: orderIdOf(account.name, placement.clientOrderId),
    account: account.name,
    clientOrderId: placement.clientOrderId,
    seq: placement.seq,
    status: 'accepted',
    filledQty: ZERO,
    filledNotional: ZERO,
    fillCount: 0,
    reservePrice: request.side === 'buy' ? price : ZERO,
    sessionDate: phase === 'closed' ? null : session.date,
    dueAt: phase === 'before_open' ? session.open : null,
    submittedAt: now,
    updatedAt: now,
    filledAt: null,
    canceledAt: null,
    expiredAt: null,
    failedAt: null,
  };
  const entry: Entry = {
    order,
    account: { ...account, reserved: account.reserved.plus(reserveOf(order)) },
    holding: { ...holding, held: holding.held.plus(heldBy(order)) },
  };
  const outcome = phase === 'open' ? wake(entry, session, now, rules) : { ...entry, events: [] };
  return { acknowledged: order, outcome };
}

/**
 * Looks at an open order again because it fell due: makes it `new` at the open, fills it where the quote crosses it,
 * expires day orders from the close on, and says when to look next. Harmless when called too early.
 */
export function wake(entry: Entry, session: MarketSession, now: Instant, rules: Rules): Outcome {
  const { order } = entry;
  if (isTerminal(order) || order.sessionDate === null) return { ...change(entry, { dueAt: null }), events: [] };
  const phase = phaseAt(session, now);
  if (phase === 'closed' || order.sessionDate !== session.date) return afterClose(entry, now);
  if (phase === 'before_open') return { ...change(entry, { dueAt: session.open }), events: [] };
  const started = order.status === 'accepted' ? finish(entry, 'new', now, {}) : { ...entry, events: [] };
  const quote = quoteOf(session, order.symbol, now, rules.spreadBp);
  const matched = quote ? match(started, session, quote, now, rules) : started;
  if (isTerminal(matched.order)) return matched;
  if (order.timeInForce === 'ioc') return append(matched, finish(matched, 'canceled', now, { canceledAt: now }));
  return { ...matched, ...change(matched, { dueAt: nextLook(matched.order, session, now, rules) }) };
}

/** Cancels an open order, or refuses with 422/42210000 where it has already ended. */
export function cancel(entry: Entry, now: Instant): Refusal | Outcome {
  if (isTerminal(entry.order)) {
    return refuse(422, 42210000, `order is already in "${entry.order.status}" state`);
  }
  return finish(entry, 'canceled', now, { canceledAt: now });
}

/** Gives an order that waits for a session the session that was just set; it looks around at its open. */
export function joinSession(order: Order, session: MarketSession): Order {
  return order.sessionDate === null && !isTerminal(order)
    ? { ...order, sessionDate: session.date, dueAt: session.open }
    : order;
}

function afterClose(entry: Entry, now: Instant): Outcome {
  if (entry.order.timeInForce === 'gtc') return { ...change(entry, { sessionDate: null, dueAt: null }), events: [] };
  return finish(entry, 'expired', now, { expiredAt: now });
}

function match(entry: Outcome, session: MarketSession, quote: Quote, now: Instant, rules: Rules): Outcome {
  const price = fillPrice(entry.order, quote);
  if (!price) return entry;
  if (entry.order.side === 'buy') {
    const others = entry.account.reserved.minus(reserveOf(entry.order));
    const cost = remainingQty(entry.order).times(price);
    // Only an order whose price was not known when it was accepted can come here short of cash.
    if (cost.greaterThan(entry.account.cash.minus(others))) return append(entry, withdraw(entry, now));
  }
  const pieces = piecesOf(entry.order, session, rules);
  const rest = addMilliseconds(now, REMAINDER_DELAY_MS);
  const atOnce = entry.order.timeInForce === 'ioc' || rest >= session.close ? pieces : pieces.slice(0, 1);
  return atOnce.reduce((state, qty) => append(state, fill(state, qty, price, now)), entry);
}

function withdraw(entry: Entry, now: Instant): Outcome {
  return entry.order.fillCount === 0
    ? finish(entry, 'rejected', now, { failedAt: now })
    : finish(entry, 'canceled', now, { canceledAt: now });
}

/** The quantities in which what remains of an order fills: one, or two for the share that the seed picks. */
function piecesOf(order: Order, session: MarketSession, rules: Rules): Decimal[] {
  const whole = remainingQty(order);
  if (!rules.partialFills || order.fillCount > 0) return [whole];
  const draw = rng(`${session.seed}:partial:${order.id}`);
  if (draw.uniform() >= PARTIAL_FILL_SHARE) return [whole];
  const decimals = whole.isInteger() ? 0 : 9;
  const share = 0.1 + 0.8 * draw.uniform();
  const first = whole.times(share).toDecimalPlaces(decimals, Decimal.ROUND_FLOOR);
  return first.isZero() ? [whole] : [first, whole.minus(first)];
}

function fill(entry: Entry, qty: Decimal, price: Decimal, now: Instant): Outcome {
  const { order } = entry;
  const filledQty = order.filledQty.plus(qty);
  const whole = filledQty.equals(order.qty);
  const status: OrderStatus = whole ? 'filled' : 'partially_filled';
  const notional = qty.times(price);
  const moved: Entry =
    order.side === 'buy'
      ? { ...entry, account: withCash(entry.account, notional.neg()), holding: afterBuy(entry.holding, qty, price) }
      : { ...entry, account: withCash(entry.account, notional), holding: afterSale(entry.holding, qty) };
  const after = change(moved, {
    status,
    filledQty,
    filledNotional: order.filledNotional.plus(notional),
    fillCount: order.fillCount + 1,
    updatedAt: now,
    filledAt: now,
    ...(whole ? { dueAt: null } : {}),
  });
  const made: Fill = {
    executionId: executionIdOf(order.id, order.fillCount + 1),
    orderId: order.id,
    account: order.account,
    symbol: order.symbol,
    side: order.side,
    qty,
    price,
    filledAt: now,
    cumQty: filledQty,
    leavesQty: order.qty.minus(filledQty),
    orderStatus: status,
    positionQty: after.holding.qty,
  };
  return { ...after, events: [{ name: whole ? 'fill' : 'partial_fill', order: after.order, at: now, fill: made }] };
}

function nextLook(order: Order, session: MarketSession, now: Instant, rules: Rules): Instant {
  const rest = addMilliseconds(now, REMAINDER_DELAY_MS);
  const justSplit = order.filledAt === now && order.fillCount === 1;
  if (justSplit && rest < session.close) return rest;
  return nextCrossing(session, order, now, rules.spreadBp) ?? session.close;
}

/** Moves an order to a status and tells it. */
function finish(
  entry: Entry,
  name: 'new' | 'canceled' | 'expired' | 'rejected',
  now: Instant,
  times: Partial<Order>,
): Outcome {
  const ended = name === 'new' ? {} : { dueAt: null };
  const after = change(entry, { status: name, updatedAt: now, ...ended, ...times });
  return { ...after, events: [{ name, order: after.order, at: now, fill: null }] };
}

/** Changes an order and, with it, what it holds back of cash and shares. */
function change(entry: Entry, fields: Partial<Order>): Entry {
  const order: Order = { ...entry.order, ...fields };
  return {
    order,
    account: {
      ...entry.account,
      reserved: entry.account.reserved.minus(reserveOf(entry.order)).plus(reserveOf(order)),
    },
    holding: { ...entry.holding, held: entry.holding.held.minus(heldBy(entry.order)).plus(heldBy(order)) },
  };
}

function append(before: Outcome, after: Outcome): Outcome {
  return { ...after, events: [...before.events, ...after.events] };
}

function withCash(account: Account, by: Decimal): Account {
  return { ...account, cash: account.cash.plus(by) };
}

function lackOfCash(account: Account, qty: Decimal, price: Decimal): Refusal | null {
  const cost = qty.times(price);
  const power = buyingPower(account);
  if (cost.lessThanOrEqualTo(power)) return null;
  return refuse(403, 40310000, 'insufficient buying power', {
    buying_power: power.toFixed(),
    cost_basis: cost.toFixed(),
  });
}

function lackOfShares(holding: Holding, request: OrderRequest): Refusal | null {
  const available = availableQty(holding);
  if (request.qty.lessThanOrEqualTo(available)) return null;
  const requested = request.qty.toFixed();
  return refuse(
    403,
    40310000,
    `insufficient qty available for order (requested: ${requested}, available: ${available.toFixed()})`,
    {
      available: available.toFixed(),
      existing_qty: holding.qty.toFixed(),
      held_for_orders: holding.held.toFixed(),
      symbol: holding.symbol,
    },
  );
}
