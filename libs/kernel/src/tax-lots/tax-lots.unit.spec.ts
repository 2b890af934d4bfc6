import { describe, expect, it } from '@jest/globals';
import { D, decimal, formatDecimal, KernelError } from '../money/index.js';
import { basisOf, isLongTerm, openLot, relieveLots, runTaxLots } from './index.js';
import type { Lot, LotMethod, Sale, TaxLotsOutput } from './index.js';

function codeOf(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    if (error instanceof KernelError) return error.code;
    throw error;
  }
  return 'no error';
}

function lines(table: string): string[][] {
  return table
    .trim()
    .split('\n')
    .map((line) => line.split('|').map((cell) => cell.trim()));
}

describe('isLongTerm', () => {
  // held from | sold | term; Rev. Rul. 66-7, 66-97, 70-598 and published examples.
  const golden = `
    2012-09-19 | 2013-09-19 | short
    2012-09-19 | 2013-09-20 | long
    2005-01-01 | 2006-01-01 | short
    2005-01-01 | 2006-01-02 | long
    2008-04-30 | 2009-04-30 | short
    2008-04-30 | 2009-05-01 | long
    2011-02-28 | 2012-02-29 | short
    2011-02-28 | 2012-03-01 | long
    2015-02-28 | 2016-02-29 | short
    2015-02-28 | 2016-03-01 | long
    2012-02-28 | 2013-02-28 | short
    2012-02-28 | 2013-03-01 | long
    2012-02-29 | 2013-02-28 | short
    2012-02-29 | 2013-03-01 | long
    2011-03-15 | 2012-03-15 | short
    2011-03-15 | 2012-03-16 | long
    2023-12-31 | 2024-12-31 | short
    2023-12-31 | 2025-01-01 | long
    2020-05-05 | 2020-05-05 | short
  `;
  it.each(lines(golden))('held from %s and sold %s is %s', (held = '', sold = '', term) => {
    expect(isLongTerm(held, sold) ? 'long' : 'short').toBe(term);
  });

  it('refuses what is no date', () => {
    expect(codeOf(() => isLongTerm('2012-02-30', '2013-03-01'))).toBe('INVALID_DATE');
    expect(codeOf(() => isLongTerm('2012-02-28', '2013'))).toBe('INVALID_DATE');
  });
});

/** Reads 'B1 2021-01-01 10 @ 12.50' rows into lots of X; the basis is quantity × price. */
function lotsOf(table: string): Lot[] {
  return lines(table).map(([row = '']) => {
    const [id = '', date = '', qty = '', , price = ''] = row.split(/\s+/);
    return openLot({ id, symbol: 'X', date, qty: decimal(qty), basis: decimal(qty).times(price) });
  });
}

const sell = (qty: string, proceeds: string | null, more: Partial<Sale> = {}): Sale => ({
  id: 'S',
  date: '2021-06-01',
  symbol: 'X',
  qty: decimal(qty),
  proceeds: proceeds === null ? null : decimal(proceeds),
  ...more,
});

