import type { Instant } from '@ballast/contracts';
import { Decimal, decimal, formatDecimal } from '@ballast/kernel/money';

export type OrderStatus =
  'sending' | 'unknown' | 'acknowledged' | 'partially_filled' | 'filled' | 'cancelled' | 'rejected' | 'expired';

/** What people are shown of an order, as far as it changes. Quantities and money are decimal text. */
export interface OrderState {
  readonly status: OrderStatus;
  /** Null until it was heard how much was sent. */
  readonly quantity: string | null;
  readonly filledQuantity: string;
  /** Sum of quantity × price over the fills. */
  readonly filledNotional: string;
  readonly fees: string;
  readonly venueOrderId: string | null;
  /** Why it ended, or why nobody knows where it is. */
  readonly reason: string | null;
  readonly code: string | null;
  readonly changedAt: Instant;
}

export type OrderChange =
  | { readonly kind: 'submitted'; readonly quantity: string }
  | { readonly kind: 'acknowledged'; readonly venueOrderId: string }
  | { readonly kind: 'filled'; readonly quantity: string; readonly price: string; readonly fees: string }
  | { readonly kind: 'cancelled' | 'expired'; readonly reason: string }
  | { readonly kind: 'rejected'; readonly reason: string; readonly code: string }
  | { readonly kind: 'unknown'; readonly reason: string };

/** An order of which nothing was heard yet. */
export const blankOrder = (at: Instant): OrderState => ({
  status: 'sending',
  quantity: null,
  filledQuantity: '0',
  filledNotional: '0',
  fees: '0',
  venueOrderId: null,
  reason: null,
  code: null,
  changedAt: at,
});

const ENDS: ReadonlySet<OrderStatus> = new Set(['filled', 'cancelled', 'rejected', 'expired']);

/** Whether the venue can do nothing more with it. */
export const isOrderEnded = ({ status }: Pick<OrderState, 'status'>): boolean => ENDS.has(status);

/** Takes a change in. A fill is true in any state; an end is final, unless fills prove the order full. */
export function evolveOrder(state: OrderState, change: OrderChange, at: Instant): OrderState {
  const next = { ...state, changedAt: at };
  switch (change.kind) {
    case 'submitted':
      return { ...next, quantity: change.quantity };
    case 'acknowledged':
      return {
        ...next,
        venueOrderId: change.venueOrderId,
        status: isOrderEnded(state) ? state.status : workingStatus(state),
      };
    case 'filled':
      return withFill(next, change);
    case 'unknown':
      return isOrderEnded(state) ? state : { ...next, status: 'unknown', reason: change.reason };
    case 'rejected':
      return isFull(state) ? state : { ...next, status: 'rejected', reason: change.reason, code: change.code };
    default:
      return isFull(state) ? state : { ...next, status: change.kind, reason: change.reason };
  }
}

const workingStatus = ({ filledQuantity }: OrderState): OrderStatus =>
  decimal(filledQuantity).isZero() ? 'acknowledged' : 'partially_filled';

const isFull = ({ quantity, filledQuantity }: OrderState): boolean =>
  quantity !== null && decimal(filledQuantity).greaterThanOrEqualTo(quantity);

function withFill(state: OrderState, fill: { quantity: string; price: string; fees: string }): OrderState {
  const next = {
    ...state,
    filledQuantity: sum(state.filledQuantity, fill.quantity),
    filledNotional: sum(state.filledNotional, decimal(fill.quantity).times(fill.price)),
    fees: sum(state.fees, fill.fees),
  };
  if (isFull(next)) return { ...next, status: 'filled', reason: null, code: null };
  return { ...next, status: isOrderEnded(state) ? state.status : 'partially_filled' };
}

const sum = (a: string, b: string | Decimal): string => formatDecimal(decimal(a).plus(b));

/** The average price of the fills with nine decimals; null without any. */
export function averagePrice({
  filledQuantity,
  filledNotional,
}: Pick<OrderState, 'filledQuantity' | 'filledNotional'>): string | null {
  const filled = decimal(filledQuantity);
  return filled.isZero()
    ? null
    : formatDecimal(decimal(filledNotional).div(filled).toDecimalPlaces(9, Decimal.ROUND_HALF_UP));
}
