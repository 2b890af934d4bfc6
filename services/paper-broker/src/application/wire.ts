import type { Instant } from '@ballast/kernel/calendar';
import { D } from '@ballast/kernel/money';
import type { Decimal } from '@ballast/kernel/money';
import { availableQty, buyingPower } from '../domain/account.js';
import type { Account, Holding } from '../domain/account.js';
import { accountIdOf, assetIdOf } from '../domain/identity.js';
import type { MinuteBar } from '../domain/minute-bars.js';
import { isTerminal } from '../domain/order.js';
import type { Fill, Order } from '../domain/order.js';
import { isRefusal } from '../domain/refusal.js';
import type { Refusal } from '../domain/refusal.js';
import { stopPriceOf } from '../domain/stops.js';
import type { SizedQuote } from '../domain/tape.js';
import type { Activity, Frame } from './state.js';
import { equityOf, marketValuesOf, markOf } from './valuation.js';
import type { Marks } from './valuation.js';

type Json = Record<string, unknown>;

const AVERAGE_PRICE_DECIMALS = 9;
const RATIO_DECIMALS = 10;
/** In a book without depth every quote stands for any quantity, and Alpaca's shape wants a number. */
const QUOTE_SIZE = 1;

/** Alpaca's order object. */
export function orderJson(order: Order): Json {
  return {
    id: order.id,
    client_order_id: order.clientOrderId,
    created_at: order.submittedAt,
    updated_at: order.updatedAt,
    submitted_at: order.submittedAt,
    filled_at: order.status === 'filled' ? order.filledAt : null,
    expired_at: order.expiredAt,
    canceled_at: order.canceledAt,
    failed_at: order.failedAt,
    replaced_at: order.replacedAt,
    replaced_by: order.replacedBy,
    replaces: order.replaces,
    asset_id: assetIdOf(order.symbol),
    symbol: order.symbol,
    asset_class: 'us_equity',
    ...sizeJson(order),
    filled_qty: order.filledQty.toFixed(),
    filled_avg_price: order.filledQty.isZero()
      ? null
      : order.filledNotional.div(order.filledQty).toDecimalPlaces(AVERAGE_PRICE_DECIMALS).toFixed(),
    order_class: '',
    order_type: order.type,
    type: order.type,
    side: order.side,
    time_in_force: order.timeInForce,
    limit_price: order.limitPrice?.toFixed() ?? null,
    stop_price: stopPriceOf(order)?.toFixed() ?? null,
    status: statusOf(order),
    extended_hours: order.extendedHours,
    legs: null,
    trail_percent: order.trailPercent?.toFixed() ?? null,
    trail_price: order.trailPrice?.toFixed() ?? null,
    hwm: order.highWaterMark?.toFixed() ?? null,
    ...(order.intent === 'sell_to_open' || order.intent === 'buy_to_close' ? { position_intent: order.intent } : {}),
  };
}

/** An order for an amount of money has no number of shares at Alpaca, only those that have filled. */
const sizeJson = ({ qty, notional }: Order): Json =>
  notional === null ? { notional: null, qty: qty.toFixed() } : { notional: notional.toFixed(), qty: null };

/** Alpaca's status: an order that a request is on its way to says so. */
function statusOf(order: Order): string {
  if (isTerminal(order)) return order.status;
  if (order.excess !== null) return 'pending_new';
  if (order.replacedBy !== null) return 'pending_replace';
  return order.cancelAt === null ? order.status : 'pending_cancel';
}

/** An entry of a list that answers for many orders: the order, or why there is none. */
export function statusJson(outcome: Order | Refusal): Json {
  return isRefusal(outcome)
    ? { status: outcome.status, body: outcome.body }
    : { status: 200, body: orderJson(outcome) };
}

/** The trade_updates message of a frame; `frame` is ours and ignored by Alpaca's clients. */
export function frameJson({ event, frame }: Frame): Json {
  const { fill } = event;
  return {
    stream: 'trade_updates',
    frame,
    data: {
      event: event.name,
      ...(fill
        ? {
            execution_id: fill.executionId,
            position_qty: fill.positionQty.toFixed(),
            price: fill.price.toFixed(),
            qty: fill.qty.toFixed(),
          }
        : {}),
      timestamp: event.at,
      order: orderJson(event.order),
    },
  };
}

/** Alpaca's account object of an account without loans: cash buys, and shorts only where the venue allows them. */
export function accountJson(account: Account, marks: Marks, now: Instant, shorting: boolean): Json {
  const { long, short } = marketValuesOf(marks, account.name, now);
  const equity = equityOf(marks, account, now).toFixed();
  const power = buyingPower(account).toFixed();
  return {
    id: accountIdOf(account.name),
    account_number: account.name,
    status: 'ACTIVE',
    currency: 'USD',
    cash: account.cash.toFixed(),
    portfolio_value: equity,
    equity,
    last_equity: account.lastEquity.toFixed(),
    long_market_value: long.toFixed(),
    short_market_value: short.toFixed(),
    buying_power: power,
    regt_buying_power: power,
    non_marginable_buying_power: power,
    initial_margin: account.collateral.toFixed(),
    maintenance_margin: account.collateral.toFixed(),
    last_maintenance_margin: '0',
    sma: '0',
    accrued_fees: account.accruedFees.toFixed(),
    multiplier: '1',
    shorting_enabled: shorting,
    trade_suspended_by_user: false,
    trading_blocked: false,
    transfers_blocked: false,
    account_blocked: false,
    created_at: account.openedAt,
  };
}

