import { D } from '../money/index.js';
import { one, noMark } from './golden-row.fixture.js';
import type { Golden } from './golden-row.fixture.js';
import type { CheckName } from './index.js';
import { buy, decimals, held, NOW, order, sell } from './world.fixture.js';

/** Checks of the market, the mandate and the pace of orders. */
export const MARKET_CHECKS = {
  PRICE_COLLAR: {
    limits: { priceCollarMax: '0.05' },
    code: 'PRICE_COLLAR_EXCEEDED',
    below: [one(buy(1, { price: new D('104.99') }))],
    at: [one(buy(1, { price: new D(105) }))],
    above: [one(buy(1, { price: new D('105.01') }))],
    more: {
      'a sale at the limit': [[one(sell(1, { price: new D(95) }))], 'passed'],
      'a sale below it': [[one(sell(1, { price: new D('94.99') }))], 'PRICE_COLLAR_EXCEEDED'],
      'a buy far below': [[one(buy(1, { price: new D(10) }))], 'PRICE_COLLAR_EXCEEDED'],
      'an order for the market': [[one(buy(1))], 'passed'],
      'a price of zero': [[one(buy(1, { price: new D(0) }))], 'PRICE_COLLAR_EXCEEDED'],
      'a price below zero': [[one(buy(1, { price: new D(-100) }))], 'PRICE_COLLAR_EXCEEDED'],
      'a price that is no number': [[one(buy(1, { price: new D(NaN) }))], 'PRICE_COLLAR_EXCEEDED'],
      'no reference': [[one(buy(1, { price: new D(100) }), noMark)], 'MISSING_MARK'],
    },
  },
  LULD_BANDS: {
    limits: { luldBands: true },
    code: 'LULD_BAND_EXCEEDED',
    below: [one(buy(1, { price: new D('104.99') }))],
    at: [one(buy(1, { price: new D(105) }))],
    above: [one(buy(1, { price: new D('105.01') }))],
    more: {
      'a sale at the lower band': [[one(sell(1, { price: new D(95) }))], 'passed'],
      'a sale below it': [[one(sell(1, { price: new D('94.99') }))], 'LULD_BAND_EXCEEDED'],
      'a buy below the lower band waits': [[one(buy(1, { price: new D(90) }))], 'passed'],
      'an order for the market by its mark': [[one(buy(1), { marks: decimals({ A: 106 }) })], 'LULD_BAND_EXCEEDED'],
      'no bands': [[one(buy(1)), { bands: new Map() }], 'MISSING_BANDS'],
      'bands that are no numbers': [
        [one(buy(1)), { bands: new Map([['A', { lower: new D(NaN), upper: new D(1) }]]) }],
        'MISSING_BANDS',
      ],
      'neither price nor mark': [[one(buy(1), noMark)], 'MISSING_MARK'],
      'a price that is no number': [[one(buy(1, { price: new D(NaN) }))], 'MISSING_MARK'],
    },
  },
  MARKET_HALT: {
    limits: { marketHalts: true },
    code: 'MARKET_HALTED',
    ...{ below: [{}], at: [{}, { paused: new Set(['B']) }], above: [{}, { marketHalt: { level: 1, halt: '15m' } }] },
    more: {
      'the name is paused': [[{}, { paused: new Set(['A']) }], 'SYMBOL_HALTED'],
      'paused for what reduces too': [
        [one(sell(1), { positions: held({ A: 1 }) }), { paused: new Set(['A']) }],
        'SYMBOL_HALTED',
      ],
      'the market is not known': [[{}, { marketHalt: undefined }], 'MISSING_MARKET_STATE'],
      'pauses are not known': [[{}, { paused: undefined }], 'MISSING_MARKET_STATE'],
    },
  },
  RESTRICTED_LIST: {
    limits: { restrictedList: true },
    code: 'RESTRICTED_SYMBOL',
    ...{
      below: [{}],
      at: [{}, { restricted: new Map([['B', 'all']]) }],
      above: [{}, { restricted: new Map([['A', 'all']]) }],
    },
    more: {
      'a sale of what is held': [
        [one(sell(1), { positions: held({ A: 1 }) }), { restricted: new Map([['A', 'all']]) }],
        'RESTRICTED_SYMBOL',
      ],
      'a name that may not be opened': [[{}, { restricted: new Map([['A', 'opening']]) }], 'RESTRICTED_SYMBOL'],
      'its closing': [
        [one(sell(1), { positions: held({ A: 1 }) }), { restricted: new Map([['A', 'opening']]) }],
        'reducing_trade',
      ],
      'no list': [[{}, { restricted: undefined }], 'MISSING_RESTRICTED_LIST'],
    },
  },
  DATA_QUALITY: {
    limits: { dataQualityMin: '0.6' },
    code: 'data_quality',
    below: [{}, { quality: new Map([['A', 0.61]]) }],
    at: [{}, { quality: new Map([['A', 0.6]]) }],
    above: [{}, { quality: new Map([['A', 0.59]]) }],
    more: {
      'a score of zero': [[{}, { quality: new Map([['A', 0]]) }], 'data_quality'],
      'a score below zero': [[{}, { quality: new Map([['A', -1]]) }], 'data_quality'],
      'no score': [[{}, { quality: new Map() }], 'MISSING_QUALITY'],
      'a score that is no number': [[{}, { quality: new Map([['A', NaN]]) }], 'MISSING_QUALITY'],
      'what only reduces': [[one(sell(1), { positions: held({ A: 1 }) }), { quality: new Map() }], 'reducing_trade'],
    },
  },
  INPUT_AGE: {
    limits: { inputAgeMinutesMax: '10' },
    code: 'STALE_INPUT',
    below: [{ now: '2026-11-20T14:59:59.999Z' }],
    at: [{}],
    above: [{ now: '2026-11-20T15:00:00.001Z' }],
    more: {
      'what only reduces': [
        [one(sell(1), { positions: held({ A: 1 }), now: '2026-11-20T16:00:00.000Z' })],
        'reducing_trade',
      ],
      'no moment of the judgement': [
        [{ asOf: { marks: NOW, book: NOW, equity: NOW }, now: undefined as never }],
        'MISSING_TIME',
      ],
      'no moment of the marks': [[{ asOf: { book: NOW, equity: NOW } }], 'MISSING_TIME'],
      'marks of the future': [
        [
          {
            asOf: {
              marks: '2026-11-20T15:00:01.000Z',
              book: '2026-11-20T15:00:01.000Z',
              equity: '2026-11-20T15:00:01.000Z',
            },
          },
        ],
        'MISSING_TIME',
      ],
      'a moment that is none': [[{ asOf: { marks: 'a while ago', book: 'b', equity: 'c' } }], 'CHECK_ERROR'],
    },
  },
  EARNINGS_BLACKOUT: {
    limits: { earningsBlackoutSessions: 2 },
    code: 'EARNINGS_TOO_NEAR',
    below: [{}, { sessionsToEarnings: new Map([['A', 4]]) }],
    at: [{}, { sessionsToEarnings: new Map([['A', 3]]) }],
    above: [{}, { sessionsToEarnings: new Map([['A', 2]]) }],
    more: {
      'on the day': [[one(sell(1)), { sessionsToEarnings: new Map([['A', 0]]) }], 'EARNINGS_TOO_NEAR'],
      'none due': [[{}, { sessionsToEarnings: new Map([['A', null]]) }], 'passed'],
      'what only reduces': [
        [one(sell(1), { positions: held({ A: 1 }) }), { sessionsToEarnings: new Map([['A', 0]]) }],
        'reducing_trade',
      ],
      'not known': [[{}, { sessionsToEarnings: new Map() }], 'MISSING_EARNINGS_DATE'],
      'a count that is none': [[{}, { sessionsToEarnings: new Map([['A', NaN]]) }], 'MISSING_EARNINGS_DATE'],
      'a count below zero': [[{}, { sessionsToEarnings: new Map([['A', -1]]) }], 'MISSING_EARNINGS_DATE'],
    },
  },
  REGIME: {
    limits: { regimes: { allowed: ['calm', 'trending'], strict: true } },
    code: 'REGIME_MISMATCH',
    ...{ below: [{}], at: [{}, { regime: 'trending' }], above: [{}, { regime: 'turbulent' }] },
    more: {
      'a short in another regime': [[one(sell(1)), { regime: 'turbulent' }], 'REGIME_MISMATCH'],
      'what only reduces': [[one(sell(1), { positions: held({ A: 1 }) }), { regime: 'turbulent' }], 'reducing_trade'],
      'not known': [[{}, { regime: undefined }], 'REGIME_UNKNOWN'],
      'an empty name': [[{}, { regime: '' }], 'REGIME_UNKNOWN'],
    },
  },
  CATALYST: {
    limits: { catalystAgeHoursMax: '24' },
    code: 'CATALYST_STALE',
    below: [one(buy(1, { catalystAt: '2026-11-19T15:00:00.001Z' }))],
    at: [one(buy(1, { catalystAt: '2026-11-19T15:00:00.000Z' }))],
    above: [one(buy(1, { catalystAt: '2026-11-19T14:59:59.999Z' }))],
    more: {
      'thirty hours': [[one(sell(1, { catalystAt: '2026-11-19T09:00:00.000Z' }))], 'CATALYST_STALE'],
      'off the hot path': [[one(buy(1))], 'passed'],
      'on the hot path without one': [[one(buy(1, { catalystAt: null }))], 'MISSING_CATALYST'],
      'news of the future': [[one(buy(1, { catalystAt: '2026-11-20T15:00:00.001Z' }))], 'CATALYST_IN_FUTURE'],
      'a moment that is none': [[one(buy(1, { catalystAt: 'now' }))], 'CHECK_ERROR'],
      'no moment of the judgement': [[one(buy(1, { catalystAt: NOW }), { now: undefined as never })], 'MISSING_TIME'],
    },
  },
  OPPORTUNITY_COST: {
    limits: { opportunityCostBpMin: '10' },
    code: 'OPPORTUNITY_COST_FAIL',
    below: [one(buy(1, { expectedBp: 26, costBp: 5, alternativeBp: 10 }))],
    at: [one(buy(1, { expectedBp: 25, costBp: 5, alternativeBp: 10 }))],
    above: [one(buy(1, { expectedBp: 24, costBp: 5, alternativeBp: 10 }))],
    more: {
      'a short': [[one(sell(1, { expectedBp: 24, costBp: 5, alternativeBp: 10 }))], 'OPPORTUNITY_COST_FAIL'],
      'what only reduces': [[one(sell(1), { positions: held({ A: 1 }) })], 'reducing_trade'],
      'no expectation': [[one(buy(1, { costBp: 5, alternativeBp: 10 }))], 'MISSING_EXPECTATION'],
      'no cost': [[one(buy(1, { expectedBp: 50, alternativeBp: 10 }))], 'MISSING_EXPECTATION'],
      'no alternative': [[one(buy(1, { expectedBp: 50, costBp: 5 }))], 'MISSING_EXPECTATION'],
      'an expectation that is no number': [
        [one(buy(1, { expectedBp: NaN, costBp: 5, alternativeBp: 1 }))],
        'MISSING_EXPECTATION',
      ],
    },
  },
  DUPLICATE_INTENT: {
    limits: { duplicateWindowSeconds: 60 },
    code: 'DUPLICATE_ORDER',
    below: [{}, { sentOrders: [{ ...buy(2), at: NOW }] }],
    at: [{}, { sentOrders: [{ ...buy(1), at: '2026-11-20T14:58:59.999Z' }] }],
    above: [{}, { sentOrders: [{ ...buy(1), at: '2026-11-20T14:59:00.000Z' }] }],
    more: {
      'the other way': [[{}, { sentOrders: [{ ...sell(1), at: NOW }] }], 'passed'],
      'another name': [[{}, { sentOrders: [{ ...order('buy', 'B', 1), at: NOW }] }], 'passed'],
      'twice in one plan': [[{ trades: [buy(1), buy(1)] }], 'DUPLICATE_ORDER'],
      'orders not known': [[{}, { sentOrders: undefined }], 'MISSING_ORDER_COUNT'],
      'no moment of the judgement': [[{ now: undefined as never }], 'MISSING_TIME'],
    },
  },
  ORDER_RATE: {
    limits: { orderRate: { account: { capacity: 10, perSecond: 2 } } },
    code: 'ORDER_RATE_EXCEEDED',
    below: [one(buy(1, { orders: 9 }))],
    at: [one(buy(1, { orders: 10 }))],
    above: [one(buy(1, { orders: 11 }))],
    more: {
      'what time has filled up': [
        [one(buy(1, { orders: 4 })), { accountBucket: { tokens: 0, at: '2026-11-20T14:59:58.000Z' } }],
        'passed',
      ],
      'no more than fits into the bucket': [
        [one(buy(1, { orders: 11 })), { accountBucket: { tokens: 0, at: '2026-11-20T13:00:00.000Z' } }],
        'ORDER_RATE_EXCEEDED',
      ],
      'a level of the future': [
        [one(buy(1)), { accountBucket: { tokens: 0, at: '2026-11-20T16:00:00.000Z' } }],
        'ORDER_RATE_EXCEEDED',
      ],
      'orders of the plan before': [
        [{ trades: [buy(1, { orders: 10 }), order('buy', 'B', 1)] }],
        'ORDER_RATE_EXCEEDED',
      ],
      'no level': [[one(buy(1)), { accountBucket: undefined }], 'MISSING_ORDER_COUNT'],
      'a level that is no number': [[one(buy(1)), { accountBucket: { tokens: NaN, at: NOW } }], 'MISSING_ORDER_COUNT'],
      'orders that are no number': [[one(buy(1, { orders: NaN }))], 'MISSING_ORDER_COUNT'],
      'no moment of the judgement': [[{ now: undefined as never }], 'MISSING_ORDER_COUNT'],
    },
  },
  ORDERS_PER_DAY: {
    limits: { ordersPerDayMax: 100 },
    code: 'ORDERS_PER_DAY_EXCEEDED',
    ...{ below: [{}, { ordersToday: 98 }], at: [{}, { ordersToday: 99 }], above: [{}, { ordersToday: 100 }] },
    more: {
      'a sale above it': [[one(sell(1)), { ordersToday: 100 }], 'ORDERS_PER_DAY_EXCEEDED'],
      'orders of the plan before': [
        [{ trades: [buy(1), order('buy', 'B', 1)] }, { ordersToday: 99 }],
        'ORDERS_PER_DAY_EXCEEDED',
      ],
      'more than one order a trade': [[one(buy(1, { orders: 3 })), { ordersToday: 98 }], 'ORDERS_PER_DAY_EXCEEDED'],
      'not known': [[{}, { ordersToday: undefined }], 'MISSING_ORDER_COUNT'],
      'no number': [[{}, { ordersToday: NaN }], 'MISSING_ORDER_COUNT'],
      'below zero': [[{}, { ordersToday: -1 }], 'MISSING_ORDER_COUNT'],
    },
  },
} satisfies Partial<Record<CheckName, Golden>>;
