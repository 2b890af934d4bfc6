import { millisecondsBetween } from '@ballast/kernel/calendar';
import type { Instant } from '@ballast/kernel/calendar';
import { almgren2005, propagator } from '@ballast/kernel/impact';
import type { AdditiveImpactModel, ImpactSlice } from '@ballast/kernel/impact';
import { D, Decimal } from '@ballast/kernel/money';
import type { FlowSlice } from './flow.js';
import { MINUTE_MS } from './market.js';
import type { Bar } from './market.js';
import type { Side } from './order.js';
import { refuse } from './refusal.js';
import type { Refusal } from './refusal.js';
import type { SizedQuote, Tape, TapeEvent } from './tape.js';

/** By which model the venue's own fills move its prices, with the parameters of its source. */
export type ImpactRules =
  | {
      readonly model: 'almgren2005';
      /** Θ/V: shares outstanding over the shares of an average day. */
      readonly outstandingOverVolume: number;
      /** What is taken on one side within so many minutes counts as one order that is executed in that time. */
      readonly minutes: number;
    }
  | {
      readonly model: 'propagator';
      /** Y. */
      readonly prefactor: number;
      /** β and t0 of the decay (1 + t/t0)^-β, t0 in minutes. */
      readonly decayExponent: number;
      readonly decayMinutes: number;
    };

/** How orders move the prices of one symbol on one day. */
export interface Impact {
  readonly model: AdditiveImpactModel;
  /** Shares of an average day. */
  readonly averageVolume: Decimal;
  /** Within how many minutes the fills of one side are one order; 0: those of one instant. */
  readonly minutes: number;
}

const BASIS_POINTS = 10_000;
/** Basis points are rounded here, so that what binary fractions leave of nothing is no tick. */
const BP_DECIMALS = 6;
/** A size that is smaller beside what came before it would drown in rounding; it pays as this part of that would. */
const SMALLEST_PART = 1e-6;
/** A model that looks at no rate of trading is asked about any time. */
const ANY_MINUTES = 1;
/** Ticks of US stocks: a cent from a dollar on, below it a hundredth of one (Regulation NMS, rule 612). */
const [TICK, SMALL_TICK] = [new D('0.01'), new D('0.0001')];
const ZERO = new D(0);

/**
 * The impact on a symbol by what is known of it. Out: null where no average volume or volatility is known: nothing may be
 * filled then.
 */
export function impactOn(bar: Bar, rules: ImpactRules): Impact | null {
  const averageVolume = averageVolumeOf(bar);
  const volatility = volatilityOf(bar);
  if (averageVolume === null || volatility === null) return null;
  if (rules.model === 'almgren2005') {
    const { outstandingOverVolume, minutes } = rules;
    return { averageVolume, minutes, model: almgren2005({ volatility, outstandingOverVolume }) };
  }
  const { prefactor, decayExponent, decayMinutes } = rules;
  return { averageVolume, minutes: 0, model: propagator({ volatility, prefactor, decayExponent, decayMinutes }) };
}

/** Refuses an order of a symbol whose impact cannot be told. */
export function unknownImpact(bar: Bar, rules: ImpactRules | null): Refusal | null {
  if (rules === null || impactOn(bar, rules) !== null) return null;
  const unknown = [
    ...(averageVolumeOf(bar) === null ? ['average_volume, and no volume of the day in its place'] : []),
    ...(volatilityOf(bar) === null ? ['volatility, and no range of the day in its place'] : []),
  ].join('; and no ');
  return refuse(
    422,
    42210000,
    `the market impact "${rules.model}" of ${bar.symbol} cannot be told: POST /sim/market gave its bar no ${unknown}`,
  );
}

/** What the host told, else the volume of the day itself; null where neither is above zero. */
function averageVolumeOf({ averageVolume, volume }: Bar): Decimal | null {
  const known = averageVolume ?? volume;
  return known?.greaterThan(0) ? known : null;
}

/**
 * What the host told, else Parkinson's estimate from the day's range: ln(high / low) / √(4 ln 2) (Parkinson 1980). Null where
 * the day has no range.
 */
function volatilityOf({ volatility, high, low }: Bar): number | null {
  const known = volatility ?? Math.log(high.div(low).toNumber()) / Math.sqrt(4 * Math.LN2);
  return known > 0 ? known : null;
}

/**
 * By how much quotes stand moved at an instant by what was taken up to it, in basis points, above zero for upwards: what
 * each fill left, buys against sells.
 */
export function movedBp(impact: Impact, slices: readonly FlowSlice[], at: Instant): number {
  return movesOf(impact, slices)(at);
}

