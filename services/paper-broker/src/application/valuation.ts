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

/** Market value of all holdings, US dollars. */
export function marketValueOf(marks: Marks, account: string, at: Instant): Decimal {
  return marks
    .holdingsOf(account)
    .reduce((total, holding) => total.plus(holding.qty.times(markOf(marks, holding.symbol, at))), new D(0));
}

/** Cash and market value together, US dollars. */
export function equityOf(marks: Marks, account: Account, at: Instant): Decimal {
  return account.cash.plus(marketValueOf(marks, account.name, at));
}
