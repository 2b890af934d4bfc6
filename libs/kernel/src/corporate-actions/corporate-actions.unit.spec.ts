// Goal: what each action does to the bars before it, computed by hand; what is refused; whose series a ticker is.
import { describe, expect, it } from '@jest/globals';
import { D, formatDecimal, KernelError } from '../money/index.js';
import { adjustBars, readAction, symbolMap } from './index.js';
import type { AdjustmentMode, CorporateAction, DailyBar, Listing } from './index.js';

/** `2014-06-06 645.57, 2014-06-09 93.7`: dates and closes. */
function barsOf(text: string): DailyBar[] {
  return text.split(',').map((bar) => {
    const [date, close] = bar.trim().split(' ');
    return { date: date!, close: new D(close!) };
  });
}

/** `2014-06-09 split 7`: date, type, ratio or amount. */
function actionsOf(text: string): CorporateAction[] {
  return text.split(',').flatMap((action) => {
    const [date, type, terms] = action.trim().split(' ');
    if (!date) return [];
    const value = terms === undefined ? undefined : new D(terms);
    return [readAction({ date, type: type!, ratio: value, amount: value })];
  });
}

function adjust(bars: string, actions: string, mode: AdjustmentMode, asOf = '2099-12-31') {
  return adjustBars(barsOf(bars), actionsOf(actions), { asOf, mode });
}

function errorOf(act: () => unknown): KernelError {
  try {
    act();
  } catch (error) {
    if (error instanceof KernelError) return error;
    throw error;
  }
  throw new Error('nothing was refused');
}

const AAPL = '2014-06-05 647.35, 2014-06-06 645.57, 2014-06-09 93.70';
// The worked example of Yahoo's help page on adjusted close, which is MSFT in February 2003.
const MSFT = '2003-02-13 46.99, 2003-02-14 48.30, 2003-02-18 24.96, 2003-02-19 24.53';
const MSFT_ACTIONS = '2003-02-18 split 2, 2003-02-19 cash_dividend 0.08';
const ROUND = '2020-01-02 100, 2020-01-03 80, 2020-01-06 50';

/** Closes to 6 decimals. The arithmetic is beside the row where it is not plain. */
const golden = `
what                                    | mode         | bars        | actions                                                  | closes
AAPL 7-for-1                            | split        | ${AAPL}     | 2014-06-09 split 7                                       | 92.478571 92.224286 93.7
two 2-for-1 splits                      | split        | ${ROUND}    | 2020-01-03 split 2, 2020-01-06 split 2                   | 25 40 50
a 1-for-10 reverse split                | split        | ${ROUND}    | 2020-01-06 reverse_split 0.1                             | 1000 800 50
a split and its reverse                 | split        | ${ROUND}    | 2020-01-03 split 7, 2020-01-06 split 0.142857142857142857142857142857142857142857 | 100 560 50
a stock dividend of 5 %                 | split        | ${ROUND}    | 2020-01-03 stock_dividend 1.05                           | 95.238095 80 50
a dividend leaves split-adjusted alone  | split        | ${ROUND}    | 2020-01-03 dividend 5                                    | 100 80 50
a spin-off leaves split-adjusted alone  | split        | ${ROUND}    | 2020-01-03 spinoff 20                                    | 100 80 50
a dividend: 95/100                      | total_return | ${ROUND}    | 2020-01-03 dividend 5                                    | 95 80 50
two dividends: 95/100, 76/80            | total_return | ${ROUND}    | 2020-01-03 dividend 5, 2020-01-06 dividend 4             | 90.25 76 50
a spin-off worth 20: 80/100             | total_return | ${ROUND}    | 2020-01-03 spinoff 20                                    | 80 80 50
dividend and spin-off: 75/100           | total_return | ${ROUND}    | 2020-01-03 dividend 5, 2020-01-03 spinoff 20             | 75 80 50
regular and special dividend: 94/100    | total_return | ${ROUND}    | 2020-01-03 dividend 1, 2020-01-03 dividend 5             | 94 80 50
split and dividend on one day, the dividend on the old shares: 95/100/2 | total_return | ${ROUND} | 2020-01-03 dividend 5, 2020-01-03 split 2   | 47.5 80 50
split, then a dividend on the new shares, no bar between: (100 - 2 × 5)/100/2 | total_return | 2020-01-02 100, 2020-01-08 50 | 2020-01-03 split 2, 2020-01-06 dividend 5 | 45 50
two dividends with no bar between: (100 - 5 - 5)/100                          | total_return | 2020-01-02 100, 2020-01-08 50 | 2020-01-03 dividend 5, 2020-01-06 dividend 5 | 90 50
the published example                   | total_return | ${MSFT}     | ${MSFT_ACTIONS}                                          | 23.419696 24.072596 24.88 24.53
a day without a bar                     | split        | ${ROUND}    | 2020-01-05 split 2                                       | 50 40 50
a day after the last bar                | split        | ${ROUND}    | 2020-01-07 split 2                                       | 50 40 25
the day of the first bar                | split        | ${ROUND}    | 2020-01-02 split 2                                       | 100 80 50
a day before the first bar              | split        | ${ROUND}    | 2019-01-02 split 2                                       | 100 80 50
a new ticker                            | total_return | ${ROUND}    | 2020-01-03 symbol_change                                 | 100 80 50
the same split delivered twice          | split        | ${ROUND}    | 2020-01-06 split 2, 2020-01-06 split 2.0                 | 50 40 50
a reverse split and a split on one day  | split        | ${ROUND}    | 2020-01-06 split 100, 2020-01-06 split 0.01              | 100 80 50
no action                               | total_return | ${ROUND}    |                                                          | 100 80 50
`;

