// Goal: every check one unit below its limit, at it and one above, both ways, with pending orders, and with inputs that are missing or no numbers.
// Method: a table of plans a check; its own limit alone is on, so whatever is found comes from it. A check without rows fails the last test.
import { describe, expect, it } from '@jest/globals';
import { D } from '../money/index.js';
import { buy, decimals, FACTS, held, NOW, order, sell, world } from './world.fixture.js';
import { judgePlan, TRADE_CHECKS } from './index.js';
import type { CheckName, FindingCode, GuardrailLimits, PlanInput, PlannedTrade } from './index.js';

type Plan = PlanInput<PlannedTrade>;
type Limits = Omit<GuardrailLimits, 'version'>;
/** What is different from the world of the fixture: of the plan, and of the facts. */
type Change = readonly [plan?: Partial<Plan>, facts?: Parameters<typeof world>[2]];

interface Golden {
  readonly limits: Limits;
  /** What is found one unit above the limit. */
  readonly code: FindingCode;
  readonly below: Change;
  readonly at: Change;
  readonly above: Change;
  /** Further plans with what is found; `passed` and `reducing_trade` are findings too. */
  readonly more: Readonly<
    Record<string, readonly [Change, FindingCode | 'passed' | 'reducing_trade' | 'not_evaluated']>
  >;
}

const one = (trade: PlannedTrade, plan: Partial<Plan> = {}): Partial<Plan> => ({ trades: [trade], ...plan });
const noMark: Partial<Plan> = { marks: decimals({ B: 50 }) };
const badMarks = { 'a mark of zero': 0, 'a mark below zero': -1, 'a mark that is no number': NaN };
const without = <K extends string, V>(map: ReadonlyMap<K, V>, ...names: K[]): Map<K, V> =>
  new Map([...map].filter(([name]) => !names.includes(name)));

/** What every check that values a trade finds where it cannot. */
const valuing = (trade: PlannedTrade): Golden['more'] => ({
  'no mark': [[one(trade, noMark)], 'MISSING_MARK'],
  ...Object.fromEntries(
    Object.entries(badMarks).map(([name, mark]) => [
      name,
      [[one(trade, { marks: decimals({ A: mark, B: 50 }) })], 'MISSING_MARK'],
    ]),
  ),
  'no equity': [[one(trade, { equity: null })], 'MISSING_EQUITY'],
  'equity that is no number': [[one(trade, { equity: new D(NaN) })], 'MISSING_EQUITY'],
  'equity of zero': [[one(trade, { equity: new D(0) })], 'EQUITY_NOT_POSITIVE'],
  'equity below zero': [[one(trade, { equity: new D(-1) })], 'EQUITY_NOT_POSITIVE'],
  'equity below zero, for what reduces': [
    [one(sell(1), { equity: new D(-1), positions: held({ A: 10 }) })],
    'reducing_trade',
  ],
});

const history = FACTS.returns!;
const day = FACTS.tradingDay!;
/** The worst of forty sessions is the whole tail of 2.5 %: A loses a quarter there. */
const cvarLimit = { cvar: { max: '0.025', confidence: '0.975' } };
const marketFall = {
  stress: {
    max: '0.02',
    scenarios: [
      { name: 'fall', market: -0.125 },
      { name: 'rise', market: 0.0625 },
    ],
  },
};

