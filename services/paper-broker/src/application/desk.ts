import { D } from '@ballast/kernel/money';
import type { Decimal } from '@ballast/kernel/money';
import type { Instant } from '@ballast/kernel/calendar';
import { openAccount } from '../domain/account.js';
import type { Account } from '../domain/account.js';
import { clientOrderIdOf } from '../domain/identity.js';
import type { Bar, MarketSession } from '../domain/market.js';
import { cancel, joinSession, place, wake } from '../domain/matching.js';
import type { Rules } from '../domain/matching.js';
import type { Order } from '../domain/order.js';
import { duplicateClientOrderId, isRefusal, refuse } from '../domain/refusal.js';
import type { Refusal } from '../domain/refusal.js';
import { parseOrderRequest } from '../domain/validate.js';
import { equityOf } from './valuation.js';
import type { LateOrder, UnitOfWork } from './state.js';

/** Places an order from the body of a request. Out: the order as acknowledged, before anything happened to it. */
export function placeOrder(uow: UnitOfWork, account: string, body: unknown, rules: Rules): Order | Refusal {
  const request = parseOrderRequest(body);
  if (isRefusal(request)) return request;
  const owner = uow.account(account);
  if (!owner) return accountNotOpen(account);
  if (request.clientOrderId !== null && uow.isTaken(account, request.clientOrderId)) return duplicateClientOrderId();
  const seq = uow.nextSeq();
  const placed = place(
    request,
    {
      account: owner,
      holding: uow.holding(account, request.symbol),
      session: uow.session,
      now: uow.now,
      seq,
      clientOrderId: request.clientOrderId ?? clientOrderIdOf(account, seq),
    },
    rules,
  );
  if (isRefusal(placed)) return placed;
  uow.apply(placed.outcome);
  return placed.acknowledged;
}

/** Keeps an order back until `dueAt`, as if the network had; it is judged when it arrives. */
export function placeOrderLate(uow: UnitOfWork, account: string, body: unknown, dueAt: Instant): void {
  uow.addLate({ seq: uow.nextSeq(), account, body, dueAt });
}

/** Cancels one open order of an account. Null where it is not open: the caller then asks the database what it is. */
export function cancelOrder(uow: UnitOfWork, account: string, orderId: string): Order | Refusal | null {
  const order = uow.order(orderId);
  if (!order || order.account !== account) return null;
  const outcome = cancel(uow.entryOf(order), uow.now);
  if (isRefusal(outcome)) return outcome;
  uow.apply(outcome);
  return outcome.order;
}

/** Cancels every open order of an account, oldest first. */
export function cancelAllOrders(uow: UnitOfWork, account: string): Order[] {
  const open = uow.openOrders().filter((order) => order.account === account);
  open.sort((a, b) => a.seq - b.seq);
  return open.flatMap((order) => {
    const canceled = cancelOrder(uow, account, order.id);
    return canceled === null || isRefusal(canceled) ? [] : canceled;
  });
}

/** Opens an account, or finds it open with the same cash. */
export function openAccountOnce(uow: UnitOfWork, name: string, cash: Decimal): Account | Refusal {
  const existing = uow.account(name);
  if (!existing) {
    const opened = openAccount(name, cash, uow.now);
    uow.setAccount(opened);
    return opened;
  }
  if (existing.openingCash.equals(cash)) return existing;
  return refuse(
    409,
    'SIM_ACCOUNT_EXISTS',
    `account "${name}" was opened with cash ${existing.openingCash.toFixed()}, not ${cash.toFixed()}; choose another name`,
  );
}

/**
 * Sets the session that is traded next, or adds symbols to the session in force. The same content again changes nothing.
 * A session follows the one before it: that one must have closed, because a day's orders end with their day.
 */
export function setMarket(uow: UnitOfWork, market: MarketSession, rules: Rules): MarketSession | Refusal {
  const current = uow.session;
  const outcome = current && market.date <= current.date ? extend(uow, current, market) : follow(uow, current, market);
  if (!isRefusal(outcome)) runDue(uow, uow.now, rules);
  return outcome;
}

/** Moves the clock forward and lets everything happen that fell due on the way, in order of time. */
export function advance(uow: UnitOfWork, to: Instant, rules: Rules): Refusal | { now: Instant } {
  if (to < uow.now) {
    return refuse(409, 'SIM_CLOCK_BACKWARDS', `the clock is at ${uow.now} and cannot go back to ${to}`);
  }
  runDue(uow, to, rules);
  uow.now = to;
  return { now: to };
}

