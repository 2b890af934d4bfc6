import { D } from '../money/index.js';
import type { FindingCode, GuardrailLimits, PlanInput, PlannedTrade } from './index.js';
import { decimals, FACTS, held, sell, world } from './world.fixture.js';

export type Plan = PlanInput<PlannedTrade>;
export type Limits = Omit<GuardrailLimits, 'version'>;
/** What is different from the world of the fixture: of the plan, and of the facts. */
export type Change = readonly [plan?: Partial<Plan>, facts?: Parameters<typeof world>[2]];

export interface Golden {
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

export const one = (trade: PlannedTrade, plan: Partial<Plan> = {}): Partial<Plan> => ({ trades: [trade], ...plan });
export const noMark: Partial<Plan> = { marks: decimals({ B: 50 }) };
export const badMarks = { 'a mark of zero': 0, 'a mark below zero': -1, 'a mark that is no number': NaN };
export const without = <K extends string, V>(map: ReadonlyMap<K, V>, ...names: K[]): Map<K, V> =>
  new Map([...map].filter(([name]) => !names.includes(name)));

/** What every check that values a trade finds where it cannot. */
export const valuing = (trade: PlannedTrade): Golden['more'] => ({
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

export const history = FACTS.returns!;
export const day = FACTS.tradingDay!;
/** The worst of forty sessions is the whole tail of 2.5 %: A loses a quarter there. */
export const cvarLimit = { cvar: { max: '0.025', confidence: '0.975' } };
export const marketFall = {
  stress: {
    max: '0.02',
    scenarios: [
      { name: 'fall', market: -0.125 },
      { name: 'rise', market: 0.0625 },
    ],
  },
};
