import { z } from 'zod';
import { event, type EventOf } from './define.js';
import { CycleRef } from './orchestrator.js';
import { OrderTerms } from './order-terms.js';
import { DecimalString, NonNegativeDecimal, Quantity, rowsOf, Sha256, Side, Slug, TickerSymbol } from './values.js';

/** How much of a target or trade a strategy stands for, as a fraction of equity. */
export const Contributor = z.object({ strategyId: Slug, weight: DecimalString });
export type Contributor = z.infer<typeof Contributor>;

export const Target = z.object({
  symbol: TickerSymbol,
  weight: NonNegativeDecimal,
  contributors: z.array(Contributor),
});
export type Target = z.infer<typeof Target>;

export const Trade = z.object({
  symbol: TickerSymbol,
  exchange: z.string(),
  side: Side,
  quantity: Quantity,
  referencePrice: NonNegativeDecimal,
  notional: NonNegativeDecimal,
  contributors: z.array(Contributor),
  /** Under what terms a person wants it; without them it is worked by slices at the market. */
  terms: OrderTerms.optional(),
});
export type Trade = z.infer<typeof Trade>;

/** The one plan of a cycle: what to hold, and the trades that lead there from positions and working orders. */
export const PlanProposed = event(
  'allocator.plan.proposed',
  1,
  'portfolioId',
  z.object({
    ...CycleRef,
    pricingPackId: Sha256,
    planHash: Sha256,
    method: z.enum(['equal_weight', 'inverse_volatility']),
    strategies: z.array(z.object({ strategyId: Slug, weight: NonNegativeDecimal, volatility: z.number().nullable() })),
    excluded: z.array(z.object({ strategyId: Slug, reason: z.string() })),
    /** Held back in cash, as a fraction of equity: what the caps leave over and the cash buffer. */
    residualCash: NonNegativeDecimal,
    infeasibleCap: z.boolean(),
    equity: DecimalString,
    targets: rowsOf(Target),
    trades: rowsOf(Trade),
  }),
);
export type PlanProposed = EventOf<typeof PlanProposed>;

/** No plan can be made; the cycle closes without trading. */
export const PlanDeclined = event(
  'allocator.plan.declined',
  1,
  'portfolioId',
  z.object({
    ...CycleRef,
    code: z.string(),
    reason: z.string(),
  }),
);
export type PlanDeclined = EventOf<typeof PlanDeclined>;
