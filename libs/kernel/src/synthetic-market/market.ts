import { nextSession, sessionOf } from '../calendar/index.js';
import { KernelError } from '../money/index.js';
import { rng } from '../random/index.js';
import { factorWalk } from './factors.js';
import { nameWalk } from './name.js';
import { SECTORS } from './types.js';
import type { SyntheticBar, SyntheticMarket, SyntheticMarketInput, SyntheticSplit } from './types.js';

/**
 * Makes a market that never was, for machines without data: names SYN001, SYN002, ... so that nobody takes them for
 * real. Returns follow a market, eleven sectors and the name itself; volatility follows regimes; opens gap, news jumps,
 * shares split. The seed decides everything, and more sessions or more symbols change no earlier bar.
 *
 * Prices and volumes are split-adjusted to the share count of the first session, not of the last as vendors do: only so
 * can later splits leave earlier bars alone. The price a share traded at is the bar's price divided by the product of
 * the ratios of its splits up to that date.
 * @throws KernelError INVALID_COUNT; INVALID_DATE and CALENDAR_OUT_OF_RANGE from the calendar.
 */
export function syntheticMarket({ seed, symbols, from, sessions }: SyntheticMarketInput): SyntheticMarket {
  requireCount('symbols', symbols);
  requireCount('sessions', sessions);
  const random = rng(seed);
  const nextFactors = factorWalk(random.fork('factors'));
  const names = Array.from({ length: symbols }, (_, i) => {
    const symbol = `SYN${String(i + 1).padStart(3, '0')}`;
    const sector = i % SECTORS.length;
    return { symbol, sector: SECTORS[sector]!, nextDay: nameWalk(random.fork(symbol), sector) };
  });
  const bars: SyntheticBar[] = [];
  const splits: SyntheticSplit[] = [];
  let { date } = sessionOf(from) ?? nextSession(from);
  for (let session = 0; session < sessions; session += 1) {
    if (session > 0) ({ date } = nextSession(date));
    const factors = nextFactors();
    for (const { symbol, nextDay } of names) {
      const { bar, splitRatio } = nextDay(factors);
      const { open, high, low, close, volume } = bar;
      bars.push({ date, symbol, open, high, low, close, volume });
      if (splitRatio !== null) splits.push({ date, symbol, ratio: splitRatio });
    }
  }
  return { bars, sectors: names.map(({ symbol, sector }) => ({ symbol, sector })), splits };
}

function requireCount(name: string, count: number): void {
  if (!Number.isInteger(count) || count < 1) {
    throw new KernelError('INVALID_COUNT', `${name} is ${count}; give a whole number of at least 1.`);
  }
}
