import {
  ALPACA_RULES,
  type PlaceAnswer,
  type PlaceRequest,
  type StreamListener,
  type Venue,
  type VenueBar,
  type VenueAccount,
  type VenueFee,
  type VenueFill,
  type VenueOrder,
  type VenuePosition,
  type VenueQuote,
} from '@ballast/execution-gateway';
import { dateInNewYork, nextSession, sessionOf } from '@ballast/kernel/calendar';
import { decimal, formatDecimal, type Decimal } from '@ballast/kernel/money';
import type { Rng } from '@ballast/kernel/random';
import { Retryable, type Clock } from '@ballast/platform';
import { later, type Actor, type Holds, type Step } from '@ballast/testing';
import { VenueBook, type BookedOrder } from './venue-book.js';
import { VenueStreams, type Committed } from './venue-streams.js';

/** How often the venue does something unpleasant, as probabilities. */
export interface VenueChaos {
  /** A call ends without an answer before the order is taken. */
  readonly lostBefore: number;
  /** A call ends without an answer, and the order is taken, at once or a little later. */
  readonly lostAfter: number;
  /** An answer comes late, while everything else goes on. */
  readonly late: number;
  /** Fills are told before the order is acknowledged. */
  readonly fillsFirst: number;
  readonly rejects: number;
  /** Part of an order fills and the rest is left for the close. */
  readonly partial: number;
  /** A question or a cancel is not answered. */
  readonly silent: number;
  /** A message of the stream is lost, told twice, told out of order. */
  readonly streamLost: number;
  readonly streamTwice: number;
  readonly streamMixed: number;
  /** The stream breaks, by how much the scheduler prefers it. */
  readonly streamBreaks: number;
}

export const CALM_VENUE: VenueChaos = {
  lostBefore: 0,
  lostAfter: 0,
  late: 0,
  fillsFirst: 0,
  rejects: 0,
  partial: 0,
  silent: 0,
  streamLost: 0,
  streamTwice: 0,
  streamMixed: 0,
  streamBreaks: 0,
};

/** What the venue does in the run of a seed. */
export function venueChaosOf(random: Rng): VenueChaos {
  const intensity = random.pick([0, 0.5, 1, 1]);
  const rate = (most: number): number => (random.uniform() < 0.3 ? 0 : random.uniform() * most * intensity);
  return {
    lostBefore: rate(0.2),
    lostAfter: rate(0.3),
    late: rate(0.5),
    fillsFirst: rate(0.4),
    rejects: rate(0.1),
    partial: rate(0.3),
    silent: rate(0.1),
    streamLost: rate(0.2),
    streamTwice: rate(0.2),
    streamMixed: rate(0.5),
    streamBreaks: rate(0.05),
  };
}

/** When the session closes that is open at a moment, or the next one: what has not filled then expires. */
function closeAfter(now: string): string {
  const date = dateInNewYork(now);
  const today = sessionOf(date);
  return today && today.close > now ? today.close : nextSession(date).close;
}

/** Something that will happen at the venue. */
interface Happening {
  readonly at: string;
  readonly label: string;
  readonly happen: () => void;
}

const SERVICE = 'execution-gateway';
const MINUTE_MS = 60_000;
/** How long the venue may go on working on a call that was broken off; the gateway's settle window is longer. */
export const VENUE_TIMEOUT_MS = 4_000;

/**
 * A venue in memory that answers through the gateway's own port. It keeps its truth in a
 * {@link VenueBook}; the scheduler decides when its happenings take place and are told.
 */
export class SimVenue implements Venue, Actor {
  readonly name = 'simulated';
  readonly guarantees = { dedupesClientOrderId: true, lookupByClientId: true, replaysFills: true };
  readonly rules = ALPACA_RULES;
  readonly book = new VenueBook();
  chaos: VenueChaos = CALM_VENUE;
  readonly #streams: VenueStreams;
  readonly #happenings: Happening[] = [];

  constructor(
    private readonly random: Rng,
    private readonly clock: Clock,
    private readonly holds: Holds,
    /** What a symbol trades at. */
    private readonly prices: ReadonlyMap<string, Decimal>,
    committed: Committed,
  ) {
    this.#streams = new VenueStreams(random.fork('streams'), committed, () => this.chaos);
  }

  // What the gateway asks.

