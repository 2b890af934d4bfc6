import { D } from '@ballast/kernel/money';
import type { Decimal } from '@ballast/kernel/money';
import type { Instant } from '@ballast/kernel/calendar';
import { openAccount } from '../domain/account.js';
import type { Account } from '../domain/account.js';
import { clientOrderIdOf } from '../domain/identity.js';
import type { Outcome } from '../domain/lifecycle.js';
import type { Bar, MarketSession } from '../domain/market.js';
import { recordedRange } from '../domain/recording.js';
import { joinSession, requestCancel, wake } from '../domain/matching.js';
import { inShares } from '../domain/money-order.js';
import { isTerminal } from '../domain/order.js';
import type { Order } from '../domain/order.js';
import { latencyOf, place } from '../domain/place.js';
import type { SymbolBook } from '../domain/symbol-book.js';
import { duplicateClientOrderId, isRefusal, refuse } from '../domain/refusal.js';
import type { Refusal } from '../domain/refusal.js';
import { arrive as arriveInstead, replace } from '../domain/replace.js';
import type { Rules } from '../domain/rules.js';
import { parseOrderRequest, parseReplaceRequest } from '../domain/validate.js';
import { bookBorrowFees, bookFees, lendingOf, openSidesOf, unknownFees } from './charges.js';
import { equityOf } from './valuation.js';
import type { LateOrder, UnitOfWork } from './state.js';

/** Places an order from the body of a request. Out: the order as acknowledged, before anything happened to it. */
export function placeOrder(uow: UnitOfWork, account: string, body: unknown, rules: Rules): Order | Refusal {
  const entered = enter(uow, account, body, rules);
  if (isRefusal(entered)) return entered;
  letMove(uow, entered.due, rules);
  return entered.acknowledged;
}

/** Takes an order into the book. Out: it as acknowledged, and the orders that may be due now. */
function enter(
  uow: UnitOfWork,
  account: string,
  body: unknown,
  rules: Rules,
): Refusal | { acknowledged: Order; due: Order[] } {
  const asked = parseOrderRequest(body);
  if (isRefusal(asked)) return asked;
  const request = inShares(asked, uow.session, uow.now, rules);
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
      book: uow.book(request.symbol),
      lending: lendingOf(uow, owner, request.symbol, rules),
      opening: openSidesOf(uow, account, request.symbol),
      session: uow.session,
      now: uow.now,
      seq,
      clientOrderId: request.clientOrderId ?? clientOrderIdOf(account, seq),
    },
    rules,
  );
  if (isRefusal(placed)) return placed;
  return { acknowledged: placed.acknowledged, due: applied(uow, placed.outcome) };
}

/** Keeps an order back until `dueAt`, as if the network had; it is judged when it arrives. */
export function placeOrderLate(uow: UnitOfWork, account: string, body: unknown, dueAt: Instant): void {
  uow.addLate({ seq: uow.nextSeq(), account, body, dueAt });
}

/**
 * Asks to cancel one open order of an account. Out: the order as it is then: canceled, or on its way to be. Null where it is
 * not open: the caller then asks the database what it is.
 */
export function cancelOrder(uow: UnitOfWork, account: string, orderId: string, rules: Rules): Order | Refusal | null {
  const order = uow.order(orderId);
  if (!order || order.account !== account) return null;
  const latency = latencyOf(rules.latency, uow.session?.seed ?? '', order.id, 'cancel');
  const outcome = requestCancel(uow.entryOf(order), uow.now, latency);
  if (isRefusal(outcome)) return outcome;
  uow.apply(outcome);
  return outcome.order;
}

/** Cancels every open order of an account, oldest first, and says of each what came of it. */
export function cancelAllOrders(
  uow: UnitOfWork,
  account: string,
  rules: Rules,
): { id: string; outcome: Order | Refusal }[] {
  const open = uow.openOrders().filter((order) => order.account === account);
  open.sort((a, b) => a.seq - b.seq);
  return open.flatMap(({ id }) => {
    const outcome = cancelOrder(uow, account, id, rules);
    return outcome === null ? [] : { id, outcome };
  });
}

