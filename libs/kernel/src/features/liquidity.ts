import { KernelError } from '../money/index.js';
import { closesOf, mean, median, requirePanel, requireWindow, volumesOf } from '../statistics/index.js';
import type { Panel } from '../statistics/index.js';
import { covers } from './history.js';
import { isPrice } from './scores.js';

/** Average daily volume of one name: shares a session; null when too few sessions were observed. */
export interface AverageDailyVolume {
  readonly symbol: string;
  readonly shares: number | null;
  /** How many of the sessions had a volume. A zero is an observation, a missing or negative one is not. */
  readonly observed: number;
}

/**
 * Mean volume in shares over the last `window` completed sessions of the panel, a row a symbol in the panel's order;
 * null below three quarters of them (15 of 20), because a guessed volume would let an order through that moves the
 * market (domain rules, section 5).
 */
export function averageDailyVolume(panel: Panel, window = 20): AverageDailyVolume[] {
  requirePanel(panel);
  requireWindow('window', window);
  return panel.symbols.map((symbol, s) => {
    const observed = [...volumesOf(panel, s).subarray(-window)].filter((volume) => volume >= 0 && volume < Infinity);
    return { symbol, shares: covers(observed.length, window) ? mean(observed) : null, observed: observed.length };
  });
}

/**
 * The `n` most liquid symbols, most liquid first: by median close × volume over the last `window` sessions, ties by
 * symbol. Names observed in fewer than three quarters of them are left out, as are those that did not trade.
 * @throws KernelError INVALID_COUNT unless n is a whole number of at least 0.
 */
export function topByLiquidity(panel: Panel, n: number, window = 20): string[] {
  requirePanel(panel);
  requireWindow('window', window);
  if (!Number.isInteger(n) || n < 0) {
    throw new KernelError('INVALID_COUNT', `The number of symbols is ${n}; give a whole number of at least 0.`);
  }
  const traded: { symbol: string; dollars: number }[] = [];
  for (const [s, symbol] of panel.symbols.entries()) {
    const volumes = volumesOf(panel, s).subarray(-window);
    const closes = closesOf(panel, s).subarray(-window);
    const dollarVolumes = [...volumes].flatMap((volume, i) =>
      isPrice(closes[i]) && volume >= 0 && volume < Infinity ? [closes[i]! * volume] : [],
    );
    const dollars = median(dollarVolumes);
    if (dollars !== null && dollars > 0 && covers(dollarVolumes.length, window)) traded.push({ symbol, dollars });
  }
  return traded
    .sort((a, b) => b.dollars - a.dollars || (a.symbol < b.symbol ? -1 : 1))
    .slice(0, n)
    .map((entry) => entry.symbol);
}
