import type { Instant, OrderClass, OrderTerms, OrderType, Side, TimeInForce } from '@ballast/contracts';
import { dateInNewYork, millisecondsBetween, sessionOf } from '@ballast/kernel/calendar';
import { Decimal, decimal, formatDecimal } from '@ballast/kernel/money';

/** An order as it would be sent. One of `quantity` (shares) and `notional` (US dollars) is null. */
export interface OrderDraft {
  readonly side: Side;
  readonly quantity: string | null;
  readonly notional: string | null;
  readonly terms: OrderTerms;
}

/** An order as it would be sent that is held in shares: where its terms have an amount of money, for that amount. */
export const draftOf = (order: { side: Side; quantity: string; terms: OrderTerms }): OrderDraft => {
  const { notional = null } = order.terms;
  return { ...order, quantity: notional === null ? order.quantity : null, notional };
};

/** What a child order is sent as that has no terms of its own. */
export const PLAIN_TERMS: OrderTerms = { type: 'market', timeInForce: 'day' };

/** Why an order would not be taken; our codes, the same for every venue. */
export type TermsCode =
  | 'QUANTITY_OR_NOTIONAL'
  | 'QUANTITY_INVALID'
  | 'QUANTITY_DECIMALS'
  | 'NOTIONAL_UNSUPPORTED'
  | 'NOTIONAL_TOO_SMALL'
  | 'NOTIONAL_DECIMALS'
  | 'ORDER_TYPE_UNSUPPORTED'
  | 'TIME_IN_FORCE_UNSUPPORTED'
  | 'LIMIT_PRICE_MISSING'
  | 'STOP_PRICE_MISSING'
  | 'STOP_LIMIT_PRICES_MISSING'
  | 'TRAIL_MISSING'
  | 'MARKET_PRICE_UNWANTED'
  | 'PRICE_UNWANTED'
  | 'TRAIL_UNWANTED'
  | 'PRICE_INVALID'
  | 'PRICE_INCREMENT'
  | 'FRACTIONAL_TIME_IN_FORCE'
  | 'FRACTIONAL_TYPE'
  | 'FRACTIONAL_CLASS'
  | 'EXTENDED_HOURS_TYPE'
  | 'EXTENDED_HOURS_TIME_IN_FORCE'
  | 'EXTENDED_HOURS_CLASS'
  | 'ORDER_CLASS_UNSUPPORTED'
  | 'ORDER_CLASS_TYPE'
  | 'ORDER_CLASS_TIME_IN_FORCE'
  | 'TAKE_PROFIT_MISSING'
  | 'STOP_LOSS_MISSING'
  | 'EXIT_MISSING'
  | 'EXIT_UNWANTED'
  | 'EXIT_PRICES_CROSSED'
  | 'TAKE_PROFIT_TOO_NEAR'
  | 'STOP_LOSS_TOO_NEAR'
  | 'AUCTION_CLOSED';

/** Why an order is not sent that the venue would take: the gateway does not follow it yet. */
export type NotWorkedCode = 'ORDER_CLASS_NOT_WORKED';

/** A class of several orders: what its entry may be, for how long, and which exits it must have. */
export interface ClassRule {
  readonly types: readonly OrderType[];
  readonly timesInForce: readonly TimeInForce[];
  readonly exits: 'both' | 'one';
  /** The venue's own words about an entry of another type; null where they are not known. */
  readonly typeWords: string | null;
}

/** What a venue takes, as its adapter declares it. */
export interface VenueRules {
  /** Which types it takes for each time in force; a time in force that is missing is not taken. */
  readonly accepts: Readonly<Partial<Record<TimeInForce, readonly OrderType[]>>>;
  /** The most decimals of a quantity in shares. */
  readonly quantityDecimals: number;
  /** The most shares of one order (an exchange's freeze quantity); null where there is no such limit. */
  readonly quantityMax: string | null;
  /** What an order of a fraction of a share, or by an amount of money, may be; null where there is none. */
  readonly fractional: { readonly types: readonly OrderType[]; readonly timesInForce: readonly TimeInForce[] } | null;
  /** The least amount of an order by money in US dollars and its most decimals; null where there is none. */
  readonly notional: { readonly least: string; readonly decimals: number } | null;
  /** What may trade outside of the session; null where nothing may. */
  readonly extendedHours: {
    readonly types: readonly OrderType[];
    readonly timesInForce: readonly TimeInForce[];
  } | null;
  readonly classes: Readonly<Partial<Record<OrderClass, ClassRule>>>;
  /** The most decimals of a price below one dollar, and from one dollar on. */
  readonly priceDecimals: { readonly belowOne: number; readonly fromOne: number };
  /** Between these moments of a session's day an auction takes no more orders; ms before the opening and the close, ms after the opening. */
  readonly auctions: {
    readonly opgEndsBeforeOpenMs: number;
    readonly clsEndsBeforeCloseMs: number;
    readonly reopenAfterOpenMs: number;
  };
  /** The venue's own words for each, where they are known; `{…}` stands for what they name. */
  readonly words: Readonly<Partial<Record<TermsCode, string>>>;
}

