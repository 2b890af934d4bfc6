import type { Rng } from '../random/index.js';
import { SECTORS } from './types.js';

/** Log returns that names share in one session, overnight and from open to close. */
export interface SessionFactors {
  /** How wild the session is: 1 is normal. It scales everything that is a name's own, too. */
  readonly turbulence: number;
  readonly market: Move;
  readonly sectors: readonly Move[];
}

export interface Move {
  readonly overnight: number;
  readonly intraday: number;
}

interface Regime {
  readonly drift: number;
  readonly deviation: number;
  readonly turbulence: number;
  /** Chance a session to move one regime calmer or wilder. */
  readonly calmer: number;
  readonly wilder: number;
}

/** Daily numbers. Calm and normal markets last months, a turbulent one about four weeks. */
const REGIMES: readonly Regime[] = [
  { drift: 0.0006, deviation: 0.006, turbulence: 0.8, calmer: 0, wilder: 0.015 },
  { drift: 0.0004, deviation: 0.01, turbulence: 1, calmer: 0.012, wilder: 0.01 },
  { drift: -0.0008, deviation: 0.022, turbulence: 1.6, calmer: 0.05, wilder: 0 },
];
const NORMAL_REGIME = 1;
const SECTOR_DEVIATION = 0.005;
/** A quarter of the variance of a day falls between its close and the next open. */
const OVERNIGHT_VARIANCE = 0.25;

/** An endless walk of the common factors: each call is the next session. Volatility follows a Markov chain of regimes. */
export function factorWalk(random: Rng): () => SessionFactors {
  const marketRandom = random.fork('market');
  const sectorRandoms = SECTORS.map((sector) => random.fork(`sector ${sector}`));
  let current = NORMAL_REGIME;
  return () => {
    const { calmer, wilder } = REGIMES[current]!;
    const roll = marketRandom.uniform();
    if (roll < calmer) current -= 1;
    else if (roll > 1 - wilder) current += 1;
    const { drift, deviation, turbulence } = REGIMES[current]!;
    return {
      turbulence,
      market: drawMove(marketRandom, deviation, drift),
      sectors: sectorRandoms.map((sectorRandom) => drawMove(sectorRandom, SECTOR_DEVIATION * turbulence, 0)),
    };
  };
}

/** Draws a session's log return with the given daily deviation, split into its overnight and its intraday part. */
export function drawMove(random: Rng, deviation: number, drift: number): Move {
  return {
    overnight: deviation * Math.sqrt(OVERNIGHT_VARIANCE) * random.normal(),
    intraday: drift + deviation * Math.sqrt(1 - OVERNIGHT_VARIANCE) * random.normal(),
  };
}
