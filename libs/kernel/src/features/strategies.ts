import { annualisedVolatility, requireWindow, stdev } from '../statistics/index.js';
import type { Panel } from '../statistics/index.js';
import { recentLogReturns } from './history.js';
import { isPrice, scoreCrossSection } from './scores.js';
import type { Score } from './scores.js';

/**
 * 12-1 momentum: the return from `lookback` sessions ago to `skip` sessions ago, close[t-skip] / close[t-lookback] - 1.
 * The last month is left out because it tends to reverse (Jegadeesh and Titman 1993). Both closes must be there.
 */
export function momentum(panel: Panel, { lookback = 252, skip = 21 } = {}): Score[] {
  requireWindow('lookback', lookback);
  requireWindow('skip', skip);
  return scoreCrossSection(panel, (closes) => {
    const last = closes.length - 1;
    const from = closes[last - lookback];
    const to = closes[last - skip];
    return isPrice(from) && isPrice(to) ? to / from - 1 : null;
  });
}

/**
 * Short-term reversal: minus z, where z is the log return of the last `window` sessions over the deviation expected of
 * it, s × √window. s is the sample deviation of daily log returns in the `volWindow` sessions before that window, so
 * that a shock is not measured against itself. A name that did not move in those sessions has no scale and no score.
 */
export function meanReversion(panel: Panel, { window = 5, volWindow = 20 } = {}): Score[] {
  requireWindow('window', window);
  requireWindow('volWindow', volWindow);
  return scoreCrossSection(panel, (closes) => {
    const from = closes[closes.length - 1 - window];
    const before = recentLogReturns(closes, volWindow, window);
    if (!isPrice(from) || before === null) return null;
    const daily = stdev(before);
    return daily === null || daily === 0 ? null : -Math.log(closes.at(-1)! / from) / (daily * Math.sqrt(window));
  });
}

/**
 * Low volatility: minus the annualised deviation of daily log returns over the last `window` sessions. A name whose
 * price never moved has a broken feed, not the lowest risk, and gets no score.
 */
export function lowVolatility(panel: Panel, { window = 60 } = {}): Score[] {
  requireWindow('window', window);
  return scoreCrossSection(panel, (closes) => {
    const returns = recentLogReturns(closes, window);
    const volatility = returns === null ? null : annualisedVolatility(returns);
    return volatility === null || volatility === 0 ? null : -volatility;
  });
}