const GOLDEN: Readonly<Record<Exclude<CheckName, 'HALT' | 'TRADE_SHAPE'>, Golden>> = {
  NOTIONAL_PER_NAME: {
    limits: { notionalPerNameMax: '0.1' },
    code: 'POSITION_SIZE_EXCEEDED',
    ...{ below: [one(buy(99))], at: [one(buy(100))], above: [one(buy(101))] },
    more: {
      'a short at the limit': [[one(sell(100))], 'passed'],
      'a short above it': [[one(sell(101))], 'POSITION_SIZE_EXCEEDED'],
      'pending buys up to it': [[one(buy(30), { working: [buy(70)] })], 'passed'],
      'pending buys beyond it': [[one(buy(31), { working: [buy(70)] })], 'POSITION_SIZE_EXCEEDED'],
      'a breached limit and a trade that reduces': [[one(sell(1), { positions: held({ A: 400 }) })], 'reducing_trade'],
      ...valuing(buy(1)),
    },
  },
  SECTOR_EXPOSURE: {
    limits: { sectorGrossMax: '0.3', unknownSectorGrossMax: '0.05' },
    code: 'SECTOR_EXPOSURE_EXCEEDED',
    below: [one(buy(49), { positions: held({ C: 2500 }) })],
    at: [one(buy(50), { positions: held({ C: 2500 }) })],
    above: [one(buy(51), { positions: held({ C: 2500 }) })],
    more: {
      'a short at the limit': [[one(sell(50), { positions: held({ C: -2500 }) })], 'passed'],
      'a short above it': [[one(sell(51), { positions: held({ C: -2500 }) })], 'SECTOR_EXPOSURE_EXCEEDED'],
      'pending orders beyond it': [[one(buy(51), { working: [order('sell', 'C', 2500)] })], 'SECTOR_EXPOSURE_EXCEEDED'],
      'another sector that is full': [[one(buy(1), { positions: held({ B: 600 }) })], 'passed'],
      'a name without a sector at its own limit': [[one(buy(50), { sectors: new Map() })], 'passed'],
      'a name without a sector above it': [[one(buy(51), { sectors: new Map() })], 'SECTOR_EXPOSURE_EXCEEDED'],
      'names without a sector count together': [
        [one(buy(50), { sectors: new Map(), positions: held({ C: 1 }) })],
        'SECTOR_EXPOSURE_EXCEEDED',
      ],
      'another name of it without a mark': [
        [one(buy(1), { positions: held({ C: 1 }), marks: decimals({ A: 100 }) })],
        'MISSING_MARK',
      ],
      ...valuing(buy(1)),
    },
  },
  LIQUIDITY: {
    limits: { advFractionMax: '0.05' },
    code: 'LIQUIDITY_BELOW_THRESHOLD',
    ...{ below: [one(buy(49))], at: [one(buy(50))], above: [one(buy(51))] },
    more: {
      'a sale at the limit': [[one(sell(50))], 'passed'],
      'a sale above it': [[one(sell(51))], 'LIQUIDITY_BELOW_THRESHOLD'],
      'a sale that reduces, above it': [[one(sell(51), { positions: held({ A: 400 }) })], 'LIQUIDITY_BELOW_THRESHOLD'],
      'no volume known': [[one(buy(1), { adv: new Map() })], 'INSUFFICIENT_VOLUME_DATA'],
      'a volume that is no number': [[one(buy(1), { adv: decimals({ A: NaN }) })], 'INSUFFICIENT_VOLUME_DATA'],
      'a volume below zero': [[one(buy(1), { adv: decimals({ A: -5 }) })], 'INSUFFICIENT_VOLUME_DATA'],
      'a volume of zero': [[one(buy(1), { adv: decimals({ A: 0 }) })], 'LIQUIDITY_BELOW_THRESHOLD'],
    },
  },
  GROSS_LEVERAGE: {
    limits: { grossLeverageMax: '1.5' },
    code: 'GROSS_LEVERAGE_EXCEEDED',
    below: [one(buy(499), { positions: held({ B: -2000 }) })],
    at: [one(buy(500), { positions: held({ B: -2000 }) })],
    above: [one(buy(501), { positions: held({ B: -2000 }) })],
    more: {
      'a short at the limit': [[one(sell(500), { positions: held({ B: 2000 }) })], 'passed'],
      'a short above it': [[one(sell(501), { positions: held({ B: 2000 }) })], 'GROSS_LEVERAGE_EXCEEDED'],
      'pending orders beyond it': [[one(buy(501), { working: [order('buy', 'B', 2000)] })], 'GROSS_LEVERAGE_EXCEEDED'],
      'a breached limit and a trade that reduces': [
        [one(sell(1), { positions: held({ A: 1, B: 4000 }) })],
        'reducing_trade',
      ],
      'a name of the book without a mark': [[one(buy(1), { positions: held({ Z: 1 }) })], 'MISSING_MARK'],
      ...valuing(buy(1)),
    },
  },
  NET_LEVERAGE: {
    limits: { netLeverageMax: '0.5' },
    code: 'NET_LEVERAGE_EXCEEDED',
    below: [one(buy(499))],
    at: [one(buy(500))],
    above: [one(buy(501))],
    more: {
      'a short at the limit': [[one(sell(500))], 'passed'],
      'a short above it': [[one(sell(501))], 'NET_LEVERAGE_EXCEEDED'],
      'shorts make room for buys': [[one(buy(600), { positions: held({ B: -200 }) })], 'passed'],
      'pending sales make none': [[one(buy(501), { working: [order('sell', 'B', 200)] })], 'NET_LEVERAGE_EXCEEDED'],
      'pending buys take it': [[one(buy(401), { working: [order('buy', 'B', 200)] })], 'NET_LEVERAGE_EXCEEDED'],
      'a breached limit and a short that lowers it': [
        [one(sell(10), { positions: held({ B: 1200 }) })],
        'reducing_trade',
      ],
      'a name of the book without a mark': [[one(buy(1), { positions: held({ Z: 1 }) })], 'MISSING_MARK'],
      ...valuing(buy(1)),
    },
  },
  STRATEGY_EXPOSURE: {
    limits: { strategyGrossMax: '0.1' },
    code: 'STRATEGY_EXPOSURE_EXCEEDED',
    below: [one(buy(49, { strategies: { momentum: 1 } }))],
    at: [one(buy(50, { strategies: { momentum: 1 } }))],
    above: [one(buy(51, { strategies: { momentum: 1 } }))],
    more: {
      'half of a trade for each of two': [[one(buy(100, { strategies: { momentum: 0.5, reversal: 0.5 } }))], 'passed'],
      'a short above it': [[one(sell(51, { strategies: { momentum: 1 } }))], 'STRATEGY_EXPOSURE_EXCEEDED'],
      'what only reduces': [
        [
          one(sell(51, { strategies: { momentum: 1 } }), { positions: held({ A: 60 }) }),
          { strategyGross: decimals({ momentum: 20_000 }) },
        ],
        'reducing_trade',
      ],
      'no strategy named': [[one(buy(1))], 'MISSING_STRATEGY'],
      'a strategy that nobody knows': [[one(buy(1, { strategies: { other: 1 } }))], 'MISSING_STRATEGY'],
      'a part that is no number': [[one(buy(1, { strategies: { momentum: NaN } }))], 'MISSING_STRATEGY'],
      'a part below zero': [[one(buy(1, { strategies: { momentum: -1 } }))], 'MISSING_STRATEGY'],
      'a part of zero': [[one(buy(51, { strategies: { momentum: 0, reversal: 1 } }))], 'passed'],
      ...valuing(buy(1, { strategies: { momentum: 1 } })),
    },
  },
  POSITION_RISK: {
    limits: { positionRiskMax: '0.01' },
    code: 'POSITION_SIZE_EXCEEDED',
    below: [one(buy(199, { stop: new D(95) }))],
    at: [one(buy(200, { stop: new D(95) }))],
    above: [one(buy(201, { stop: new D(95) }))],
    more: {
      'a short at the limit': [[one(sell(200, { stop: new D(105) }))], 'passed'],
      'a short above it': [[one(sell(201, { stop: new D(105) }))], 'POSITION_SIZE_EXCEEDED'],
      'an entry of its own': [[one(buy(101, { price: new D(105), stop: new D(95) }))], 'POSITION_SIZE_EXCEEDED'],
      'pending buys beyond it': [[one(buy(2, { stop: new D(95) }), { working: [buy(199)] })], 'POSITION_SIZE_EXCEEDED'],
      'no stop': [[one(buy(1))], 'MISSING_STOP'],
      'a stop on the other side': [[one(buy(1, { stop: new D(101) }))], 'MISSING_STOP'],
      'a stop at the price': [[one(buy(1, { stop: new D(100) }))], 'MISSING_STOP'],
      'a stop of zero': [[one(buy(1, { stop: new D(0) }))], 'MISSING_STOP'],
      'a stop that is no number': [[one(buy(1, { stop: new D(NaN) }))], 'MISSING_STOP'],
      'no stop, for what reduces': [[one(sell(1), { positions: held({ A: 10 }) })], 'reducing_trade'],
      ...valuing(buy(1, { stop: new D(95) })),
    },
  },
  VOLATILITY_SIZE: {
    limits: { volatilityPerNameMax: '0.05', volatilityFloor: '0.1' },
    code: 'VOLATILITY_SIZE_EXCEEDED',
    ...{ below: [one(buy(99))], at: [one(buy(100))], above: [one(buy(101))] },
    more: {
      'a short at the limit': [[one(sell(100))], 'passed'],
      'a short above it': [[one(sell(101))], 'VOLATILITY_SIZE_EXCEEDED'],
      'pending buys beyond it': [[one(buy(31), { working: [buy(70)] })], 'VOLATILITY_SIZE_EXCEEDED'],
      'the floor where it was quiet': [
        [one(buy(501)), { volatilities: new Map([['A', 0.01]]) }],
        'VOLATILITY_SIZE_EXCEEDED',
      ],
      'the floor for a volatility of zero': [[one(buy(500)), { volatilities: new Map([['A', 0]]) }], 'passed'],
      'no volatility': [[one(buy(1)), { volatilities: new Map() }], 'MISSING_VOLATILITY'],
      'no volatilities at all': [[one(buy(1)), { volatilities: undefined }], 'MISSING_VOLATILITY'],
      'a volatility that is no number': [[one(buy(1)), { volatilities: new Map([['A', NaN]]) }], 'MISSING_VOLATILITY'],
      'a volatility below zero': [[one(buy(1)), { volatilities: new Map([['A', -1]]) }], 'MISSING_VOLATILITY'],
      ...valuing(buy(1)),
    },
  },
  FAT_FINGER: {
    limits: { orderNotionalMax: '10000' },
    code: 'ORDER_TOO_LARGE',
    ...{ below: [one(buy(99))], at: [one(buy(100))], above: [one(buy(101))] },
    more: {
      'a sale at the limit': [[one(sell(100))], 'passed'],
      'a sale above it, even one that reduces': [[one(sell(101), { positions: held({ A: 500 }) })], 'ORDER_TOO_LARGE'],
      'a price of its own above the mark': [[one(buy(100, { price: new D('100.01') }))], 'ORDER_TOO_LARGE'],
      'no mark': [[one(buy(1), noMark)], 'MISSING_MARK'],
      'a price that is no number': [[one(buy(1, { price: new D(NaN) }))], 'ORDER_TOO_LARGE'],
    },
  },
  CVAR: {
    limits: cvarLimit,
    code: 'cvar_breach',
    ...{ below: [one(buy(99))], at: [one(buy(100))], above: [one(buy(101))] },
    more: {
      'a short by the other tail': [[one(sell(401))], 'cvar_breach'],
      'pending orders in the book': [[one(buy(1), { working: [order('buy', 'B', 400)] })], 'cvar_breach'],
      'a hedge makes room': [[one(buy(101), { positions: held({ C: 10 }) })], 'passed'],
      'a breached limit and more of it': [[one(buy(1), { positions: held({ B: 2000 }) })], 'cvar_breach'],
      'a breached limit and a hedge': [[one(sell(1), { positions: held({ B: 2000 }) })], 'reducing_trade'],
      'no history of the name': [[one(buy(1)), { returns: without(history, 'A') }], 'MISSING_HISTORY'],
      'no history at all': [[one(buy(1)), { returns: undefined }], 'MISSING_HISTORY'],
      'no history of what is held': [[one(buy(1), { positions: held({ Z: 1 }) })], 'MISSING_HISTORY'],
      'no history, for what reduces': [
        [one(sell(1), { positions: held({ A: 1 }) }), { returns: undefined }],
        'reducing_trade',
      ],
      'a shorter history than that of others': [
        [one(order('buy', 'B', 1)), { returns: new Map([...without(history, 'B'), ['B', [0.1]]]) }],
        'MISSING_HISTORY',
      ],
      'a gap in the history': [
        [one(buy(1)), { returns: new Map([['A', [...Array<number>(39).fill(0.01), NaN]]]) }],
        'CHECK_ERROR',
      ],
      'a tail thinner than a session': [
        [one(buy(1)), { returns: new Map([['A', Array<number>(39).fill(0.01)]]) }],
        'INSUFFICIENT_TAIL',
      ],
      ...valuing(buy(1)),
    },
  },
  EXPECTED_SHORTFALL: {
    // A has a mean of −0.0046875 and a deviation of 0.0740694; 100 shares, a tenth of equity, have a shortfall of 0.0157471 at 95 %.
    limits: { expectedShortfall: { max: '0.0157472', confidence: '0.95' } },
    code: 'EXPECTED_SHORTFALL_EXCEEDED',
    ...{ below: [one(buy(99))], at: [one(buy(100))], above: [one(buy(101))] },
    more: {
      'a short above it': [[one(sell(120))], 'EXPECTED_SHORTFALL_EXCEEDED'],
      'a short below it': [[one(sell(90))], 'passed'],
      'a history below twenty sessions': [
        [one(buy(1)), { returns: new Map([['A', Array<number>(19).fill(0.01)]]) }],
        'INSUFFICIENT_HISTORY',
      ],
      'no history': [[one(buy(1)), { returns: undefined }], 'MISSING_HISTORY'],
      'a gap in the history': [
        [one(buy(1)), { returns: new Map([['A', [...Array<number>(39).fill(0.01), NaN]]]) }],
        'CHECK_ERROR',
      ],
      ...valuing(buy(1)),
    },
  },
  STRESS: {
    limits: marketFall,
    code: 'STRESS_LOSS_EXCEEDED',
    ...{ below: [one(buy(79))], at: [one(buy(80))], above: [one(buy(81))] },
    more: {
      'a short at the limit of the other scenario': [[one(sell(160))], 'passed'],
      'a short above it': [[one(sell(161))], 'STRESS_LOSS_EXCEEDED'],
      'pending orders in the book': [[one(buy(80), { working: [order('buy', 'B', 1)] })], 'STRESS_LOSS_EXCEEDED'],
      'a hedge makes room': [[one(buy(81), { positions: held({ C: 20 }) })], 'passed'],
      'a breached limit and a hedge': [[one(sell(1), { positions: held({ B: 4000 }) })], 'reducing_trade'],
      'no beta of the name': [[one(buy(1)), { betas: without(FACTS.betas!, 'A') }], 'MISSING_SENSITIVITY'],
      'a beta that is no number': [[one(buy(1)), { betas: new Map([['A', NaN]]) }], 'MISSING_SENSITIVITY'],
      'no beta of what is held': [[one(buy(1), { positions: held({ Z: 1 }) })], 'MISSING_SENSITIVITY'],
      'no beta, for what reduces': [
        [one(sell(1), { positions: held({ A: 1 }) }), { betas: undefined }],
        'reducing_trade',
      ],
      'a beta of zero': [[one(buy(5000)), { betas: new Map([['A', 0]]) }], 'passed'],
      ...valuing(buy(1)),
    },
  },
  BETA: {
    limits: { betaMax: '0.5' },
    code: 'BETA_EXCEEDED',
    ...{ below: [one(buy(249))], at: [one(buy(250))], above: [one(buy(251))] },
    more: {
      'a short at the limit': [[one(sell(250))], 'passed'],
      'a short above it': [[one(sell(251))], 'BETA_EXCEEDED'],
      'pending orders in the book': [[one(buy(250), { working: [order('buy', 'B', 1)] })], 'BETA_EXCEEDED'],
      'a breached limit and a hedge': [[one(sell(1), { positions: held({ B: 2000 }) })], 'reducing_trade'],
      'no beta': [[one(buy(1)), { betas: undefined }], 'MISSING_SENSITIVITY'],
      'a beta that is no number': [[one(buy(1)), { betas: new Map([['A', NaN]]) }], 'MISSING_SENSITIVITY'],
      'a beta of zero': [[one(buy(5000)), { betas: new Map([['A', 0]]) }], 'passed'],
      'no beta of what is held': [[one(buy(1), { positions: held({ Z: 1 }) })], 'MISSING_SENSITIVITY'],
      ...valuing(buy(1)),
    },
  },
  BOOK_CORRELATION: {
    limits: { bookCorrelationMax: '0.7' },
    code: 'BOOK_CORRELATION_EXCEEDED',
    below: [one(buy(1))],
    at: [one(sell(1), { positions: held({ B: 1 }) })],
    above: [one(buy(1), { positions: held({ B: 1 }) })],
    more: {
      'a short of what moves against the book': [
        [one(sell(1), { positions: held({ C: 1 }) })],
        'BOOK_CORRELATION_EXCEEDED',
      ],
      'pending orders in the book': [[one(buy(1), { working: [order('buy', 'B', 1)] })], 'BOOK_CORRELATION_EXCEEDED'],
      'more of the only name': [[one(buy(1), { positions: held({ A: 5 }) })], 'passed'],
      'what only reduces': [[one(sell(1), { positions: held({ A: 5, C: 1 }) })], 'reducing_trade'],
      'no history': [[one(buy(1)), { returns: undefined }], 'MISSING_HISTORY'],
      'a history below twenty sessions': [
        [one(buy(1)), { returns: new Map([['A', [0.01, 0.02]]]) }],
        'INSUFFICIENT_HISTORY',
      ],
      'no mark': [[one(buy(1), noMark)], 'MISSING_MARK'],
    },
  },
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
};