/** Why an order is not sent. */
export interface TermsFault {
  readonly code: TermsCode | NotWorkedCode;
  /** Ours in one sentence, and the venue's own words where they are known. */
  readonly reason: string;
}

interface Finding {
  readonly code: TermsCode;
  readonly what: string;
  /** What the venue's words name. */
  readonly names?: Readonly<Record<string, string>>;
  /** The venue's words, where they are a rule's own. */
  readonly words?: string | null;
}

type Check = (draft: OrderDraft, rules: VenueRules, now: Instant) => Finding | null;

/**
 * Why a venue would not take an order, or we could not follow it; null where it can be sent.
 * The first fault in a fixed order counts. Nothing here asks what an account holds or may do.
 */
export function termsFault(draft: OrderDraft, rules: VenueRules, now: Instant): TermsFault | null {
  for (const check of CHECKS) {
    const found = check(draft, rules, now);
    if (found) return { code: found.code, reason: worded(found, rules) };
  }
  return notWorked(draft);
}

function worded({ code, what, names = {}, words: own }: Finding, { words }: VenueRules): string {
  const said = (own ?? words[code])?.replaceAll(/\{(\w+)\}/g, (_, name: string) => names[name] ?? '');
  return said === undefined ? what : `${what}; the venue says "${said}"`;
}

function notWorked({ terms }: OrderDraft): TermsFault | null {
  const { orderClass = 'simple' } = terms;
  if (orderClass === 'simple') return null;
  const reason = `the venue would take this ${orderClass} order, but its exits are not followed here yet; send the entry alone`;
  return { code: 'ORDER_CLASS_NOT_WORKED', reason };
}

const classOf = ({ terms }: OrderDraft): OrderClass => terms.orderClass ?? 'simple';

const isFraction = ({ quantity, notional }: OrderDraft): boolean =>
  notional !== null || (quantity !== null && !decimal(quantity).isInteger());

const size: Check = ({ quantity, notional }, rules) => {
  if ((quantity === null) === (notional === null)) {
    return { code: 'QUANTITY_OR_NOTIONAL', what: 'an order is for shares or for an amount of money, one of both' };
  }
  if (quantity !== null) {
    const shares = decimal(quantity);
    if (!shares.greaterThan(0)) return { code: 'QUANTITY_INVALID', what: `${quantity} shares are none` };
    if (shares.decimalPlaces() <= rules.quantityDecimals) return null;
    return { code: 'QUANTITY_DECIMALS', what: `${quantity} shares have more than ${rules.quantityDecimals} decimals` };
  }
  if (rules.notional === null)
    return { code: 'NOTIONAL_UNSUPPORTED', what: 'no orders by an amount of money are taken' };
  const { least, decimals } = rules.notional;
  if (decimal(notional!).lessThan(least)) {
    return { code: 'NOTIONAL_TOO_SMALL', what: `${notional} USD is less than ${least}`, names: { least } };
  }
  return decimal(notional!).decimalPlaces() <= decimals
    ? null
    : { code: 'NOTIONAL_DECIMALS', what: `${notional} USD has more than ${decimals} decimals` };
};

const kind: Check = ({ terms: { type, timeInForce } }, { accepts }) => {
  if (!Object.values(accepts).some((types) => types.includes(type))) {
    return { code: 'ORDER_TYPE_UNSUPPORTED', what: `no ${type} orders are taken` };
  }
  if (accepts[timeInForce]?.includes(type)) return null;
  const takes = Object.entries(accepts).flatMap(([each, types]) => (types.includes(type) ? [each] : []));
  return {
    code: 'TIME_IN_FORCE_UNSUPPORTED',
    what: `a ${type} order may be ${takes.join(', ')}, and not ${timeInForce}`,
  };
};

const isSet = (price: string | undefined): boolean => price !== undefined;

