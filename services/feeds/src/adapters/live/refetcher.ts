import { addMilliseconds } from '@ballast/kernel/calendar';
import { messageOf, type Clock, type Log } from '@ballast/platform';
import { backoffMs } from '../../domain/live/backoff.js';
import { FeedRefused } from '../../domain/live/feed-refused.js';
import type { Gap, TickBuffer } from '../../domain/live/tick-buffer.js';
import { msOf, venueTimeOfMs } from '../../domain/live/tick.js';
import type { Chance, TradeHistory } from './ports.js';
import type { TickPump } from './tick-pump.js';

/** What the venue told less than this ago may not be in its history yet; what is live meanwhile is held. */
export const SETTLE_MS = 1_000;
/** Trades of a page at the most; the venue would give 10,000. */
const PAGE_MAX = 1_000;
/** Pages without a new trade after which the venue is taken to go round in circles. */
const EMPTY_PAGES_MAX = 20;
/** Fetching begins a little before the last trade; a window is not exceeded by that. */
const WINDOW_SLACK_MS = 10_000;

interface Parts {
  readonly buffer: TickBuffer;
  readonly pump: TickPump;
  readonly history: TradeHistory | null;
  readonly clock: Clock;
  readonly chance: Chance;
  readonly logger: Log;
  /** How far back trades are fetched. */
  readonly windowMs: number;
  readonly ticksMax: number;
}

/** Fills the gaps of the buffer from the venue's history, one symbol after another, while the line is open. */
export class Refetcher {
  readonly #pageMax: number;
  readonly #aborter = new AbortController();
  #open = false;
  #failures = 0;
  #notBeforeMs = 0;
  #running: Promise<void> | undefined;
  #again = false;
  #forget: () => void = () => undefined;

  constructor(private readonly parts: Parts) {
    this.#pageMax = Math.min(PAGE_MAX, Math.floor(parts.ticksMax / 4));
  }

  get resting(): boolean {
    return this.#running === undefined;
  }

  /** Whether the line is open: only then what is fetched meets what is live. */
  line(open: boolean): void {
    this.#open = open;
    if (open) this.wake();
  }

  /** There may be a gap to fill. */
  wake(): void {
    if (!this.#open || this.#aborter.signal.aborted) return;
    this.#again = true;
    this.#running ??= this.#run().finally(() => {
      this.#running = undefined;
      if (this.#again) this.wake();
    });
  }

  async stop(): Promise<void> {
    this.#open = false;
    this.#forget();
    this.#aborter.abort();
    await this.#running;
  }

  async #run(): Promise<void> {
    while (this.#open) {
      this.#again = false;
      const nowMs = Date.parse(this.parts.clock.now());
      const gaps = [...this.parts.buffer.gaps].sort((a, b) => a.sinceMs - b.sinceMs);
      const [first] = gaps;
      if (!first) return;
      const dueMs = Math.max(first.sinceMs + SETTLE_MS, this.#notBeforeMs);
      if (dueMs <= nowMs) {
        await this.#attempt(first, nowMs);
        continue;
      }
      this.#forget();
      this.#forget = this.parts.clock.wakeAt(new Date(dueMs).toISOString(), () => this.wake());
      if (!this.#again) return;
    }
  }

  async #attempt(gap: Gap, nowMs: number): Promise<void> {
    const { buffer, logger, clock, chance, pump } = this.parts;
    try {
      await this.#fill(gap, nowMs);
      this.#failures = 0;
    } catch (error) {
      if (this.#aborter.signal.aborted) return;
      if (error instanceof FeedRefused) {
        logger.error({ symbol: gap.symbol, code: error.code }, `missed trades are lost: ${error.message}`);
        buffer.giveUp(gap.symbol, null, `${error.code}: ${error.message}. ${error.nextStep}`);
      } else {
        const waitMs = backoffMs(this.#failures++, chance());
        this.#notBeforeMs = Date.parse(addMilliseconds(clock.now(), waitMs));
        logger.warn(
          { symbol: gap.symbol },
          `missed trades cannot be fetched: ${messageOf(error)}; again in ${waitMs} ms`,
        );
      }
    }
    pump.wake();
  }

  async #fill({ symbol, version }: Gap, nowMs: number): Promise<void> {
    const { buffer, pump, history, windowMs, logger } = this.parts;
    const from = this.#begin(symbol, nowMs);
    if (from === null) {
      // Nothing was listened to yet, so that nothing can be missing.
      buffer.close(symbol, version);
      return;
    }
    if (!history) throw new FeedRefused('NOT_RESENT', 'the source tells nothing twice', 'Nothing can be done.');
    let next: string | null = null;
    let added = 0;
    for (let empty = 0; ;) {
      const page = await history.page({ symbol, from, next, limit: this.#pageMax }, this.#aborter.signal);
      if (page.trades.length > this.#pageMax || empty > EMPTY_PAGES_MAX) {
        throw new FeedRefused('PAGES_STRANGE', `its pages of trades of ${symbol} do not end`, 'Ask the venue.');
      }
      await pump.room(page.trades.length);
      if (this.#aborter.signal.aborted) return;
      // The line may have been given up, and the gap with it, while this page was on its way.
      if (!buffer.gapAt(symbol)) return;
      const fresh = buffer.fill(symbol, page.trades);
      added += fresh;
      empty = fresh === 0 ? empty + 1 : 0;
      pump.wake();
      next = page.next;
      if (next === null) break;
    }
    const closed = buffer.close(symbol, version);
    pump.wake();
    logger.info({ symbol, from, added, closed, windowMs }, closed ? 'missed trades are fetched' : 'more was missed');
  }

  /** From when on to fetch. Gives up, and says so, what lies further back than the window reaches. */
  #begin(symbol: string, nowMs: number): string | null {
    const { buffer, windowMs, logger } = this.parts;
    const from = buffer.gapAt(symbol)?.from ?? null;
    if (from === null || msOf(from) >= nowMs - windowMs - WINDOW_SLACK_MS) return from;
    const until = venueTimeOfMs(nowMs - windowMs);
    const reason = `WINDOW_EXCEEDED: trades are fetched for ${windowMs / 60_000} minutes back at the most`;
    logger.error({ symbol, from, until }, 'missed trades are lost: they lie too far back');
    buffer.giveUp(symbol, until, reason);
    return buffer.gapAt(symbol)?.from ?? null;
  }
}
