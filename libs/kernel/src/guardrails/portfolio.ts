import { Book } from './book.js';
import { MarginBook } from './margin-book.js';
import { OrderLog, secondsBefore } from './order-log.js';
import { ScenarioBook } from './scenario-book.js';
import type { PlanInput, PlannedTrade } from './types.js';

/**
 * The account as the plan moves it: exposures, margins, statistics and orders, each moved by every trade that is let through. What no check
 * asks for is never built; what is asked for late begins with the book as it is then.
 */
export class Portfolio {
  readonly book: Book;
  readonly orders: OrderLog;
  #margins: MarginBook | null = null;
  #scenarios: ScenarioBook | null = null;

  constructor(private readonly plan: PlanInput<PlannedTrade>) {
    const { positions, working, marks, sectors, limits, now, facts = {} } = plan;
    this.book = new Book(positions, working, marks, sectors, facts.strategyGross);
    const window = limits.duplicateWindowSeconds;
    const { sentOrders, tradingDay } = facts;
    const asked = { ...(sentOrders ? { sentOrders } : {}), ...(limits.dayTrading && tradingDay ? { tradingDay } : {}) };
    this.orders = new OrderLog(asked, now === undefined || window === undefined ? null : secondsBefore(now, window));
  }

  get margins(): MarginBook {
    return (this.#margins ??= new MarginBook(this.book));
  }

  get scenarios(): ScenarioBook {
    const { facts = {}, sectors, limits } = this.plan;
    return (this.#scenarios ??= new ScenarioBook(this.book, facts, sectors, limits.stress?.scenarios ?? []));
  }

  /** Counts a trade as done. */
  accept(trade: PlannedTrade): void {
    this.book.accept(trade);
    const holding = this.book.holding(trade.symbol);
    this.#margins?.set(trade.symbol, holding);
    this.#scenarios?.set(trade.symbol, holding);
    this.orders.accept(trade);
  }
}
