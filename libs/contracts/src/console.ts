import { z } from 'zod';
import { event, type EventOf } from './define.js';
import { ClientOrderId } from './execution.js';
import { CycleRef } from './orchestrator.js';
import { OrderTerms } from './order-terms.js';
import { NonNegativeDecimal, Quantity, Sha256, Side, Slug, TickerSymbol, Uuid } from './values.js';

const Person = { by: z.string().min(1), reason: z.string().min(3) };

/** A person said yes to exactly this list of trades. */
export const ApprovalGranted = event(
  'console.approval.granted',
  1,
  'portfolioId',
  z.object({ ...CycleRef, approvedHash: Sha256, ...Person }),
);
export type ApprovalGranted = EventOf<typeof ApprovalGranted>;

export const ApprovalDeclined = event(
  'console.approval.declined',
  1,
  'portfolioId',
  z.object({ ...CycleRef, approvedHash: Sha256, ...Person }),
);
export type ApprovalDeclined = EventOf<typeof ApprovalDeclined>;

/** As it was asked for before an order could be by an amount of money. */
export const OrderRequestedV1 = event(
  'console.order.requested',
  1,
  'portfolioId',
  z.object({
    requestId: Uuid,
    portfolioId: Slug,
    symbol: TickerSymbol,
    side: Side,
    quantity: Quantity,
    terms: OrderTerms.optional(),
    ...Person,
  }),
);

/** A person asks for one order; risk judges it like a plan of one trade. */
export const OrderRequested = event(
  'console.order.requested',
  2,
  'portfolioId',
  z.object({
    requestId: Uuid,
    portfolioId: Slug,
    symbol: TickerSymbol,
    side: Side,
    /** Shares; null where `notional` says how much it is for. One of both is null. */
    quantity: Quantity.nullable(),
    /** US dollars; null where it is for shares. */
    notional: NonNegativeDecimal.nullable(),
    /** Without them it is worked by slices at the market. */
    terms: OrderTerms.optional(),
    ...Person,
  }),
);
export type OrderRequested = EventOf<typeof OrderRequested>;

/** A person asks to cancel all orders of a portfolio; before orders could be cancelled where they are worked, also a single one. */
export const CancelRequested = event(
  'console.cancel.requested',
  1,
  'portfolioId',
  z.object({
    requestId: Uuid,
    portfolioId: Slug,
    clientOrderId: ClientOrderId.nullable(),
    ...Person,
  }),
);
export type CancelRequested = EventOf<typeof CancelRequested>;

/** A person asks to close everything that a halted book holds. */
export const FlattenRequested = event(
  'console.flatten.requested',
  1,
  'portfolioId',
  z.object({
    requestId: Uuid,
    portfolioId: Slug,
    /** The halt that the person was looking at; under another one nothing is closed. */
    haltEpoch: z.int().min(1),
    ...Person,
  }),
);
export type FlattenRequested = EventOf<typeof FlattenRequested>;
