import { z } from 'zod';
import { event, type EventOf } from './define.js';
import { CycleRef } from './orchestrator.js';
import { OrderTerms } from './order-terms.js';
import {
  DecimalString,
  Instant,
  Money,
  NonNegativeDecimal,
  Quantity,
  SessionDate,
  Sha256,
  Side,
  Slug,
  TickerSymbol,
  Uuid,
} from './values.js';

/** First 32 hexadecimal digits of SHA-256 over account, cycle, parent, symbol, side, slice and attempt. */
export const ClientOrderId = z
  .string()
  .regex(/^[0-9a-f]{32}$/)
  .meta({ id: 'ClientOrderId' });

const ParentRef = { ...CycleRef, account: Slug, parentOrderId: Uuid, symbol: TickerSymbol, side: Side };

/**
 * A verdict was not believed (unsigned, altered, expired, replayed, of an old halt epoch), or not one that may be executed
 * here: for an account of another mode, or to flatten what is not halted or would not only shrink. Nothing of it is executed.
 */
export const PlanRefused = event(
  'execution.plan.refused',
  1,
  'portfolioId',
  z.object({
    ...CycleRef,
    account: Slug,
    approvedHash: Sha256,
    code: z.enum([
      'SIGNATURE_INVALID',
      'HASH_MISMATCH',
      'VERDICT_EXPIRED',
      'VERDICT_REPLAYED',
      'HALT_EPOCH_OLD',
      'ACCOUNT_NOT_HALTED',
      'NOT_REDUCING',
      'MODE_MISMATCH',
      'SESSION_CLOSED',
    ]),
    reason: z.string(),
  }),
);
export type PlanRefused = EventOf<typeof PlanRefused>;

/** A parent order was cut into slices with absolute due times. */
export const SchedulePlanned = event(
  'execution.schedule.planned',
  1,
  'parentOrderId',
  z.object({
    ...ParentRef,
    algorithm: z.enum(['twap', 'at_once']),
    quantity: Quantity,
    referencePrice: NonNegativeDecimal,
    approvedHash: Sha256,
    slices: z
      .array(z.object({ slice: z.int().min(0), quantity: Quantity, dueAt: Instant }))
      .min(1)
      .max(1_000),
  }),
);
export type SchedulePlanned = EventOf<typeof SchedulePlanned>;

/** How a parent was worked, beside what the market did meanwhile. What is not known is null. */
const ScheduleReport = z.object({
  /** From when its first order left to when the last one that left ended; null where none left. */
  from: Instant.nullable(),
  to: Instant.nullable(),
  /** Mean price of the market's minutes from `from` to `to`, by time and by volume. */
  marketTwap: NonNegativeDecimal.nullable(),
  marketVwap: NonNegativeDecimal.nullable(),
  /** Shares that all traded in these minutes. */
  marketVolume: NonNegativeDecimal.nullable(),
  lastPrice: NonNegativeDecimal.nullable(),
  /** Why the market's figures are not known; null where they are. */
  marketReason: z.string().nullable(),
  /** Implementation shortfall against arrival in basis points, what was not filled at the last price; positive is worse. */
  shortfallBp: DecimalString.nullable(),
  /** What was filled over what all traded. */
  participation: DecimalString.nullable(),
  /** By how much orders left after they were due. */
  lateness: z.object({
    orders: z.int().min(0),
    p50Ms: z.int().nullable(),
    maxMs: z.int().nullable(),
    overOneSecond: z.int().min(0),
  }),
});

/** Every child of a parent is terminal. */
export const ScheduleCompleted = event(
  'execution.schedule.completed',
  1,
  'parentOrderId',
  z.object({
    ...ParentRef,
    status: z.enum(['filled', 'partially_filled', 'unfilled']),
    quantity: Quantity,
    filledQuantity: Quantity,
    averagePrice: NonNegativeDecimal.nullable(),
    /** The venue's mid when the first slice left; null where no quote was had. */
    arrivalPrice: NonNegativeDecimal.nullable(),
    /** Against arrival, in basis points, positive is worse; null without both prices. */
    slippageBp: DecimalString.nullable(),
    reason: z.string().nullable(),
    report: ScheduleReport.optional(),
  }),
);
export type ScheduleCompleted = EventOf<typeof ScheduleCompleted>;

const OrderRef = { ...ParentRef, clientOrderId: ClientOrderId, slice: z.int().min(0), attempt: z.int().min(0) };

/** The order is about to leave: the row is SENDING and committed before the venue is called. */
export const OrderSubmitted = event(
  'execution.order.submitted',
  1,
  'clientOrderId',
  z.object({
    ...OrderRef,
    quantity: Quantity,
    /** Whether a price bounds it. A stop is here what it turns into; `terms` has the whole of it. */
    orderType: z.enum(['market', 'limit']),
    /** Whether it rests (`day`) or ends at once (`ioc`); `terms` has the whole of it. */
    timeInForce: z.enum(['day', 'ioc']),
    limitPrice: NonNegativeDecimal.nullable(),
    /** Its terms, where it is more than a market order of the day. */
    terms: OrderTerms.optional(),
    approvedHash: Sha256,
  }),
);
export type OrderSubmitted = EventOf<typeof OrderSubmitted>;

