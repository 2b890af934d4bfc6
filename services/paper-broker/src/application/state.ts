import type { Instant, SessionDate } from '@ballast/kernel/calendar';
import type { Decimal } from '@ballast/kernel/money';
import { emptyHolding } from '../domain/account.js';
import type { Account, Holding } from '../domain/account.js';
import { activityIdOf } from '../domain/identity.js';
import type { Bar, MarketSession } from '../domain/market.js';
import type { Fee, FeeCode } from '../domain/fees.js';
import type { Entry, Outcome, VenueEvent } from '../domain/lifecycle.js';
import { isTerminal } from '../domain/order.js';
import type { Recording } from '../domain/recording.js';
import type { Fill, Order } from '../domain/order.js';
import { emptyBook } from '../domain/symbol-book.js';
import type { SymbolBook } from '../domain/symbol-book.js';

/** An order that a fault made arrive later than it was sent. `body` is the request as it came. */
export interface LateOrder {
  readonly seq: number;
  readonly account: string;
  readonly body: unknown;
  readonly dueAt: Instant;
}

/** Fees of an account and a day that are not booked yet, not rounded. */
export interface Accrual {
  readonly account: string;
  readonly date: SessionDate;
  readonly code: FeeCode;
  readonly amount: Decimal;
}

/** Money that was booked beside trades. Below zero: the account paid. */
export interface Activity {
  readonly id: string;
  readonly account: string;
  readonly code: FeeCode;
  readonly date: SessionDate;
  readonly at: Instant;
  readonly netAmount: Decimal;
  readonly description: string;
}

/** What was recorded of symbols on a day; those of which nothing was are left out. */
export type Recordings = (date: SessionDate, symbols: readonly string[]) => ReadonlyMap<string, Recording>;

/** What can be borrowed of a symbol, as the host told it. */
export interface Lendable {
  readonly symbol: string;
  readonly shares: Decimal;
  /** Basis points of the position's value a year. */
  readonly feeBp: Decimal;
}

/** One trade_updates message: the n-th of its account. */
export interface Frame {
  readonly account: string;
  readonly frame: number;
  readonly event: VenueEvent;
}

/** What the venue keeps in memory: all that a command may read. Ended orders and fills are in Postgres only. */
export interface VenueState {
  now: Instant;
  /** Submissions, late orders and fills counted so far; they number the next ones. */
  orderSeq: number;
  fillSeq: number;
  session: MarketSession | null;
  /** Last close of a symbol before the current session, for marks and for day changes. */
  readonly lastCloses: Map<string, Decimal>;
  readonly accounts: Map<string, Account>;
  readonly holdings: Map<string, Holding>;
  readonly openOrders: Map<string, Order>;
  readonly lateOrders: Map<number, LateOrder>;
  readonly books: Map<string, SymbolBook>;
  readonly accruals: Map<string, Accrual>;
  readonly lendables: Map<string, Lendable>;
}

/** What one transaction writes. */
export interface Changes {
  readonly now: Instant;
  readonly orderSeq: number;
  readonly fillSeq: number;
  readonly accounts: readonly Account[];
  readonly holdings: readonly Holding[];
  readonly orders: readonly Order[];
  readonly fills: readonly { readonly seq: number; readonly fill: Fill }[];
  readonly markets: readonly { readonly session: MarketSession; readonly bars: readonly Bar[] }[];
  readonly lateAdded: readonly LateOrder[];
  readonly lateRemoved: readonly number[];
  readonly books: readonly SymbolBook[];
  readonly lendables: readonly Lendable[];
  /** All accruals as they are now; null where none changed. */
  readonly accruals: readonly Accrual[] | null;
  readonly activities: readonly { readonly seq: number; readonly activity: Activity }[];
}

export const accrualKey = ({ account, date, code }: Omit<Accrual, 'amount'>): string => `${account}\n${date}\n${code}`;

export const holdingKey = (account: string, symbol: string): string => `${account}\n${symbol}`;

/**
 * A transaction over the state in memory: commands read through it and write into it, and only what Postgres has
 * committed is folded into the state. So memory can never be ahead of the database.
 */