/** Replaces one open order of an account by what the body of a request changes of it. Null where it is not open. */
export function replaceOrder(
  uow: UnitOfWork,
  account: string,
  orderId: string,
  body: unknown,
  rules: Rules,
): Order | Refusal | null {
  const order = uow.order(orderId);
  if (!order || order.account !== account || isTerminal(order)) return null;
  const request = parseReplaceRequest(body, order);
  if (isRefusal(request)) return request;
  if (request.clientOrderId !== null && uow.isTaken(account, request.clientOrderId)) return duplicateClientOrderId();
  const seq = uow.nextSeq();
  const clientOrderId = request.clientOrderId ?? clientOrderIdOf(account, seq);
  const entry = uow.entryOf(order);
  const lending = lendingOf(uow, entry.account, order.symbol, rules);
  const replaced = replace(entry, request, { session: uow.session, now: uow.now, seq, clientOrderId, lending }, rules);
  if (isRefusal(replaced)) return replaced;
  uow.apply(replaced.gone);
  letMove(uow, applied(uow, withFramesOf(uow, replaced.come)), rules);
  return replaced.acknowledged;
}

/** Lets happen what follows for others where the order of a request moved the price. */
function letMove(uow: UnitOfWork, due: readonly Order[], rules: Rules): void {
  if (due.length > 1) runDue(uow, uow.now, rules);
}

/**
 * Writes an outcome. Out: its order, and where it moved the price of the symbol everything that waits for one, which is now
 * due: a move is seen by all at once.
 */
function applied(uow: UnitOfWork, outcome: Outcome): Order[] {
  const { symbol, flow } = outcome.book;
  const hasMoved = flow !== uow.book(symbol).flow;
  uow.apply(outcome);
  return hasMoved ? [outcome.order, ...wakeAll(uow, symbol, outcome.order.id)] : [outcome.order];
}

/** Lets everything that waits for a price of a symbol look around now, but for one order that just did. */
function wakeAll(uow: UnitOfWork, symbol: string, but: string | null): Order[] {
  return uow.openOrders().flatMap((order) => {
    const waits = order.symbol === symbol && order.sessionDate !== null && order.excess === null && order.id !== but;
    if (!waits || order.dueAt === null || order.dueAt <= uow.now) return [];
    const woken = { ...order, dueAt: uow.now };
    uow.setOrder(woken);
    return [woken];
  });
}

/** Frames are numbered when they are written: a second outcome of one decision must not go on from the number of the first. */
function withFramesOf(uow: UnitOfWork, outcome: Outcome): Outcome {
  const lastFrame = uow.account(outcome.account.name)?.lastFrame ?? outcome.account.lastFrame;
  return { ...outcome, account: { ...outcome.account, lastFrame } };
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
  const unknown = unknownFees(market.date, rules) ?? disagreement(market);
  if (unknown) return unknown;
  const current = uow.session;
  const isSame = current && market.date <= current.date;
  const outcome = isSame ? extend(uow, current, market) : follow(uow, current, market, rules);
  if (!isRefusal(outcome)) runDue(uow, uow.now, rules);
  return outcome;
}

/**
 * Halts a symbol, or lets it trade again: then every order of it looks around at once. Orders are taken meanwhile and rest;
 * auctions pass it by.
 */
export function setHalt(uow: UnitOfWork, symbol: string, on: boolean, rules: Rules): SymbolBook | Refusal {
  if (!uow.session?.bars.has(symbol)) return refuse(404, 'SIM_NO_MARKET', `no market is set for ${symbol}`);
  const book = uow.book(symbol);
  if (on === (book.haltedAt !== null)) return book;
  const next = { ...book, haltedAt: on ? uow.now : null };
  uow.setBook(next);
  for (const order of on ? [] : wakeAll(uow, symbol, null)) {
    // What the tape showed during the halt did not happen here.
    uow.setOrder({ ...order, followedTo: order.followedTo === null ? null : uow.now });
  }
  runDue(uow, uow.now, rules);
  return next;
}

/** Moves the clock forward and lets everything happen that fell due on the way, in order of time. */
export function advance(uow: UnitOfWork, to: Instant, rules: Rules): Refusal | { now: Instant } {
  if (to < uow.now) {
    return refuse(409, 'SIM_CLOCK_BACKWARDS', `the clock is at ${uow.now} and cannot go back to ${to}`);
  }
  runDue(uow, to, rules);
  return { now: to };
}

interface Due {
  readonly at: Instant;
  readonly seq: number;
  /** Makes it happen; returns the orders that came of it, which may be due again. */
  readonly run: () => readonly Order[];
}

/**
 * Lets orders and late arrivals that are due up to `to` happen in order of time, then of submission, and books the fees of a
 * session that closes on the way.
 */
export function runDue(uow: UnitOfWork, to: Instant, rules: Rules): void {
  const close = uow.session?.close ?? to;
  if (uow.now < close && close <= to) {
    runAgenda(uow, close, rules);
    bookFees(uow, close);
  }
  runAgenda(uow, to, rules);
}