describe('adjusted closes', () => {
  for (const line of golden.trim().split('\n').slice(1)) {
    const [what, mode, bars, actions, closes] = line.split('|').map((cell) => cell.trim());
    it(`${what} (${mode})`, () => {
      const adjusted = adjust(bars!, actions!, mode as AdjustmentMode).bars;
      expect(adjusted.map(({ close }) => formatDecimal(close.toDecimalPlaces(6))).join(' ')).toBe(closes);
    });
  }

  it('are whole where the split makes them whole, and exact to the last digit', () => {
    const { bars } = adjust(
      '2020-01-02 700, 2020-01-03 101, 2020-01-06 3',
      '2020-01-03 split 7, 2020-01-06 split 3',
      'split',
    );
    expect(bars.map(({ close }) => formatDecimal(close))).toEqual([
      '33.33333333333333333333333333333333333333',
      '33.66666666666666666666666666666666666667',
      '3',
    ]);
  });

  it.each([
    ['2014-06-08', ['645.57']],
    ['2014-06-09', ['92.22', '93.7']],
    ['2020-08-30', ['92.22', '93.7', '499.23']],
    ['2020-08-31', ['23.06', '23.43', '124.81', '129.04']],
    ['2014-06-05', []],
  ])('as of %s know no later action and hold no later bar', (asOf, closes) => {
    const bars = '2014-06-06 645.57, 2014-06-09 93.70, 2020-08-28 499.23, 2020-08-31 129.04';
    const series = adjust(bars, '2014-06-09 split 7, 2020-08-31 split 4', 'split', asOf);
    expect(series.bars.map(({ close }) => formatDecimal(close.toDecimalPlaces(2)))).toEqual(closes);
    expect(series.applied.every(({ action }) => action.date <= asOf)).toBe(true);
  });
});

describe('adjusted bars', () => {
  it('move every price alike, and volumes by the share ratios only', () => {
    const [before, on] = ['2020-01-02', '2020-01-03'].map((date) => ({
      date,
      open: new D(98),
      high: new D(104),
      low: new D(96),
      close: new D(100),
      volume: new D(1001),
    })) as [DailyBar, DailyBar];
    const actions = actionsOf('2020-01-03 dividend 50, 2020-01-03 reverse_split 0.5');
    const split = adjustBars([on, before], actions, { asOf: on.date, mode: 'split' });
    const total = adjustBars([on, before], actions, { asOf: on.date, mode: 'total_return' });
    const texts = (bar: DailyBar | undefined) => {
      return [bar?.open, bar?.high, bar?.low, bar?.close, bar?.volume].map((value) => value && formatDecimal(value));
    };
    expect(texts(split.bars[0])).toEqual(['196', '208', '192', '200', '500.5']);
    expect(texts(total.bars[0])).toEqual(['98', '104', '96', '100', '500.5']);
    expect(split.bars[1]).toEqual(on);
  });

  it('come with the trail of what was applied, in order', () => {
    const actions = [
      readAction({ date: '2003-02-19', type: 'dividend', symbol: 'MSFT', amount: new D('0.08') }),
      readAction({ date: '2003-02-18', type: 'split', symbol: 'MSFT', ratio: new D(2) }),
      readAction({ date: '2003-02-18', type: 'symbol_change', symbol: 'MSFT' }),
      readAction({ date: '2003-02-13', type: 'split', symbol: 'MSFT', ratio: new D(3) }),
    ];
    const { applied } = adjustBars(barsOf(MSFT), actions, { asOf: '2003-02-19', mode: 'total_return' });
    expect(applied).toEqual([
      {
        action: { date: '2003-02-18', symbol: 'MSFT', type: 'split', ratio: new D(2) },
        priceFactor: new D('0.5'),
        volumeFactor: new D(2),
        previous: { date: '2003-02-14', close: new D('48.3') },
      },
      {
        action: { date: '2003-02-19', symbol: 'MSFT', type: 'cash_dividend', amount: new D('0.08') },
        priceFactor: new D('24.88').div('24.96'),
        volumeFactor: new D(1),
        previous: { date: '2003-02-18', close: new D('24.96') },
      },
    ]);
  });

  it('lists the parts of one day so that their factors multiply to the whole', () => {
    const { applied } = adjust(
      ROUND,
      '2020-01-03 spinoff 20, 2020-01-03 split 2, 2020-01-03 dividend 20',
      'total_return',
    );
    expect(applied.map(({ action, priceFactor }) => [action.type, formatDecimal(priceFactor)])).toEqual([
      ['cash_dividend', '0.8'],
      ['spinoff', '0.75'],
      ['split', '0.5'],
    ]);
  });

  it('leaves its input as it was', () => {
    const bars = barsOf(ROUND).reverse();
    const copy = [...bars];
    adjustBars(bars, actionsOf('2020-01-03 split 2'), { asOf: '2020-01-06', mode: 'split' });
    expect(bars).toEqual(copy);
  });

  it('of nothing are nothing', () => {
    expect(adjustBars([], [], { asOf: '2020-01-06', mode: 'split' })).toEqual({ bars: [], applied: [] });
  });
});

