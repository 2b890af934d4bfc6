import type { AlertData, Instant, OrderTerms } from '@ballast/contracts';
import { dateInNewYork, newYorkToInstant, sessionAt, sessionOf } from '@ballast/kernel/calendar';
import { Decimal, decimal, formatDecimal } from '@ballast/kernel/money';
import type { VenueAccount } from '../messages.js';
import type { ChildOrder } from './child-order.js';
import { roomOf, takeRoom, type Holdings } from './closing.js';
import type { SymbolHalt } from './halt.js';
import { termsFault, type VenueRules } from './order-terms.js';
import type { ParentOrder } from './schedule.js';

/** Why nothing of a parent leaves. */
export interface Stop {
  readonly code: 'SYMBOL_HALTED' | 'ACCOUNT_BLOCKED' | 'MARKET_CLOSED' | 'SHORTING_DISABLED' | 'BUYING_POWER';
  readonly reason: string;
}

export type MarketHours = 'regular' | 'extended';

/** What the monitor looks at before orders leave. */
export interface MonitorInputs {
  readonly now: Instant;
  /** The venue's word on the account. */
  readonly facts: VenueAccount;
  readonly marketHours: MarketHours;
  /** What the venue takes. */
  readonly venue: VenueRules;
  /** By how much a buy at the market may cost more than its reference price, in basis points. */
  readonly collarBp: number;
  /** What has been sent to buy since the facts were asked for, at reference prices, in US dollars. */
  readonly spent: string;
  /** What the account holds, and its orders that have left; needed only where something is sold and shorts are not allowed. */
  readonly holdings: Holdings;
  readonly halted: readonly SymbolHalt[];
  readonly parents: readonly ParentOrder[];
  /** The children that fall due, by parent. */
  readonly due: readonly ChildOrder[];
}

/** What only a look that is newer can tell: these may have changed since the venue was asked. */
const CHANGES: ReadonlySet<Stop['code']> = new Set(['ACCOUNT_BLOCKED', 'SHORTING_DISABLED', 'BUYING_POWER']);

/** Whether a stop is drawn from the venue's word, so that an older word does not suffice for it. */
export const leansOnFacts = ({ code }: Stop): boolean => CHANGES.has(code);

/** In New York, by Alpaca: before the session from 4:00, after it until 20:00. */
const EXTENDED = { from: 4, to: 20 };

/**
 * Decides which parents the account lets trade. A halted symbol, an account that the venue has blocked, a closed market, a
 * sale of what is not held where shorting is off, and buys beyond the buying power stop theirs; what the venue does not say
 * stops what needs it. Buys take from the buying power in the order of `parents`. What flattens only shrinks what is
 * held, by rules of its own, and asks for neither shares nor money.
 * @returns the stop of each parent that has one, by its id.
 */
export function monitorAccount(inputs: MonitorInputs): ReadonlyMap<string, Stop> {
  const stops = new Map<string, Stop>();
  let room = roomOf(inputs.holdings);
  let spent = decimal(inputs.spent);
  for (const parent of inputs.parents) {
    const due = inputs.due.filter((order) => order.parentOrderId === parent.parentOrderId);
    const stop = haltOf(parent, inputs.halted) ?? blockOf(inputs.facts) ?? closedFor(due, inputs);
    if (stop) {
      stops.set(parent.parentOrderId, stop);
      continue;
    }
    if (parent.purpose === 'flatten') continue;
    if (parent.side === 'sell') {
      if (inputs.facts.shortingEnabled === true) continue;
      const taken = takeRoom(room, due);
      if ('grows' in taken) stops.set(parent.parentOrderId, shortStop(inputs.facts, taken.grows));
      else room = taken.left;
      continue;
    }
    const cost = costOf(parent, due, inputs.collarBp);
    const short = powerStop(inputs.facts, spent, cost);
    if (short) stops.set(parent.parentOrderId, short);
    else spent = spent.plus(cost);
  }
  return stops;
}

function haltOf({ symbol }: ParentOrder, halted: readonly SymbolHalt[]): Stop | null {
  const halt = halted.find((each) => each.symbol === symbol);
  return halt ? { code: 'SYMBOL_HALTED', reason: `${symbol} is halted by ${halt.by}: ${halt.reason}` } : null;
}