/**
 * When something falls due next, as far as it can be foreseen: an order, a late arrival, or fees that are booked at the
 * close. Whoever moves the clock must not step over it.
 */
export function nextDueOf(uow: UnitOfWork): Instant | null {
  const close = uow.session?.close;
  const booking = close !== undefined && close > uow.now && uow.accrued().length > 0 ? [close] : [];
  const due = [...booking, ...[...uow.openOrders(), ...uow.lateOrders()].flatMap(({ dueAt }) => dueAt ?? [])];
  return due.reduce<Instant | null>((soonest, at) => (soonest === null || at < soonest ? at : soonest), null);
}

function runAgenda(uow: UnitOfWork, to: Instant, rules: Rules): void {
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
    for (const next of due.run().flatMap(dueAgain)) {
      agenda.splice(agenda.findLastIndex((each) => isBefore(each, next)) + 1, 0, next);
    }
  }
  if (to > uow.now) uow.now = to;
}

function isBefore(a: Due, b: Due): boolean {
  return a.at < b.at || (a.at === b.at && a.seq < b.seq);
}

function arrive(uow: UnitOfWork, late: LateOrder, rules: Rules): Order[] {
  uow.removeLate(late.seq);
  const entered = enter(uow, late.account, late.body, rules);
  return isRefusal(entered) ? [] : entered.due;
}

function lookAgain(uow: UnitOfWork, orderId: string, at: Instant, rules: Rules): Order[] {
  const order = uow.order(orderId);
  const session = uow.session;
  if (!order || !session || order.dueAt !== at) return [];
  if (order.excess !== null) return replacementArrives(uow, order, session, at, rules);
  return applied(uow, wake(uow.entryOf(order), session, at, rules));
}

function replacementArrives(uow: UnitOfWork, order: Order, session: MarketSession, at: Instant, rules: Rules): Order[] {
  const old = order.replaces === null ? undefined : uow.order(order.replaces);
  const { gone, come } = arriveInstead(uow.entryOf(order), old, session, at, rules);
  if (gone) uow.apply(gone);
  return applied(uow, withFramesOf(uow, come));
}

function follow(
  uow: UnitOfWork,
  current: MarketSession | null,
  market: MarketSession,
  rules: Rules,
): MarketSession | Refusal {
  if (current && uow.now < current.close) {
    return refuse(
      409,
      'SIM_SESSION_NOT_OVER',
      `the session of ${current.date} closes at ${current.close} and the clock is at ${uow.now}; advance to its close first`,
    );
  }
  if (current) {
    bookFees(uow, uow.now);
    bookBorrowFees(uow, current, market.date, rules);
    for (const account of uow.everyAccount()) {
      uow.setAccount({ ...account, lastEquity: equityOf(uow, account, uow.now) });
    }
    for (const bar of current.bars.values()) uow.setLastClose(bar.symbol, bar.close);
  }
  const previousCloses = new Map([...market.bars.keys()].flatMap((symbol) => closeOf(uow, symbol)));
  const next = { ...market, previousCloses };
  uow.setMarket(next, [...market.bars.values()]);
  for (const order of uow.openOrders()) uow.setOrder(joinSession(order, next));
  return next;
}

function closeOf(uow: UnitOfWork, symbol: string): [string, Decimal][] {
  const close = uow.lastClose(symbol);
  return close ? [[symbol, close]] : [];
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
    recordings: new Map([...current.recordings, ...market.recordings]),
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

/** Refuses recorded quotes that are of another price level than the bars: of a series that was adjusted, for example. */
function disagreement(market: MarketSession): Refusal | null {
  for (const recording of market.recordings.values()) {
    const bar = market.bars.get(recording.symbol);
    const range = recordedRange(recording, market.open, market.close);
    if (!bar || !range || (range.low.lessThanOrEqualTo(bar.high) && range.high.greaterThanOrEqualTo(bar.low))) continue;
    const quoted = `between ${range.low.toFixed()} and ${range.high.toFixed()}`;
    return refuse(
      409,
      'SIM_RECORDING_DISAGREES',
      `the recorded quotes of ${recording.symbol} on ${market.date} lie ${quoted}, its bar between ${bar.low.toFixed()} and ${bar.high.toFixed()}; give raw bars, or leave the recording out of PAPER_BROKER_RECORDINGS`,
    );
  }
  return null;
}

function sameBar(a: Bar, b: Bar): boolean {
  return (['open', 'high', 'low', 'close'] as const).every((field) => new D(a[field]).equals(b[field]));
}

function accountNotOpen(account: string): Refusal {
  return refuse(403, 40310000, `account "${account}" is not open; open it with POST /sim/accounts`);
}
