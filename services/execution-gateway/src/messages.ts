import {
  Break,
  ClientOrderId,
  DecimalString,
  Instant,
  local,
  NonNegativeDecimal,
  OrderTerms,
  Quantity,
  SessionDate,
  Side,
  Slug,
  TickerSymbol,
  Uuid,
  work,
} from '@ballast/contracts';
import { z } from 'zod';

/** Where a venue says that an order stands, in our words: the first three are open, the others are ends. */
export const VenueStatus = z.enum([
  'working',
  'held',
  'pending_replace',
  'filled',
  'cancelled',
  'replaced',
  'expired',
  'rejected',
]);
export type VenueStatus = z.infer<typeof VenueStatus>;

/** An order as the venue has it. */
export const VenueOrder = z.object({
  clientOrderId: z.string(),
  venueOrderId: z.string(),
  symbol: z.string(),
  side: Side,
  quantity: Quantity,
  filledQuantity: Quantity,
  status: VenueStatus,
  submittedAt: Instant,
  /** When it last changed at the venue, where the venue says so. */
  updatedAt: Instant.optional(),
});
export type VenueOrder = z.infer<typeof VenueOrder>;

/** One execution as the venue tells it; `executionId` is its name in the stream and in the list of fills. */
export const VenueFill = z.object({
  executionId: z.string(),
  venueOrderId: z.string(),
  symbol: z.string(),
  side: Side,
  quantity: Quantity,
  price: NonNegativeDecimal,
  at: Instant,
});
export type VenueFill = z.infer<typeof VenueFill>;

/** What the venue's stream tells about an order. */
export const VenueUpdate = z.object({
  event: z.enum([
    'acknowledged',
    'held',
    'fill',
    'cancelled',
    'replaced',
    'expired',
    'rejected',
    'cancel_refused',
    'replace_pending',
    'replace_refused',
  ]),
  /** The venue's own word for it, for the record. */
  word: z.string(),
  order: VenueOrder,
  /** Present with `fill`. */
  fill: VenueFill.nullable(),
  at: Instant,
});
export type VenueUpdate = z.infer<typeof VenueUpdate>;

/** An account as the venue has it, in US dollars; null is what the venue does not say. */
export const VenueAccount = z.object({
  cash: DecimalString,
  equity: DecimalString.nullable(),
  buyingPower: DecimalString.nullable(),
  /** 1 is a cash account, 2 and more one that borrows. */
  multiplier: DecimalString.nullable(),
  /** Whether the venue's own word for it is that of an account in good standing. */
  active: z.boolean().nullable(),
  shortingEnabled: z.boolean().nullable(),
  tradingBlocked: z.boolean().nullable(),
  accountBlocked: z.boolean().nullable(),
  patternDayTrader: z.boolean().nullable(),
  dayTrades: z.int().nullable(),
});
export type VenueAccount = z.infer<typeof VenueAccount>;

export const VenuePosition = z.object({ symbol: z.string(), quantity: DecimalString });
export type VenuePosition = z.infer<typeof VenuePosition>;

/** Bid and ask of the moment. */
export const VenueQuote = z.object({
  symbol: z.string(),
  bid: NonNegativeDecimal,
  ask: NonNegativeDecimal,
  /** When it was quoted, where the venue says so; without it nobody knows how old it is. */
  at: Instant.optional(),
  /** Whether it can be traded on, where the venue says so: `not_firm` is also what says something that we do not know. */
  condition: z.enum(['open', 'halted', 'closed', 'not_firm']).optional(),
});
export type VenueQuote = z.infer<typeof VenueQuote>;

/** What traded of a symbol in one minute, in US dollars a share and shares. */
export const VenueBar = z.object({
  symbol: z.string(),
  /** When the minute began. */
  at: Instant,
  open: NonNegativeDecimal,
  high: NonNegativeDecimal,
  low: NonNegativeDecimal,
  close: NonNegativeDecimal,
  volume: NonNegativeDecimal,
  /** The volume-weighted average price of the minute. */
  vwap: NonNegativeDecimal,
});
export type VenueBar = z.infer<typeof VenueBar>;