const CONFLICT = '2014-06-09 split 7, 2014-06-09 split 6.999997';
const TWO_KINDS = '2014-06-09 split 1.05, 2014-06-09 stock_dividend 1.05';

describe('what is refused', () => {
  it.each([
    ['PREVIOUS_CLOSE_MISSING', ROUND, '2020-01-02 dividend 1', 'cash_dividend on 2020-01-02'],
    ['PREVIOUS_CLOSE_MISSING', ROUND, '2019-01-02 spinoff 1', 'spinoff on 2019-01-02'],
    [
      'DISTRIBUTION_NOT_BELOW_CLOSE',
      ROUND,
      '2020-01-03 dividend 100',
      '100 for a share of 2020-01-02, not below the 100 left',
    ],
    ['DISTRIBUTION_NOT_BELOW_CLOSE', ROUND, '2020-01-03 dividend 60, 2020-01-03 spinoff 40', 'spinoff on 2020-01-03'],
    ['CONFLICTING_ACTIONS', AAPL, CONFLICT, '6.999997'],
    ['CONFLICTING_ACTIONS', AAPL, TWO_KINDS, '1.05'],
    ['DUPLICATE_BAR', `${ROUND}, 2020-01-03 81`, '', '2020-01-03'],
    ['INVALID_BAR', '2020-01-02 0', '', 'close'],
    ['INVALID_BAR', '2020-01-02 -1', '', 'close'],
    ['INVALID_BAR', '2020-01-02 NaN', '', 'close'],
    ['INVALID_DATE', '2020-02-30 1', '', '2020-02-30'],
  ])('%s: bars %s, actions %s', (code, bars, actions, words) => {
    const error = errorOf(() => adjust(bars, actions, 'total_return'));
    expect(error.code).toBe(code);
    expect(error.message).toContain(words);
  });

  it('a bar with a price or a volume that cannot be', () => {
    const bar = { date: '2020-01-02', close: new D(1) };
    for (const [field, value] of [
      ['open', 0],
      ['high', Infinity],
      ['low', -1],
      ['volume', -1],
    ] as const) {
      const bars = [{ ...bar, [field]: new D(value) }];
      const error = errorOf(() => adjustBars(bars, [], { asOf: '2020-01-02', mode: 'split' }));
      expect([error.code, error.message.split(' ')[0]]).toEqual(['INVALID_BAR', field]);
    }
    const silent = { ...bar, volume: new D(0) };
    expect(adjustBars([silent], [], { asOf: '2020-01-02', mode: 'split' }).bars).toEqual([silent]);
  });

  it('a mode or a date that is none', () => {
    const mode = 'adjusted' as AdjustmentMode;
    expect(errorOf(() => adjust(ROUND, '', mode)).code).toBe('UNKNOWN_MODE');
    expect(errorOf(() => adjust(ROUND, '', 'split', 'today')).code).toBe('INVALID_DATE');
  });

  it.each([
    ['UNKNOWN_ACTION_TYPE', { type: 'tender_offer' }, '"tender_offer"'],
    ['INVALID_RATIO', { type: 'split' }, 'missing'],
    ['INVALID_RATIO', { type: 'split', ratio: new D(0) }, 'above zero'],
    ['INVALID_RATIO', { type: 'split', ratio: new D(-2) }, 'above zero'],
    ['INVALID_RATIO', { type: 'split', ratio: new D(Infinity) }, 'Infinity'],
    ['INVALID_RATIO', { type: 'split', amount: new D(2) }, 'missing'],
    ['INVALID_RATIO', { type: 'reverse_split', ratio: new D(10) }, '1-for-10 is 0.1'],
    ['INVALID_RATIO', { type: 'stock_dividend', ratio: new D('0.05') }, '5 % is 1.05'],
    ['INVALID_AMOUNT', { type: 'cash_dividend', ratio: new D(1) }, 'missing'],
    ['INVALID_AMOUNT', { type: 'dividend', amount: new D(0) }, 'above zero'],
    ['INVALID_AMOUNT', { type: 'dividend', amount: new D(NaN) }, 'NaN'],
    ['INVALID_AMOUNT', { type: 'spinoff', ratio: new D('0.5') }, 'a parent share received'],
    ['INVALID_DATE', { type: 'symbol_change', date: '2020-13-01' }, '2020-13-01'],
  ])('%s: %j', (code, row, words) => {
    const error = errorOf(() => readAction({ date: '2020-01-03', symbol: 'XYZ', ...row }));
    expect(error.code).toBe(code);
    expect(error.message).toContain(words);
    if (code !== 'UNKNOWN_ACTION_TYPE' && code !== 'INVALID_DATE') {
      expect(error.message).toContain(`${row.type} of XYZ on 2020-01-03`);
    }
  });

  it('an action that did not come through the reader, too', () => {
    const action: CorporateAction = { date: '2020-01-03', type: 'split', ratio: new D(0) };
    const error = errorOf(() => adjustBars(barsOf(ROUND), [action], { asOf: '2020-01-06', mode: 'total_return' }));
    expect(error.code).toBe('INVALID_RATIO');
  });
});