describe('relieveLots', () => {
  const four = `
    B1 2021-01-03 10 @ 12
    B2 2021-01-01 20 @ 10
    B3 2021-01-02 30 @ 11
    B4 2021-01-03 10 @ 12
  `;
  // method | sold | pieces
  const golden = `
    fifo | 25 | B2:20 B3:5
    fifo | 60 | B2:20 B3:30 B1:10
    fifo | 65 | B2:20 B3:30 B1:10 B4:5
    lifo | 25 | B4:10 B1:10 B3:5
    lifo | 70 | B4:10 B1:10 B3:30 B2:20
    hifo | 25 | B1:10 B4:10 B3:5
    lofo | 25 | B2:20 B3:5
    lofo | 55 | B2:20 B3:30 B1:5
  `;
  it.each(lines(golden))('%s takes %s from %s', (method = '', qty = '', pieces) => {
    const { disposals } = relieveLots(lotsOf(four), sell(qty, null), method as LotMethod);
    expect(disposals.map((piece) => `${piece.lot}:${formatDecimal(piece.qty)}`).join(' ')).toBe(pieces);
  });

  it('takes the lot that is named, and no other', () => {
    const lots = lotsOf(four);
    const { disposals, remaining } = relieveLots(lots, sell('8', '100', { closes: 'B3' }), 'specific_id');
    expect(disposals.map(({ lot, basis }) => [lot, formatDecimal(basis)])).toEqual([['B3', '88']]);
    expect(remaining.map((lot) => formatDecimal(lot.qty))).toEqual(['10', '20', '22', '10']);
    expect(codeOf(() => relieveLots(lots, sell('31', '1', { closes: 'B3' }), 'specific_id'))).toBe('NOT_ENOUGH_LOTS');
    expect(codeOf(() => relieveLots(lots, sell('1', '1', { closes: 'B9' }), 'specific_id'))).toBe('NOT_ENOUGH_LOTS');
    expect(codeOf(() => relieveLots(lots, sell('1', '1'), 'specific_id'))).toBe('LOT_REQUIRED');
  });

  it('shares proceeds to the cent, and pieces of a lot add up to its basis', () => {
    const lots = lotsOf('B1 2021-01-01 3 @ 3.3333');
    const first = relieveLots(lots, sell('1', '10.01'), 'fifo');
    const second = relieveLots(first.remaining, sell('1', '10.01'), 'fifo');
    const third = relieveLots(second.remaining, sell('1', '10.01'), 'fifo');
    const bases = [first, second, third].map(({ disposals }) => formatDecimal(disposals[0]?.basis ?? new D(NaN)));
    expect(bases).toEqual(['3.33', '3.34', '3.33']);
    expect(third.remaining).toEqual([]);

    const split = relieveLots(
      lotsOf(`
        B1 2021-01-01 1 @ 1
        B2 2021-01-02 1 @ 1
        B3 2021-01-03 1 @ 1
      `),
      sell('3', '10'),
      'fifo',
    );
    expect(split.disposals.map(({ proceeds }) => proceeds && formatDecimal(proceeds))).toEqual([
      '3.34',
      '3.33',
      '3.33',
    ]);
  });

  it('knows neither gain nor term without a price', () => {
    const { disposals } = relieveLots(lotsOf('B1 2021-01-01 10 @ 12'), sell('4', null), 'fifo');
    expect(disposals[0]).toMatchObject({ proceeds: null, gain: null, term: null });
    expect(formatDecimal(disposals[0]?.basis ?? new D(NaN))).toBe('48');
  });

  it('leaves other symbols, later lots and its input alone', () => {
    const later = openLot({ id: 'L', symbol: 'X', date: '2021-07-01', qty: new D(5), basis: new D(5) });
    const other = openLot({ id: 'O', symbol: 'Y', date: '2021-01-01', qty: new D(5), basis: new D(5) });
    const [lot] = lotsOf('B1 2021-01-01 10 @ 12');
    const lots = Object.freeze([other, ...(lot ? [lot] : []), later]);
    const { remaining } = relieveLots(lots, sell('10', '100'), 'fifo');
    expect(remaining).toEqual([other, later]);
    expect(lots).toHaveLength(3);
    expect(codeOf(() => relieveLots(lots, sell('11', '100'), 'fifo'))).toBe('NOT_ENOUGH_LOTS');
  });

  it('counts the holding period from its start, which may tack', () => {
    const [lot] = lotsOf('B1 2021-05-01 10 @ 12');
    const tacked = lot ? [{ ...lot, holdingStart: '2020-05-30' }] : [];
    expect(relieveLots(tacked, sell('1', '1'), 'fifo').disposals[0]?.term).toBe('long_term');
    expect(basisOf({ ...(lot ?? tacked[0]!), qty: new D(5) }).toFixed(2)).toBe('60.00');
  });

  it.each(['0', '-1'])('refuses to sell %s', (qty) => {
    expect(codeOf(() => relieveLots([], sell(qty, '1'), 'fifo'))).toBe('INVALID_TRADE');
  });
});

