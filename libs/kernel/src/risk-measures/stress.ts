import { D, KernelError } from '../money/index.js';
import type { Decimal } from '../money/index.js';

/**
 * What happens to prices all at once, as fractions: −0.1 is a fall of 10 %. A name moves by its own shock where `symbols` has it, else by
 * its sector's where `sectors` has it, else by beta × market plus exposure × shock over the factors.
 */
export interface Scenario {
  readonly name: string;
  readonly market?: number;
  readonly factors?: Readonly<Record<string, number>>;
  readonly sectors?: Readonly<Record<string, number>>;
  readonly symbols?: Readonly<Record<string, number>>;
}

/** What a name is exposed to. Undefined or not finite is unknown: neither zero nor one. */
export interface Sensitivity {
  readonly symbol: string;
  readonly sector?: string | null | undefined;
  readonly beta?: number | null | undefined;
  readonly factors?: Readonly<Record<string, number>> | undefined;
}

/** The fraction by which the price of a name moves in a scenario; null where an exposure that it needs is unknown. */
export function shockOf(scenario: Scenario, { symbol, sector, beta, factors = {} }: Sensitivity): number | null {
  const own = valueOf(scenario.symbols, symbol);
  if (own !== undefined) return own;
  if (scenario.sectors !== undefined && typeof sector !== 'string') return null;
  const ofSector = valueOf(scenario.sectors, sector ?? '');
  if (ofSector !== undefined) return ofSector;
  let shock = 0;
  if (scenario.market !== undefined) {
    if (!isNumber(beta)) return null;
    shock += beta * scenario.market;
  }
  for (const [factor, move] of Object.entries(scenario.factors ?? {})) {
    const exposure = valueOf(factors, factor);
    if (!isNumber(exposure)) return null;
    shock += exposure * move;
  }
  // A price does not fall by more than all of it, however large the beta.
  return Math.max(-1, shock);
}

/** A fall of the whole market by a tenth. */
export const MARKET_DOWN_10: Scenario = { name: 'market_down_10', market: -0.1 };

/** Closes of the S&P 500 between which a scenario fell; the shock is computed from them, so that anyone can check it. */
const FALLS = [
  ['black_monday_1987', '1987-10-16', 282.7, '1987-10-19', 224.84],
  ['dot_com_2000_2002', '2000-03-24', 1527.46, '2002-10-09', 776.76],
  ['financial_crisis_2007_2009', '2007-10-09', 1565.15, '2009-03-09', 676.53],
  ['covid_2020', '2020-02-19', 3386.15, '2020-03-23', 2237.4],
  ['inflation_2022', '2022-01-03', 4796.56, '2022-10-12', 3577.03],
] as const;

/** Falls of the S&P 500 from close to close, price only, as shocks to the market. */
export const HISTORICAL_SCENARIOS: readonly Scenario[] = FALLS.map(([name, , before, , after]) => ({
  name,
  market: after / before - 1,
}));

/** A position as a part of equity, above zero long, below it short; `beta` null where it is not known. */
export interface BetaPosition {
  readonly name: string;
  readonly weight: Decimal;
  readonly beta: Decimal | null;
}

/**
 * What a book gains, in the currency of equity, when the market moves by `shock`: equity × Σ weight × beta × shock.
 * @throws KernelError UNKNOWN_BETA naming the positions whose beta is not known: a sum without them would be another book's.
 */
export function stressByBeta(positions: readonly BetaPosition[], shock: Decimal, equity: Decimal): Decimal {
  const unknown = positions.filter(({ beta }) => beta === null).map(({ name }) => name);
  if (unknown.length > 0) {
    throw new KernelError(
      'UNKNOWN_BETA',
      `The beta of ${unknown.join(', ')} is not known; measure it or leave the position out.`,
    );
  }
  return positions
    .reduce((sum, { weight, beta }) => sum.plus(weight.times(beta!)), new D(0))
    .times(shock)
    .times(equity);
}

const isNumber = (value: number | null | undefined): value is number =>
  typeof value === 'number' && Number.isFinite(value);

const valueOf = (record: Readonly<Record<string, number>> | undefined, key: string): number | undefined =>
  record !== undefined && Object.hasOwn(record, key) ? record[key] : undefined;
