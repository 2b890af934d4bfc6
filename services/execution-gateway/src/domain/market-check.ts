import type { Instant, Side } from '@ballast/contracts';
import { addMilliseconds, millisecondsBetween } from '@ballast/kernel/calendar';
import { Decimal, decimal, formatDecimal } from '@ballast/kernel/money';
import type { VenueQuote } from '../messages.js';
import type { ChildOrder } from './child-order.js';
import { midOf } from './completion.js';
import type { VenueRules } from './order-terms.js';
import type { ParentOrder } from './schedule.js';

/** What the market must be like for a slice to leave. */
export interface MarketRules {
  /** A quote older than this, or by as much from the future, is stale; ms. */
  readonly quoteAgeMsMax: number;
  /** How much worse than the arrival price a slice may trade, in basis points; null for no limit. */
  readonly priceLimitBp: number | null;
  /** The most of the market's volume that a parent may be, from 0 to 1; null for no cap. */
  readonly participationRatioMax: string | null;
}

/** What was seen of the market for a parent. */
export interface MarketView {
  readonly quote: VenueQuote | null;
  /** Shares that traded from an interval before the parent's first slice on; null where nobody knows. */
  readonly volume: string | null;
}

/** Whether slices of a parent may leave into the market as it was seen. */
export type MarketVerdict =
  | {
      readonly open: true;
      /** The middle of the quote: where the parent arrives if nothing of it has left. */
      readonly mid: string;
      /** No slice may trade beyond it; null where there is no limit. */
      readonly limitPrice: string | null;
    }
  | { readonly open: false; readonly code: MarketCode; readonly reason: string };

/** Why slices wait for the market, and are void where it does not come in time. */
export const MARKET_CODES = [
  'QUOTE_MISSING',
  'QUOTE_STALE',
  'QUOTE_NOT_FIRM',
  'MARKET_HALTED',
  'MARKET_CLOSED',
  'ARRIVAL_UNKNOWN',
  'PRICE_LIMIT',
  'PARTICIPATION_CAP',
  'VOLUME_UNKNOWN',
] as const;
export type MarketCode = (typeof MARKET_CODES)[number];

const MINUTE_MS = 60_000;

/** Whether a parent's slices wait for the market: what a person asked for under terms of its own, and a flatten, do not. */
export const isChecked = ({ algorithm, purpose }: ParentOrder): boolean => algorithm === 'twap' && purpose === 'trade';

/**
 * From when on a parent's share of the volume is counted: an interval before its first slice is due, at the full minute,
 * so that the first slice has something to be measured by. Its slices follow each other by one interval, so the volume of
 * each interval stands for the slice that comes at its end.
 */
export function volumeSince({ intervalMs }: ParentOrder, family: readonly ChildOrder[]): Instant {
  const first = family.map(({ dueAt }) => dueAt).reduce((a, b) => (a < b ? a : b));
  return fullMinute(addMilliseconds(first, -intervalMs));
}

/** The beginning of the minute that a moment lies in. */
export const fullMinute = (at: Instant): Instant => addMilliseconds(at, -(Date.parse(at) % MINUTE_MS));

/**
 * Holds a parent against the market: a quote that is there, fresh, firm and of an open market, and a price within the
 * limit. What is missing or not known never passes. Participation is not looked at here.
 */
export function checkMarket(
  parent: ParentOrder,
  family: readonly ChildOrder[],
  { quote }: MarketView,
  rules: MarketRules,
  venue: VenueRules,
  now: Instant,
): MarketVerdict {
  const shut = (code: MarketCode, reason: string): MarketVerdict => ({ open: false, code, reason });
  if (quote === null) return shut('QUOTE_MISSING', `the venue has no quote of ${parent.symbol}`);
  if (quote.condition === 'halted') return shut('MARKET_HALTED', `trading of ${parent.symbol} is halted or paused`);
  if (quote.condition === 'closed') return shut('MARKET_CLOSED', `the market of ${parent.symbol} is closed`);
  if (quote.at === undefined) return shut('QUOTE_STALE', 'the venue does not say when it quoted');
  const ageMs = millisecondsBetween(quote.at, now);
  if (Math.abs(ageMs) > rules.quoteAgeMsMax) {
    return shut('QUOTE_STALE', `the quote is ${ageMs} ms old; ${rules.quoteAgeMsMax} ms are allowed`);
  }
  const mid = midOf(quote);
  if (quote.condition !== 'open' || mid === null) {
    return shut('QUOTE_NOT_FIRM', `the quote ${quote.bid} to ${quote.ask} cannot be traded on`);
  }
  if (rules.priceLimitBp === null) return { open: true, mid, limitPrice: null };
  const hasLeft = family.some(({ submittedAt }) => submittedAt !== null);
  const arrival = hasLeft ? parent.arrivalPrice : mid;
  if (arrival === null) return shut('ARRIVAL_UNKNOWN', 'nobody knows the price that its limit is measured from');
  const limitPrice = limitPriceOf(parent.side, arrival, rules.priceLimitBp, venue);
  const touch = parent.side === 'buy' ? quote.ask : quote.bid;
  if (isWorse(parent.side, touch, limitPrice)) {
    const far = `${rules.priceLimitBp} bp from its arrival at ${arrival}`;
    return shut('PRICE_LIMIT', `it would trade at ${touch}, beyond ${limitPrice}, which is ${far}`);
  }
  return { open: true, mid, limitPrice };
}

const isWorse = (side: Side, price: string, limit: string): boolean =>
  side === 'buy' ? decimal(price).greaterThan(limit) : decimal(price).lessThan(limit);

/** Rounded to what the venue takes, towards the arrival price. */
function limitPriceOf(side: Side, arrival: string, bp: number, { priceDecimals }: VenueRules): string {
  const part = decimal(String(bp)).div(10_000);
  const exact = decimal(arrival).times(side === 'buy' ? part.plus(1) : decimal('1').minus(part));
  const decimals = exact.lessThan(1) ? priceDecimals.belowOne : priceDecimals.fromOne;
  return formatDecimal(exact.toDecimalPlaces(decimals, side === 'buy' ? Decimal.ROUND_FLOOR : Decimal.ROUND_CEIL));
}