/** The same for many instants: a tape asks at each of its events. */
function movesOf(impact: Impact, slices: readonly FlowSlice[]): (at: Instant) => number {
  const made = slices.map(({ at, side, qty }) => ({
    ...{ at, ms: Date.parse(at), sign: signOf(side), slice: sliceOf(impact, fractionOf(impact, qty)) },
  }));
  return (now) => {
    const nowMs = Date.parse(now);
    const leftOf = ({ ms, slice }: (typeof made)[number]): number =>
      impact.model.leftBp(slice, (nowMs - ms) / MINUTE_MS);
    return made.reduce((sum, each) => (each.at <= now ? sum + each.sign * leftOf(each) : sum), 0);
  };
}

/**
 * What taking `qty` now pays on average above the quote that stands (a sale: below it), in basis points. What its side took
 * within the model's minutes before it is of one order with it, so that nothing is saved by cutting an order at one moment.
 */
export function paidBp(impact: Impact, slices: readonly FlowSlice[], side: Side, qty: Decimal, at: Instant): number {
  const before = slices.filter((slice) => slice.side === side && isRecent(impact, slice, at));
  const had = fractionOf(
    impact,
    before.reduce((sum, slice) => sum.plus(slice.qty), ZERO),
  );
  const more = Math.max(fractionOf(impact, qty), had * SMALLEST_PART);
  const together = (costOf(impact, had + more) - costOf(impact, had)) / more;
  // What they have left is in the quote already.
  return together - Math.abs(movedBp(impact, before, at));
}

/** The average price of taking `qty` from a quote's price: a whole tick, rounded against whoever takes; a tick at least. */
export function priceTaken(quoted: Decimal, side: Side, bp: number): Decimal {
  const tick = tickOf(quoted);
  const paid = quoted.plus(partOf(quoted, signOf(side) * bp)).div(tick);
  const rounded = paid.toDecimalPlaces(0, side === 'buy' ? Decimal.ROUND_CEIL : Decimal.ROUND_FLOOR);
  return D.max(rounded.times(tick), tick);
}

/**
 * A tape as everybody sees it after what was taken here: quotes and trades moved by whole ticks, to the nearest, so that a
 * move that has decayed is gone.
 */
export function movedTape(tape: Tape, impact: Impact, slices: readonly FlowSlice[]): Tape {
  if (slices.length === 0) return tape;
  const bpAt = movesOf(impact, slices);
  return {
    quoteAt: (at) => {
      const quote = tape.quoteAt(at);
      return quote && movedQuote(quote, bpAt(at));
    },
    *events(after, until) {
      for (const event of tape.events(after, until)) yield movedEvent(event, bpAt(event.at));
    },
    volumeIn: (from, to) => tape.volumeIn(from, to),
  };
}

function movedEvent(event: TapeEvent, bp: number): TapeEvent {
  if (event.kind === 'trade') return { ...event, low: movedPrice(event.low, bp), high: movedPrice(event.high, bp) };
  const quote = movedQuote(event.quote, bp);
  return { ...event, quote, price: event.price && quote.mid };
}

const movedQuote = (quote: SizedQuote, bp: number): SizedQuote => ({
  ...quote,
  bid: movedPrice(quote.bid, bp),
  ask: movedPrice(quote.ask, bp),
  mid: movedPrice(quote.mid, bp),
});

/** A price moved by whole ticks, never below one. The higher of two prices stays the higher or equal, so that no quote is crossed. */
export function movedPrice(price: Decimal, bp: number): Decimal {
  const tick = tickOf(price);
  const ticks = partOf(price, bp).div(tick).toDecimalPlaces(0, Decimal.ROUND_HALF_UP);
  return ticks.isZero() ? price : D.max(price.plus(ticks.times(tick)), tick);
}

/** Cost of a part of the average day as one order, in basis points times that part; the model's average times its size. */
function costOf(impact: Impact, volumeFraction: number): number {
  if (volumeFraction === 0) return 0;
  const [average = Number.NaN] = impact.model.paidBp([sliceOf(impact, volumeFraction)]);
  return average * volumeFraction;
}

function sliceOf({ minutes }: Impact, volumeFraction: number): ImpactSlice {
  return { volumeFraction, startMinutes: 0, minutes: minutes === 0 ? ANY_MINUTES : minutes };
}

function isRecent({ minutes }: Impact, { at }: FlowSlice, now: Instant): boolean {
  return at === now || millisecondsBetween(at, now) < minutes * MINUTE_MS;
}

const fractionOf = ({ averageVolume }: Impact, qty: Decimal): number => qty.div(averageVolume).toNumber();
const signOf = (side: Side): 1 | -1 => (side === 'buy' ? 1 : -1);
const tickOf = (price: Decimal): Decimal => (price.lessThan(1) ? SMALL_TICK : TICK);
const partOf = (price: Decimal, bp: number): Decimal =>
  price.times(new D(bp).toDecimalPlaces(BP_DECIMALS)).div(BASIS_POINTS);