interface Due {
  readonly at: Instant;
  readonly seq: number;
  /** Makes it happen; returns the order that came of it, which may be due again. */
  readonly run: () => Order | undefined;
}

/** Lets orders and late arrivals that are due up to `to` happen in order of time, then of submission. */
export function runDue(uow: UnitOfWork, to: Instant, rules: Rules): void {
  const dueAgain = (order: Order): Due[] => {
    const at = order.dueAt;
    return at === null || at > to ? [] : [{ at, seq: order.seq, run: () => lookAgain(uow, order.id, at, rules) }];
  };
  const arrivals = uow.lateOrders().filter((late) => late.dueAt <= to);
  const agenda: Due[] = [
    ...uow.openOrders().flatMap(dueAgain),
    ...arrivals.map((late) => ({ at: late.dueAt, seq: late.seq, run: () => arrive(uow, late, rules) })),
  ].sort((a, b) => (isBefore(a, b) ? -1 : 1));
  for (let due = agenda.shift(); due; due = agenda.shift()) {
    if (due.at > uow.now) uow.now = due.at;
    const order = due.run();
    for (const next of order ? dueAgain(order) : []) {
      agenda.splice(agenda.findLastIndex((each) => isBefore(each, next)) + 1, 0, next);
    }
  }
}

function isBefore(a: Due, b: Due): boolean {
  return a.at < b.at || (a.at === b.at && a.seq < b.seq);
}

function arrive(uow: UnitOfWork, late: LateOrder, rules: Rules): Order | undefined {
  uow.removeLate(late.seq);
  const placed = placeOrder(uow, late.account, late.body, rules);
  return isRefusal(placed) ? undefined : uow.order(placed.id);
}

function lookAgain(uow: UnitOfWork, orderId: string, at: Instant, rules: Rules): Order | undefined {
  const order = uow.order(orderId);
  const session = uow.session;
  if (!order || !session || order.dueAt !== at) return undefined;
  const outcome = wake(uow.entryOf(order), session, at, rules);
  uow.apply(outcome);
  return outcome.order;
}

function follow(uow: UnitOfWork, current: MarketSession | null, market: MarketSession): MarketSession | Refusal {
  if (current && uow.now < current.close) {
    return refuse(
      409,
      'SIM_SESSION_NOT_OVER',
      `the session of ${current.date} closes at ${current.close} and the clock is at ${uow.now}; advance to its close first`,
    );
  }
  if (current) {
    for (const account of uow.everyAccount()) {
      uow.setAccount({ ...account, lastEquity: equityOf(uow, account, uow.now) });
    }
    for (const bar of current.bars.values()) uow.setLastClose(bar.symbol, bar.close);
  }
  uow.setMarket(market, [...market.bars.values()]);
  for (const order of uow.openOrders()) uow.setOrder(joinSession(order, market));
  return market;
}

function extend(uow: UnitOfWork, current: MarketSession, market: MarketSession): MarketSession | Refusal {
  const clash = clashOf(current, market);
  if (clash) {
    return refuse(409, 'SIM_MARKET_ALREADY_SET', `the market of ${current.date} is set already with another ${clash}`);
  }
  const added = [...market.bars.values()].filter((bar) => !current.bars.has(bar.symbol));
  if (added.length === 0) return current;
  const extended: MarketSession = {
    ...current,
    bars: new Map([...current.bars, ...added.map((bar): [string, Bar] => [bar.symbol, bar])]),
  };
  uow.setMarket(extended, added);
  const names = new Set(added.map((bar) => bar.symbol));
  for (const order of uow.openOrders()) {
    // An order carried over from a day on which the symbol traded can be looked at now.
    const waits = order.sessionDate === extended.date && names.has(order.symbol);
    if (waits) uow.setOrder({ ...order, dueAt: uow.now > extended.open ? uow.now : extended.open });
  }
  return extended;
}

function clashOf(current: MarketSession, market: MarketSession): string | null {
  for (const field of ['date', 'open', 'close', 'source', 'seed'] as const) {
    if (current[field] !== market[field]) return `${field} (${current[field]}, asked ${market[field]})`;
  }
  for (const bar of market.bars.values()) {
    const known = current.bars.get(bar.symbol);
    if (known && !sameBar(known, bar)) return `bar of ${bar.symbol}`;
  }
  return null;
}

function sameBar(a: Bar, b: Bar): boolean {
  return (['open', 'high', 'low', 'close'] as const).every((field) => new D(a[field]).equals(b[field]));
}

function accountNotOpen(account: string): Refusal {
  return refuse(403, 40310000, `account "${account}" is not open; open it with POST /sim/accounts`);
}
