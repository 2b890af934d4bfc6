// Goal: a flatten closes exactly what is held and not being closed, and says every check that it made or skipped.
import type { Mark } from '@ballast/contracts';
import { describe, expect, it } from '@jest/globals';
import { bookView, type Heard } from './book-view.js';
import { judgeFlatten, type FlattenHalt } from './flatten.js';
import { ruleBook } from './limits.js';
import type { KnownBook } from './manual-order.js';

const NOW = '2026-11-20T15:00:00.000Z';
const limits = ruleBook({ notionalPerNameMax: '0.10', sectorGrossMax: '0.30', advFractionMax: '0.05' });
const rules = { limits, marksAgeHoursMax: 96 };
const halt: FlattenHalt = { askedEpoch: 3, epoch: 3, halted: true };

const mark = (symbol: string, price = '10'): Mark => ({
  ...{ symbol, price, exchange: 'XNYS', sector: null, adv: null, quality: 1 },
});

const book = (held: Record<string, string>, more: Partial<Heard> = {}, sealedAt = NOW): KnownBook => ({
  ...{ mode: 'live', halted: true, sealedAt },
  view: bookView({
    marks: [mark('AAA'), mark('BBB', '20'), mark('DDD', '0')],
    valuation: {
      ...{ equity: '1000', ledgerSequence: 1, unpriced: [] },
      positions: Object.entries(held).map(([symbol, quantity]) => ({ symbol, quantity })),
    },
    ...{ working: [], posted: null, outstanding: [], ...more },
  }),
});

const shown = (known: KnownBook | null, at: FlattenHalt = halt) => {
  const { verdict, trades, codes } = judgeFlatten(known, at, NOW, rules);
  return [verdict, ...trades.map(({ symbol, side, quantity }) => `${side} ${quantity} ${symbol}`), ...codes];
};

describe('a flatten', () => {
  it('closes what is held, long and short, at the last marks', () => {
    const { verdict, trades } = judgeFlatten(book({ BBB: '-5', AAA: '12.5' }), halt, NOW, rules);
    expect(verdict).toBe('approved');
    expect(trades).toEqual([
      {
        ...{ symbol: 'AAA', exchange: 'XNYS', side: 'sell', quantity: '12.5', referencePrice: '10', notional: '125' },
        contributors: [],
      },
      {
        ...{ symbol: 'BBB', exchange: 'XNYS', side: 'buy', quantity: '5', referencePrice: '20', notional: '100' },
        contributors: [],
      },
    ]);
  });

  it.each([
    ['a working sell', { working: [{ symbol: 'AAA', side: 'sell' as const, remaining: '4' }] }, 'sell 6 AAA'],
    ['a working buy', { working: [{ symbol: 'AAA', side: 'buy' as const, remaining: '4' }] }, 'sell 10 AAA'],
    [
      'what the ledger posted since',
      { posted: { sequence: 2, cash: '0', positions: [{ symbol: 'AAA', quantity: '7' }] } },
      'sell 7 AAA',
    ],
  ])('counts %s', (_what, more, trade) => {
    expect(shown(book({ AAA: '10' }, more))).toEqual(['approved', trade]);
  });

  it('says every check: those made, those skipped, and stale marks', () => {
    const said = (sealedAt: string) =>
      judgeFlatten(book({ AAA: '10' }, {}, sealedAt), halt, NOW, rules).checks.map(
        ({ code, symbol, status, observed, limit }) => [code, symbol, status, observed, limit],
      );
    expect(said(NOW)).toEqual([
      ['LIQUIDITY', null, 'not_evaluated', null, null],
      ['NOTIONAL_PER_NAME', null, 'not_evaluated', null, null],
      ['SECTOR_EXPOSURE', null, 'not_evaluated', null, null],
      ['HALT', null, 'passed', '3', '3'],
      ['MARKS_AGE', null, 'passed', '0', '96'],
      ['REDUCING', 'AAA', 'passed', '10', '10'],
    ]);
    expect(said('2026-11-16T14:59:00.000Z')).toContainEqual(['STALE_MARKS', null, 'not_evaluated', '96.02', '96']);
  });

  it.each([
    ['of a book never valued', null, halt, ['vetoed', 'NO_VALUATION']],
    ['of a book without positions', book({}), halt, ['vetoed', 'NOTHING_TO_CLOSE']],
    ['of positions of nothing', book({ AAA: '0' }), halt, ['vetoed', 'NOTHING_TO_CLOSE']],
    [
      'of what is being closed already',
      book({ AAA: '10' }, { working: [{ symbol: 'AAA', side: 'sell', remaining: '10' }] }),
      halt,
      ['vetoed', 'NOTHING_TO_CLOSE'],
    ],
    ['of what has no mark', book({ ZZZ: '10' }), halt, ['vetoed', 'MISSING_MARK']],
    ['of what has a mark of zero', book({ DDD: '10' }), halt, ['vetoed', 'MISSING_MARK']],
    ['under a halt that is over', book({ AAA: '1' }), { ...halt, epoch: 4 }, ['vetoed', 'HALT_EPOCH_OLD']],
    ['under no halt', book({ AAA: '1' }), { ...halt, halted: false }, ['vetoed', 'HALT_EPOCH_OLD']],
  ] as const)('%s is vetoed', (_what, known, at, expected) => {
    expect(shown(known, at)).toEqual(expected);
    const { checks, codes } = judgeFlatten(known, at, NOW, rules);
    expect(checks.some(({ code, status }) => code === codes[0] && status === 'failed')).toBe(true);
  });

  it('closes what it can and names what is left', () => {
    const { verdict, trades, trims } = judgeFlatten(book({ AAA: '10', ZZZ: '3' }), halt, NOW, rules);
    expect([verdict, trades.map(({ symbol }) => symbol)]).toEqual(['trimmed', ['AAA']]);
    expect(trims).toMatchObject([{ symbol: 'ZZZ', code: 'MISSING_MARK', from: '3', to: '0' }]);
  });

  it('does not wait for the news of a halt that the person has heard of', () => {
    expect(shown(book({ AAA: '1' }), { ...halt, epoch: 2, halted: false })).toEqual(['approved', 'sell 1 AAA']);
  });
});
