import { addMilliseconds } from '@ballast/kernel/calendar';
import type { Instant } from '@ballast/kernel/calendar';
import { D } from '@ballast/kernel/money';
import type { Decimal } from '@ballast/kernel/money';
import { rng } from '@ballast/kernel/random';
import { availableQty, buyingPower, heldBy, isClosing, reserveOf } from './account.js';
import type { Account, Holding } from './account.js';
import type { FlowSlice } from './flow.js';
import { orderIdOf } from './identity.js';
import { movedBp, movedPrice, paidBp, priceTaken, unknownImpact } from './impact.js';
import type { Impact } from './impact.js';
import { quiet } from './lifecycle.js';
import type { Entry, Outcome } from './lifecycle.js';
import { collateralOf, SHORT_EQUITY_MIN } from './margin.js';
import { phaseAt, quoteOf, worksAt } from './market.js';
import type { MarketSession } from './market.js';
import { wake } from './matching.js';
import type { Order, OrderRequest, PositionIntent } from './order.js';
import { invalid, refuse } from './refusal.js';
import type { Refusal } from './refusal.js';
import type { LatencyRules, Rules } from './rules.js';
import { stopPriceOf } from './stops.js';
import type { SymbolBook } from './symbol-book.js';
import { seenTape } from './view.js';

export interface Placement {
  readonly account: Account;
  readonly holding: Holding;
  readonly book: SymbolBook;
  readonly session: MarketSession | null;
  readonly now: Instant;
  readonly seq: number;
  readonly clientOrderId: string;
  /** What decides short sales; null where the venue refuses them. */
  readonly lending: Lending | null;
  /** The sides of the account's other open orders of the symbol that open a position. */
  readonly opening: readonly Order['side'][];
}

/** What is known when shares are to be borrowed. */
export interface Lending {
  /** Shares of the symbol that can be borrowed still. */
  readonly available: Decimal;
  readonly equity: Decimal;
}

export interface Placed {
  readonly acknowledged: Order;
  readonly outcome: Outcome;
}

/** A market order that waits for an unknown open, and a short sale, count this much above the ask (Alpaca: 3 %). */
const COLLAR = new D('1.03');
const ZERO = new D(0);
const MINUTE_MS = 60_000;
/** Auction orders come too late from these moments on (Alpaca: 09:28 and 15:50), and early enough again from 19:00. */
const OPG_BEFORE_OPEN_MS = 2 * MINUTE_MS;
const CLS_BEFORE_CLOSE_MS = 10 * MINUTE_MS;
const EVENING_AFTER_OPEN_MS = 9.5 * 60 * MINUTE_MS;

/**
 * Decides on a new order: a refusal, or the order as acknowledged and all that follows from it at once.
 * Market orders and marketable limits fill at the quote of this instant, others rest; outside the session orders wait.
 */
export function place(request: OrderRequest, placement: Placement, rules: Rules): Refusal | Placed {
  const { session, now } = placement;
  if (!session || !session.bars.has(request.symbol)) return invalid(`asset "${request.symbol}" not found`);
  const intent = intentOf(request, placement);
  const bar = session.bars.get(request.symbol);
  const impossible =
    untimelyOf(request, session, now) ?? mismatchOf(request, intent) ?? (bar && unknownImpact(bar, rules.impact));
  if (impossible) return impossible;
  const price = reservePriceOf(request, intent, { session, book: placement.book, now }, rules);
  const refusal = lackOf(request, intent, price, placement);
  if (refusal) return refusal;
  const order = newOrder(request, placement, { intent, price, session, rules });
  const entry: Entry = {
    order,
    book: placement.book,
    account: { ...placement.account, reserved: placement.account.reserved.plus(reserveOf(order)) },
    holding: { ...placement.holding, held: placement.holding.held.plus(heldBy(order)) },
  };
  const works = order.sessionDate !== null && worksAt(session, order, now) && order.arrivesAt === null;
  return { acknowledged: order, outcome: works ? wake(entry, session, now, rules) : quiet(entry) };
}