/** A fee as the venue lists it; `amount` is what it takes from the cash. */
export const VenueFee = z.object({
  activityId: z.string().min(1).max(200),
  code: z.string().max(100).nullable(),
  amount: DecimalString,
  date: SessionDate,
  description: z.string().max(1_000),
  at: Instant,
});
export type VenueFee = z.infer<typeof VenueFee>;

// Timers

/** Slices of an account fell due. */
export const SlicesDue = local('timer.slices-due', z.object({ account: Slug, dueAt: Instant }));

/** It is time to look at the venue's books of an account. */
export const LookDue = local('timer.look-due', z.object({ account: Slug, dueAt: Instant }));

/** The horizon of parents of an account is over. */
export const HorizonEnded = local('timer.horizon-ended', z.object({ account: Slug, endedAt: Instant }));

/** Parents of an account have ended, and what the market did meanwhile is to be asked for. */
export const BenchmarksDue = local('timer.benchmarks-due', z.object({ account: Slug }));

// What the world brings

/** Something happened to an order at the venue. */
export const VenueEvent = local('venue-event', z.object({ account: Slug, update: VenueUpdate }));
export type VenueEvent = z.infer<typeof VenueEvent.schema>;

/** The stream of an account was opened, or lost something; what happened while nobody listened has to be asked for. */
export const StreamOpened = local('stream-opened', z.object({ account: Slug }));

// Commands

/** Throws or lifts the halt of an account, or of one symbol of it, through one of the doors. */
export const HaltSwitch = local(
  'command.halt',
  z.object({
    account: Slug,
    /** Only this symbol of the account. */
    symbol: TickerSymbol.optional(),
    on: z.boolean(),
    by: z.string().min(1).max(100),
    reason: z.string().min(3).max(500),
    door: z.enum(['http', 'nats', 'file']),
    /** The account's name again, or the symbol's; needed to lift. */
    confirm: z.string().optional(),
  }),
);
export type HaltSwitch = z.infer<typeof HaltSwitch.schema>;

/** Who wants an order cancelled and why. */
export const CancelBody = z.strictObject({
  by: z.string().trim().min(1).max(100),
  reason: z.string().trim().min(3).max(500),
});

/** Cancels one order, by the id of a parent or of a child. */
export const CancelNow = local(
  'command.cancel',
  z.object({ orderId: z.union([Uuid, ClientOrderId]), ...CancelBody.shape }),
);
export type CancelNow = z.infer<typeof CancelNow.schema>;

/** Compares our books with the venue's now. */
export const ReconcileNow = local('command.reconcile', z.object({ account: Slug }));

// Work on the world

/** Sends one order. Can happen at most once; who gets no answer asks. */
export const PlaceOrder = work(
  'place-order',
  z.object({
    account: Slug,
    clientOrderId: ClientOrderId,
    symbol: TickerSymbol,
    side: Side,
    quantity: Quantity,
    orderType: z.enum(['market', 'limit']),
    timeInForce: z.enum(['day', 'ioc']),
    limitPrice: NonNegativeDecimal.nullable(),
    /** The whole of its terms, where it is more than a market order of the day. */
    terms: OrderTerms.optional(),
  }),
  z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('acknowledged'), venueOrderId: z.string(), status: VenueStatus }),
    z.object({ kind: z.literal('rejected'), code: z.string(), message: z.string() }),
    z.object({
      kind: z.literal('deferred'),
      retryAfterMs: z.int().min(0),
      reason: z.string(),
      /** The venue was not called at all. */
      unsent: z.boolean().optional(),
    }),
  ]),
  { atMostOnce: true },
);
export type PlaceRequest = z.infer<typeof PlaceOrder.request>;
export type PlaceAnswer = z.infer<typeof PlaceOrder.answer>;

/** Asks the venue for an order by our name for it, and for its fills where it has some. */
export const AskVenue = work(
  'ask-venue',
  z.object({ account: Slug, clientOrderId: ClientOrderId }),
  z.object({ order: VenueOrder.nullable(), fills: z.array(VenueFill) }),
  { atMostOnce: false },
);

