import type { Instant } from '@ballast/contracts';
import { Decimal, formatDecimal } from '@ballast/kernel/money';
import { Fault } from '@ballast/platform';
import { z } from 'zod';
import type {
  VenueBar,
  VenueAccount,
  VenueFee,
  VenueFill,
  VenueOrder,
  VenuePosition,
  VenueQuote,
  VenueStatus,
  VenueUpdate,
} from '../messages.js';

/** Alpaca writes numbers as text, quotes as JSON numbers; nothing but a finite number passes. */
const number = z.union([z.string().regex(/^-?\d+(\.\d+)?([eE][-+]?\d+)?$/), z.number()]).transform((value) => {
  const parsed = new Decimal(value);
  return formatDecimal(parsed.isZero() ? new Decimal(0) : parsed);
});

/** Alpaca's times have up to nine decimals and any offset; ours are UTC with milliseconds. */
const moment = z
  .string()
  .refine((text) => !Number.isNaN(Date.parse(text)))
  .transform((text): Instant => new Date(Date.parse(text)).toISOString());

/** Every status of Alpaca's orders and what it means to us. One that is missing here is refused, not guessed at. */
const STATUS: Readonly<Record<string, VenueStatus>> = {
  new: 'working',
  accepted: 'working',
  pending_new: 'working',
  accepted_for_bidding: 'working',
  partially_filled: 'working',
  done_for_day: 'working',
  pending_cancel: 'working',
  pending_replace: 'pending_replace',
  pending_review: 'held',
  stopped: 'working',
  suspended: 'held',
  calculated: 'working',
  held: 'held',
  filled: 'filled',
  canceled: 'cancelled',
  // Somebody replaced it at the venue: this order is over, and the new one is not ours.
  replaced: 'replaced',
  expired: 'expired',
  rejected: 'rejected',
};

const Order = z
  .object({
    id: z.string(),
    client_order_id: z.string(),
    symbol: z.string(),
    side: z.enum(['buy', 'sell']),
    qty: number.nullable(),
    filled_qty: number,
    status: z.string().refine((status) => Object.hasOwn(STATUS, status), 'an order status of Alpaca'),
    submitted_at: moment.nullish(),
    created_at: moment.nullish(),
    updated_at: moment.nullish(),
  })
  .transform((order): VenueOrder => ({
    clientOrderId: order.client_order_id,
    venueOrderId: order.id,
    symbol: order.symbol,
    side: order.side,
    // An order by amount of money has no quantity until it fills.
    quantity: order.qty ?? order.filled_qty,
    filledQuantity: order.filled_qty,
    status: STATUS[order.status]!,
    submittedAt: order.submitted_at ?? order.created_at ?? '1970-01-01T00:00:00.000Z',
    ...(order.updated_at ? { updatedAt: order.updated_at } : {}),
  }));

const FillActivity = z
  .object({
    id: z.string(),
    transaction_time: moment,
    price: number,
    qty: number,
    side: z.enum(['buy', 'sell', 'sell_short']),
    symbol: z.string(),
    order_id: z.string(),
  })
  .transform((fill): VenueFill & { activityId: string } => ({
    activityId: fill.id,
    // The id is a time and the execution's own id, which the stream uses too.
    executionId: fill.id.slice(fill.id.indexOf('::') + 2),
    venueOrderId: fill.order_id,
    symbol: fill.symbol,
    side: fill.side === 'buy' ? 'buy' : 'sell',
    quantity: fill.qty,
    price: fill.price,
    at: fill.transaction_time,
  }));

/** A fee's time is the end of its day where the answer has only that. The net amount is what the cash gets. */
const FeeActivity = z
  .object({
    id: z.string().min(1).max(200),
    activity_sub_type: z.string().max(100).nullish(),
    date: z.iso.date(),
    created_at: moment.nullish(),
    net_amount: number,
    description: z.string().max(1_000).nullish(),
  })
  .transform((fee): VenueFee => ({
    activityId: fee.id,
    code: fee.activity_sub_type ?? null,
    amount: formatDecimal(new Decimal(0).minus(fee.net_amount)),
    date: fee.date,
    description: fee.description ?? '',
    at: fee.created_at ?? `${fee.date}T23:59:59.999Z`,
  }));