/** How long a request of an order is on its way, in ms. The same order always takes the same time. */
export function latencyOf({ minMs, maxMs }: LatencyRules, seed: string, orderId: string, what: string): number {
  if (maxMs === 0) return 0;
  return minMs + rng(`${seed}:latency:${orderId}:${what}`).int(maxMs - minMs + 1);
}

/** Cash that each share of an order must have behind it, US dollars; zero for one that closes a position. */
export function reservePriceOf(
  request: OrderRequest,
  intent: PositionIntent,
  { session, book, now }: { session: MarketSession; book: SymbolBook; now: Instant },
  rules: Rules,
): Decimal {
  if (isClosing(intent)) return ZERO;
  const quote = quoteOf(session, request.symbol, now, rules.spreadBp);
  const shown = quote?.ask ?? session.bars.get(request.symbol)?.open ?? ZERO;
  const { impact, slices } = seenTape(session, book, rules);
  const ask = impact ? takenFrom(impact, slices, request, shown, now) : shown;
  if (intent === 'sell_to_open') {
    const dearest = D.max(request.limitPrice ?? ZERO, ask.times(COLLAR));
    return collateralOf(new D(1), dearest).minus(dearest);
  }
  if (request.limitPrice) return request.limitPrice;
  if (request.stopPrice) return request.stopPrice;
  if (request.type === 'trailing_stop') return stopPriceOf({ ...request, highWaterMark: ask }) ?? ask;
  const unknownOpen = phaseAt(session, now) === 'closed' || quote === null;
  return unknownOpen ? ask.times(COLLAR) : ask;
}

/** What buying costs a share where buying moves the price. */
function takenFrom(
  impact: Impact,
  slices: readonly FlowSlice[],
  { qty }: OrderRequest,
  ask: Decimal,
  now: Instant,
): Decimal {
  return priceTaken(movedPrice(ask, movedBp(impact, slices, now)), 'buy', paidBp(impact, slices, 'buy', qty, now));
}

/** Refuses what comes at a moment at which such an order cannot be taken. */
function untimelyOf(request: OrderRequest, session: MarketSession, now: Instant): Refusal | null {
  const { timeInForce } = request;
  if ((timeInForce === 'ioc' || timeInForce === 'fok') && phaseAt(session, now) !== 'open') {
    return invalid(`${timeInForce} orders are accepted only while the market is open`);
  }
  const evening = addMilliseconds(session.open, EVENING_AFTER_OPEN_MS);
  const isLate = (cutoff: Instant): boolean => now >= cutoff && now < evening;
  if (timeInForce === 'opg' && isLate(addMilliseconds(session.open, -OPG_BEFORE_OPEN_MS))) {
    return refuse(403, 40310000, 'opg orders are not accepted between 9:28am and 7:00pm ET');
  }
  if (timeInForce === 'cls' && isLate(addMilliseconds(session.close, -CLS_BEFORE_CLOSE_MS))) {
    return refuse(403, 40310000, 'cls orders are not accepted between 10 minutes before the close and 7:00pm ET');
  }
  return null;
}

function intentOf({ side }: OrderRequest, { holding, lending }: Placement): PositionIntent {
  if (side === 'buy') return holding.qty.isNegative() ? 'buy_to_close' : 'buy_to_open';
  return holding.qty.greaterThan(0) || lending === null ? 'sell_to_close' : 'sell_to_open';
}

/** Alpaca's words where a client says that it wants something else than the order would do. */
function mismatchOf(request: OrderRequest, inferred: PositionIntent): Refusal | null {
  const specified = request.positionIntent;
  if (specified === null || specified === inferred) return null;
  return refuse(422, 42210000, `position intent mismatch, inferred: ${inferred}, specified: ${specified}`);
}

