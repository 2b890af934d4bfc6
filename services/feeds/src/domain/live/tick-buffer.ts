import { SeenTrades } from './seen-trades.js';
import { TickQueue } from './tick-queue.js';
import { msOf, venueTimeOfMs, type Cancel, type Correction, type Tick, type Trade, type VenueTime } from './tick.js';

export interface TickBufferOptions {
  /** The symbols that are listened to; ticks of others are passed over. */
  readonly symbols: readonly string[];
  /** Ticks that may wait at once, whatever they are; quotes wait one a symbol beside them. */
  readonly ticksMax: number;
  /** Names of trades that are remembered a symbol. */
  readonly seenMax?: number;
}

/** Why trades of a symbol have to be fetched. */
export type GapReason = 'disconnected' | 'overflow' | 'unreadable' | 'silent';

/** What became of a tick. `refused` and `lost` are counted: the first is fetched again, the second cannot be. */
export type Pushed = 'queued' | 'conflated' | 'held' | 'repeated' | 'refused' | 'lost' | 'foreign';

/** A hole in the trades of a symbol, from which on its live trades wait. */
export interface Gap {
  readonly symbol: string;
  readonly reason: GapReason;
  /** Since when what the venue tells is held behind the hole, in ms since 1970. */
  readonly sinceMs: number;
  /** Counts how often it was torn open anew; what was fetched before is then not all that is missing. */
  readonly version: number;
  /** From when on trades have to be fetched, included. Null where nothing was ever listened to. */
  readonly from: VenueTime | null;
  /** Live trades that were turned away into it. */
  readonly refused: number;
}

/** Trades that nobody can give back any more. */
export interface Loss {
  readonly symbol: string;
  readonly from: VenueTime | null;
  readonly to: VenueTime | null;
  readonly reason: string;
}

/** What was counted since the start. */
export interface BufferCounts {
  /** Quotes and bands that a newer one replaced before they were taken. */
  readonly conflated: number;
  /** Trades that came twice. */
  readonly repeated: number;
  /** Live trades that found no room; each lies in a gap, to be fetched. */
  readonly refused: number;
  /** Trades that came by fetching. */
  readonly fetched: number;
  /** Corrections, cancels, statuses and bars that found no room: no venue tells them twice. */
  readonly lost: number;
  /** Gaps that were opened, and those that were closed without all of their trades. */
  readonly gaps: number;
  readonly losses: number;
}

type Ordered = Trade | Correction | Cancel;

interface OpenGap {
  reason: GapReason;
  sinceMs: number;
  version: number;
  refused: number;
  held: Ordered[];
}

interface SymbolState {
  readonly seen: SeenTrades;
  /** The latest trade that was taken, and the moment from which on one listens. */
  last: VenueTime | null;
  gap: OpenGap | null;
}

const SEEN_MAX = 4_096;
/** How far before the last trade fetching begins: tapes report some trades a little late. */
const OVERLAP_MS = 5_000;
/** Losses that are kept to be told. */
const LOSSES_MAX = 20;

/**
 * What was heard and not passed on yet, in bounded memory. Trades, corrections and cancels stay in order and are never
 * dropped in silence: a trade that finds no room opens a gap of its symbol, behind which later ones wait until the
 * missing ones were fetched. While a quarter of the room is taken quotes wait in order too; beyond it, and while one
 * waits, the newest replaces the one before.
 *
 * It holds at most `ticksMax` ticks, an eighth more where a correction, a cancel, a status or a bar comes (nobody tells
 * those twice), and one quote and one band a symbol.
 */
export class TickBuffer {
  readonly #options: TickBufferOptions;
  readonly #reserve: number;
  readonly #queue = new TickQueue();
  readonly #latest = new Map<string, Tick>();
  readonly #told = new Map<string, number>();
  readonly #symbols: ReadonlyMap<string, SymbolState>;
  readonly #counts = { conflated: 0, repeated: 0, refused: 0, fetched: 0, lost: 0, gaps: 0, losses: 0 };
  readonly #losses: Loss[] = [];
  #held = 0;
  #place = 0;