export class UnitOfWork {
  now: Instant;
  readonly frames: Frame[] = [];
  private orderSeq: number;
  private fillSeq: number;
  private readonly markets: { session: MarketSession; bars: readonly Bar[] }[] = [];
  private readonly closes = new Map<string, Decimal>();
  private readonly accounts = new Map<string, Account>();
  private readonly holdings = new Map<string, Holding>();
  private readonly orders = new Map<string, Order>();
  private readonly fills: { seq: number; fill: Fill }[] = [];
  private readonly lateAdded = new Map<number, LateOrder>();
  private readonly lateRemoved = new Set<number>();
  private readonly books = new Map<string, SymbolBook>();
  private readonly lendables = new Map<string, Lendable>();
  private accruals: Map<string, Accrual> | null = null;
  private readonly activities: { seq: number; activity: Activity }[] = [];

  /** @param takenClientOrderIds keys of `holdingKey(account, clientOrderId)` that are known to be taken. */
  constructor(
    private readonly base: VenueState,
    private readonly takenClientOrderIds: Set<string>,
  ) {
    this.now = base.now;
    this.orderSeq = base.orderSeq;
    this.fillSeq = base.fillSeq;
  }

  get session(): MarketSession | null {
    return this.markets.at(-1)?.session ?? this.base.session;
  }

  account(name: string): Account | undefined {
    return this.accounts.get(name) ?? this.base.accounts.get(name);
  }

  everyAccount(): Account[] {
    const names = new Set([...this.base.accounts.keys(), ...this.accounts.keys()]);
    return [...names].flatMap((name) => this.account(name) ?? []);
  }

  holding(account: string, symbol: string): Holding {
    const key = holdingKey(account, symbol);
    return this.holdings.get(key) ?? this.base.holdings.get(key) ?? emptyHolding(account, symbol);
  }

  holdingsOf(account: string): Holding[] {
    const keys = new Set([...this.base.holdings.keys(), ...this.holdings.keys()]);
    const all = [...keys].map((key) => this.holdings.get(key) ?? this.base.holdings.get(key));
    return all.flatMap((each) => (each && each.account === account && !each.qty.isZero() ? each : []));
  }

  /** An order that was open when the transaction began, as it is now. */
  order(id: string): Order | undefined {
    return this.orders.get(id) ?? this.base.openOrders.get(id);
  }

  openOrders(): Order[] {
    const untouched = [...this.base.openOrders.values()].filter((order) => !this.orders.has(order.id));
    return [...untouched, ...this.orders.values()].filter((order) => !isTerminal(order));
  }

  entryOf(order: Order): Entry {
    const account = this.account(order.account);
    if (!account) throw new Error(`order ${order.id} belongs to account ${order.account}, which is not there`);
    return { order, account, holding: this.holding(order.account, order.symbol), book: this.book(order.symbol) };
  }

  book(symbol: string): SymbolBook {
    return this.books.get(symbol) ?? this.base.books.get(symbol) ?? emptyBook(symbol);
  }

  setBook(book: SymbolBook): void {
    this.books.set(book.symbol, book);
  }

  lendable(symbol: string): Lendable | undefined {
    return this.lendables.get(symbol) ?? this.base.lendables.get(symbol);
  }

  setLendable(lendable: Lendable): void {
    this.lendables.set(lendable.symbol, lendable);
  }

  /** Fees that are not booked yet. */
  accrued(): Accrual[] {
    return [...(this.accruals ?? this.base.accruals).values()];
  }

  /** Books what is owed: fees of a session are taken from the cash when it is over. */
  bookFee(accrual: Accrual, activity: Omit<Activity, 'id'>): void {
    this.openAccruals().delete(accrualKey(accrual));
    const account = this.account(activity.account);
    if (!account) throw new Error(`a fee is owed by account ${activity.account}, which is not there`);
    const accruedFees = account.accruedFees.minus(accrual.amount);
    this.setAccount({ ...account, cash: account.cash.plus(activity.netAmount), accruedFees });
    this.fillSeq += 1;
    const id = activityIdOf(activity.account, this.fillSeq);
    this.activities.push({ seq: this.fillSeq, activity: { ...activity, id } });
  }

  private accrue(account: string, date: SessionDate, fees: readonly Fee[]): void {
    const accruals = this.openAccruals();
    for (const { code, amount } of fees) {
      const owed = { account, date, code, amount };
      const before = accruals.get(accrualKey(owed))?.amount;
      accruals.set(accrualKey(owed), { ...owed, amount: before ? before.plus(amount) : amount });
    }
  }

  private openAccruals(): Map<string, Accrual> {
    this.accruals ??= new Map(this.base.accruals);
    return this.accruals;
  }

  lateOrders(): LateOrder[] {
    const all = [...this.base.lateOrders.values(), ...this.lateAdded.values()];
    return all.filter((late) => !this.lateRemoved.has(late.seq));
  }

