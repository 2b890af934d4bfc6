import type { Instant } from '@ballast/kernel/calendar';
import { D } from '@ballast/kernel/money';
import type { Decimal } from '@ballast/kernel/money';
import { availableQty, buyingPower } from '../domain/account.js';
import type { Account, Holding } from '../domain/account.js';
import { accountIdOf, assetIdOf } from '../domain/identity.js';
import type { Quote } from '../domain/market.js';
import type { Fill, Order } from '../domain/order.js';
import type { Frame } from './state.js';
import { equityOf, marketValueOf, markOf } from './valuation.js';
import type { Marks } from './valuation.js';

type Json = Record<string, unknown>;

const AVERAGE_PRICE_DECIMALS = 9;
const RATIO_DECIMALS = 10;
/** Sizes are not simulated: every quote stands for any quantity, and Alpaca's shape wants a number of lots. */
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
    replaced_at: null,
    replaced_by: null,
    replaces: null,
    asset_id: assetIdOf(order.symbol),
    symbol: order.symbol,
    asset_class: 'us_equity',
    notional: null,
    qty: order.qty.toFixed(),
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
    stop_price: null,
    status: order.status,
    extended_hours: false,
    legs: null,
    trail_percent: null,
    trail_price: null,
    hwm: null,
  };
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

/** Alpaca's account object of a cash account: no margin, no shorts. */
export function accountJson(account: Account, marks: Marks, now: Instant): Json {
  const long = marketValueOf(marks, account.name, now).toFixed();
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
    long_market_value: long,
    short_market_value: '0',
    buying_power: power,
    regt_buying_power: power,
    non_marginable_buying_power: power,
    initial_margin: '0',
    maintenance_margin: '0',
    last_maintenance_margin: '0',
    sma: '0',
    accrued_fees: '0',
    multiplier: '1',
    shorting_enabled: false,
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
    side: 'long',
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

/** Alpaca's latest quote, whose prices are JSON numbers. */
export function quoteJson(quote: Quote, at: Instant): Json {
  return {
    t: at,
    ax: 'V',
    ap: quote.ask.toNumber(),
    as: QUOTE_SIZE,
    bx: 'V',
    bp: quote.bid.toNumber(),
    bs: QUOTE_SIZE,
    c: ['R'],
    z: 'A',
  };
}

function ratio(part: Decimal, whole: Decimal): string {
  return whole.isZero() ? '0' : new D(part).div(whole).toDecimalPlaces(RATIO_DECIMALS).toFixed();
}
