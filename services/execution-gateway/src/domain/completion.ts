import { fact, ScheduleCompleted, type DataOf, type Fact, type Instant, type Side } from '@ballast/contracts';
import { Decimal, decimal, formatDecimal } from '@ballast/kernel/money';
import type { MarketFigures } from '../messages.js';
import type { ParentOrder } from './schedule.js';

/** A parent all of whose children have ended, with what they came to. */
export interface EndedParent extends Pick<ParentOrder, 'horizonEndAt' | 'ending' | 'sessionClose'> {
  readonly parentOrderId: string;
  readonly cycleId: string;
  readonly portfolioId: string;
  readonly account: string;
  readonly symbol: string;
  readonly side: Side;
  readonly quantity: string;
  readonly filledQuantity: string;
  readonly filledNotional: string;
  /** What children did not fill that ended by something which no rule of the schedule works against. */
  readonly lostQuantity: string;
  readonly arrivalPrice: string | null;
  /** Why children were void, each once, sorted. */
  readonly codes: readonly string[];
  readonly lastSlice: number;
  /** The most that the plan gave to one slice. */
  readonly largestPlanned: string;
  /** When its first order left and when the last one that left ended; null where none left. */
  readonly firstSubmittedAt: Instant | null;
  readonly lastEndedAt: Instant | null;
  /** By how many milliseconds each order left after it was due, smallest first. */
  readonly latenessMs: readonly number[];
  /** Whether the venue was asked what the market did meanwhile. */
  readonly benchmark: 'none' | 'wanted' | 'asked' | 'answered';
  readonly market: MarketAnswer | null;
}

/** What the venue said of the market over a parent's time, or why it is not known. */
export interface MarketAnswer {
  readonly figures: MarketFigures | null;
  readonly reason: string | null;
}

export type Report = NonNullable<DataOf<typeof ScheduleCompleted>['report']>;

const PRICE_DECIMALS = 9;
const BP_DECIMALS = 4;
const RATIO_DECIMALS = 6;
/** A slice should leave within this of its due time. */
const LATE_MS = 1_000;

/** Sums a parent up: how much it filled, at what average, how much worse than the mid it arrived at, and its report. */
export function completeParent(parent: EndedParent): Fact<'execution'> {
  const filled = decimal(parent.filledQuantity);
  const average = averageOf(parent);
  const { cycleId, portfolioId, account, parentOrderId, symbol, side, quantity, filledQuantity, arrivalPrice } = parent;
  const status = statusOf(filled, decimal(quantity));
  return fact(ScheduleCompleted, {
    cycleId,
    portfolioId,
    account,
    parentOrderId,
    symbol,
    side,
    quantity,
    filledQuantity,
    status,
    averagePrice: average ? formatDecimal(average.toDecimalPlaces(PRICE_DECIMALS)) : null,
    arrivalPrice,
    slippageBp: slippageBp(side, average, arrivalPrice),
    reason: status === 'filled' || parent.codes.length === 0 ? null : parent.codes.join(', '),
    report: reportOf(parent),
  });
}

/** How a parent was worked, beside what the market did meanwhile; what is not known is null, with the reason. */
export function reportOf(parent: EndedParent): Report {
  const { firstSubmittedAt, lastEndedAt, latenessMs, market, filledQuantity } = parent;
  return {
    from: firstSubmittedAt,
    to: lastEndedAt,
    ...marketOf(market),
    shortfallBp: shortfallBp(parent, market?.figures?.lastPrice ?? null),
    participation: participationOf(filledQuantity, market?.figures?.volume ?? null),
    lateness: {
      orders: latenessMs.length,
      p50Ms: latenessMs[Math.ceil(latenessMs.length / 2) - 1] ?? null,
      maxMs: latenessMs.at(-1) ?? null,
      overOneSecond: latenessMs.filter((ms) => ms > LATE_MS).length,
    },
  };
}

function marketOf(market: MarketAnswer | null) {
  const { twap, vwap, volume, lastPrice } = market?.figures ?? UNKNOWN_MARKET;
  const marketReason = market ? market.reason : 'nothing of it left';
  return { marketTwap: twap, marketVwap: vwap, marketVolume: volume, lastPrice, marketReason };
}

const UNKNOWN_MARKET = { twap: null, vwap: null, volume: null, lastPrice: null };

/** What was filled over what all traded; null where that is not known, or nothing did. */
function participationOf(filledQuantity: string, volume: string | null): string | null {
  if (volume === null || decimal(volume).isZero()) return null;
  const part = decimal(filledQuantity).div(volume);
  return formatDecimal(part.toDecimalPlaces(RATIO_DECIMALS, Decimal.ROUND_HALF_UP));
}

const averageOf = ({ filledQuantity, filledNotional }: EndedParent): Decimal | null =>
  decimal(filledQuantity).isZero() ? null : decimal(filledNotional).div(filledQuantity);

function statusOf(filled: Decimal, quantity: Decimal): DataOf<typeof ScheduleCompleted>['status'] {
  if (filled.greaterThanOrEqualTo(quantity)) return 'filled';
  return filled.isZero() ? 'unfilled' : 'partially_filled';
}

/** (average − arrival) ÷ arrival in basis points, turned around for sells, so that positive is worse; null without both prices. */
export function slippageBp(side: Side, average: Decimal | null, arrivalPrice: string | null): string | null {
  const arrival = arrivalPrice === null ? null : decimal(arrivalPrice);
  if (!average || !arrival || arrival.isZero()) return null;
  return bpText(average.minus(arrival), arrival, side);
}

/**
 * Implementation shortfall (Perold 1988) in basis points of the paper trade: what was filled against its price, and what was
 * not against the last price, both against arrival; positive is worse. Null where a price that it needs is not known.
 */
function shortfallBp(parent: EndedParent, lastPrice: string | null): string | null {
  const { side, quantity, filledQuantity, filledNotional, arrivalPrice } = parent;
  const arrival = arrivalPrice === null ? null : decimal(arrivalPrice);
  if (!arrival || arrival.isZero()) return null;
  const unfilled = Decimal.max(0, decimal(quantity).minus(filledQuantity));
  if (unfilled.greaterThan(0) && lastPrice === null) return null;
  const paid = decimal(filledNotional).minus(arrival.times(filledQuantity));
  const missed = unfilled.isZero() ? decimal('0') : unfilled.times(decimal(lastPrice!).minus(arrival));
  return bpText(paid.plus(missed), arrival.times(quantity), side);
}

function bpText(cost: Decimal, of: Decimal, side: Side): string {
  const bp = cost
    .div(of)
    .times(10_000)
    .times(side === 'buy' ? 1 : -1);
  const rounded = bp.toDecimalPlaces(BP_DECIMALS, Decimal.ROUND_HALF_UP);
  return rounded.isZero() ? '0' : formatDecimal(rounded);
}

/** The middle between bid and ask; null where either side is missing or they are crossed. */
export function midOf(quote: { readonly bid: string; readonly ask: string }): string | null {
  const [bid, ask] = [decimal(quote.bid), decimal(quote.ask)];
  if (bid.isZero() || ask.isZero() || bid.greaterThan(ask)) return null;
  return formatDecimal(bid.plus(ask).div(2));
}
