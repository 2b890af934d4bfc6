import type { Rng } from '../random/index.js';
import { drawMove } from './factors.js';
import type { SessionFactors } from './factors.js';
import type { SyntheticBar } from './types.js';

/** The next session of one name: its bar, and the ratio of the split that took effect before it, if one did. */
export interface NameSession {
  readonly bar: Omit<SyntheticBar, 'date' | 'symbol'>;
  readonly splitRatio: number | null;
}

interface Traits {
  readonly marketBeta: number;
  readonly sectorBeta: number;
  readonly deviation: number;
  readonly sharesADay: number;
}

/** Earnings and other news: once a quarter or so, between two sessions. */
const NEWS_CHANCE = 1 / 63;
const NEWS_DEVIATION = 0.04;
/** Companies split when a share has become dear, and join shares when it has become a penny stock. */
const SPLIT_ABOVE = 150;
const SPLIT_CHANCE = 1 / 120;
const SPLIT_RATIOS = [2, 2, 2, 3, 4] as const;
const JOIN_BELOW = 4;
const JOIN_CHANCE = 1 / 60;
const JOIN_RATIO = 0.1;
/** Nobody defaults here: prices stop falling at one unit of money on the share count of the first session. */
const PRICE_MIN = 1;

/** An endless walk of one name: each call takes the session's common factors and gives its bar. */
export function nameWalk(random: Rng, sector: number): (factors: SessionFactors) => NameSession {
  const traits = drawTraits(random);
  let close = Math.exp(Math.log(20) + random.uniform() * Math.log(7));
  let sharesPerFirst = 1;
  return (factors) => {
    const splitRatio = drawSplit(random, close / sharesPerFirst);
    sharesPerFirst *= splitRatio ?? 1;
    const { overnight, intraday } = ownAndCommonMove(random, traits, factors, sector);
    const open = Math.max(PRICE_MIN, close * Math.exp(overnight));
    close = Math.max(PRICE_MIN, open * Math.exp(intraday));
    const reach = 0.4 * traits.deviation * factors.turbulence;
    const high = Math.max(open, close) * Math.exp(reach * Math.abs(random.normal()));
    const low = Math.min(open, close) * Math.exp(-reach * Math.abs(random.normal()));
    const surprise = Math.abs(overnight + intraday) / traits.deviation;
    const volume = traits.sharesADay * Math.exp(0.3 * random.normal() + 0.15 * Math.min(surprise, 8));
    const bar = { open: cents(open), high: cents(high), low: cents(low), close: cents(close) };
    return { bar: { ...bar, volume: Math.max(1, Math.round(volume)) }, splitRatio };
  };
}

function drawTraits(random: Rng): Traits {
  return {
    marketBeta: 0.5 + random.uniform(),
    sectorBeta: 0.5 + random.uniform(),
    deviation: 0.008 + 0.014 * random.uniform() ** 2,
    sharesADay: Math.exp(Math.log(200_000) + random.uniform() * Math.log(100)),
  };
}

function ownAndCommonMove(random: Rng, traits: Traits, factors: SessionFactors, sector: number) {
  const { marketBeta, sectorBeta, deviation } = traits;
  const { market, turbulence } = factors;
  const common = factors.sectors[sector]!;
  const own = drawMove(random, deviation * turbulence, 0);
  const news = random.uniform() < NEWS_CHANCE ? NEWS_DEVIATION * random.normal() : 0;
  return {
    overnight: marketBeta * market.overnight + sectorBeta * common.overnight + own.overnight + news,
    intraday: marketBeta * market.intraday + sectorBeta * common.intraday + own.intraday,
  };
}

/** Decides on the price a share really trades at, which is the bar's price over the shares that one has become. */
function drawSplit(random: Rng, tradedAt: number): number | null {
  const roll = random.uniform();
  if (tradedAt > SPLIT_ABOVE && roll < SPLIT_CHANCE) return random.pick(SPLIT_RATIOS);
  return tradedAt < JOIN_BELOW && roll < JOIN_CHANCE ? JOIN_RATIO : null;
}

function cents(price: number): number {
  return Math.round(price * 100) / 100;
}