  nextSeq(): number {
    this.orderSeq += 1;
    return this.orderSeq;
  }

  isTaken(account: string, clientOrderId: string): boolean {
    return this.takenClientOrderIds.has(holdingKey(account, clientOrderId));
  }

  /** Writes what a decision came to, numbers its fills and makes its frames. */
  apply(outcome: Outcome): void {
    let lastFrame = outcome.account.lastFrame;
    for (const event of outcome.events) {
      lastFrame += 1;
      this.frames.push({ account: outcome.account.name, frame: lastFrame, event });
      if (!event.fill) continue;
      this.fillSeq += 1;
      this.fills.push({ seq: this.fillSeq, fill: event.fill });
      const date = this.session?.date;
      if (event.fees.length > 0 && date !== undefined) this.accrue(outcome.account.name, date, event.fees);
    }
    this.setAccount({ ...outcome.account, lastFrame });
    this.holdings.set(holdingKey(outcome.holding.account, outcome.holding.symbol), outcome.holding);
    this.setOrder(outcome.order);
    if (hasChanged(outcome.book, this.book(outcome.book.symbol))) this.setBook(outcome.book);
    this.takenClientOrderIds.add(holdingKey(outcome.order.account, outcome.order.clientOrderId));
  }

  setAccount(account: Account): void {
    this.accounts.set(account.name, account);
  }

  setOrder(order: Order): void {
    this.orders.set(order.id, order);
  }

  lastClose(symbol: string): Decimal | undefined {
    return this.closes.get(symbol) ?? this.base.lastCloses.get(symbol);
  }

  /** Puts a session in force. `bars` are those of its bars that are new to the venue. */
  setMarket(session: MarketSession, bars: readonly Bar[]): void {
    this.markets.push({ session, bars });
  }

  setLastClose(symbol: string, close: Decimal): void {
    this.closes.set(symbol, close);
  }

  addLate(late: LateOrder): void {
    this.lateAdded.set(late.seq, late);
  }

  removeLate(seq: number): void {
    this.lateRemoved.add(seq);
  }

  changes(): Changes {
    return {
      now: this.now,
      orderSeq: this.orderSeq,
      fillSeq: this.fillSeq,
      accounts: [...this.accounts.values()],
      holdings: [...this.holdings.values()],
      orders: [...this.orders.values()],
      fills: this.fills,
      markets: this.markets,
      lateAdded: [...this.lateAdded.values()].filter((late) => !this.lateRemoved.has(late.seq)),
      lateRemoved: [...this.lateRemoved],
      books: [...this.books.values()],
      lendables: [...this.lendables.values()],
      accruals: this.accruals && [...this.accruals.values()],
      activities: this.activities,
    };
  }

  /** Folds what Postgres has committed into the state in memory. */
  fold(): void {
    const { base } = this;
    base.now = this.now;
    base.orderSeq = this.orderSeq;
    base.fillSeq = this.fillSeq;
    base.session = this.session;
    for (const [symbol, close] of this.closes) base.lastCloses.set(symbol, close);
    for (const [name, account] of this.accounts) base.accounts.set(name, account);
    for (const [key, holding] of this.holdings) base.holdings.set(key, holding);
    for (const [id, order] of this.orders) {
      if (isTerminal(order)) base.openOrders.delete(id);
      else base.openOrders.set(id, order);
    }
    for (const [seq, late] of this.lateAdded) base.lateOrders.set(seq, late);
    for (const seq of this.lateRemoved) base.lateOrders.delete(seq);
    for (const [symbol, book] of this.books) base.books.set(symbol, book);
    for (const [symbol, lendable] of this.lendables) base.lendables.set(symbol, lendable);
    if (!this.accruals) return;
    base.accruals.clear();
    for (const [key, accrual] of this.accruals) base.accruals.set(key, accrual);
  }
}

/** Whether a decision wrote into a book: one of which nothing is kept is made anew whenever it is asked for. */
function hasChanged(after: SymbolBook, before: SymbolBook): boolean {
  return (Object.keys(after) as (keyof SymbolBook)[]).some((field) => after[field] !== before[field]);
}

/** A venue that has never traded. */
export function emptyState(now: Instant): VenueState {
  return {
    now,
    orderSeq: 0,
    fillSeq: 0,
    session: null,
    lastCloses: new Map(),
    accounts: new Map(),
    holdings: new Map(),
    openOrders: new Map(),
    lateOrders: new Map(),
    books: new Map(),
    accruals: new Map(),
    lendables: new Map(),
  };
}