function blockOf({ active, tradingBlocked, accountBlocked }: VenueAccount): Stop | null {
  const stop = (reason: string): Stop => ({ code: 'ACCOUNT_BLOCKED', reason });
  if (active === false) return stop('the venue does not call the account active');
  if (tradingBlocked === true) return stop('the venue has blocked trading in the account');
  if (accountBlocked === true) return stop('the venue has blocked the account');
  if (active === null || tradingBlocked === null || accountBlocked === null) {
    return stop('the venue does not say whether the account may trade');
  }
  return null;
}

function closedFor(
  due: readonly ChildOrder[],
  { now, marketHours, venue }: Pick<MonitorInputs, 'now' | 'marketHours' | 'venue'>,
): Stop | null {
  if (sessionAt(now) !== null) return null;
  const closed = due.find((order) => !mayLeaveClosed(order.terms, now, marketHours) && !isRefused(order, venue, now));
  if (!closed) return null;
  const why =
    closed.terms?.extendedHours === true
      ? marketHours === 'regular'
        ? 'EXECUTION_MARKET_HOURS is regular, and the order is for extended hours'
        : 'it is outside of extended hours, 4:00 to 20:00 in New York on a day of trading'
      : 'the session is not open';
  return { code: 'MARKET_CLOSED', reason: why };
}

/** What the venue does not take at all is told so, whatever the hour. */
const isRefused = ({ side, quantity, terms }: ChildOrder, venue: VenueRules, now: Instant): boolean =>
  terms !== null && termsFault({ side, quantity, notional: null, terms }, venue, now) !== null;

/** An order for an auction is taken before it and trades in the session; one for extended hours trades now. */
function mayLeaveClosed(terms: OrderTerms | null, now: Instant, policy: MarketHours): boolean {
  if (terms?.timeInForce === 'opg' || terms?.timeInForce === 'cls') return true;
  if (terms?.extendedHours !== true || policy === 'regular') return false;
  const date = dateInNewYork(now);
  if (sessionOf(date) === null) return false;
  return now >= newYorkToInstant(date, EXTENDED.from, 0) && now < newYorkToInstant(date, EXTENDED.to, 0);
}

function shortStop({ shortingEnabled }: VenueAccount, grows: string): Stop {
  const why = shortingEnabled === null ? 'the venue does not say whether it may sell short' : 'shorting is off';
  return { code: 'SHORTING_DISABLED', reason: `${grows}, and ${why}` };
}

/** What buys may cost: their amount of money, at their limit, or at the reference price and the collar above it. */
function costOf({ referencePrice }: ParentOrder, due: readonly ChildOrder[], collarBp: number): Decimal {
  const collared = decimal(referencePrice)
    .times(10_000 + collarBp)
    .div(10_000);
  const cost = ({ quantity, terms }: ChildOrder): Decimal =>
    terms?.notional === undefined ? decimal(quantity).times(terms?.limitPrice ?? collared) : decimal(terms.notional);
  return due.reduce((sum, order) => sum.plus(cost(order)), decimal('0'));
}

function powerStop({ buyingPower }: VenueAccount, spent: Decimal, cost: Decimal): Stop | null {
  if (buyingPower === null) return { code: 'BUYING_POWER', reason: 'the venue does not say the buying power' };
  const left = decimal(buyingPower).minus(spent);
  if (cost.lessThanOrEqualTo(left)) return null;
  const money = (value: Decimal): string => formatDecimal(value.toDecimalPlaces(2));
  return { code: 'BUYING_POWER', reason: `it may cost ${money(cost)} US dollars, and ${money(left)} can be spent` };
}

/** Day trades in five sessions after which one more makes a pattern day trader, by the rule that brokers may keep until 2027-10-20. */
const DAY_TRADES_LEFT_OUT = 3;

/** Warns before the fourth day trade, once each time the count rises to it; silent where the venue does not count. */
export function dayTradeAlarm(
  account: string,
  before: VenueAccount | null,
  { dayTrades, patternDayTrader }: VenueAccount,
): Omit<AlertData, 'at'> | null {
  if (dayTrades === null || dayTrades < DAY_TRADES_LEFT_OUT || patternDayTrader === true) return null;
  if ((before?.dayTrades ?? 0) >= dayTrades) return null;
  return {
    code: 'DAY_TRADES',
    severity: 'warning',
    message: `${account}: the venue counts ${dayTrades} day trades in five sessions; a fourth makes it a pattern day trader`,
    numbers: { account, dayTrades: String(dayTrades) },
    nextStep: 'do not buy and sell the same name on one day, or keep 25,000 US dollars of equity',
  };
}
