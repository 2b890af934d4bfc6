import { z } from 'zod';
import { event, type EventOf } from './define.js';
import { CycleRef } from './orchestrator.js';
import { Money, Quantity, rowsOf, SessionDate, Sha256, Slug, TickerSymbol } from './values.js';

export const Term = z.enum(['short_term', 'long_term']);

/** A piece of a lot that a sale relieves. */
export const Relief = z.object({
  symbol: TickerSymbol,
  lotId: z.string(),
  quantity: Quantity,
  acquired: SessionDate,
  basis: Money,
  proceeds: Money,
  gain: Money,
  term: Term,
});
export type Relief = z.infer<typeof Relief>;

export const Lot = z.object({
  lotId: z.string(),
  quantity: Quantity,
  acquired: SessionDate,
  holdingStart: SessionDate,
  basis: Money,
});
export type Lot = z.infer<typeof Lot>;

/** What the plan's sells would realise, FIFO, at the plan's reference prices. */
export const ImpactAssessed = event(
  'tax.impact.assessed',
  1,
  'portfolioId',
  z.object({
    ...CycleRef,
    planHash: Sha256,
    method: z.literal('fifo'),
    relief: rowsOf(Relief),
    totals: z.object({ shortTerm: Money, longTerm: Money }),
    /** Wash sales are not looked at in this version, and the fact says so. */
    washSales: z.literal('not_assessed'),
    warnings: z.array(z.object({ code: z.string(), symbol: TickerSymbol, message: z.string() })).max(1_000),
  }),
);
export type ImpactAssessed = EventOf<typeof ImpactAssessed>;

/** The open lots of one symbol after a fill, and what the fill relieved. */
export const LotsUpdated = event(
  'tax.lots.updated',
  1,
  ['account', 'symbol'],
  z.object({
    portfolioId: Slug,
    account: Slug,
    symbol: TickerSymbol,
    executionId: z.string(),
    lots: z.array(Lot).max(1_000),
    relieved: z.array(Relief).max(1_000),
  }),
);
export type LotsUpdated = EventOf<typeof LotsUpdated>;
