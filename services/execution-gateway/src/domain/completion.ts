import { fact, ScheduleCompleted, type DataOf, type Fact, type Side } from '@ballast/contracts';
import { Decimal, decimal, formatDecimal } from '@ballast/kernel/money';

/** A parent all of whose children have ended, with what they filled. */
export interface EndedParent {
  readonly parentOrderId: string;
  readonly cycleId: string;
  readonly portfolioId: string;
  readonly account: string;
  readonly symbol: string;
  readonly side: Side;
  readonly quantity: string;
  readonly filledQuantity: string;
  readonly filledNotional: string;
  readonly arrivalPrice: string | null;
  /** Why children were void, each once, sorted. */
  readonly codes: readonly string[];
}

const PRICE_DECIMALS = 9;
const BP_DECIMALS = 4;

/** Sums a parent up: how much it filled, at what average, and how much worse than the mid it arrived at. */
export function completeParent(parent: EndedParent): Fact<'execution'> {
  const filled = decimal(parent.filledQuantity);
  const average = filled.isZero() ? null : decimal(parent.filledNotional).div(filled);
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
  });
}

function statusOf(filled: Decimal, quantity: Decimal): DataOf<typeof ScheduleCompleted>['status'] {
  if (filled.greaterThanOrEqualTo(quantity)) return 'filled';
  return filled.isZero() ? 'unfilled' : 'partially_filled';
}

/** (average − arrival) ÷ arrival in basis points, turned around for sells, so that positive is worse; null without both prices. */
export function slippageBp(side: Side, average: Decimal | null, arrivalPrice: string | null): string | null {
  const arrival = arrivalPrice === null ? null : decimal(arrivalPrice);
  if (!average || !arrival || arrival.isZero()) return null;
  const bp = average
    .minus(arrival)
    .div(arrival)
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
