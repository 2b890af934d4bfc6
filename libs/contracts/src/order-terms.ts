import { z } from 'zod';
import { NonNegativeDecimal } from './values.js';

/** How an order is priced: at once, at a limit, or once a price (a stop) was reached, fixed or trailing the best one. */
export const OrderType = z.enum(['market', 'limit', 'stop', 'stop_limit', 'trailing_stop']);
export type OrderType = z.infer<typeof OrderType>;

/** How long an order is good: the day, until cancelled, at once (in part, or whole or not at all), the opening or closing auction. */
export const TimeInForce = z.enum(['day', 'gtc', 'ioc', 'fok', 'opg', 'cls']);
export type TimeInForce = z.infer<typeof TimeInForce>;

/** What orders are sent together: one; an entry with both exits (bracket), two exits (OCO), an entry with one exit (OTO). */
export const OrderClass = z.enum(['simple', 'bracket', 'oco', 'oto']);
export type OrderClass = z.infer<typeof OrderClass>;

/**
 * Under what terms an order is sent; an order without them is a market order of the day. Prices are in US dollars,
 * `trailPercent` in percent. What a type needs and a venue takes is looked at before it is sent, not here.
 */
export const OrderTerms = z.object({
  type: OrderType,
  timeInForce: TimeInForce,
  /** US dollars that it is for, in place of a number of shares; the quantity beside it is then what they were worth at the mark. */
  notional: NonNegativeDecimal.optional(),
  limitPrice: NonNegativeDecimal.optional(),
  stopPrice: NonNegativeDecimal.optional(),
  trailPrice: NonNegativeDecimal.optional(),
  trailPercent: NonNegativeDecimal.optional(),
  extendedHours: z.boolean().optional(),
  orderClass: OrderClass.optional(),
  takeProfit: z.object({ limitPrice: NonNegativeDecimal }).optional(),
  stopLoss: z.object({ stopPrice: NonNegativeDecimal, limitPrice: NonNegativeDecimal.optional() }).optional(),
});
export type OrderTerms = z.infer<typeof OrderTerms>;