/** Asks the venue to cancel an order; asking twice does no harm. */
export const CancelOrder = work(
  'cancel-order',
  z.object({ account: Slug, clientOrderId: ClientOrderId, venueOrderId: z.string().nullable() }),
  z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('requested') }),
    z.object({ kind: z.literal('refused'), order: VenueOrder, fills: z.array(VenueFill) }),
    z.object({ kind: z.literal('not_found') }),
  ]),
  { atMostOnce: false },
);

/** Asks for quotes of the symbols whose first slice leaves now. A venue without quotes answers with none. */
export const AskQuotes = work(
  'ask-quotes',
  z.object({ account: Slug, parents: z.array(z.object({ parentOrderId: Uuid, symbol: TickerSymbol })) }),
  z.object({ quotes: z.array(VenueQuote) }),
  { atMostOnce: false },
);

/** Looks at the market for parents whose slices are due: quotes, and the volume since a moment where it matters. */
export const LookAtMarket = work(
  'look-at-market',
  z.object({
    account: Slug,
    looks: z.array(z.object({ parentOrderId: Uuid, symbol: TickerSymbol, volumeSince: Instant.nullable() })),
    /** Volumes count up to here. */
    until: Instant,
  }),
  z.object({
    quotes: z.array(VenueQuote),
    /** Only of parents of which it is known. */
    volumes: z.array(z.object({ parentOrderId: Uuid, volume: NonNegativeDecimal })),
  }),
  { atMostOnce: false },
);

/** What the market of a name did over a span of whole minutes. */
export const MarketFigures = z.object({
  /** Mean of the minutes' middle prices: (open + high + low + close) ÷ 4. */
  twap: NonNegativeDecimal,
  vwap: NonNegativeDecimal.nullable(),
  volume: NonNegativeDecimal,
  lastPrice: NonNegativeDecimal,
});
export type MarketFigures = z.infer<typeof MarketFigures>;

/** Asks what the market did while parents were worked. */
export const AskBenchmarks = work(
  'ask-benchmarks',
  z.object({
    account: Slug,
    parents: z.array(z.object({ parentOrderId: Uuid, symbol: TickerSymbol, from: Instant, to: Instant })),
  }),
  z.object({
    benchmarks: z.array(
      z.object({ parentOrderId: Uuid, figures: MarketFigures.nullable(), reason: z.string().nullable() }),
    ),
  }),
  { atMostOnce: false },
);

/** Opens the account's stream at the venue, and keeps it open. */
export const OpenStream = work('open-stream', z.object({ account: Slug }), z.object({}), { atMostOnce: false });

/** Fetches what happened at the venue since the last fill that was seen. */
export const CatchUp = work(
  'catch-up',
  z.object({ account: Slug, since: Instant }),
  z.object({ orders: z.array(VenueOrder), fills: z.array(VenueFill) }),
  { atMostOnce: false },
);

/** Fetches what the venue holds for an account; the comparison is made where our books are. */
export const Reconcile = work(
  'reconcile',
  z.object({
    reconciliationId: Uuid,
    account: Slug,
    portfolioId: Slug,
    cycleId: Uuid.nullable(),
    /** What it is for: the end of a cycle, a person, or the watch over the account, which says only what is new. */
    purpose: z.enum(['cycle', 'person', 'watch']),
    /** 1, and one more each time that what was found may only have been on its way. */
    round: z.int().min(1),
    /** When this round was asked for: what was sent before is among what it sees. */
    askedAt: Instant,
    /** From when fills are fetched too; null where only the books are looked at. */
    since: Instant.nullable(),
    /** From when fees are fetched too; only where the cash differed. */
    feesSince: Instant.optional(),
    /** What the round before found. */
    seen: z.array(Break),
  }),
  z.object({
    positions: z.array(VenuePosition),
    orders: z.array(VenueOrder),
    account: VenueAccount,
    fills: z.array(VenueFill),
    fees: z.array(VenueFee).optional(),
  }),
  { atMostOnce: false },
);
export type ReconcileRequest = z.infer<typeof Reconcile.request>;
export type VenueBooks = z.infer<typeof Reconcile.answer>;
