import type { VenueRules } from './ports.js';

const MINUTE_MS = 60_000;

/**
 * What Alpaca takes of US equities: the tables of "Placing Orders" (docs.alpaca.markets/docs/orders-at-alpaca, January
 * 2026) and the schema Order of its trading API. Some times in force need an account that is let: only Alpaca knows which.
 * Its words are those of its documentation and of answers that people published; where none is known, none is put into its mouth.
 */
export const ALPACA_RULES: VenueRules = {
  accepts: {
    day: ['market', 'limit', 'stop', 'stop_limit', 'trailing_stop'],
    gtc: ['market', 'limit', 'stop', 'stop_limit', 'trailing_stop'],
    ioc: ['market', 'limit'],
    fok: ['market', 'limit'],
    opg: ['market', 'limit'],
    cls: ['market', 'limit'],
  },
  quantityDecimals: 9,
  quantityMax: null,
  fractional: { types: ['market', 'limit', 'stop', 'stop_limit'], timesInForce: ['day'] },
  notional: { least: '1.00', decimals: 9 },
  extendedHours: { types: ['limit'], timesInForce: ['day'] },
  classes: {
    bracket: {
      types: ['market', 'limit', 'stop', 'stop_limit'],
      timesInForce: ['day', 'gtc'],
      exits: 'both',
      typeWords: null,
    },
    oco: {
      types: ['limit'],
      timesInForce: ['day', 'gtc'],
      exits: 'both',
      typeWords: 'oco orders must be limit orders',
    },
    oto: {
      types: ['market', 'limit', 'stop', 'stop_limit'],
      timesInForce: ['day', 'gtc'],
      exits: 'one',
      typeWords: null,
    },
  },
  priceDecimals: { belowOne: 4, fromOne: 2 },
  // 09:28, 15:50 and 19:00 in New York; on a day that closes early the closing auction is taken to end as long before it.
  auctions: {
    opgEndsBeforeOpenMs: 2 * MINUTE_MS,
    clsEndsBeforeCloseMs: 10 * MINUTE_MS,
    reopenAfterOpenMs: 570 * MINUTE_MS,
  },
  words: {
    QUANTITY_OR_NOTIONAL: 'qty or notional is required',
    QUANTITY_INVALID: 'qty must be > 0',
    NOTIONAL_TOO_SMALL: 'notional must be >= {least}',
    ORDER_TYPE_UNSUPPORTED: 'invalid order type',
    TIME_IN_FORCE_UNSUPPORTED: 'invalid time_in_force',
    LIMIT_PRICE_MISSING: 'limit orders require a limit price',
    STOP_PRICE_MISSING: 'stop orders require a stop price',
    STOP_LIMIT_PRICES_MISSING: 'stop limit orders require both stop and limit price',
    TRAIL_MISSING: 'trailing stop orders must specify one of trail_price or trail_percent',
    MARKET_PRICE_UNWANTED: 'market orders require no stop or limit price',
    TRAIL_UNWANTED: '{type} orders must not have {field}',
    PRICE_INCREMENT: 'invalid {field} {price}. sub-penny increment does not fulfill minimum pricing criteria',
    FRACTIONAL_TIME_IN_FORCE: 'fractional orders must be DAY orders',
    FRACTIONAL_TYPE: 'fractional orders must be market, limit, stop, or stop_limit orders',
    FRACTIONAL_CLASS: 'fractional orders must be simple orders',
    EXTENDED_HOURS_TYPE: 'only type="limit" is allowed for extended hours orders',
    EXTENDED_HOURS_TIME_IN_FORCE: 'extended hours order must be DAY limit orders',
    TAKE_PROFIT_MISSING: '{class} orders require take_profit.limit_price',
    STOP_LOSS_MISSING: '{class} orders require stop_loss.stop_price',
    EXIT_PRICES_CROSSED: 'take_profit.limit_price must be {order} stop_loss.stop_price',
    TAKE_PROFIT_TOO_NEAR: 'take_profit.limit_price must be {order} base_price {sign} {tick}',
    STOP_LOSS_TOO_NEAR: 'stop_loss.stop_price must be {order} base_price {sign} {tick}',
  },
};
