import type { Instant, OrderTerms, Purpose, Side } from '@ballast/contracts';
import { Decimal, decimal, formatDecimal } from '@ballast/kernel/money';
import type { ChildOrder } from './child-order.js';

/** A parent order with how far it came, as the view parent_order_status sums it up. Quantities and money are decimal text. */
export interface ParentProgress {
  readonly orderId: string;
  readonly cycleId: string;
  readonly portfolioId: string;
  readonly account: string;
  readonly symbol: string;
  readonly side: Side;
  readonly purpose: Purpose;
  readonly quantity: string;
  readonly referencePrice: string;
  readonly arrivalPrice: string | null;
  /** Null where it is worked by slices at the market. */
  readonly terms: OrderTerms | null;
  readonly status: ParentStatus;
  readonly slices: {
    readonly total: number;
    readonly planned: number;
    readonly submitted: number;
    readonly working: number;
    readonly filled: number;
    /** Ended without being filled whole; what they filled in part counts. */
    readonly void: number;
  };
  readonly filledQuantity: string;
  readonly filledNotional: string;
  /** Why slices are void, each code once, sorted. */
  readonly codes: readonly string[];
  readonly plannedAt: Instant;
}

/** Slices are still to leave; all have left or are void, and some work; all have ended. */
export const PARENT_STATUSES = ['pending', 'active', 'complete'] as const;
export type ParentStatus = (typeof PARENT_STATUSES)[number];

const PRICE_DECIMALS = 9;

/** What fills cost or brought on average, in US dollars with nine decimals; null without any. */
export function averagePrice(filledQuantity: string, filledNotional: string): string | null {
  const filled = decimal(filledQuantity);
  if (filled.isZero()) return null;
  return formatDecimal(decimal(filledNotional).div(filled).toDecimalPlaces(PRICE_DECIMALS, Decimal.ROUND_HALF_UP));
}

/** A parent order as people are shown it, with what came of it once it is complete. */
export function shownParent(parent: ParentProgress) {
  const { filledQuantity, filledNotional, quantity, status } = parent;
  return {
    kind: 'parent' as const,
    ...parent,
    remaining: formatDecimal(Decimal.max(0, decimal(quantity).minus(filledQuantity))),
    averagePrice: averagePrice(filledQuantity, filledNotional),
    outcome: status === 'complete' ? outcomeOf(decimal(filledQuantity), decimal(quantity)) : null,
  };
}

function outcomeOf(filled: Decimal, quantity: Decimal): 'filled' | 'partially_filled' | 'unfilled' {
  if (filled.greaterThanOrEqualTo(quantity)) return 'filled';
  return filled.isZero() ? 'unfilled' : 'partially_filled';
}

/** A child order as people are shown it: one attempt at one slice. */
export function shownChild({ clientOrderId, state, ...order }: ChildOrder) {
  return {
    kind: 'child' as const,
    orderId: clientOrderId,
    ...order,
    clientOrderId,
    status: state,
    averagePrice: averagePrice(order.filledQuantity, order.filledNotional),
  };
}