/** The last result of the check, which is that of the last trade judged. */
function found(name: string, limits: Limits, [plan, facts]: Change) {
  const judged = judgePlan(world(limits, plan, facts));
  const result = judged.checks.findLast(({ check }) => check === name)!;
  const finding =
    result.reasonCode === 'reducing_trade' ? 'reducing_trade' : result.code === name ? 'passed' : result.code;
  return { finding, result, judged };
}

describe.each(Object.entries(GOLDEN))('%s', (name, { limits, code, below, at, above, more }) => {
  it('passes below its limit and at it', () => {
    for (const change of [below, at]) {
      const { finding, result } = found(name, limits, change);
      expect([finding, result.status, result.ruleVersion]).toEqual(['passed', 'passed', 'golden-1']);
    }
  });

  it('fails one unit above it, with its numbers', () => {
    const { finding, result, judged } = found(name, limits, above);
    expect([finding, result.status, result.severity]).toEqual([code, 'failed', 'CRITICAL']);
    expect(result.message).toMatch(/^A: ./);
    expect(judged.verdict).not.toBe('approved');
  });

  for (const [what, [change, expected]] of Object.entries(more)) {
    it(`${what}: ${expected}`, () => {
      const { finding, result, judged } = found(name, limits, change);
      expect(finding).toBe(expected);
      const lets = ['passed', 'reducing_trade', 'DAY_TRADE_WARNING'].includes(expected);
      expect(result.status).toBe(lets ? 'passed' : 'failed');
      expect(judged.verdict === 'approved').toBe(lets);
    });
  }
});