describe('the symbol map', () => {
  const listing = (instrumentId: string, symbol: string, from: string, to: string | null): Listing => {
    return { instrumentId, symbol, from, to };
  };
  const map = symbolMap([
    listing('fb-2012', 'META', '2022-06-09', null),
    listing('fb-2012', 'FB', '2012-05-18', '2022-06-09'),
    listing('fb-1999', 'FB', '1999-09-29', '2003-03-29'),
  ]);

  it.each([
    ['FB', '1999-09-28', null],
    ['FB', '1999-09-29', 'fb-1999'],
    ['FB', '2003-03-28', 'fb-1999'],
    ['FB', '2003-03-29', null],
    ['FB', '2012-05-18', 'fb-2012'],
    ['FB', '2022-06-08', 'fb-2012'],
    ['FB', '2022-06-09', null],
    ['META', '2022-06-08', null],
    ['META', '2022-06-09', 'fb-2012'],
    ['META', '2099-01-01', 'fb-2012'],
    ['fb', '2012-05-18', null],
    ['toString', '2012-05-18', null],
  ])('%s on %s is %s', (symbol, date, instrumentId) => {
    expect(map.instrumentAt(symbol, date)).toBe(instrumentId);
  });

  it('keeps the instrument through a rename', () => {
    expect(map.listingsOf('fb-2012').map(({ symbol }) => symbol)).toEqual(['FB', 'META']);
    expect(map.listingsOf('unknown')).toEqual([]);
  });

  it.each([
    ['OVERLAPPING_LISTINGS', [listing('a', 'X', '2020-01-01', '2020-02-01'), listing('b', 'X', '2020-01-31', null)]],
    ['OVERLAPPING_LISTINGS', [listing('a', 'X', '2020-03-01', null), listing('b', 'X', '2020-01-01', null)]],
    ['OVERLAPPING_LISTINGS', [listing('a', 'X', '2020-01-01', null), listing('a', 'X', '2020-01-01', null)]],
    ['INVALID_LISTING', [listing('a', 'X', '2020-01-01', '2020-01-01')]],
    ['INVALID_LISTING', [listing('', 'X', '2020-01-01', null)]],
    ['INVALID_LISTING', [listing('a', '', '2020-01-01', null)]],
    ['INVALID_DATE', [listing('a', 'X', '2020', null)]],
    ['INVALID_DATE', [listing('a', 'X', '2020-01-01', 'now')]],
  ])('says %s for %j', (code, listings) => {
    expect(errorOf(() => symbolMap(listings)).code).toBe(code);
  });

  it('lets one listing end on the day on which the next begins', () => {
    const next = symbolMap([listing('b', 'X', '2020-02-01', null), listing('a', 'X', '2020-01-01', '2020-02-01')]);
    expect(next.instrumentAt('X', '2020-01-31')).toBe('a');
    expect(next.instrumentAt('X', '2020-02-01')).toBe('b');
    expect(errorOf(() => next.instrumentAt('X', 'yesterday')).code).toBe('INVALID_DATE');
  });
});
