import { Decimal, decimal, formatDecimal, sum } from '@ballast/kernel/money';
import type { MarketFigures, VenueBar } from '../messages.js';

const PRICE_DECIMALS = 9;

/**
 * What the market did over the minutes of one symbol, in order of time; null without a minute. The TWAP is the mean of the
 * minutes' middle prices, each minute that traded alike; the VWAP that of the minutes' own, by volume.
 */
export function figuresOf(bars: readonly VenueBar[]): MarketFigures | null {
  const last = bars.at(-1);
  if (!last) return null;
  const middles = bars.map((bar) => sum([bar.open, bar.high, bar.low, bar.close].map(decimal)).div(4));
  const volume = volumeOf(bars);
  const worth = sum(bars.map((bar) => decimal(bar.vwap).times(decimal(bar.volume))));
  return {
    twap: priceText(sum(middles).div(bars.length)),
    vwap: volume.isZero() ? null : priceText(worth.div(volume)),
    volume: formatDecimal(volume),
    lastPrice: last.close,
  };
}

/** Shares that traded in some minutes. */
export const volumeOf = (bars: readonly VenueBar[]): Decimal => sum(bars.map(({ volume }) => decimal(volume)));

const priceText = (price: Decimal): string => formatDecimal(price.toDecimalPlaces(PRICE_DECIMALS));