export const OrderAcknowledged = event(
  'execution.order.acknowledged',
  1,
  'clientOrderId',
  z.object({ ...OrderRef, venueOrderId: z.string() }),
);
export type OrderAcknowledged = EventOf<typeof OrderAcknowledged>;

/** One fill, keyed by (venue, executionId). `filledAt` is the venue's time. */
export const OrderFilled = event(
  'execution.order.filled',
  1,
  'clientOrderId',
  z.object({
    ...OrderRef,
    venue: Slug,
    executionId: z.string(),
    quantity: Quantity,
    price: NonNegativeDecimal,
    fees: Money,
    cumulativeQuantity: Quantity,
    leavesQuantity: Quantity,
    filledAt: Instant,
  }),
);
export type OrderFilled = EventOf<typeof OrderFilled>;

const Ended = { ...OrderRef, filledQuantity: Quantity, reason: z.string() };

export const OrderCancelled = event('execution.order.cancelled', 1, 'clientOrderId', z.object(Ended));
export type OrderCancelled = EventOf<typeof OrderCancelled>;

export const OrderRejected = event(
  'execution.order.rejected',
  1,
  'clientOrderId',
  z.object({ ...Ended, code: z.string() }),
);
export type OrderRejected = EventOf<typeof OrderRejected>;

export const OrderExpired = event('execution.order.expired', 1, 'clientOrderId', z.object(Ended));
export type OrderExpired = EventOf<typeof OrderExpired>;

/** Nobody knows yet whether the venue has the order; it is being asked for. */
export const OrderUnknown = event(
  'execution.order.unknown',
  1,
  'clientOrderId',
  z.object({ ...OrderRef, reason: z.string() }),
);
export type OrderUnknown = EventOf<typeof OrderUnknown>;

/** A fee that the venue booked beside its fills, keyed by (venue, activityId). */
export const FeeCharged = event(
  'execution.fee.charged',
  1,
  'account',
  z.object({
    account: Slug,
    portfolioId: Slug,
    venue: Slug,
    /** The venue's name for it. */
    activityId: z.string().min(1).max(200),
    /** The venue's word for its kind, such as `REG`, `TAF` or `COM`; null where it has none. */
    code: z.string().max(100).nullable(),
    /** What it takes from the cash; below zero where something is given back. */
    amount: Money,
    /** The day that it is for. */
    date: SessionDate,
    description: z.string().max(1_000),
    /** When the venue booked it; the end of its day in UTC where the venue names the day alone. */
    bookedAt: Instant,
  }),
);
export type FeeCharged = EventOf<typeof FeeCharged>;

/** One difference between our books and the venue's. */
export const Break = z.object({
  kind: z.enum(['position', 'order', 'fill', 'cash']),
  /** A symbol, the client order id of an order, or the currency. */
  subject: z.string(),
  ours: z.string().nullable(),
  venue: z.string().nullable(),
  /** The symbol that it is about; none where it is cash. */
  symbol: z.string().optional(),
});
export type Break = z.infer<typeof Break>;

/**
 * Our books against the venue's: after each cycle (`cycleId`), whenever a person asks, and where one of the looks that are
 * taken by themselves finds something else than the one before.
 */
export const ReconciliationCompleted = event(
  'execution.reconciliation.completed',
  1,
  'account',
  z.object({
    reconciliationId: Uuid,
    account: Slug,
    portfolioId: Slug,
    cycleId: Uuid.nullable(),
    /** Fills of the account that execution has said so far; whoever adds them up waits until it has as many. */
    fills: z.int().min(0),
    /** The same of its fees; left out where it has none. */
    fees: z.int().min(1).optional(),
    status: z.enum(['green', 'broken', 'unavailable']),
    breaks: z.array(Break).max(1_000),
    at: Instant,
  }),
);
export type ReconciliationCompleted = EventOf<typeof ReconciliationCompleted>;

const Halt = {
  account: Slug,
  epoch: z.int().min(1),
  by: z.string(),
  reason: z.string(),
  door: z.enum(['http', 'nats', 'file', 'rule']),
  at: Instant,
};

/** From this epoch on no order of the account leaves. */
export const HaltRaised = event('execution.halt.raised', 1, 'account', z.object(Halt));
export type HaltRaised = EventOf<typeof HaltRaised>;

export const HaltLifted = event('execution.halt.lifted', 1, 'account', z.object(Halt));
export type HaltLifted = EventOf<typeof HaltLifted>;

const SymbolHalt = {
  account: Slug,
  symbol: z.string().min(1).max(32),
  epoch: z.int().min(1),
  by: z.string(),
  reason: z.string(),
  door: z.enum(['http', 'rule']),
  at: Instant,
};

/** From now on no order of the account in this symbol leaves; the others go on. */
export const SymbolHalted = event('execution.symbol.halted', 1, 'account', z.object(SymbolHalt));
export type SymbolHalted = EventOf<typeof SymbolHalted>;

/** A person lets orders of the account in this symbol leave again. */
export const SymbolReleased = event('execution.symbol.released', 1, 'account', z.object(SymbolHalt));
export type SymbolReleased = EventOf<typeof SymbolReleased>;