  async placeOrder(request: PlaceRequest, { deadlineMs }: { deadlineMs: number }): Promise<PlaceAnswer> {
    const by = later(this.clock.now(), deadlineMs);
    const label = `the answer to ${request.side} ${request.quantity} ${request.symbol} ${request.clientOrderId.slice(0, 8)}`;
    const draw = this.random.uniform();
    const { lostBefore, lostAfter, late } = this.chaos;
    if (draw < lostBefore) return this.#noAnswer(label, by);
    if (draw < lostBefore + lostAfter) {
      const delay = this.random.int(2) === 0 ? 0 : this.random.int(VENUE_TIMEOUT_MS);
      if (delay === 0) this.#take(request);
      else
        this.#at(delay + deadlineMs, `takes ${request.clientOrderId.slice(0, 8)} late`, () => void this.#take(request));
      return this.#noAnswer(label, by);
    }
    const answer = this.#take(request);
    if (this.random.uniform() < this.chaos.fillsFirst) await this.#fillFirst(request.clientOrderId);
    if (draw < lostBefore + lostAfter + late) await this.holds.hold(SERVICE, label, by);
    return answer;
  }

  orderByClientId(_account: string, clientOrderId: string): Promise<VenueOrder | null> {
    return this.#answered(() => this.book.orders.get(clientOrderId) ?? null);
  }