/** Alpaca's position object. Day changes are null where the venue saw no close before this session. */
export function positionJson(holding: Holding, marks: Marks, now: Instant): Json {
  const price = markOf(marks, holding.symbol, now);
  const last = marks.lastClose(holding.symbol) ?? null;
  const value = holding.qty.times(price);
  const profit = value.minus(holding.costBasis);
  const dayProfit = last ? holding.qty.times(price.minus(last)) : null;
  return {
    asset_id: assetIdOf(holding.symbol),
    symbol: holding.symbol,
    exchange: 'SIMULATED',
    asset_class: 'us_equity',
    asset_marginable: false,
    qty: holding.qty.toFixed(),
    qty_available: availableQty(holding).toFixed(),
    avg_entry_price: holding.costBasis.div(holding.qty).toDecimalPlaces(AVERAGE_PRICE_DECIMALS).toFixed(),
    side: holding.qty.isNegative() ? 'short' : 'long',
    market_value: value.toFixed(),
    cost_basis: holding.costBasis.toFixed(),
    unrealized_pl: profit.toFixed(),
    unrealized_plpc: ratio(profit, holding.costBasis),
    unrealized_intraday_pl: dayProfit?.toFixed() ?? null,
    unrealized_intraday_plpc: dayProfit && last ? ratio(dayProfit, holding.qty.times(last)) : null,
    current_price: price.toFixed(),
    lastday_price: last?.toFixed() ?? null,
    change_today: last ? ratio(price.minus(last), last) : null,
  };
}

/** Alpaca's asset object of a symbol that has a market. */
export function assetJson(symbol: string, shortable: boolean): Json {
  return {
    id: assetIdOf(symbol),
    class: 'us_equity',
    exchange: 'SIMULATED',
    symbol,
    name: symbol,
    status: 'active',
    tradable: true,
    marginable: false,
    shortable,
    easy_to_borrow: shortable,
    fractionable: true,
    attributes: [],
  };
}

/** Alpaca's FILL activity. Its id sorts by time and ends with the execution id, which is what pages are cut by. */
export function fillActivityJson(fill: Fill): Json {
  return {
    id: `${fill.filledAt.replace(/\D/g, '')}::${fill.executionId}`,
    activity_type: 'FILL',
    transaction_time: fill.filledAt,
    type: fill.leavesQty.isZero() ? 'fill' : 'partial_fill',
    price: fill.price.toFixed(),
    qty: fill.qty.toFixed(),
    side: fill.side,
    symbol: fill.symbol,
    leaves_qty: fill.leavesQty.toFixed(),
    order_id: fill.orderId,
    cum_qty: fill.cumQty.toFixed(),
    order_status: fill.orderStatus,
  };
}

/** Alpaca's activity of a fee. Its id sorts by time, as those of fills do. */
export function feeActivityJson(activity: Activity): Json {
  return {
    id: `${activity.at.replace(/\D/g, '')}::${activity.id}`,
    activity_type: 'FEE',
    activity_sub_type: activity.code,
    date: activity.date,
    created_at: activity.at,
    net_amount: activity.netAmount.toFixed(),
    description: activity.description,
    status: 'executed',
  };
}

/** Alpaca's latest quote, whose prices are JSON numbers. */
export function quoteJson(
  quote: SizedQuote,
  at: Instant,
  { hasDepth, stands }: { readonly hasDepth: boolean; readonly stands: boolean },
): Json {
  return {
    t: at,
    ax: 'V',
    ap: quote.ask.toNumber(),
    as: hasDepth ? quote.askSize.toNumber() : QUOTE_SIZE,
    bx: 'V',
    bp: quote.bid.toNumber(),
    bs: hasDepth ? quote.bidSize.toNumber() : QUOTE_SIZE,
    c: [stands ? STANDING : REGULAR],
    z: 'A',
  };
}

/** Conditions of a quote on tape A: a regular two-sided market, and one without opening or resumption while trading stands. */
const REGULAR = 'R';
const STANDING = 'Z';

/** Alpaca’s bar object, without the number of trades, which is not simulated. */
export function barJson({ at, open, high, low, close, volume, vwap }: MinuteBar): Json {
  return {
    t: at,
    o: open.toNumber(),
    h: high.toNumber(),
    l: low.toNumber(),
    c: close.toNumber(),
    v: volume.toNumber(),
    vw: vwap.toNumber(),
  };
}

function ratio(part: Decimal, whole: Decimal): string {
  return whole.isZero() ? '0' : new D(part).div(whole).toDecimalPlaces(RATIO_DECIMALS).toFixed();
}
