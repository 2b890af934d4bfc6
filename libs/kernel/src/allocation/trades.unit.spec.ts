import { describe, expect, it } from '@jest/globals';
import { D, decimal, formatDecimal, KernelError } from '../money/index.js';
import type { Decimal } from '../money/index.js';
import { targetsToTrades } from './index.js';
import type { TradeInputs } from './index.js';

function codeOf(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    if (error instanceof KernelError) return error.code;
    throw error;
  }
  return 'no error';
}

/** Reads 'AAPL=10 MSFT=5' into a map. */
function quantities(text: string): Map<string, Decimal> {
  return new Map(
    text
      .split(' ')
      .filter(Boolean)
      .map((pair) => pair.split('='))
      .map(([symbol = '', qty = '']) => [symbol, decimal(qty)]),
  );
}

function inputs(targets: string, positions: string, working: string, more: Partial<TradeInputs> = {}): TradeInputs {
  return {
    targets: [...quantities(targets)].map(([symbol, weight]) => ({ symbol, weight: weight.toNumber() })),
    equity: new D(10_000),
    cashBufferFraction: 0,
    positions: quantities(positions),
    working: quantities(working),
    marks: quantities('A=10 B=25 C=3'),
    minNotional: new D(0),
    ...more,
  };
}

function show(given: TradeInputs): string {
  const { trades, unpriced } = targetsToTrades(given);
  const shown = trades.map(({ symbol, side, qty }) => `${side} ${formatDecimal(qty)} ${symbol}`);
  return [...shown, ...unpriced.map((symbol) => `? ${symbol}`)].join(', ');
}

describe('targetsToTrades', () => {
  // targets | positions | working orders | trades; equity 10,000, marks A 10, B 25, C 3
  const golden = `
    A=0.5 B=0.5       |                |        | buy 500 A, buy 200 B
    A=0.5 B=0.5       | A=500 B=200    |        |
    A=0.5             | B=200          |        | sell 200 B, buy 500 A
    A=0.5             | A=600          |        | sell 100 A
    A=0.5             | A=100          | A=150  | buy 250 A
    A=0.5             | A=100          | A=400  |
    A=0.5             | A=100          | A=600  | sell 100 A
    A=0.5             | A=600          | A=-60  | sell 40 A
    A=0               | A=600          | A=-600 |
    A=0               | A=600          | A=-700 |
    B=0.00333333      |                |        | buy 1 B
    C=1               |                |        | buy 3333 C
    A=0.0001          | A=10.5         |        | sell 10.5 A
    A=0.01            | A=20.5         |        | sell 10 A
                      | A=1 B=2 C=3    |        | sell 1 A, sell 2 B, sell 3 C
    Z=0.5 A=0.1       | Y=5            |        | buy 100 A, ? Y, ? Z
    Z=0               |                | X=5    | ? X
                      |                | A=5    |
    C=0.2 B=0.3 A=0.5 |                |        | buy 500 A, buy 120 B, buy 666 C
  `;
  it.each(
    golden
      .trim()
      .split('\n')
      .map((line) => line.split('|').map((cell) => cell.trim())),
  )('for %s from %s with %s', (targets = '', positions = '', working = '', trades = '') => {
    expect(show(inputs(targets, positions, working))).toBe(trades);
  });

  it('prices a trade exactly', () => {
    const { trades } = targetsToTrades(inputs('A=0.5', '', '', { marks: quantities('A=10.01') }));
    expect(trades.map(({ qty, refPrice, notional }) => [qty, refPrice, notional].map(formatDecimal))).toEqual([
      ['499', '10.01', '4994.99'],
    ]);
  });

  it('keeps the cash buffer', () => {
    expect(show(inputs('A=1', '', '', { cashBufferFraction: 0.05 }))).toBe('buy 950 A');
    expect(show(inputs('A=1', 'A=5', '', { cashBufferFraction: 1 }))).toBe('sell 5 A');
  });

  it('cuts to lots', () => {
    expect(show(inputs('A=0.5', '', '', { lotSize: new D(75) }))).toBe('buy 450 A');
    expect(show(inputs('A=0.5', 'A=500', '', { lotSize: new D(75) }))).toBe('');
    expect(show(inputs('', 'A=500', '', { lotSize: new D(75) }))).toBe('sell 500 A');
    expect(show(inputs('A=0.00012', '', '', { lotSize: decimal('0.001') }))).toBe('buy 0.12 A');
  });

  it('leaves small trades out, unless they close a position', () => {
    expect(show(inputs('A=0.5', 'A=491', '', { minNotional: new D(100) }))).toBe('');
    expect(show(inputs('A=0.5', 'A=490', '', { minNotional: new D(100) }))).toBe('buy 10 A');
    expect(show(inputs('', 'A=1', '', { minNotional: new D(100) }))).toBe('sell 1 A');
  });

  it('never trades on a price that is none', () => {
    for (const mark of [new D(0), new D(-1), new D(NaN), new D(Infinity)]) {
      expect(show(inputs('A=0.5', '', '', { marks: new Map([['A', mark]]) }))).toBe('? A');
    }
  });

  it('refuses inputs that make no portfolio', () => {
    const code = (more: Partial<TradeInputs>) => codeOf(() => targetsToTrades(inputs('A=0.5', '', '', more)));
    expect(code({ equity: new D(-1) })).toBe('INVALID_EQUITY');
    expect(code({ equity: new D(NaN) })).toBe('INVALID_EQUITY');
    expect(code({ cashBufferFraction: -0.1 })).toBe('INVALID_BUFFER');
    expect(code({ cashBufferFraction: 1.1 })).toBe('INVALID_BUFFER');
    expect(code({ cashBufferFraction: NaN })).toBe('INVALID_BUFFER');
    expect(code({ targets: [{ symbol: 'A', weight: -0.1 }] })).toBe('INVALID_TARGET');
    expect(code({ targets: [{ symbol: 'A', weight: NaN }] })).toBe('INVALID_TARGET');
    expect(code({ targets: ['A', 'A'].map((symbol) => ({ symbol, weight: 0.1 })) })).toBe('INVALID_TARGET');
    expect(code({ targets: ['A', 'B'].map((symbol) => ({ symbol, weight: 0.6 })) })).toBe('INVALID_TARGET');
    expect(code({ positions: quantities('A=-5') })).toBe('INVALID_POSITION');
    expect(code({ working: new Map([['A', new D(NaN)]]) })).toBe('INVALID_POSITION');
    expect(code({ lotSize: new D(0) })).toBe('INVALID_INCREMENT');
  });
});