/** Reads 'B1 2021-01-01 buy 10 X @ 12 fees 1' rows into trades as they come from JSON. */
function trades(table: string): Record<string, unknown>[] {
  return lines(table).map(([row = '']) => {
    const [id, date, side, qty, symbol, , price, , fees] = row.split(/\s+/);
    return { id, date, side, qty, symbol, price: price === '?' ? null : price, fees: fees ?? '0' };
  });
}

const run = (table: string, method = 'fifo'): TaxLotsOutput => runTaxLots({ method, trades: trades(table) });

describe('runTaxLots', () => {
  it('answers in the shape of the cases', () => {
    const output = run(`
      B1 2012-02-28 buy  100 M @ 50.10 fees 4.95
      B2 2013-01-02 buy  50  M @ 60
      S1 2013-03-01 sell 120 M @ 70.25 fees 9.99
    `);
    expect(output).toEqual({
      disposals: [
        {
          trade: 'S1',
          lot: 'B1',
          qty: '100',
          acquired: '2012-02-28',
          holdingStart: '2012-02-28',
          sold: '2013-03-01',
          proceeds: '7016.68',
          basis: '5014.95',
          gain: '2001.73',
          term: 'long_term',
          code: '',
          disallowed: '0.00',
        },
        {
          trade: 'S1',
          lot: 'B2',
          qty: '20',
          acquired: '2013-01-02',
          holdingStart: '2013-01-02',
          sold: '2013-03-01',
          proceeds: '1403.33',
          basis: '1200.00',
          gain: '203.33',
          term: 'short_term',
          code: '',
          disallowed: '0.00',
        },
      ],
      openLots: [
        {
          lot: 'B2',
          symbol: 'M',
          qty: '30',
          acquired: '2013-01-02',
          holdingStart: '2013-01-02',
          basis: '1800.00',
        },
      ],
      totals: { recognized: '2205.06', disallowed: '0.00', shortTerm: '203.33', longTerm: '2001.73' },
      cashInLieu: [],
      distributions: [],
    });
  });

  it('works in order of date, ties in the order given', () => {
    const output = run(`
      S1 2020-02-03 sell 5  X @ 20
      B2 2020-01-02 buy  10 X @ 12
      B1 2020-01-02 buy  10 X @ 11
    `);
    expect(output.disposals.map(({ lot }) => lot)).toEqual(['B2']);
    expect(
      codeOf(() =>
        run(`
          S1 2020-01-02 sell 5  X @ 20
          B1 2020-01-02 buy  10 X @ 11
        `),
      ),
    ).toBe('NOT_ENOUGH_LOTS');
  });

  it('lets an amount win over a price, and leaves totals unknown with a sale', () => {
    const [buy, sale] = trades(`
      B1 2020-01-02 buy  10 X @ 12
      S1 2020-02-03 sell 5  X @ ?
    `);
    const output = runTaxLots({ method: 'fifo', trades: [{ ...buy, amount: '100.00' }, sale] });
    expect(output.disposals[0]).toMatchObject({ basis: '50.00', proceeds: null, gain: null, term: null });
    expect(output.totals).toEqual({ recognized: null, disallowed: '0.00', shortTerm: null, longTerm: null });
    const known = runTaxLots({ method: 'fifo', trades: [buy, { ...sale, amount: 75.5 }] });
    expect(known.totals.recognized).toBe('15.50');
  });

  it('answers no trades with nothing', () => {
    expect(runTaxLots({ method: 'fifo', trades: [] })).toMatchObject({ disposals: [], openLots: [] });
  });

  it('keeps fractions of shares exact', () => {
    const output = run(`
      B1 2020-01-02 buy  0.3         X @ 10.01
      S1 2020-02-03 sell 0.100000001 X @ 20
    `);
    expect(output.openLots[0]).toMatchObject({ qty: '0.199999999', basis: '2.00' });
    expect(output.disposals[0]).toMatchObject({ qty: '0.100000001', basis: '1.00', proceeds: '2.00' });
  });

  const loss = `
    B1 2020-01-02 buy  10 X @ 12
    S1 2020-06-01 sell 10 X @ 11
  `;
  // Another purchase | the answer; the window is 30 days before to 30 days after, and needs shares still held.
  const washes = `
    B2 2020-07-01 buy 1 X @ 11 | UNSUPPORTED
    B2 2020-07-02 buy 1 X @ 11 | no error
    B2 2020-06-01 buy 1 X @ 11 | UNSUPPORTED
    B2 2020-05-02 buy 1 X @ 11 | UNSUPPORTED
    B2 2020-05-01 buy 1 X @ 11 | no error
    B2 2020-06-10 buy 1 Y @ 11 | no error
  `;
  it.each(lines(washes))('of a loss and %s is %s', (purchase, answer) => {
    expect(codeOf(() => run(`${loss.trim()}\n${purchase}`))).toBe(answer);
  });

  it('knows a purchase that is gone, or is of the same purchase lot, for no replacement', () => {
    const gone = `
      B0 2020-05-20 buy  5  X @ 10
      S0 2020-05-21 sell 5  X @ 11
      B1 2020-05-22 buy  10 X @ 12
      S1 2020-06-01 sell 10 X @ 11
    `;
    expect(codeOf(() => run(gone))).toBe('no error');
    const same = trades(`
      B1 2020-05-20 buy  5 X @ 12
      B2 2020-05-20 buy  5 X @ 12
      S1 2020-06-01 sell 5 X @ 11
    `).map((trade) => ({ ...trade, ...(trade['side'] === 'buy' ? { lot: 'A' } : {}) }));
    expect(codeOf(() => runTaxLots({ method: 'fifo', trades: same }))).toBe('no error');
  });

  it.each([
    ['a short', { side: 'sell_short' }],
    ['its cover', { side: 'buy_to_cover' }],
    ['a delivery', { side: 'cover_with_lot' }],
    ['a split', { type: 'split', side: undefined }],
    ['a used replacement', { already_used_as_replacement: true }],
  ])('does not guess at %s', (_what, more) => {
    const [buy] = trades('B1 2020-01-02 buy 10 X @ 12');
    expect(codeOf(() => runTaxLots({ method: 'fifo', trades: [{ ...buy, ...more }] }))).toBe('UNSUPPORTED');
  });

  it.each([
    ['INVALID_TRADE', { id: '' }],
    ['INVALID_TRADE', { id: 7 }],
    ['INVALID_TRADE', { side: 'give' }],
    ['INVALID_TRADE', { side: undefined }],
    ['INVALID_TRADE', { symbol: undefined }],
    ['INVALID_TRADE', { qty: '0' }],
    ['INVALID_TRADE', { qty: -1 }],
    ['INVALID_TRADE', { qty: undefined }],
    ['INVALID_TRADE', { qty: NaN }],
    ['INVALID_DECIMAL', { qty: 'ten' }],
    ['INVALID_TRADE', { price: null }],
    ['INVALID_TRADE', { price: '-1' }],
    ['INVALID_TRADE', { amount: '-1' }],
    ['INVALID_TRADE', { fees: undefined }],
    ['INVALID_TRADE', { fees: '-1' }],
    ['INVALID_TRADE', { date: 20200102 }],
    ['INVALID_DATE', { date: '2020-02-30' }],
    ['INVALID_TRADE', { lot: 5 }],
    ['INVALID_TRADE', { closes: 5 }],
  ])('says %s for %j', (code, more) => {
    const [buy] = trades('B1 2020-01-02 buy 10 X @ 12');
    expect(codeOf(() => runTaxLots({ method: 'fifo', trades: [{ ...buy, ...more }] }))).toBe(code);
  });

  it('refuses documents that are no trades, ids used twice and methods unknown', () => {
    expect(codeOf(() => runTaxLots({ method: 'fifo' }))).toBe('INVALID_TRADE');
    expect(codeOf(() => runTaxLots({ method: 'fifo', trades: [null] }))).toBe('INVALID_TRADE');
    expect(codeOf(() => runTaxLots({ method: 'average', trades: [] }))).toBe('UNKNOWN_METHOD');
    expect(codeOf(() => run('B1 2020-01-02 buy 1 X @ 1\nB1 2020-01-03 buy 1 X @ 1'))).toBe('INVALID_TRADE');
  });
});
