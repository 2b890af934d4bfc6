import { D, KernelError, roundDownTo, sum } from '../money/index.js';
import type { Decimal } from '../money/index.js';

/** What a portfolio should hold of a symbol, as a fraction of equity after the cash buffer. */
export interface Target {
  readonly symbol: string;
  readonly weight: number;
}

/** What `targetsToTrades` looks at. Money and quantities are decimals. */
export interface TradeInputs {
  /** Weights of zero or more that add up to 1 at most. A symbol that is held and not named is sold. */
  readonly targets: readonly Target[];
  /** Value of the whole portfolio, cash included. */
  readonly equity: Decimal;
  /** The fraction of equity that stays cash, from 0 to 1. */
  readonly cashBufferFraction: number;
  /** Units held a symbol, none below zero. */
  readonly positions: ReadonlyMap<string, Decimal>;
  /** What orders still working would add to a position: above zero buying, below zero selling. */
  readonly working: ReadonlyMap<string, Decimal>;
  /** Reference price a unit. */
  readonly marks: ReadonlyMap<string, Decimal>;
  /** Trades are cut to whole lots; an odd rest is only sold when the position is closed. 1 where left out. */
  readonly lotSize?: Decimal;
  /** Trades of a lower value are left out, unless they close a position. */
  readonly minNotional: Decimal;
}

/** One trade towards the targets. */
export interface Trade {
  readonly symbol: string;
  readonly side: 'buy' | 'sell';
  readonly qty: Decimal;
  readonly refPrice: Decimal;
  /** qty × refPrice, exact. */
  readonly notional: Decimal;
}

/** Trades, sells before buys and then by symbol, and the symbols that could not be traded for want of a price. */
export interface TradeList {
  readonly trades: Trade[];
  readonly unpriced: string[];
}

/**
 * Turns target weights into trades against positions and orders still working. Long only.
 *
 * The wanted quantity is equity × (1 − buffer) × weight / mark, cut down to lots; the trade is what lacks or exceeds it
 * once working orders have filled. A sell never exceeds the position less what is already being sold. A symbol with no
 * mark above zero is never traded; it is `unpriced` where it has a target, a position or a working order.
 * Throws `INVALID_EQUITY`, `INVALID_BUFFER`, `INVALID_TARGET` (negative, not finite, named twice, or above 1 in all),
 * `INVALID_POSITION` (a short), `INVALID_INCREMENT`.
 */
export function targetsToTrades(inputs: TradeInputs): TradeList {
  requireInputs(inputs);
  const weights = new Map(inputs.targets.map(({ symbol, weight }) => [symbol, weight]));
  const investable = new D(inputs.equity).times(new D(1).minus(inputs.cashBufferFraction));
  const trades: Trade[] = [];
  const unpriced: string[] = [];
  for (const symbol of [...new Set([...weights.keys(), ...inputs.positions.keys(), ...inputs.working.keys()])].sort()) {
    const weight = weights.get(symbol) ?? 0;
    const held = inputs.positions.get(symbol) ?? new D(0);
    const working = inputs.working.get(symbol) ?? new D(0);
    if (weight === 0 && held.isZero() && working.isZero()) continue;
    const mark = inputs.marks.get(symbol);
    if (!mark || !mark.isFinite() || mark.lessThanOrEqualTo(0)) {
      unpriced.push(symbol);
      continue;
    }
    const wanted = roundDownTo(investable.times(weight).div(mark), inputs.lotSize ?? new D(1));
    const trade = towards(symbol, wanted, { held, working, mark }, inputs);
    if (trade) trades.push(trade);
  }
  return { trades: trades.sort((a, b) => (a.side === b.side ? 0 : a.side === 'sell' ? -1 : 1)), unpriced };
}

function towards(
  symbol: string,
  wanted: Decimal,
  { held, working, mark }: { held: Decimal; working: Decimal; mark: Decimal },
  { lotSize = new D(1), minNotional }: TradeInputs,
): Trade | undefined {
  const gap = wanted.minus(held).minus(working);
  const closes = wanted.isZero();
  const side = gap.isNegative() ? 'sell' : 'buy';
  // More is being sold than is held: that is for the orders to settle, not for a purchase of what is not wanted.
  if (closes && side === 'buy') return undefined;
  const sellable = D.max(0, held.plus(D.min(0, working)));
  const most = side === 'sell' ? D.min(gap.abs(), sellable) : gap;
  const qty = closes ? most : roundDownTo(most, lotSize);
  const notional = qty.times(mark);
  if (qty.isZero() || (!closes && notional.lessThan(minNotional))) return undefined;
  return { symbol, side, qty, refPrice: mark, notional };
}

function requireInputs({ targets, equity, cashBufferFraction, positions, working }: TradeInputs): void {
  if (!equity.isFinite() || equity.isNegative()) {
    throw new KernelError('INVALID_EQUITY', `Equity must be zero or more, not ${equity.toString()}.`);
  }
  if (!(cashBufferFraction >= 0 && cashBufferFraction <= 1)) {
    throw new KernelError(
      'INVALID_BUFFER',
      `The cash buffer must be a fraction from 0 to 1, not ${cashBufferFraction}.`,
    );
  }
  const bad = targets.find(({ weight }) => !Number.isFinite(weight) || weight < 0);
  if (bad) {
    throw new KernelError('INVALID_TARGET', `The weight of ${bad.symbol} must be zero or more, not ${bad.weight}.`);
  }
  if (new Set(targets.map(({ symbol }) => symbol)).size !== targets.length) {
    throw new KernelError('INVALID_TARGET', 'A symbol is named twice in the targets; give each one weight.');
  }
  const total = sum(targets.map(({ weight }) => new D(weight)));
  // Weights come from floating point; 1e-9 is the precision they are hashed with.
  if (total.greaterThan('1.000000001')) {
    throw new KernelError('INVALID_TARGET', `The weights add up to ${total.toString()}; they must not exceed 1.`);
  }
  for (const [symbol, qty] of positions) {
    if (!qty.isFinite() || qty.isNegative()) {
      throw new KernelError('INVALID_POSITION', `${symbol} is held short or unknown (${qty.toString()}); long only.`);
    }
  }
  for (const [symbol, qty] of working) {
    if (!qty.isFinite()) {
      throw new KernelError('INVALID_POSITION', `The working quantity of ${symbol} is not a finite number.`);
    }
  }
}