const Position = z
  .object({ symbol: z.string(), qty: number, side: z.enum(['long', 'short']).optional() })
  .transform(({ symbol, qty, side }): VenuePosition => {
    const signed = side === 'short' ? new Decimal(qty).abs().negated() : new Decimal(qty);
    return { symbol, quantity: formatDecimal(signed) };
  });

/** The word of an account that may trade. */
const ACTIVE = 'ACTIVE';

/**
 * An account. `pattern_day_trader` and its kind were removed in July 2026: a field that is not there is unknown, and only
 * stands in the way of what cannot be decided without it.
 */
const Account = z
  .object({
    cash: number,
    equity: number.nullish(),
    buying_power: number.nullish(),
    multiplier: number.nullish(),
    status: z.string().nullish(),
    shorting_enabled: z.boolean().nullish(),
    trading_blocked: z.boolean().nullish(),
    account_blocked: z.boolean().nullish(),
    trade_suspended_by_user: z.boolean().nullish(),
    pattern_day_trader: z.boolean().nullish(),
    daytrade_count: z.int().nullish(),
  })
  .transform((account): VenueAccount => ({
    cash: account.cash,
    equity: account.equity ?? null,
    buyingPower: account.buying_power ?? null,
    multiplier: account.multiplier ?? null,
    active: account.status ? account.status === ACTIVE : null,
    shortingEnabled: account.shorting_enabled ?? null,
    tradingBlocked: account.trade_suspended_by_user === true || (account.trading_blocked ?? null),
    accountBlocked: account.account_blocked ?? null,
    patternDayTrader: account.pattern_day_trader ?? null,
    dayTrades: account.daytrade_count ?? null,
  }));

/**
 * Conditions of quotes by the plans of the consolidated tapes (CTA for A and B, UTP for C), as far as they say whether one can
 * trade on it. What is not here is not known, and not traded on.
 */
const QUOTE_CONDITIONS: Readonly<Record<string, NonNullable<VenueQuote['condition']>>> = {
  // Regular, opening and resumed markets, with both sides automatic or one of them by hand.
  ...{ R: 'open', O: 'open', T: 'open', A: 'open', B: 'open', E: 'open', F: 'open', H: 'open', U: 'open', W: 'open' },
  // News, imbalances, related securities, equipment, and no opening or resumption.
  ...{ D: 'halted', I: 'halted', J: 'halted', K: 'halted', M: 'halted', P: 'halted' },
  ...{ Q: 'halted', S: 'halted', V: 'halted', X: 'halted', Z: 'halted' },
  ...{ C: 'closed', L: 'closed' },
};

const conditionOf = (codes: readonly string[]): NonNullable<VenueQuote['condition']> => {
  const told = codes.map((code) => QUOTE_CONDITIONS[code] ?? 'not_firm');
  if (told.includes('halted')) return 'halted';
  if (told.includes('closed')) return 'closed';
  return told.length === 0 || told.includes('not_firm') ? 'not_firm' : 'open';
};

const Quote = z.object({ bp: number, ap: number, t: moment.optional(), c: z.array(z.string()).optional() });

const Quotes = z.object({ quotes: z.record(z.string(), Quote) }).transform(({ quotes }): VenueQuote[] =>
  Object.entries(quotes)
    .map(([symbol, { bp, ap, t, c }]) => ({
      ...{ symbol, bid: bp, ask: ap },
      ...(t === undefined ? {} : { at: t }),
      ...(c === undefined ? {} : { condition: conditionOf(c) }),
    }))
    .sort((a, b) => (a.symbol < b.symbol ? -1 : 1)),
);

const Bar = z.object({ t: moment, o: number, h: number, l: number, c: number, v: number, vw: number });

/** `bars` is null where there are none; with a token there is another page. */
const Bars = z
  .object({ bars: z.record(z.string(), z.array(Bar)).nullable(), next_page_token: z.string().nullish() })
  .transform(({ bars, next_page_token: next }): { bars: VenueBar[]; next: string | null } => ({
    bars: Object.entries(bars ?? {}).flatMap(([symbol, minutes]) =>
      minutes.map(({ t, o, h, l, c, v, vw }) => ({
        ...{ symbol, at: t, open: o, high: h, low: l, close: c, volume: v, vwap: vw },
      })),
    ),
    next: next ?? null,
  }));

