import type { Instant } from '@ballast/kernel/calendar';
import { D } from '@ballast/kernel/money';
import type { Decimal } from '@ballast/kernel/money';
import { NO_FLOW } from './flow.js';
import type { Flow } from './flow.js';
import type { Side } from './order.js';

/** Shares that orders here took within one refresh of the book, or in one auction. */
export interface Taken {
  /** Names the session and the refresh or auction; the numbers are of no other. */
  readonly window: string;
  /** From those who sell, and from those who buy. */
  readonly bought: Decimal;
  readonly sold: Decimal;
  /** All fills, those of resting orders too, which take nothing that was shown. */
  readonly filled: Decimal;
}

/** What the venue keeps of one symbol beside its quotes: a halt, and what orders here have taken. */
export interface SymbolBook {
  readonly symbol: string;
  /** Since when it is halted; null while it trades. */
  readonly haltedAt: Instant | null;
  readonly refresh: Taken;
  readonly auction: Taken;
  /** The instant of the tape at which resting orders here last had a part in what traded, and that part. */
  readonly tradeAt: Instant | null;
  readonly tradeTaken: Decimal;
  /** What its prices are moved by; nothing is kept where fills move nothing. */
  readonly flow: Flow;
}

const ZERO = new D(0);
export const NOTHING: Taken = { window: '', bought: ZERO, sold: ZERO, filled: ZERO };

export function emptyBook(symbol: string): SymbolBook {
  return { symbol, haltedAt: null, refresh: NOTHING, auction: NOTHING, tradeAt: null, tradeTaken: ZERO, flow: NO_FLOW };
}

/** What was taken in a window: nothing where the numbers are of an earlier one. */
export function takenIn(taken: Taken, window: string): Taken {
  return taken.window === window ? taken : { ...NOTHING, window };
}

/** The numbers after a fill that took what was shown on the other side. */
export function take(taken: Taken, side: Side, qty: Decimal): Taken {
  const filled = taken.filled.plus(qty);
  return side === 'buy'
    ? { ...taken, bought: taken.bought.plus(qty), filled }
    : { ...taken, sold: taken.sold.plus(qty), filled };
}

/** What resting orders here have had of what traded at an instant. */
export function takenOfTrade(book: SymbolBook, at: Instant): Decimal {
  return book.tradeAt === at ? book.tradeTaken : ZERO;
}
