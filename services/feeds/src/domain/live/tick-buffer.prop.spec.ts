// Goal: whatever is told, taken, cut off and fetched in whatever order, no trade gets lost, doubled or out of order without
// being counted, and what waits stays within its bound.
import { describe, it } from '@jest/globals';
import fc from 'fast-check';
import { TickBuffer } from './tick-buffer.js';
import { venueTimeOfMs, type Quote, type Tick, type Trade } from './tick.js';

const SYMBOLS = ['A', 'B'] as const;
const START_MS = Date.parse('2024-03-04T15:00:00.000Z');

type Step =
  | { readonly do: 'trade' | 'quote' | 'bar'; readonly symbol: string }
  | { readonly do: 'again'; readonly symbol: string; readonly back: number }
  | { readonly do: 'drain'; readonly max: number }
  | { readonly do: 'cut' | 'resume' }
  | { readonly do: 'fetch'; readonly symbol: string; readonly pages: number };

const symbol = fc.constantFrom(...SYMBOLS);
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 12, arbitrary: fc.record({ do: fc.constant('trade' as const), symbol }) },
  { weight: 5, arbitrary: fc.record({ do: fc.constantFrom('quote' as const, 'bar' as const), symbol }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('again' as const), symbol, back: fc.nat({ max: 5 }) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('drain' as const), max: fc.integer({ min: 1, max: 12 }) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom('cut' as const, 'resume' as const) }) },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constant('fetch' as const), symbol, pages: fc.integer({ min: 1, max: 3 }) }),
  },
);

const steps = fc.array(step, { minLength: 20, maxLength: 300, size: 'max' });

/** A venue that remembers all of its trades, a client that may be cut off from it, and what has come out of its buffer. */
class World {
  readonly buffer = new TickBuffer({ symbols: SYMBOLS, ticksMax: 16, seenMax: 64 });
  readonly venue = new Map<string, Trade[]>(SYMBOLS.map((name) => [name, []]));
  readonly out: Tick[] = [];
  quotes = 0;
  heard = 0;
  fetchedAgain = 0;
  #cut = false;
  #nowMs = START_MS;

  constructor() {
    this.buffer.listenFrom(venueTimeOfMs(START_MS));
  }

  take(step: Step): void {
    this.#nowMs += 1;
    switch (step.do) {
      case 'trade':
        return this.#trade(step.symbol);
      case 'again': {
        const trade = this.venue.get(step.symbol)!.at(-1 - step.back);
        if (trade && !this.#cut) this.#hear(trade);
        return;
      }
      case 'quote':
        if (!this.#cut) this.buffer.push(this.#quote(step.symbol), this.#nowMs);
        return;
      case 'bar':
        if (!this.#cut) this.buffer.push(this.#bar(step.symbol), this.#nowMs);
        return;
      case 'drain':
        this.out.push(...this.buffer.drain(step.max));
        return;
      case 'cut':
        this.#cut = true;
        return this.buffer.interrupt('disconnected', this.#nowMs);
      case 'resume':
        this.#cut = false;
        return this.buffer.resume(this.#nowMs);
      case 'fetch':
        if (!this.#cut) this.fetch(step.symbol, step.pages);
    }
  }

  /** Fetches pages of four trades; closes the gap where all of them were had. */
  fetch(name: string, pages: number): void {
    const gap = this.buffer.gapAt(name);
    if (!gap) return;
    const all = this.venue.get(name)!.filter((trade) => trade.at >= gap.from!);
    for (let page = 0; page < pages; page += 1) {
      const trades = all.slice(page * 4, page * 4 + 4);
      if (trades.length > this.buffer.room) return;
      this.fetchedAgain += trades.length - this.buffer.fill(name, trades);
      if (trades.length < 4) return void this.buffer.close(name, gap.version);
    }
  }

  /** Mends everything: the line is open, everything is fetched and taken. */
  settle(): void {
    this.take({ do: 'resume' });
    for (let round = 0; this.buffer.size > 0 || this.buffer.gaps.length > 0; round += 1) {
      if (round > 10_000) throw new Error('it does not settle');
      for (const name of SYMBOLS) this.take({ do: 'fetch', symbol: name, pages: 1_000 });
      this.take({ do: 'drain', max: 8 });
    }
  }

  #trade(name: string): void {
    const trades = this.venue.get(name)!;
    const trade: Trade = {
      ...{ kind: 'trade', symbol: name, at: venueTimeOfMs(this.#nowMs), id: `${trades.length}`, exchange: 'P' },
      ...{ price: '1', size: '1', conditions: [], tape: 'A', update: null },
    };
    trades.push(trade);
    if (!this.#cut) this.#hear(trade);
  }

  #hear(trade: Trade): void {
    this.heard += 1;
    this.buffer.push(trade, this.#nowMs);
  }

  #quote(name: string): Quote {
    this.quotes += 1;
    const side = { price: `${this.quotes}`, size: '1', exchange: 'P' };
    return {
      kind: 'quote',
      symbol: name,
      at: venueTimeOfMs(this.#nowMs),
      bid: side,
      ask: null,
      conditions: [],
      tape: '',
    };
  }

  #bar(name: string): Tick {
    const price = { open: '1', high: '1', low: '1', close: '1', volume: '1' };
    return { kind: 'bar', symbol: name, at: venueTimeOfMs(this.#nowMs), seconds: 60, ...price };
  }
}

const idsOf = (ticks: readonly Tick[], name: string): string[] =>
  ticks.flatMap((tick) => (tick.kind === 'trade' && tick.symbol === name ? [tick.id] : []));

describe('the buffer of ticks', () => {
  it('passes on every trade that the venue can tell again, once and in order', () => {
    fc.assert(
      fc.property(steps, (taken) => {
        const world = new World();
        for (const each of taken) world.take(each);
        world.settle();
        return SYMBOLS.every((name) => {
          const wanted = world.venue.get(name)!.map(({ id }) => id);
          return JSON.stringify(idsOf(world.out, name)) === JSON.stringify(wanted);
        });
      }),
      { numRuns: 300 },
    );
  });

  it('never holds more than its bound, and counts whatever it does not pass on', () => {
    fc.assert(
      fc.property(steps, (taken) => {
        const world = new World();
        const { buffer } = world;
        for (const each of taken) {
          world.take(each);
          if (buffer.size > buffer.sizeMax) return false;
        }
        for (let left = buffer.drain(8); left.length > 0; left = buffer.drain(8)) world.out.push(...left);
        // What is left is held behind gaps. Every trade that was heard or fetched has come out, is held, came twice, or was
        // refused into a gap.
        const out = world.out.filter(({ kind }) => kind === 'trade').length;
        const { repeated, refused, fetched } = buffer.counts;
        return world.heard + fetched === out + buffer.size + (repeated - world.fetchedAgain) + refused;
      }),
      { numRuns: 300 },
    );
  });

  it('keeps of each symbol the newest quote, and never tells an older one after it', () => {
    fc.assert(
      fc.property(steps, (taken) => {
        const world = new World();
        for (const each of taken) world.take(each);
        world.settle();
        return SYMBOLS.every((name) => {
          const prices = world.out.flatMap((tick) =>
            tick.kind === 'quote' && tick.symbol === name ? [Number(tick.bid!.price)] : [],
          );
          return prices.every((price, i) => i === 0 || price > prices[i - 1]!);
        });
      }),
      { numRuns: 200 },
    );
  });
});