/** An error's body; only one that has a message is a word of the venue and not of something in between. */
const ErrorBody = z.object({ code: z.union([z.number(), z.string()]).optional(), message: z.string().min(1) });

/** Every event of the stream and what it means to us; null changes nothing that we keep. One that is missing is refused. */
const EVENTS: Readonly<Record<string, VenueUpdate['event'] | null>> = {
  new: 'acknowledged',
  accepted: 'acknowledged',
  pending_new: 'acknowledged',
  fill: 'fill',
  partial_fill: 'fill',
  canceled: 'cancelled',
  replaced: 'replaced',
  expired: 'expired',
  rejected: 'rejected',
  suspended: 'held',
  pending_replace: 'replace_pending',
  order_cancel_rejected: 'cancel_refused',
  order_replace_rejected: 'replace_refused',
  // That its cancel is being worked on is what we asked for; the others tell of the day's accounts.
  pending_cancel: null,
  done_for_day: null,
  calculated: null,
  stopped: null,
  restated: null,
};

/** `frame` counts an account's messages; the paper broker adds it, Alpaca does not. */
const StreamMessage = z.object({
  stream: z.string(),
  frame: z.int().optional(),
  data: z.record(z.string(), z.unknown()),
});
export type StreamMessage = z.infer<typeof StreamMessage>;

const TradeUpdate = z.object({
  event: z.string().refine((event) => Object.hasOwn(EVENTS, event), 'an event of Alpaca’s stream'),
  timestamp: moment.optional(),
  execution_id: z.string().optional(),
  price: number.optional(),
  qty: number.optional(),
  order: Order,
});

/** Parses an answer of Alpaca. @throws Fault VENUE_ANSWER_INVALID that names the field at fault. */
function parse<S extends z.ZodType>(schema: S, value: unknown, what: string): z.output<S> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new Fault('VENUE_ANSWER_INVALID', `the venue's ${what} cannot be read: ${z.prettifyError(parsed.error)}`);
}

export const parseStreamMessage = (value: unknown): StreamMessage => parse(StreamMessage, value, 'stream message');
export const parseOrder = (value: unknown): VenueOrder => parse(Order, value, 'order');
export const parseOrders = (value: unknown): VenueOrder[] => parse(z.array(Order), value, 'list of orders');
export const parseFills = (value: unknown): (VenueFill & { activityId: string })[] =>
  parse(z.array(FillActivity), value, 'list of fills');
export const parseFees = (value: unknown): VenueFee[] => parse(z.array(FeeActivity), value, 'list of fees');
export const parsePositions = (value: unknown): VenuePosition[] => parse(z.array(Position), value, 'positions');
export const parseBars = (value: unknown): { bars: VenueBar[]; next: string | null } => parse(Bars, value, 'bars');
export const parseAccount = (value: unknown): VenueAccount => parse(Account, value, 'account');
export const parseQuotes = (value: unknown): VenueQuote[] => parse(Quotes, value, 'quotes');

/** The message of an error's body and its code, where it has one; null where it is not the venue that speaks. */
export function parseError(text: string): { code: string | null; message: string } | null {
  try {
    const parsed = ErrorBody.safeParse(JSON.parse(text));
    if (!parsed.success) return null;
    const { code, message } = parsed.data;
    return { code: code === undefined ? null : String(code), message };
  } catch {
    // Whatever is not JSON comes from a proxy or a load balancer.
    return null;
  }
}

/** What a trade_updates message says; null for an event that changes nothing that we keep. */
export function parseTradeUpdate(value: unknown): VenueUpdate | null {
  const data = parse(TradeUpdate, value, 'trade update');
  const event = EVENTS[data.event] ?? null;
  if (event === null) return null;
  const at = data.timestamp ?? data.order.submittedAt;
  if (event !== 'fill') return { event, word: data.event, order: data.order, fill: null, at };
  const { execution_id: executionId, price, qty: quantity } = data;
  if (executionId === undefined || price === undefined || quantity === undefined || data.timestamp === undefined) {
    throw new Fault(
      'VENUE_ANSWER_INVALID',
      `a fill of order ${data.order.clientOrderId} lacks its id, price, quantity or time`,
    );
  }
  const { venueOrderId, symbol, side } = data.order;
  const fill: VenueFill = { executionId, venueOrderId, symbol, side, quantity, price, at };
  return { event, word: data.event, order: data.order, fill, at };
}
