import type { Mark, Position, Target, Trade, Trim } from '@ballast/contracts';
import { describe, expect, it } from '@jest/globals';
import { countOf, decisionsOf, type DecisionInputs } from './decisions.js';

const mark = (symbol: string, quality = 1): Mark => ({
  symbol,
  exchange: 'XNYS',
  price: '10',
  sector: null,
  adv: null,
  quality,
});
const position = (symbol: string, quantity: string): Position => ({
  symbol,
  quantity,
  averageCost: '9',
  price: '10',
  marketValue: '0',
  unrealised: '0',
});
const target = (symbol: string, weight: string): Target => ({ symbol, weight, contributors: [] });
const trade = (symbol: string, side: Trade['side'], quantity: string): Trade => ({
  symbol,
  exchange: 'XNYS',
  side,
  quantity,
  referencePrice: '10',
  notional: '0',
  contributors: [],
});
const trim = (symbol: string, code: string, from: string, to: string): Trim => ({
  symbol,
  code,
  from,
  to,
  observed: null,
  limit: null,
});

const INPUTS: DecisionInputs = {
  marks: ['AAA', 'BBB', 'CCC', 'DDD', 'EEE'].map((symbol) => mark(symbol)).concat(mark('ZZZ', 0.59), mark('YYY', 0.6)),
  positions: [position('BBB', '50'), position('DDD', '7')],
  unpriced: [{ symbol: 'QQQ', quantity: '3' }],
  plan: {
    targets: [target('AAA', '0.2'), target('CCC', '0.1'), target('EEE', '0.05')],
    trades: [trade('AAA', 'buy', '100'), trade('BBB', 'sell', '50'), trade('CCC', 'buy', '10')],
  },
  verdict: {
    kind: 'approved',
    trades: [trade('AAA', 'buy', '60'), trade('BBB', 'sell', '50')],
    trims: [trim('AAA', 'NOTIONAL_MAX', '100', '60'), trim('CCC', 'SECTOR_MAX', '10', '0')],
  },
  declinedCode: null,
};

const told = (inputs: DecisionInputs) =>
  decisionsOf(inputs).map(({ symbol, action, reasonCodes }) => `${symbol} ${action} ${reasonCodes.join(',')}`);

describe('decisions', () => {
  it('follow from trades, targets, holdings and the quality of prices', () => {
    expect(told(INPUTS)).toEqual([
      'AAA BUY position_scaled,NOTIONAL_MAX',
      'BBB SELL rebalance',
      'CCC REJECT SECTOR_MAX',
      'DDD HOLD no_trade_needed',
      'EEE HOLD no_trade_needed',
      'QQQ HOLD unpriced',
      'ZZZ REJECT data_quality',
    ]);
  });

  it('carry the numbers from and to', () => {
    const decisions = new Map(decisionsOf(INPUTS).map((each) => [each.symbol, each]));
    expect(decisions.get('AAA')).toMatchObject({
      targetWeight: '0.2',
      heldQuantity: '0',
      plannedQuantity: '100',
      approvedQuantity: '60',
    });
    expect(decisions.get('BBB')).toMatchObject({ targetWeight: null, heldQuantity: '50', approvedQuantity: '50' });
    expect(decisions.get('CCC')).toMatchObject({ plannedQuantity: '10', approvedQuantity: '0' });
    expect(decisions.get('DDD')).toMatchObject({ heldQuantity: '7', plannedQuantity: null, approvedQuantity: null });
  });

  it('reject every planned trade of a vetoed plan', () => {
    expect(told({ ...INPUTS, verdict: { kind: 'vetoed', codes: ['HALTED', 'DATA', 'HALTED'] } }).slice(0, 3)).toEqual([
      'AAA REJECT DATA,HALTED',
      'BBB REJECT DATA,HALTED',
      'CCC REJECT DATA,HALTED',
    ]);
  });

  it('hold everything where no plan was made', () => {
    expect(told({ ...INPUTS, plan: null, verdict: null, declinedCode: 'NO_SCORES' })).toEqual([
      'BBB HOLD plan_declined,NO_SCORES',
      'DDD HOLD plan_declined,NO_SCORES',
      'QQQ HOLD unpriced',
      'ZZZ REJECT data_quality',
    ]);
  });

  it('reject a trade that is neither approved nor trimmed', () => {
    expect(told({ ...INPUTS, verdict: { kind: 'approved', trades: [], trims: [] } })[0]).toBe(
      'AAA REJECT not_approved',
    );
  });

  it('let a trade speak for a symbol of poor quality that may be sold', () => {
    const plan = { targets: [], trades: [trade('ZZZ', 'sell', '5')] };
    const verdict = { kind: 'approved', trades: plan.trades, trims: [] } as const;
    expect(told({ ...INPUTS, plan, verdict, positions: [position('ZZZ', '5')], unpriced: [] })).toEqual([
      'ZZZ SELL rebalance',
    ]);
  });

  it('are counted by action', () => {
    expect(countOf(decisionsOf(INPUTS))).toEqual({ BUY: 1, SELL: 1, HOLD: 3, REJECT: 2 });
  });
});