describe('a rule book', () => {
  it('has a golden table for every check there is', () => {
    expect(TRADE_CHECKS.map(({ name }) => name).sort()).toEqual(Object.keys(GOLDEN).sort());
  });

  it('without limits makes no check but the halt', () => {
    const judged = judgePlan(world({}));
    expect(judged.checks.map(({ check }) => check)).toEqual(['HALT']);
    expect(judged.verdict).toBe('approved');
  });

  it('with every limit reports all failures, not only the first', () => {
    const all = Object.assign({}, ...Object.values(GOLDEN).map(({ limits }) => limits)) as Limits;
    const { checks } = judgePlan(
      world(all, one(buy(1_000_000, { price: new D(200), orders: 1_000 })), { regime: 'turbulent' }),
    );
    expect(checks).toHaveLength(1 + TRADE_CHECKS.length);
    expect(checks.filter(({ status }) => status === 'failed').length).toBeGreaterThan(20);
  });

  it.each([
    ['a fraction in words', { cvar: { max: 'much', confidence: '0.975' } }],
    ['a confidence of 1', { cvar: { max: '0.1', confidence: '1' } }],
    ['a confidence below a half', { expectedShortfall: { max: '0.1', confidence: '0.025' } }],
    ['too few degrees of freedom', { expectedShortfall: { max: '0.1', confidence: '0.975', degreesOfFreedom: 2 } }],
    ['no scenarios', { stress: { max: '0.1', scenarios: [] } }],
    ['half a session', { earningsBlackoutSessions: 1.5 }],
    ['a window of nothing', { duplicateWindowSeconds: 0 }],
    ['a bucket without a size', { orderRate: { account: { capacity: 0, perSecond: 1 } } }],
    ['orders below zero', { ordersPerDayMax: -1 }],
  ])('that cannot be read refuses every trade: %s', (_, limits) => {
    const judged = judgePlan(world(limits));
    expect(judged.verdict).toBe('vetoed');
    expect(judged.checks.map(({ code }) => code)).toEqual(['HALT', 'CHECK_ERROR']);
  });

  it('says of each result how old its inputs are, and what they were', () => {
    const { result } = found('NOTIONAL_PER_NAME', { notionalPerNameMax: '0.1' }, [one(buy(10))]);
    expect(result).toMatchObject({ asOf: '2026-11-20T14:50:00.000Z', observed: '0.01', limit: '0.1' });
    expect(result.inputs).toEqual({ exposure: new D(1000), others: new D(0), equity: new D(100_000) });
    expect(found('LIQUIDITY', { advFractionMax: '0.05' }, [{ asOf: {} }]).result.asOf).toBeNull();
  });

  it('warns of a regime that a mandate would rather not trade in, and lets the trade through', () => {
    const { result, judged } = found('REGIME', { regimes: { allowed: ['calm'], strict: false } }, [
      {},
      { regime: 'wild' },
    ]);
    expect(result).toMatchObject({ code: 'REGIME_MISMATCH', status: 'failed', severity: 'WARNING', observed: 'wild' });
    expect(judged.verdict).toBe('approved');
    const unknown = found('REGIME', { regimes: { allowed: ['calm'], strict: false } }, [{}, { regime: undefined }]);
    expect(unknown.result).toMatchObject({ code: 'REGIME_UNKNOWN', status: 'not_evaluated', severity: 'WARNING' });
    expect(unknown.judged.verdict).toBe('approved');
  });

  it('with a limit for known sectors alone keeps to what is done with unknown ones', () => {
    const limits = { sectorGrossMax: '0.3' };
    const nowhere = { sectors: new Map<string, string>() };
    expect(found('SECTOR_EXPOSURE', limits, [nowhere]).finding).toBe('SECTOR_UNKNOWN');
    expect(found('SECTOR_EXPOSURE', limits, [{ ...nowhere, mode: 'paper' }]).result.status).toBe('not_evaluated');
    expect(found('SECTOR_EXPOSURE', { unknownSectorGrossMax: '0.3' }, [{}]).finding).toBe('passed');
  });
});
