import { z } from 'zod';
import { event, type EventOf } from './define.js';
import { CycleRef } from './orchestrator.js';
import { ClientOrderId } from './execution.js';
import {
  DecimalString,
  Instant,
  Mode,
  Money,
  NonNegativeDecimal,
  Quantity,
  rowsOf,
  SessionDate,
  Sha256,
  Side,
  Slug,
  TickerSymbol,
} from './values.js';

/** A position at a mark; `quantity` is signed. */
export const Position = z.object({
  symbol: TickerSymbol,
  quantity: DecimalString,
  averageCost: NonNegativeDecimal,
  price: NonNegativeDecimal,
  marketValue: Money,
  unrealised: Money,
});
export type Position = z.infer<typeof Position>;

/** An order that may still fill. */
export const WorkingOrder = z.object({
  clientOrderId: ClientOrderId,
  symbol: TickerSymbol,
  side: Side,
  remaining: Quantity,
});
export type WorkingOrder = z.infer<typeof WorkingOrder>;

/** A book was opened with its first cash. */
export const AccountOpened = event(
  'portfolio.account.opened',
  1,
  'portfolioId',
  z.object({
    portfolioId: Slug,
    account: Slug,
    mode: Mode,
    currency: z.literal('USD'),
    cash: Money,
    openedAt: Instant,
  }),
);
export type AccountOpened = EventOf<typeof AccountOpened>;

/** What the portfolio holds and is worth at the marks of a cycle. */
export const PositionValued = event(
  'portfolio.position.valued',
  1,
  'portfolioId',
  z.object({
    ...CycleRef,
    account: Slug,
    asOf: SessionDate,
    cash: Money,
    equity: Money,
    positions: rowsOf(Position),
    /** Held without a mark: they are worth what nobody knows, and no trade touches them. */
    unpriced: z.array(z.object({ symbol: TickerSymbol, quantity: DecimalString })).max(1_000),
    working: rowsOf(WorkingOrder),
    ledgerSequence: z.int().min(0),
    ledgerCommitHash: Sha256,
  }),
);
export type PositionValued = EventOf<typeof PositionValued>;

/** Ledger entries were chained, in order of (venue time, execution id); the head's hash is the commit. */
export const LedgerPosted = event(
  'portfolio.ledger.posted',
  1,
  'portfolioId',
  z.object({
    portfolioId: Slug,
    cycleId: CycleRef.cycleId.nullable(),
    fromSequence: z.int().min(1),
    toSequence: z.int().min(0),
    ledgerCommitHash: Sha256,
    cash: Money,
    realised: Money,
    fees: Money,
    positions: rowsOf(z.object({ symbol: TickerSymbol, quantity: DecimalString, averageCost: NonNegativeDecimal })),
  }),
);
export type LedgerPosted = EventOf<typeof LedgerPosted>;