/** Which prices a type has: all that it needs, and no others. */
const PRICED: Readonly<Record<OrderType, { limit: boolean; stop: boolean; trail: boolean; missing: Finding | null }>> =
  {
    market: { limit: false, stop: false, trail: false, missing: null },
    limit: {
      ...{ limit: true, stop: false, trail: false },
      missing: { code: 'LIMIT_PRICE_MISSING', what: 'a limit order has a limitPrice' },
    },
    stop: {
      ...{ limit: false, stop: true, trail: false },
      missing: { code: 'STOP_PRICE_MISSING', what: 'a stop order has a stopPrice' },
    },
    stop_limit: {
      ...{ limit: true, stop: true, trail: false },
      missing: { code: 'STOP_LIMIT_PRICES_MISSING', what: 'a stop_limit order has a stopPrice and a limitPrice' },
    },
    trailing_stop: {
      ...{ limit: false, stop: false, trail: true },
      missing: { code: 'TRAIL_MISSING', what: 'a trailing_stop order has a trailPrice or a trailPercent, one of both' },
    },
  };

const prices: Check = ({ terms }) => {
  const { type, limitPrice, stopPrice, trailPrice, trailPercent } = terms;
  const priced = PRICED[type];
  const [limit, stop] = [isSet(limitPrice), isSet(stopPrice)];
  const trails = [trailPrice, trailPercent].filter(isSet).length;
  const lacks = (priced.limit && !limit) || (priced.stop && !stop) || (priced.trail && trails !== 1);
  if (lacks) return priced.missing;
  const extra = limit && !priced.limit ? 'limitPrice' : stop && !priced.stop ? 'stopPrice' : null;
  if (extra !== null) {
    const code = type === 'market' ? 'MARKET_PRICE_UNWANTED' : 'PRICE_UNWANTED';
    return { code, what: `a ${type} order has no ${extra}` };
  }
  if (trails === 0 || priced.trail) return null;
  const field = isSet(trailPrice) ? 'trail_price' : 'trail_percent';
  return { code: 'TRAIL_UNWANTED', what: `a ${type} order does not trail`, names: { type, field } };
};

/** Every price of an order under the name that venues give it; a percentage is none. */
const pricesOf = ({ limitPrice, stopPrice, trailPrice, takeProfit, stopLoss }: OrderTerms): [string, string][] =>
  [
    ['limit_price', limitPrice],
    ['stop_price', stopPrice],
    ['trail_price', trailPrice],
    ['take_profit.limit_price', takeProfit?.limitPrice],
    ['stop_loss.stop_price', stopLoss?.stopPrice],
    ['stop_loss.limit_price', stopLoss?.limitPrice],
  ].filter((pair): pair is [string, string] => pair[1] !== undefined);

const increments: Check = ({ terms }, { priceDecimals }) => {
  const percent: [string, string][] = isSet(terms.trailPercent) ? [['trail_percent', terms.trailPercent!]] : [];
  for (const [field, price] of [...pricesOf(terms), ...percent]) {
    if (!decimal(price).greaterThan(0)) return { code: 'PRICE_INVALID', what: `${field} ${price} is not above zero` };
  }
  for (const [field, price] of pricesOf(terms)) {
    const most = decimal(price).lessThan(1) ? priceDecimals.belowOne : priceDecimals.fromOne;
    if (decimal(price).decimalPlaces() > most) {
      return { code: 'PRICE_INCREMENT', what: `${field} has more than ${most} decimals`, names: { field, price } };
    }
  }
  return null;
};

const fractions: Check = (draft, { fractional }) => {
  if (!isFraction(draft)) return null;
  const { type, timeInForce } = draft.terms;
  const amount =
    draft.quantity === null ? `an order for ${draft.notional} USD` : `an order for ${draft.quantity} shares`;
  if (!fractional?.timesInForce.includes(timeInForce)) {
    return { code: 'FRACTIONAL_TIME_IN_FORCE', what: `${amount} cannot be ${timeInForce}` };
  }
  if (!fractional.types.includes(type)) return { code: 'FRACTIONAL_TYPE', what: `${amount} cannot be ${type}` };
  return classOf(draft) === 'simple' ? null : { code: 'FRACTIONAL_CLASS', what: `${amount} cannot have exits` };
};

const hours: Check = (draft, { extendedHours }) => {
  const { type, timeInForce } = draft.terms;
  if (draft.terms.extendedHours !== true) return null;
  if (!extendedHours?.types.includes(type)) {
    return { code: 'EXTENDED_HOURS_TYPE', what: `a ${type} order does not trade in extended hours` };
  }
  if (!extendedHours.timesInForce.includes(timeInForce)) {
    return { code: 'EXTENDED_HOURS_TIME_IN_FORCE', what: `an order for extended hours cannot be ${timeInForce}` };
  }
  if (classOf(draft) === 'simple') return null;
  return { code: 'EXTENDED_HOURS_CLASS', what: 'orders with exits do not trade in extended hours' };
};

