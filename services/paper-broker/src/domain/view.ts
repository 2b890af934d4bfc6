import { addMilliseconds, millisecondsBetween } from '@ballast/kernel/calendar';
import type { Instant } from '@ballast/kernel/calendar';
import type { Decimal } from '@ballast/kernel/money';
import { slicesIn } from './flow.js';
import type { FlowSlice } from './flow.js';
import { impactOn, movedTape } from './impact.js';
import type { Impact } from './impact.js';
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
  /** The tape, moved by what orders here took. Null where the session has no market of the symbol. */
  readonly tape: Tape | null;
  /** The quote, likewise; null where nothing is quoted. */
  readonly quote: SizedQuote | null;
  /** How taking moves the price, and what was taken in the session; null where the market does not notice. */
  readonly impact: Impact | null;
  readonly slices: readonly FlowSlice[];
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
  const { tape, impact, slices } = seenTape(session, book, rules);
  const quote = tape && isQuoted(session, order.symbol, now) ? tape.quoteAt(now) : null;
  const luld = luldOf(session, order.symbol, rules);
  const pause = luld && pauseAt(luld, now);
  return {
    ...{ tape, quote, impact, slices },
    stands: book.haltedAt !== null || pause !== null,
    pause,
    luld,
    window: windowAt(session, now, rules.depth?.refreshMs ?? NO_REFRESH_MS),
  };
}

/**
 * The tape of a symbol as everybody sees it. A market whose impact cannot be told is none: nothing may be filled there.
 */
export function seenTape(
  session: MarketSession,
  book: SymbolBook,
  rules: Rules,
): Pick<View, 'tape' | 'impact' | 'slices'> {
  const bar = session.bars.get(book.symbol);
  const tape = tapeOf(session, book.symbol, rules);
  if (rules.impact === null || !bar || !tape) return { tape, impact: null, slices: [] };
  const impact = impactOn(bar, rules.impact);
  const slices = slicesIn(book.flow, session.date);
  return { tape: impact && movedTape(tape, impact, slices), impact, slices };
}

/** Whether the bands let a trade be at a price: no buy above the upper one, no sale below the lower one. */
export function isAllowed(luld: LuldDay | null, side: Order['side'], price: Decimal, at: Instant): boolean {
  const bands = luld && bandsAt(luld, at);
  if (!bands) return true;
  return side === 'buy' ? price.lessThanOrEqualTo(bands.upper) : price.greaterThanOrEqualTo(bands.lower);
}

/** The bands and pauses of a symbol, worked out once a session of what the market showed by itself. */
export function luldOf(session: MarketSession, symbol: string, rules: Rules): LuldDay | null {
  const bar = session.bars.get(symbol);
  const tape = rules.luldTier === null ? null : tapeOf(session, symbol, rules);
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
