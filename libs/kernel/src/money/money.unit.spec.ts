import { describe, expect, it } from '@jest/globals';
import { allocateCents, D, Decimal, decimal, formatDecimal, KernelError, roundDownTo, sum, toCents } from './index.js';

function codeOf(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    if (error instanceof KernelError) return error.code;
    throw error;
  }
  return 'no error';
}

describe('decimal', () => {
  it.each(['0', '1', '-1', '0.1', '-0.000000001', '123456789012345678901234567890.0123456789', '10.00'])(
    'reads %s exactly',
    (text) => {
      expect(decimal(text).equals(new D(text))).toBe(true);
    },
  );

  it.each(['', ' 1', '1 ', 'NaN', 'Infinity', '1e5', '+1', '.5', '1.', '01', '1,000', '0x1', '--1', '-', '１'])(
    'refuses %j',
    (text) => {
      expect(codeOf(() => decimal(text))).toBe('INVALID_DECIMAL');
    },
  );

  it('refuses what is not a string, and more digits than arithmetic keeps', () => {
    expect(codeOf(() => decimal(1 as unknown as string))).toBe('INVALID_DECIMAL');
    expect(codeOf(() => decimal(null as unknown as string))).toBe('INVALID_DECIMAL');
    expect(codeOf(() => decimal(`0.${'1'.repeat(41)}`))).toBe('INVALID_DECIMAL');
    expect(codeOf(() => decimal('1'.repeat(200)))).toBe('INVALID_DECIMAL');
  });

  it('reads minus nothing as nothing', () => {
    expect(decimal('-0.00').toString()).toBe('0');
    expect(decimal('-0').isNegative()).toBe(false);
  });

  it('says what was wrong', () => {
    expect(() => decimal('1e5')).toThrow('"1e5" is not a decimal string');
  });
});

describe('Decimal', () => {
  it('keeps 40 digits and leaves the settings of decimal.js alone', () => {
    expect(new Decimal(1).div(3).toFixed()).toBe(`0.${'3'.repeat(40)}`);
    expect(new Decimal('1e-30').toString()).toBe(`0.${'0'.repeat(29)}1`);
    expect(D).toBe(Decimal);
  });
});

describe('formatDecimal', () => {
  it.each([
    ['10.00', '10'],
    ['-0.50', '-0.5'],
    ['0', '0'],
    ['-0', '0'],
    ['1e-12', '0.000000000001'],
    ['1e45', `1${'0'.repeat(45)}`],
  ])('writes %s as %s', (from, to) => {
    expect(formatDecimal(new D(from))).toBe(to);
  });

  it('refuses what is no number', () => {
    expect(codeOf(() => formatDecimal(new D(NaN)))).toBe('INVALID_DECIMAL');
    expect(codeOf(() => formatDecimal(new D(Infinity)))).toBe('INVALID_DECIMAL');
  });
});

describe('cents', () => {
  it.each([
    ['1.005', '1.01'],
    ['-1.005', '-1.01'],
    ['1.0049999', '1'],
    ['0.004', '0'],
  ])('rounds %s to %s', (from, to) => {
    expect(formatDecimal(toCents(new D(from)))).toBe(to);
  });

  it('adds up', () => {
    expect(sum([]).toString()).toBe('0');
    expect(sum([new D('0.1'), new D('0.2')]).toString()).toBe('0.3');
  });

  // total | weights | pieces
  const golden = `
    10.00  | 1 1 1       | 3.34 3.33 3.33
    0.02   | 1 1 1       | 0.01 0.01 0
    100    | 1 2 3       | 16.67 33.33 50
    0.05   | 3 7         | 0.02 0.03
    -10.00 | 1 1 1       | -3.34 -3.33 -3.33
    7.77   | 0 1         | 0 7.77
    1.005  | 1           | 1.01
    0      | 5 5         | 0 0
    1      | 0.1 0.2 0.7 | 0.1 0.2 0.7
    0.01   | 1 1         | 0.01 0
  `;
  it.each(rows(golden))('splits %s over %s into %s', (total, weights, pieces) => {
    const split = allocateCents(decimal(total), weights.split(' ').map(decimal));
    expect(split.map(formatDecimal).join(' ')).toBe(pieces);
  });

  it.each([[[]], [['0', '0']], [['1', '-1', '3']], [['NaN']], [['Infinity']]])(
    'refuses to split over %j',
    (weights: string[]) => {
      expect(
        codeOf(() =>
          allocateCents(
            new D(1),
            weights.map((weight) => new D(weight)),
          ),
        ),
      ).toBe('INVALID_WEIGHTS');
    },
  );
});

describe('roundDownTo', () => {
  it.each([
    ['5.7', '0.5', '5.5'],
    ['-5.7', '0.5', '-5.5'],
    ['300', '75', '300'],
    ['299.999', '75', '225'],
    ['0.1234567899', '0.000000001', '0.123456789'],
  ])('cuts %s to a multiple of %s: %s', (value, increment, cut) => {
    expect(formatDecimal(roundDownTo(new D(value), new D(increment)))).toBe(cut);
  });

  it.each(['0', '-1', 'NaN', 'Infinity'])('refuses the increment %s', (increment) => {
    expect(codeOf(() => roundDownTo(new D(1), new D(increment)))).toBe('INVALID_INCREMENT');
  });
});

function rows(table: string): [string, string, string][] {
  return table
    .trim()
    .split('\n')
    .map((line) => line.split('|').map((cell) => cell.trim()) as [string, string, string]);
}
