import type { Instant } from '@ballast/kernel/calendar';
import { Decimal } from '@ballast/kernel/money';
import { phaseAt, quoteOf } from './market.js';
import type { MarketSession } from './market.js';
import type { AskedOrder, OrderRequest } from './order.js';
import { invalid } from './refusal.js';
import type { Refusal } from './refusal.js';
import type { Rules } from './rules.js';

const SHARE_DECIMALS = 9;

/**
 * The request in shares: of an amount of money as many as it buys at the order's own price, else at the quote of this instant,
 * to nine decimals and rounded down, so that it never costs more than was asked at that price.
 */
export function inShares(
  asked: AskedOrder,
  session: MarketSession | null,
  now: Instant,
  rules: Pick<Rules, 'spreadBp'>,
): OrderRequest | Refusal {
  if (asked.qty !== null) return asked;
  const { notional, symbol, side } = asked;
  if (!session?.bars.has(symbol)) return invalid(`asset "${symbol}" not found`);
  const quote = phaseAt(session, now) === 'open' ? quoteOf(session, symbol, now, rules.spreadBp) : null;
  const price = asked.limitPrice ?? asked.stopPrice ?? (side === 'buy' ? quote?.ask : quote?.bid);
  if (!price) return invalid('market orders by notional are simulated only while the symbol is quoted');
  const shares = notional.div(price).toDecimalPlaces(SHARE_DECIMALS, Decimal.ROUND_DOWN);
  return shares.isZero() ? invalid(`notional buys no share at ${price.toFixed()}`) : { ...asked, qty: shares };
}