  constructor(options: TickBufferOptions) {
    this.#options = options;
    this.#reserve = Math.ceil(options.ticksMax / 8);
    const seenMax = options.seenMax ?? SEEN_MAX;
    this.#symbols = new Map(
      options.symbols.map((symbol) => [symbol, { seen: new SeenTrades(seenMax), last: null, gap: null }]),
    );
  }

  /** Ticks that wait: in order, held behind a gap, and latest quotes. */
  get size(): number {
    return this.#waiting + this.#latest.size;
  }

  /** Of those, what can be taken out now. */
  get ready(): number {
    return this.#queue.length + this.#latest.size;
  }

  /** The most that `size` can be. */
  get sizeMax(): number {
    return this.#options.ticksMax + this.#reserve + 2 * this.#symbols.size;
  }

  /** How many trades would find room now. */
  get room(): number {
    return Math.max(0, this.#options.ticksMax - this.#waiting);
  }

  get counts(): BufferCounts {
    return { ...this.#counts };
  }

  /** The newest losses, oldest first; all of them are counted. */
  get losses(): readonly Loss[] {
    return [...this.#losses];
  }

  get gaps(): readonly Gap[] {
    return [...this.#symbols].flatMap(([symbol, state]) => (state.gap ? [gapOf(symbol, state, state.gap)] : []));
  }

  gapAt(symbol: string): Gap | null {
    const state = this.#symbols.get(symbol);
    return state?.gap ? gapOf(symbol, state, state.gap) : null;
  }

  /** Listening begins: whatever is missing later is missing from this moment on. */
  listenFrom(at: VenueTime): void {
    for (const state of this.#symbols.values()) state.last ??= at;
  }

  /** Takes a tick that the venue told just now, at `nowMs` since 1970. */
  push(tick: Tick, nowMs: number): Pushed {
    const state = this.#symbols.get(tick.symbol);
    if (!state) return 'foreign';
    switch (tick.kind) {
      case 'quote':
      case 'luld':
        return this.#conflate(tick);
      case 'bar':
      case 'status':
        return this.#precious(tick);
      case 'trade':
        return this.#trade(state, tick, nowMs);
      case 'correction':
      case 'cancel':
        return this.#amend(state, tick);
    }
  }

  /** Something of a symbol was missed (of all, where none is named): its trades wait until the hole is filled. */
  interrupt(reason: GapReason, nowMs: number, symbol?: string): void {
    for (const [name, state] of this.#symbols) {
      if (symbol === undefined || symbol === name) this.#tear(state, reason, nowMs);
    }
  }

  /** The venue tells everything again from now on: what it tells is held behind the gaps that are open. */
  resume(nowMs: number): void {
    for (const { gap } of this.#symbols.values()) if (gap) gap.sinceMs = nowMs;
  }

  /**
   * Puts trades that were fetched before what is held; they come in the venue's order.
   * @param trades at most as many as there is room for.
   * @returns how many of them were new.
   */
  fill(symbol: string, trades: readonly Trade[]): number {
    const state = this.#symbols.get(symbol);
    if (!state?.gap || trades.length > this.room) {
      throw new RangeError(`${trades.length} trades of ${symbol} have no gap or no room of ${this.room}`);
    }
    let added = 0;
    for (const trade of trades) {
      if (trade.at <= state.seen.horizon || !this.#taken(state, trade)) this.#counts.repeated += 1;
      else added += 1;
    }
    this.#counts.fetched += added;
    return added;
  }

  /**
   * All of a gap has been fetched: what was held follows. False where it was torn open anew meanwhile; then there is
   * more to fetch.
   */
  close(symbol: string, version: number): boolean {
    const state = this.#symbols.get(symbol);
    if (!state?.gap || state.gap.version !== version) return false;
    this.#release(state, state.gap.held);
    return true;
  }

  /** Gives up what lies before a moment (all of a gap, where it is null), and says so. */
  giveUp(symbol: string, until: VenueTime | null, reason: string): void {
    const state = this.#symbols.get(symbol);
    if (!state?.gap) return;
    const { from } = gapOf(symbol, state, state.gap);
    const to = until ?? state.gap.held.find(({ kind }) => kind === 'trade')?.at ?? null;
    this.#counts.losses += 1;
    this.#losses.push({ symbol, from, to, reason });
    if (this.#losses.length > LOSSES_MAX) this.#losses.shift();
    if (until === null) this.#release(state, state.gap.held);
    else state.last = until;
  }

  /** Takes out up to `max` ticks: what waits in order, and at most a quarter of them latest quotes while there is more. */
  drain(max: number): Tick[] {
    const taken: Tick[] = [];
    const quotes = Math.min(this.#latest.size, this.#queue.length >= max ? Math.ceil(max / 4) : max);
    this.#takeInOrder(taken, max - quotes);
    for (const [key, tick] of this.#latest) {
      if (taken.length >= max) break;
      this.#latest.delete(key);
      this.#told.set(key, ++this.#place);
      taken.push(tick);
    }
    this.#takeInOrder(taken, max);
    return taken;
  }

  #takeInOrder(taken: Tick[], max: number): void {
    while (taken.length < max) {
      const next = this.#queue.take();
      if (!next) return;
      const { tick, place } = next;
      if (tick.kind === 'quote' || tick.kind === 'luld') {
        const key = `${tick.kind} ${tick.symbol}`;
        // A newer one waits beside the queue or has passed it already.
        if (this.#latest.has(key) || (this.#told.get(key) ?? 0) > place) {
          this.#counts.conflated += 1;
          continue;
        }
      }
      taken.push(tick);
    }
  }

  get #waiting(): number {
    return this.#queue.length + this.#held;
  }

  #put(tick: Tick): void {
    this.#queue.put({ tick, place: ++this.#place });
  }

  #conflate(tick: Tick): Pushed {
    const key = `${tick.kind} ${tick.symbol}`;
    const waits = this.#latest.has(key);
    if (!waits && this.#waiting < this.#options.ticksMax / 4) {
      this.#put(tick);
      return 'queued';
    }
    this.#latest.set(key, tick);
    if (!waits) return 'queued';
    this.#counts.conflated += 1;
    return 'conflated';
  }

  #precious(tick: Tick): Pushed {
    if (this.#waiting >= this.#options.ticksMax + this.#reserve) {
      this.#counts.lost += 1;
      return 'lost';
    }
    this.#put(tick);
    return 'queued';
  }

  #trade(state: SymbolState, trade: Trade, nowMs: number): Pushed {
    if (state.seen.has(trade)) {
      this.#counts.repeated += 1;
      return 'repeated';
    }
    const { gap } = state;
    const full = this.#waiting >= this.#options.ticksMax || (gap !== null && this.#held >= this.#options.ticksMax / 2);
    if (full) {
      this.#counts.refused += 1;
      this.#tear(state, 'overflow', nowMs).refused += 1;
      return 'refused';
    }
    if (!gap) {
      this.#taken(state, trade);
      return 'queued';
    }
    gap.held.push(trade);
    this.#held += 1;
    return 'held';
  }

  #amend(state: SymbolState, tick: Correction | Cancel): Pushed {
    // A trade that was put right is resent under its new name, and is none that was missed.
    if (tick.kind === 'correction') state.seen.add({ ...tick, id: tick.corrected.id });
    if (!state.gap) return this.#precious(tick);
    if (this.#waiting >= this.#options.ticksMax + this.#reserve) {
      this.#counts.lost += 1;
      return 'lost';
    }
    state.gap.held.push(tick);
    this.#held += 1;
    return 'held';
  }

  /** Takes a trade into the order of its symbol. False where it was there before. */
  #taken(state: SymbolState, trade: Trade): boolean {
    if (state.seen.has(trade)) return false;
    state.seen.add(trade);
    if (state.last === null || trade.at > state.last) state.last = trade.at;
    this.#put(trade);
    return true;
  }

  /** Opens a gap, or tears an open one further: trades held so far lie before the new hole and are fetched with it. */
  #tear(state: SymbolState, reason: GapReason, nowMs: number): OpenGap {
    const { gap } = state;
    if (!gap) {
      this.#counts.gaps += 1;
      return (state.gap = { reason, sinceMs: nowMs, version: 1, refused: 0, held: [] });
    }
    const kept = gap.held.filter(({ kind }) => kind !== 'trade');
    this.#counts.refused += gap.held.length - kept.length;
    gap.refused += gap.held.length - kept.length;
    this.#held -= gap.held.length - kept.length;
    gap.held = kept;
    gap.version += 1;
    gap.sinceMs = nowMs;
    return gap;
  }

  #release(state: SymbolState, held: readonly Ordered[]): void {
    state.gap = null;
    this.#held -= held.length;
    for (const tick of held) {
      if (tick.kind !== 'trade') this.#put(tick);
      else if (!this.#taken(state, tick)) this.#counts.repeated += 1;
    }
  }
}

function gapOf(symbol: string, { last, seen }: SymbolState, gap: OpenGap): Gap {
  const { reason, sinceMs, version, refused } = gap;
  return { symbol, reason, sinceMs, version, refused, from: last === null ? null : fetchFrom(last, seen.horizon) };
}

/** Never before what is remembered: there a trade could not be told from a repetition. */
function fetchFrom(last: VenueTime, horizon: VenueTime): VenueTime {
  const overlapping = venueTimeOfMs(msOf(last) - OVERLAP_MS);
  return overlapping > horizon ? overlapping : horizon;
}
