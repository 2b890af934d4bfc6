import { addMilliseconds, millisecondsBetween } from '@ballast/kernel/calendar';
import type { Instant } from '@ballast/kernel/calendar';
import type { Decimal } from '@ballast/kernel/money';
import { bandsAt, luldDayOf, pauseAt } from './luld.js';
import type { LuldDay, Pause } from './luld.js';
import type { MarketSession } from './market.js';
import type { Order } from './order.js';
import type { Rules } from './rules.js';
import type { SymbolBook } from './symbol-book.js';
import { isQuoted, tapeOf } from './tape.js';
import type { SizedQuote, Tape } from './tape.js';

/** What an order finds at the venue at an instant. */
export interface View {
  /** Null where the session has no market of the symbol. */
  readonly tape: Tape | null;
  /** The quote, moved by what the venue's own orders did; null where nothing is quoted. */
  readonly quote: SizedQuote | null;
  /** Whether a halt or a pause keeps everything from trading, and the pause. */
  readonly stands: boolean;
  readonly pause: Pause | null;
  /** The bands of the day; null where the venue has none. */
  readonly luld: LuldDay | null;
  /** The refresh of the book that the instant lies in. */
  readonly window: Window;
}

/** A refresh of the book: what is taken of a size is back when it ends. */
export interface Window {
  readonly name: string;
  readonly from: Instant;
  readonly to: Instant;
}

/** A book without depth is never refreshed; its window is a day. */
const NO_REFRESH_MS = 86_400_000;

export function viewOf(order: Order, book: SymbolBook, session: MarketSession, now: Instant, rules: Rules): View {
  const tape = tapeOf(session, order.symbol, rules);
  const quote = tape && isQuoted(session, order.symbol, now) ? tape.quoteAt(now) : null;
  const luld = luldOf(session, order.symbol, rules, tape);
  const pause = luld && pauseAt(luld, now);
  return {
    tape,
    quote: quote && rules.impact.move(quote, book),
    stands: book.haltedAt !== null || pause !== null,
    pause,
    luld,
    window: windowAt(session, now, rules.depth?.refreshMs ?? NO_REFRESH_MS),
  };
}

/** Whether the bands let a trade be at a price: no buy above the upper one, no sale below the lower one. */
export function isAllowed(luld: LuldDay | null, side: Order['side'], price: Decimal, at: Instant): boolean {
  const bands = luld && bandsAt(luld, at);
  if (!bands) return true;
  return side === 'buy' ? price.lessThanOrEqualTo(bands.upper) : price.greaterThanOrEqualTo(bands.lower);
}

/** The bands and pauses of a symbol, worked out once a session. */
export function luldOf(session: MarketSession, symbol: string, rules: Rules, tape: Tape | null): LuldDay | null {
  const bar = session.bars.get(symbol);
  if (rules.luldTier === null || !tape || !bar) return null;
  const known = session.bands.get(symbol);
  if (known) return known;
  const previousClose = session.previousCloses.get(symbol) ?? bar.open;
  const day = luldDayOf(session, tape, { tier: rules.luldTier, open: bar.open, previousClose });
  session.bands.set(symbol, day);
  return day;
}

function windowAt(session: MarketSession, now: Instant, refreshMs: number): Window {
  const n = Math.floor(millisecondsBetween(session.open, now) / refreshMs);
  const from = addMilliseconds(session.open, n * refreshMs);
  return { name: `${session.date} ${n}`, from, to: addMilliseconds(from, refreshMs) };
}
