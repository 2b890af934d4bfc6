import { addMilliseconds } from '../calendar/index.js';
import type { Instant } from '../calendar/index.js';
import { DayCount, dayCounts } from '../day-trades/index.js';
import type { Facts } from './facts.js';
import type { PlannedTrade } from './types.js';

/** The orders of the plan so far, beside those that were sent before. */
export class OrderLog {
  readonly #intents: Set<string>;
  readonly #segments = new Map<string, number>();
  readonly #dayCounts: Map<string, DayCount>;
  #dayTrades: number;
  #orders = 0;

  /** In: the facts that somebody asks about; `since` is the moment from which an equal order is a duplicate, null where nobody asks. */
  constructor(
    private readonly facts: Pick<Facts, 'sentOrders' | 'tradingDay'>,
    private readonly since: Instant | null,
  ) {
    const recent = since === null ? [] : (facts.sentOrders ?? []).filter(({ at }) => at >= since);
    this.#intents = new Set(recent.map(intentOf));
    const day = facts.tradingDay;
    this.#dayCounts = day === undefined ? new Map() : dayCounts(day.executions, day.overnight);
    this.#dayTrades = [...this.#dayCounts.values()].reduce((total, { dayTrades }) => total + dayTrades, 0);
  }

  /** Orders of this plan so far. */
  get orders(): number {
    return this.#orders;
  }

  /** Day trades of this session with the plan so far. */
  get dayTrades(): number {
    return this.#dayTrades;
  }

  ordersIn(segment: string): number {
    return this.#segments.get(segment) ?? 0;
  }

  /** Whether the same order was sent within the window, or stands in this plan before. */
  has(trade: PlannedTrade): boolean {
    return this.#intents.has(intentOf(trade));
  }

  /** Day trades of this session with the plan so far and this trade. */
  dayTradesWith({ symbol, side, quantity }: PlannedTrade): number {
    const count = this.#dayCounts.get(symbol) ?? this.#newCount(symbol);
    return this.#dayTrades - count.dayTrades + count.after(side, quantity);
  }

  /** Counts a trade as done. */
  accept(trade: PlannedTrade): void {
    const { symbol, side, quantity, segment, orders = 1 } = trade;
    this.#orders += orders;
    if (segment !== undefined) this.#segments.set(segment, this.ordersIn(segment) + orders);
    if (this.since !== null) this.#intents.add(intentOf(trade));
    if (this.facts.tradingDay === undefined) return;
    const count = this.#dayCounts.get(symbol) ?? this.#newCount(symbol);
    this.#dayTrades -= count.dayTrades;
    count.take(side, quantity);
    this.#dayTrades += count.dayTrades;
    this.#dayCounts.set(symbol, count);
  }

  #newCount(symbol: string): DayCount {
    return new DayCount(this.facts.tradingDay?.overnight.get(symbol));
  }
}

const intentOf = ({ symbol, side, quantity }: PlannedTrade): string => `${symbol} ${side} ${quantity.toFixed()}`;

/** The moment a number of seconds before. */
export const secondsBefore = (now: Instant, seconds: number): Instant =>
  addMilliseconds(now, Math.round(-seconds * 1000));
