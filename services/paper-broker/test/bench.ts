import { addMilliseconds } from '@ballast/kernel/calendar';
import { D } from '@ballast/kernel/money';
import {
  advance,
  cancelOrder,
  openAccountOnce,
  placeOrder,
  replaceOrder,
  setHalt,
  setMarket,
} from '../src/application/desk.js';
import { emptyState, UnitOfWork } from '../src/application/state.js';
import type { Activity, VenueState } from '../src/application/state.js';
import type { VenueEvent } from '../src/domain/lifecycle.js';
import type { MarketSession } from '../src/domain/market.js';
import type { Fill, Order } from '../src/domain/order.js';
import { isRefusal } from '../src/domain/refusal.js';
import type { Refusal } from '../src/domain/refusal.js';
import type { Rules } from '../src/domain/rules.js';
import { sessionOf } from './book.js';
import { BEFORE_OPEN } from './times.js';

/** A venue in memory with one account: each call is a transaction, as a request would be. */
export class Bench {
  readonly state: VenueState = emptyState(BEFORE_OPEN);
  readonly orders = new Map<string, Order>();
  readonly events: VenueEvent[] = [];
  readonly activities: Activity[] = [];
  private count = 0;

  constructor(
    readonly rules: Rules,
    readonly session: MarketSession = sessionOf(),
    cash = '100000',
  ) {
    this.transact((uow) => openAccountOnce(uow, 'main', new D(cash)));
    this.set(session);
  }

  get now(): string {
    return this.state.now;
  }

  get account() {
    return this.state.accounts.get('main')!;
  }

  transact<T>(act: (uow: UnitOfWork) => T): T {
    const uow = new UnitOfWork(this.state, new Set());
    const result = act(uow);
    uow.fold();
    const changes = uow.changes();
    for (const order of changes.orders) this.orders.set(order.id, order);
    this.activities.push(...changes.activities.map(({ activity }) => activity));
    this.events.push(...uow.frames.map(({ event }) => event));
    return result;
  }

  /** Sets a market, which must be possible. */
  set(session: MarketSession): void {
    const set = this.transact((uow) => setMarket(uow, session, this.rules));
    if (isRefusal(set)) throw new Error(set.body.message);
  }

  /** Places an order of BBB, at the market for the day unless told otherwise. Out: its id, or the refusal. */
  place(more: Record<string, unknown> = {}, account = 'main'): string | Refusal {
    const body = { symbol: 'BBB', side: 'buy', type: 'market', time_in_force: 'day', qty: '10', ...more };
    const id = { client_order_id: `order-${(this.count += 1)}`, ...body };
    const placed = this.transact((uow) => placeOrder(uow, account, id, this.rules));
    return isRefusal(placed) ? placed : placed.id;
  }

  placed(more: Record<string, unknown> = {}): string {
    const id = this.place(more);
    if (typeof id !== 'string') throw new Error(id.body.message);
    return id;
  }

  cancel(id: string) {
    return this.transact((uow) => cancelOrder(uow, 'main', id, this.rules));
  }

  replace(id: string, body: object) {
    return this.transact((uow) => replaceOrder(uow, 'main', id, body, this.rules));
  }

  halt(symbol: string, on: boolean): void {
    const book = this.transact((uow) => setHalt(uow, symbol, on, this.rules));
    if (isRefusal(book)) throw new Error(book.body.message);
  }

  to(at: string): void {
    const moved = this.transact((uow) => advance(uow, at, this.rules));
    if (isRefusal(moved)) throw new Error(moved.body.message);
  }

  wait(ms: number): void {
    this.to(addMilliseconds(this.now, ms));
  }

  order(id: string): Order {
    return this.orders.get(id)!;
  }

  fills(id?: string): Fill[] {
    return this.events.flatMap(({ fill }) => (fill && (id === undefined || fill.orderId === id) ? fill : []));
  }

  /** The fills of an order as `time qty@price`, time as minutes and seconds after the open. */
  fillsOf(id: string): string[] {
    return this.fills(id).map(({ qty, price, filledAt }) => {
      const seconds = (Date.parse(filledAt) - Date.parse(this.session.open)) / 1000;
      return `${seconds} ${qty.toFixed()}@${price.toFixed()}`;
    });
  }

  eventsOf(id: string): string[] {
    return this.events.flatMap(({ name, order }) => (order.id === id ? name : []));
  }
}
