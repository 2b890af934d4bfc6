import type { Instant } from '@ballast/kernel/calendar';
import { D } from '@ballast/kernel/money';
import type { Decimal } from '@ballast/kernel/money';
import type { Account, Holding } from '../domain/account.js';
import { quoteOf } from '../domain/market.js';
import type { MarketSession } from '../domain/market.js';

/** Where valuation finds what it needs: the state in memory or a transaction over it. */
export interface Marks {
  readonly session: MarketSession | null;
  holdingsOf(account: string): Holding[];
  lastClose(symbol: string): Decimal | undefined;
}

/**
 * The price that a holding is worth a share: the middle of the quote, or the last close the venue has seen where the
 * session has no bar of the symbol. Throws where it has never seen one, which cannot be for a symbol that was traded.
 */
export function markOf(marks: Marks, symbol: string, at: Instant): Decimal {
  const quote = marks.session ? quoteOf(marks.session, symbol, at, 0) : null;
  const mark = quote?.mid ?? marks.lastClose(symbol);
  if (!mark) throw new Error(`no price was ever set for ${symbol}, which is held`);
  return mark;
}

/** Market value of all holdings, long and short apart; short ones are below zero. US dollars. */
export function marketValuesOf(marks: Marks, account: string, at: Instant): { long: Decimal; short: Decimal } {
  const values = marks.holdingsOf(account).map(({ symbol, qty }) => qty.times(markOf(marks, symbol, at)));
  const sum = (wanted: (value: Decimal) => boolean): Decimal =>
    values.filter(wanted).reduce((total, value) => total.plus(value), new D(0));
  return { long: sum((value) => !value.isNegative()), short: sum((value) => value.isNegative()) };
}

/** Cash and market value together, US dollars. */
export function equityOf(marks: Marks, account: Account, at: Instant): Decimal {
  const { long, short } = marketValuesOf(marks, account.name, at);
  return account.cash.plus(long).plus(short);
}