const exits: Check = (draft, { classes }) => {
  const { type, timeInForce, takeProfit, stopLoss } = draft.terms;
  const orderClass = classOf(draft);
  if (orderClass === 'simple') {
    const none = takeProfit === undefined && stopLoss === undefined;
    return none ? null : { code: 'EXIT_UNWANTED', what: 'exits belong to an orderClass of bracket, oco or oto' };
  }
  const rule = classes[orderClass];
  const names = { class: orderClass };
  if (!rule) return { code: 'ORDER_CLASS_UNSUPPORTED', what: `no ${orderClass} orders are taken` };
  if (!rule.types.includes(type)) {
    return { code: 'ORDER_CLASS_TYPE', what: `the entry of ${orderClass} cannot be ${type}`, words: rule.typeWords };
  }
  if (!rule.timesInForce.includes(timeInForce)) {
    return { code: 'ORDER_CLASS_TIME_IN_FORCE', what: `${orderClass} cannot be ${timeInForce}` };
  }
  if (rule.exits === 'one') {
    const one = (takeProfit === undefined) !== (stopLoss === undefined);
    return one ? null : { code: 'EXIT_MISSING', what: `${orderClass} has a takeProfit or a stopLoss, one of both` };
  }
  if (!takeProfit) return { code: 'TAKE_PROFIT_MISSING', what: `${orderClass} has a takeProfit`, names };
  return stopLoss ? null : { code: 'STOP_LOSS_MISSING', what: `${orderClass} has a stopLoss`, names };
};

/** One cent: the least that an exit must be away from what it is measured by. */
const TICK = '0.01';

/**
 * Exits lie on their sides of each other and of the entry's limit, a tick away at least: the take-profit above and the
 * stop-loss below what was bought. An OCO has exits alone: where it sells, they close what was bought.
 */
const crossings: Check = (draft) => {
  const { limitPrice, takeProfit, stopLoss } = draft.terms;
  const orderClass = classOf(draft);
  if (orderClass === 'simple') return null;
  const bought = (draft.side === 'buy') !== (orderClass === 'oco');
  const beyond = (better: string | undefined, worse: string | undefined): boolean =>
    better === undefined ||
    worse === undefined ||
    (bought ? decimal(better).minus(worse) : decimal(worse).minus(better)).greaterThanOrEqualTo(TICK);
  const profit = takeProfit?.limitPrice;
  const loss = stopLoss?.stopPrice;
  const entry = orderClass === 'oco' ? undefined : limitPrice;
  const [over, under] = bought ? ['above', 'below'] : ['below', 'above'];
  const by = `by ${TICK} at least`;
  if (!beyond(profit, loss)) {
    const what = `the take-profit ${profit} is not ${over} the stop-loss ${loss} ${by}`;
    return { code: 'EXIT_PRICES_CROSSED', what, names: { order: bought ? '>' : '<' } };
  }
  if (!beyond(profit, entry)) {
    const what = `the take-profit ${profit} is not ${over} the entry ${entry} ${by}`;
    return { code: 'TAKE_PROFIT_TOO_NEAR', what, names: bought ? ABOVE_BASE : BELOW_BASE };
  }
  if (beyond(entry, loss)) return null;
  const what = `the stop-loss ${loss} is not ${under} the entry ${entry} ${by}`;
  return { code: 'STOP_LOSS_TOO_NEAR', what, names: bought ? BELOW_BASE : ABOVE_BASE };
};

const ABOVE_BASE = { order: '>=', sign: '+', tick: TICK };
const BELOW_BASE = { order: '<=', sign: '-', tick: TICK };

const auctions: Check = ({ terms: { timeInForce } }, { auctions: times }, now) => {
  const session = timeInForce === 'opg' || timeInForce === 'cls' ? sessionOf(dateInNewYork(now)) : null;
  if (!session) return null;
  const opens = timeInForce === 'opg';
  const sinceOpen = millisecondsBetween(session.open, now);
  const ended = opens
    ? sinceOpen > -times.opgEndsBeforeOpenMs
    : millisecondsBetween(session.close, now) > -times.clsEndsBeforeCloseMs;
  if (!ended || sinceOpen >= times.reopenAfterOpenMs) return null;
  const minutes = new Decimal(opens ? times.opgEndsBeforeOpenMs : times.clsEndsBeforeCloseMs).div(60_000);
  const what = `the ${opens ? 'opening' : 'closing'} auction takes orders until ${formatDecimal(minutes)} min before ${opens ? session.open : session.close}, and for the next session from the evening on`;
  return { code: 'AUCTION_CLOSED', what };
};

/** In this order, so that what an order is comes before what its numbers are. */
const CHECKS: readonly Check[] = [size, kind, prices, increments, fractions, hours, exits, crossings, auctions];
