import { D } from '../money/index.js';
import { day, noMark, one, valuing } from './golden-row.fixture.js';
import type { Golden } from './golden-row.fixture.js';
import type { CheckName } from './index.js';
import { buy, decimals, held, order, sell } from './world.fixture.js';

/** Checks of what the account has lost, owes and may spend. */
export const ACCOUNT_CHECKS = {
  DAILY_LOSS: {
    limits: { dailyLossMax: '0.03' },
    code: 'DAILY_LOSS_EXCEEDED',
    below: [{ equity: new D('97000.01') }],
    at: [{ equity: new D(97_000) }],
    above: [{ equity: new D('96999.99') }],
    more: {
      'a short beyond it': [[one(sell(1), { equity: new D(90_000) })], 'DAILY_LOSS_EXCEEDED'],
      'what only reduces': [[one(sell(1), { equity: new D(90_000), positions: held({ A: 1 }) })], 'reducing_trade'],
      'a gain': [[{ equity: new D(130_000) }], 'passed'],
      'no equity': [[{ equity: null }], 'MISSING_EQUITY'],
      'equity that is no number': [[{ equity: new D(NaN) }], 'MISSING_EQUITY'],
      'equity below zero': [[{ equity: new D(-1) }], 'DAILY_LOSS_EXCEEDED'],
      'no equity of the session': [[{}, { sessionEquity: undefined }], 'MISSING_EQUITY'],
      'a session that began with nothing': [[{}, { sessionEquity: new D(0) }], 'MISSING_EQUITY'],
    },
  },
  DRAWDOWN: {
    limits: { drawdownMax: '0.2' },
    code: 'DRAWDOWN_EXCEEDED',
    below: [{}, { peakEquity: new D(124_999) }],
    at: [{}, { peakEquity: new D(125_000) }],
    above: [{}, { peakEquity: new D(125_001) }],
    more: {
      'a short beyond it': [[one(sell(1)), { peakEquity: new D(200_000) }], 'DRAWDOWN_EXCEEDED'],
      'what only reduces': [
        [one(sell(1), { positions: held({ A: 1 }) }), { peakEquity: new D(200_000) }],
        'reducing_trade',
      ],
      'no peak': [[{}, { peakEquity: undefined }], 'MISSING_EQUITY'],
      'a peak that is no number': [[{}, { peakEquity: new D(NaN) }], 'MISSING_EQUITY'],
      'a peak below zero': [[{}, { peakEquity: new D(-1) }], 'MISSING_EQUITY'],
    },
  },
  INITIAL_MARGIN: {
    limits: { initialMarginMax: '1' },
    code: 'INITIAL_MARGIN_EXCEEDED',
    ...{ below: [one(buy(1999))], at: [one(buy(2000))], above: [one(buy(2001))] },
    more: {
      'a short at the limit': [[one(sell(2000))], 'passed'],
      'a short above it': [[one(sell(2001))], 'INITIAL_MARGIN_EXCEEDED'],
      'a cheap short takes all of its value': [
        [one(order('sell', 'C', 25_001), { marks: decimals({ C: 4 }) })],
        'INITIAL_MARGIN_EXCEEDED',
      ],
      'pending orders beyond it': [[one(buy(1001), { working: [order('buy', 'B', 2000)] })], 'INITIAL_MARGIN_EXCEEDED'],
      'less than 2,000 for a short': [[one(sell(1), { equity: new D('1999.99') })], 'EQUITY_BELOW_MINIMUM'],
      'less than 2,000 for a loan': [[one(buy(20), { equity: new D('1999.99') })], 'EQUITY_BELOW_MINIMUM'],
      'less than 2,000 and nothing borrowed': [[one(buy(19), { equity: new D('1999.99') })], 'passed'],
      'exactly 2,000': [[one(sell(1), { equity: new D(2000) })], 'passed'],
      'a name of the book without a mark': [[one(buy(1), { positions: held({ Z: 1 }) })], 'MISSING_MARK'],
      ...valuing(buy(1)),
    },
  },
  MAINTENANCE_MARGIN: {
    limits: { maintenanceMarginMax: '0.8' },
    code: 'MAINTENANCE_MARGIN_EXCEEDED',
    ...{ below: [one(buy(3199))], at: [one(buy(3200))], above: [one(buy(3201))] },
    more: {
      'a short below the limit': [[one(sell(2666))], 'passed'],
      'a short above it': [[one(sell(2667))], 'MAINTENANCE_MARGIN_EXCEEDED'],
      'pending orders beyond it': [
        [one(buy(2201), { working: [order('buy', 'B', 2000)] })],
        'MAINTENANCE_MARGIN_EXCEEDED',
      ],
      'a breached limit and a trade that reduces': [[one(sell(1), { positions: held({ A: 5000 }) })], 'reducing_trade'],
      'a name of the book without a mark': [[one(buy(1), { positions: held({ Z: 1 }) })], 'MISSING_MARK'],
      ...valuing(buy(1)),
    },
  },
  BUYING_POWER: {
    limits: { buyingPowerMax: '0.5' },
    code: 'BUYING_POWER_EXCEEDED',
    ...{ below: [one(buy(99))], at: [one(buy(100))], above: [one(buy(101))] },
    more: {
      'a short above it': [[one(sell(101))], 'BUYING_POWER_EXCEEDED'],
      'a price of its own above the mark': [[one(buy(100, { price: new D('100.01') }))], 'BUYING_POWER_EXCEEDED'],
      'only what opens counts': [[one(sell(200), { positions: held({ A: 100 }) })], 'passed'],
      'what only reduces, with no power left': [
        [one(sell(1), { positions: held({ A: 1 }) }), { buyingPower: new D(-1) }],
        'reducing_trade',
      ],
      'a power of zero': [[one(buy(1)), { buyingPower: new D(0) }], 'BUYING_POWER_EXCEEDED'],
      'a power below zero': [[one(buy(1)), { buyingPower: new D(-1) }], 'BUYING_POWER_EXCEEDED'],
      'no power known': [[one(buy(1)), { buyingPower: undefined }], 'MISSING_BUYING_POWER'],
      'a power that is no number': [[one(buy(1)), { buyingPower: new D(NaN) }], 'MISSING_BUYING_POWER'],
      'no mark': [[one(buy(1), noMark)], 'MISSING_MARK'],
    },
  },
  SHORT_BORROW: {
    limits: { shortBorrow: true },
    code: 'SHORT_NOT_BORROWABLE',
    ...{ below: [one(sell(99))], at: [one(sell(100))], above: [one(sell(101))] },
    more: {
      'a buy': [[one(buy(1000)), { borrowable: undefined }], 'passed'],
      'a sale of what is held': [[one(sell(10), { positions: held({ A: 10 }) }), { borrowable: undefined }], 'passed'],
      'what is held does not have to be borrowed': [[one(sell(150), { positions: held({ A: 50 }) })], 'passed'],
      'a pending sale has taken it': [
        [one(sell(101), { positions: held({ A: 50 }), working: [sell(50)] })],
        'SHORT_NOT_BORROWABLE',
      ],
      'none to borrow': [[one(sell(1)), { borrowable: decimals({ A: 0 }) }], 'SHORT_NOT_BORROWABLE'],
      'not known': [[one(sell(1)), { borrowable: new Map() }], 'MISSING_BORROW'],
      'no number': [[one(sell(1)), { borrowable: decimals({ A: NaN }) }], 'MISSING_BORROW'],
      'below zero': [[one(sell(1)), { borrowable: decimals({ A: -1 }) }], 'MISSING_BORROW'],
    },
  },
  DAY_TRADING: {
    limits: { dayTrading: { intradayRuleFrom: null } },
    code: 'DAY_TRADE_LIMIT',
    below: [
      one(sell(1), { positions: held({ A: 1 }) }),
      { tradingDay: { ...day, dayTradesBefore: 1, executions: [buy(1)] } },
    ],
    at: [one(sell(1), { positions: held({ A: 1 }) }), { tradingDay: { ...day, dayTradesBefore: 3 } }],
    above: [
      one(sell(1), { positions: held({ A: 1 }) }),
      { tradingDay: { ...day, dayTradesBefore: 3, executions: [buy(1)] } },
    ],
    more: {
      'the third warns': [
        [one(sell(1)), { tradingDay: { ...day, dayTradesBefore: 2, executions: [buy(1)] } }],
        'DAY_TRADE_WARNING',
      ],
      'a cover of what was sold short today': [
        [one(buy(1)), { tradingDay: { ...day, dayTradesBefore: 3, executions: [sell(1)] } }],
        'DAY_TRADE_LIMIT',
      ],
      'from 25,000 on nobody counts': [
        [
          one(sell(1)),
          { tradingDay: { ...day, dayTradesBefore: 9, executions: [buy(1)], equityBefore: new D(25_000) } },
        ],
        'passed',
      ],
      'one dollar less is counted': [
        [
          one(sell(1)),
          { tradingDay: { ...day, dayTradesBefore: 9, executions: [buy(1)], equityBefore: new D(24_999) } },
        ],
        'DAY_TRADE_LIMIT',
      ],
      'what was held overnight is no day trade': [
        [one(sell(1)), { tradingDay: { ...day, dayTradesBefore: 9, overnight: decimals({ A: 1 }) } }],
        'passed',
      ],
      'both sides in one plan': [
        [{ trades: [buy(1), sell(1)] }, { tradingDay: { ...day, dayTradesBefore: 3 } }],
        'DAY_TRADE_LIMIT',
      ],
      'no day known': [[one(buy(1)), { tradingDay: undefined }], 'MISSING_TRADING_DAY'],
      'a count that is none': [[one(buy(1)), { tradingDay: { ...day, dayTradesBefore: NaN } }], 'MISSING_TRADING_DAY'],
      'a count below zero': [[one(buy(1)), { tradingDay: { ...day, dayTradesBefore: -1 } }], 'MISSING_TRADING_DAY'],
      'before there was a rule': [[one(buy(1)), { tradingDay: { ...day, date: '2000-01-03' } }], 'passed'],
      'a day that is none': [[one(buy(1)), { tradingDay: { ...day, date: 'today' } }], 'CHECK_ERROR'],
      'the intraday rule counts no trades': [
        [one(sell(1)), { tradingDay: { ...day, date: '2027-10-21', dayTradesBefore: 9, executions: [buy(1)] } }],
        'passed',
      ],
      'the intraday rule at its limit': [[one(buy(4000)), { tradingDay: { ...day, date: '2027-10-21' } }], 'passed'],
      'the intraday rule above it': [
        [one(buy(4001)), { tradingDay: { ...day, date: '2027-10-21' } }],
        'INTRADAY_MARGIN_DEFICIT',
      ],
    },
  },
} satisfies Partial<Record<CheckName, Golden>>;