  cancelOrder(_account: string, venueOrderId: string): Promise<'requested' | 'refused' | 'not_found'> {
    return this.#answered(() => {
      const order = [...this.book.orders.values()].find((each) => each.venueOrderId === venueOrderId);
      if (!order) return 'not_found';
      if (order.status !== 'working') return 'refused';
      this.#at(this.random.int(3_000), `cancels ${venueOrderId}`, () => this.#end(order.clientOrderId, 'cancelled'));
      return 'requested';
    });
  }

  openOrders(account: string): Promise<VenueOrder[]> {
    return this.#answered(() =>
      [...this.book.orders.values()].filter((order) => order.account === account && order.status === 'working'),
    );
  }

  fillsSince(account: string, since: string): Promise<VenueFill[]> {
    return this.#answered(() => this.book.fills.filter((fill) => fill.account === account && fill.at >= since));
  }

  /** It charges nothing beside its fills. */
  feesSince(): Promise<VenueFee[]> {
    return this.#answered(() => []);
  }

  positions(account: string): Promise<VenuePosition[]> {
    return this.#answered(() => this.book.positions(account));
  }

  /** A cash account in good standing, of a venue that does not count day trades. */
  account(account: string): Promise<VenueAccount> {
    const cash = formatDecimal(this.book.cash(account));
    return this.#answered(() => ({
      cash,
      equity: null,
      buyingPower: cash,
      multiplier: '1',
      active: true,
      shortingEnabled: false,
      tradingBlocked: false,
      accountBlocked: false,
      patternDayTrader: null,
      dayTrades: null,
    }));
  }

  quote(_account: string, symbols: readonly string[]): Promise<VenueQuote[]> {
    return this.#answered(() =>
      symbols.flatMap((symbol) => {
        const price = this.prices.get(symbol);
        if (!price) return [];
        const [bid, ask] = [formatDecimal(price.minus('0.01')), formatDecimal(price.plus('0.01'))];
        return [{ symbol, bid, ask, at: this.clock.now(), condition: 'open' as const }];
      }),
    );
  }

  /** A market that trades a thousand shares a minute at one price. */
  bars(_account: string, symbols: readonly string[], from: string, to: string): Promise<VenueBar[]> {
    return this.#answered(() =>
      symbols.flatMap((symbol) => {
        const known = this.prices.get(symbol);
        if (!known) return [];
        const price = formatDecimal(known);
        const of = { symbol, open: price, high: price, low: price, close: price, volume: '1000', vwap: price };
        const bars: VenueBar[] = [];
        for (let ms = Math.ceil(Date.parse(from) / MINUTE_MS) * MINUTE_MS; ms < Date.parse(to); ms += MINUTE_MS) {
          bars.push({ ...of, at: new Date(ms).toISOString() });
        }
        return bars;
      }),
    );
  }

  listen(account: string, listener: StreamListener): () => void {
    return this.#streams.listen(account, listener);
  }

  // What the scheduler sees.

  steps(): readonly Step[] {
    const now = this.clock.now();
    const due = this.#happenings.filter((happening) => happening.at <= now);
    return [
      ...due.map((happening) => ({
        label: `venue ${happening.label}`,
        weight: 2,
        touches: [],
        take: () => {
          this.#happenings.splice(this.#happenings.indexOf(happening), 1);
          happening.happen();
          return Promise.resolve();
        },
      })),
      ...this.#streams.steps(),
    ];
  }

  nextDue(): string | null {
    const now = this.clock.now();
    return (
      this.#happenings
        .map((happening) => happening.at)
        .filter((at) => at > now)
        .sort()[0] ?? null
    );
  }

  serviceEnded(service: string): void {
    if (service === SERVICE) this.#streams.drop();
  }

  heal(): void {
    this.chaos = CALM_VENUE;
    this.#streams.heal();
  }

  // What happens at the venue.

  async #noAnswer(label: string, by: string): Promise<never> {
    await this.holds.hold(SERVICE, label, by);
    throw new Retryable('VENUE_TIMEOUT', 'the venue gave no answer in time');
  }

  #answered<T>(answer: () => T): Promise<T> {
    if (this.random.uniform() < this.chaos.silent) {
      return Promise.reject(new Retryable('VENUE_TIMEOUT', 'the venue gave no answer in time'));
    }
    return Promise.resolve(answer());
  }

  /** The request reaches the venue. */
  #take(request: PlaceRequest): PlaceAnswer {
    this.book.placements.push(request);
    if (this.book.orders.has(request.clientOrderId)) {
      return { kind: 'rejected', code: 'DUPLICATE', message: 'client order id must be unique' };
    }
    if (this.random.uniform() < this.chaos.rejects) {
      return { kind: 'rejected', code: 'NOT_TODAY', message: 'the venue does not want this order' };
    }
    const order = this.book.accept(request, this.clock.now());
    this.#tell('acknowledged', 'new', order.clientOrderId, null);
    this.#planFills(order);
    return { kind: 'acknowledged', venueOrderId: order.venueOrderId, status: 'working' };
  }

  /** Cuts the order into fills at moments to come; what is left over expires at the close. */
  #planFills(order: BookedOrder): void {
    let left = decimal(order.quantity);
    const pieces = 1 + this.random.int(3);
    for (let i = 1; i <= pieces; i++) {
      const last = i === pieces;
      if (last && this.random.uniform() < this.chaos.partial) break;
      const quantity = last ? left : left.div(2).floor();
      if (quantity.isZero()) continue;
      left = left.minus(quantity);
      const label = `fills ${formatDecimal(quantity)} ${order.symbol} of ${order.clientOrderId.slice(0, 8)}`;
      this.#at(this.random.int(20_000), label, () => this.#fill(order.clientOrderId, quantity));
    }
    const { clientOrderId } = order;
    this.#happenings.push({
      at: closeAfter(this.clock.now()),
      label: `closes for ${clientOrderId.slice(0, 8)}`,
      happen: () => this.#end(clientOrderId, 'expired'),
    });
  }

  #fill(clientOrderId: string, quantity: Decimal): void {
    const order = this.book.orders.get(clientOrderId);
    if (order?.status !== 'working') return;
    const left = decimal(order.quantity).minus(order.filledQuantity);
    const base = this.prices.get(order.symbol)!;
    const price = base.plus(decimal(String(this.random.int(21) - 10)).div(100)).toDecimalPlaces(2);
    const fill = this.book.fill(clientOrderId, quantity.lessThan(left) ? quantity : left, price, this.clock.now());
    const done = this.book.orders.get(clientOrderId)!.status === 'filled';
    this.#tell('fill', done ? 'fill' : 'partial_fill', clientOrderId, fill);
  }

  /** Fills some of a new order and tells of it before the order's acknowledgement is given. */
  async #fillFirst(clientOrderId: string): Promise<void> {
    const order = this.book.orders.get(clientOrderId);
    if (!order) return;
    const half = decimal(order.quantity).div(2).floor();
    if (!half.isZero()) this.#fill(clientOrderId, half);
    await this.#streams.flush(order.account);
  }

  #end(clientOrderId: string, status: 'cancelled' | 'expired'): void {
    if (this.book.orders.get(clientOrderId)?.status !== 'working') return;
    this.book.end(clientOrderId, status);
    this.#tell(status, status === 'cancelled' ? 'canceled' : 'expired', clientOrderId, null);
  }

  #tell(
    event: 'acknowledged' | 'fill' | 'cancelled' | 'expired',
    word: string,
    clientOrderId: string,
    fill: VenueFill | null,
  ): void {
    const { account, ...order } = this.book.orders.get(clientOrderId)!;
    this.#streams.tell(account, { event, word, order, fill, at: this.clock.now() });
  }

  #at(delayMs: number, label: string, happen: () => void): void {
    this.#happenings.push({ at: later(this.clock.now(), delayMs), label, happen });
  }
}
