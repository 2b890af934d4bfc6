import { D } from '../money/index.js';
import type { Decimal } from '../money/index.js';

/** Prices between which a symbol may trade, US dollars. */
export interface Bands {
  readonly lower: Decimal;
  readonly upper: Decimal;
}

export interface BandTerms {
  readonly tier: 1 | 2;
  /** Mean price of the last five minutes. */
  readonly reference: Decimal;
  readonly previousClose: Decimal;
  /** Whether the last 25 minutes before the close have begun. */
  readonly lastMinutes: boolean;
}

/**
 * The bands around a reference price, to the cent. Above $3: 5 % in tier 1 and 10 % in tier 2; from $0.75 to $3: 20 %; below:
 * $0.15 or 75 %, whichever is less. Doubled in the last 25 minutes for tier 1, and for tier 2 up to $3; no longer in the
 * first 15 minutes (18th amendment). Source: National Market System Plan to Address Extraordinary Market Volatility, section V.
 */
export function bandsFor({ tier, reference, previousClose, lastMinutes }: BandTerms): Bands {
  const doubled = lastMinutes && (tier === 1 || previousClose.lessThanOrEqualTo(3)) ? 2 : 1;
  const width = widthOf(tier, reference, previousClose).times(doubled);
  return {
    lower: D.max(reference.minus(width), 0).toDecimalPlaces(2),
    upper: reference.plus(width).toDecimalPlaces(2),
  };
}

function widthOf(tier: 1 | 2, reference: Decimal, previousClose: Decimal): Decimal {
  if (previousClose.greaterThan(3)) return reference.times(tier === 1 ? '0.05' : '0.10');
  if (previousClose.greaterThanOrEqualTo('0.75')) return reference.times('0.20');
  return D.min('0.15', reference.times('0.75'));
}