function lackOf(request: OrderRequest, intent: PositionIntent, price: Decimal, placement: Placement): Refusal | null {
  if (isClosing(intent)) return lackOfShares(placement.holding, request);
  const { opening } = placement;
  if (intent === 'buy_to_open' && opening.includes('sell')) {
    return refuse(403, 40310000, 'cannot open a long buy while a short sell order is open');
  }
  if (intent === 'sell_to_open') {
    const refusal = lackOfLending(request, placement);
    if (refusal) return refusal;
  }
  return lackOfCash(placement.account, request.qty, price);
}

/** Refuses to sell short what cannot be borrowed or is not secured. */
export function lackOfLending(
  request: OrderRequest,
  { lending, opening }: Pick<Placement, 'lending' | 'opening'>,
): Refusal | null {
  const { qty, symbol } = request;
  if (!qty.isInteger()) return refuse(422, 42210000, 'fractional orders cannot be sold short');
  if (opening.includes('buy')) {
    return refuse(403, 40310000, 'cannot open a short sell while a long buy order is open');
  }
  if (!lending || lending.equity.lessThan(SHORT_EQUITY_MIN)) {
    return refuse(403, 40310000, 'account is not allowed to short', { equity_required: SHORT_EQUITY_MIN.toFixed() });
  }
  if (qty.lessThanOrEqualTo(lending.available)) return null;
  return refuse(422, 42210000, `asset "${symbol}" cannot be sold short`, {
    available_to_borrow: lending.available.toFixed(),
    requested: qty.toFixed(),
    symbol,
  });
}

/** Refuses what the account cannot pay, with the numbers. */
export function lackOfCash(account: Account, qty: Decimal, price: Decimal): Refusal | null {
  const cost = qty.times(price);
  const power = buyingPower(account);
  if (cost.lessThanOrEqualTo(power)) return null;
  return refuse(403, 40310000, 'insufficient buying power', {
    buying_power: power.toFixed(),
    cost_basis: cost.toFixed(),
  });
}

/** Refuses to close more than is held and free. */
export function lackOfShares(holding: Holding, request: Pick<OrderRequest, 'qty'>): Refusal | null {
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

/** The order that a request makes, before anything happened to it. */
export function newOrder(
  { clientOrderId: _, positionIntent: __, ...request }: OrderRequest,
  placement: Pick<Placement, 'account' | 'now' | 'seq' | 'clientOrderId'>,
  at: { intent: PositionIntent; price: Decimal; session: MarketSession; rules: Rules },
): Order {
  const { account, now, seq, clientOrderId } = placement;
  const { session, rules } = at;
  const id = orderIdOf(account.name, clientOrderId);
  const latency = latencyOf(rules.latency, session.seed, id, 'place');
  const arrivesAt = latency > 0 ? addMilliseconds(now, latency) : null;
  const phase = phaseAt(session, now);
  const later = phase === 'closed' && !worksAt(session, request, now);
  return {
    ...request,
    id,
    account: account.name,
    clientOrderId,
    intent: at.intent,
    seq,
    status: 'accepted',
    filledQty: ZERO,
    filledNotional: ZERO,
    fillCount: 0,
    reservePrice: at.price,
    sessionDate: later ? null : session.date,
    dueAt: later ? null : dueOf(session, request, arrivesAt, now),
    arrivesAt,
    cancelAt: null,
    triggeredAt: null,
    highWaterMark: null,
    followedTo: null,
    rests: false,
    queueAhead: null,
    replaces: null,
    replacedBy: null,
    excess: null,
    submittedAt: now,
    updatedAt: now,
    filledAt: null,
    canceledAt: null,
    expiredAt: null,
    failedAt: null,
    replacedAt: null,
  };
}

/** When to look at a new order first: when it arrives, or at the open that it came before. */
function dueOf(
  session: MarketSession,
  request: Pick<Order, 'extendedHours'>,
  arrivesAt: Instant | null,
  now: Instant,
): Instant | null {
  if (arrivesAt !== null) return arrivesAt;
  return worksAt(session, request, now) ? null : session.open;
}
