// Goal: the words of a verdict carry the kernel's numbers, missing data never passes, and a person's order meets the same checks.
import type { Mark, Trade } from '@ballast/contracts';
import { describe, expect, it } from '@jest/globals';
import { bookView, type Heard } from './book-view.js';
import { judge } from './judgement.js';
import { explain, ruleBook } from './limits.js';
import { judgeWish, type KnownBook, type OrderWish } from './manual-order.js';

const NOW = '2026-11-20T15:00:00.000Z';
const limits = ruleBook({ notionalPerNameMax: '0.10', sectorGrossMax: '0.30', advFractionMax: '0.05' });
const paper = { limits, mode: 'paper', halted: false } as const;

const mark = (symbol: string, price = '10', more: Partial<Mark> = {}): Mark => ({
  ...{ symbol, price, exchange: 'XNYS', sector: 'Tech', adv: '1000000', quality: 1, ...more },
});

const trade = (symbol: string, side: Trade['side'], quantity: string, referencePrice = '10'): Trade => ({
  ...{ symbol, side, quantity, referencePrice, exchange: 'XNYS', contributors: [] },
  notional: String(Number(quantity) * Number(referencePrice)),
});

const heard = (more: Partial<Heard> = {}, valuation: Partial<Heard['valuation']> = {}): Heard => ({
  marks: [mark('AAA'), mark('BBB'), mark('CCC', '10', { sector: null }), mark('DDD', '10', { adv: null })],
  valuation: { equity: '100000', ledgerSequence: 5, positions: [], unpriced: [], ...valuation },
  working: [],
  posted: null,
  outstanding: [],
  ...more,
});

describe('a judgement', () => {
  it('lets through what fits, with the numbers of every check', () => {
    const { verdict, trades, checks, trims } = judge(
      bookView(heard()),
      [trade('AAA', 'buy', '500'), trade('BBB', 'buy', '900')],
      paper,
    );
    expect({ verdict, trims }).toEqual({ verdict: 'approved', trims: [] });
    expect(trades.map(({ quantity }) => quantity)).toEqual(['500', '900']);
    expect(checks.map(({ code, symbol, status, observed, limit }) => [code, symbol, status, observed, limit])).toEqual([
      ['HALT', null, 'passed', 'false', 'false'],
      ['LIQUIDITY', 'AAA', 'passed', '0.0005', '0.05'],
      ['LIQUIDITY', 'BBB', 'passed', '0.0009', '0.05'],
      ['NOTIONAL_PER_NAME', 'AAA', 'passed', '0.05', '0.1'],
      ['NOTIONAL_PER_NAME', 'BBB', 'passed', '0.09', '0.1'],
      ['SECTOR_EXPOSURE', 'AAA', 'passed', '0.05', '0.3'],
      ['SECTOR_EXPOSURE', 'BBB', 'passed', '0.14', '0.3'],
    ]);
    expect(checks.every(({ severity, ruleVersion }) => severity === 'INFO' && ruleVersion === limits.version)).toBe(
      true,
    );
  });

  it('cuts what is too large, and its notional with it', () => {
    const { verdict, trades, trims, checks } = judge(bookView(heard()), [trade('AAA', 'buy', '1200')], paper);
    expect(verdict).toBe('trimmed');
    expect(trades).toMatchObject([{ symbol: 'AAA', quantity: '1000', notional: '10000' }]);
    expect(trims).toEqual([
      { symbol: 'AAA', code: 'POSITION_SIZE_EXCEEDED', from: '1200', to: '1000', observed: '0.12', limit: '0.1' },
    ]);
    expect(checks[0]).toMatchObject({ code: 'POSITION_SIZE_EXCEEDED', status: 'failed', severity: 'CRITICAL' });
  });

  it.each([
    ['a halted account', [trade('AAA', 'buy', '1')], { ...paper, halted: true }, ['HALTED']],
    ['a halted account with nothing to trade', [], { ...paper, halted: true }, ['HALTED']],
    ['no mark', [trade('ZZZ', 'buy', '1')], paper, ['MISSING_MARK']],
    ['no volume', [trade('DDD', 'buy', '1')], paper, ['INSUFFICIENT_VOLUME_DATA']],
    ['an unknown sector, live', [trade('CCC', 'buy', '1')], { ...paper, mode: 'live' as const }, ['SECTOR_UNKNOWN']],
  ])('vetoes %s', (_what, trades, circumstances, codes) => {
    expect(judge(bookView(heard()), trades, circumstances)).toMatchObject({ verdict: 'vetoed', trades: [], codes });
  });

  it('marks an unknown sector on paper as not evaluated', () => {
    const { verdict, checks } = judge(bookView(heard()), [trade('CCC', 'buy', '1')], paper);
    expect(verdict).toBe('approved');
    expect(checks[0]).toMatchObject({ code: 'SECTOR_UNKNOWN', status: 'not_evaluated', severity: 'WARNING' });
  });

  it('approves a plan of nothing', () => {
    expect(judge(bookView(heard()), [], paper)).toMatchObject({ verdict: 'approved', trades: [], trims: [] });
  });
});

describe('the view of a book', () => {
  const held = (symbol: string, quantity: string) => ({ symbol, quantity });

  it('takes the posted ledger only where it is newer than the valuation', () => {
    const valuation = { positions: [held('AAA', '10')], unpriced: [held('ZZZ', '1')] };
    const posted = (sequence: number) => ({ sequence, cash: '500', positions: [held('AAA', '30'), held('BBB', '2')] });
    const shown = (sequence: number) => {
      const { positions, equity } = bookView(heard({ posted: posted(sequence) }, valuation));
      return [...positions.map(({ symbol, quantity }) => `${symbol} ${quantity.toFixed()}`), equity?.toFixed()];
    };
    expect(shown(5)).toEqual(['AAA 10', 'ZZZ 1', '100000']);
    expect(shown(6)).toEqual(['AAA 30', 'BBB 2', '820']);
  });

  it.each([
    ['long', '5', '100000'],
    ['short', '-5', undefined],
  ])('with a %s position without a mark has the equity %s → %s', (_what, quantity, equity) => {
    const view = bookView(heard({}, { unpriced: [held('ZZZ', quantity)] }));
    expect(view.equity?.toFixed()).toBe(equity);
  });

  it('counts what was let through and is not in the books yet as working', () => {
    const view = bookView(heard({ outstanding: [trade('AAA', 'buy', '900')] }));
    expect(judge(view, [trade('AAA', 'buy', '200')], paper).trims).toMatchObject([{ from: '200', to: '100' }]);
  });
});

describe('an order of a person', () => {
  const rules = { limits, marksAgeHoursMax: 96 };
  const positions = [{ symbol: 'AAA', quantity: '50' }];
  const book = (more: Partial<KnownBook> = {}, view: Partial<Heard> = {}): KnownBook => ({
    ...{ view: bookView(heard(view, { positions })), mode: 'paper', halted: false, sealedAt: NOW, ...more },
  });
  const wish = (more: Partial<OrderWish> = {}): OrderWish => ({
    ...{ symbol: 'AAA', side: 'buy', quantity: '100', notional: null },
    ...more,
  });

  it('becomes a plan of one trade at the last mark', () => {
    const { trade: made, judgement } = judgeWish(wish(), book(), NOW, rules);
    expect(made).toMatchObject({ exchange: 'XNYS', referencePrice: '10', notional: '1000', contributors: [] });
    expect(judgement).toMatchObject({ verdict: 'approved', trades: [made] });
  });

  it('for an amount of money is as many shares as it buys at the mark, and keeps the amount in its terms', () => {
    const { trade: made, judgement } = judgeWish(wish({ quantity: null, notional: '500.01' }), book(), NOW, rules);
    const terms = { type: 'market', timeInForce: 'day', notional: '500.01' };
    expect(made).toMatchObject({ quantity: '50.001', notional: '500.01', terms });
    expect(judgement.trades).toEqual([made]);
    const third = judgeWish(
      wish({ quantity: null, notional: '100' }),
      book({}, { marks: [mark('AAA', '30')] }),
      NOW,
      rules,
    );
    expect(third.trade).toMatchObject({ quantity: '3.333333334', notional: '100' });
  });

  it('for an amount of money is made smaller by its amount where its shares are', () => {
    const terms = { type: 'limit', timeInForce: 'day', limitPrice: '11' } as const;
    const { judgement } = judgeWish(wish({ quantity: null, notional: '12000.5', terms }), book(), NOW, rules);
    expect(judgement.verdict).toBe('trimmed');
    const [left] = judgement.trades;
    expect(left!.terms).toEqual({ ...terms, notional: left!.notional });
    expect(Number(left!.notional)).toBe(Number(left!.quantity) * 10);
  });

  it.each([
    ['of neither shares nor money', wish({ quantity: null }), book(), 'QUANTITY_OR_NOTIONAL'],
    ['of shares and money', wish({ notional: '5' }), book(), 'QUANTITY_OR_NOTIONAL'],
    ['for a book never valued', wish(), null, 'NO_VALUATION'],
    ['on marks a millisecond too old', wish(), book({ sealedAt: '2026-11-16T14:59:59.999Z' }), 'STALE_MARKS'],
    ['for a symbol without a mark', wish({ symbol: 'ZZZ' }), book(), 'MISSING_MARK'],
    ['for more than is held', wish({ side: 'sell', quantity: '51' }), book(), 'NOT_ENOUGH_HELD'],
    [
      'for what is being sold already',
      wish({ side: 'sell', quantity: '11' }),
      book({}, { working: [{ symbol: 'AAA', side: 'sell', remaining: '40' }] }),
      'NOT_ENOUGH_HELD',
    ],
    ['for a halted account', wish({ side: 'sell', quantity: '99' }), book({ halted: true }), 'HALTED'],
    ['of nothing', wish({ quantity: '0' }), book(), 'INVALID_QUANTITY'],
  ] as const)('%s is vetoed', (_what, order, known, code) => {
    const { judgement } = judgeWish(order, known, NOW, rules);
    expect(judgement).toMatchObject({ verdict: 'vetoed', trades: [], codes: [code] });
    expect(judgement.checks.some((check) => check.code === code && check.status === 'failed')).toBe(true);
  });

  it.each([
    ['exactly as old as they may be', wish(), book({ sealedAt: '2026-11-16T15:00:00.000Z' })],
    ['sells all that is held', wish({ side: 'sell', quantity: '50' }), book()],
  ])('%s is let through', (_what, order, known) => {
    expect(judgeWish(order, known, NOW, rules).judgement.verdict).toBe('approved');
  });
});

describe('the rule book', () => {
  it('has a version that changes with any limit', () => {
    const base = { notionalPerNameMax: '0.10', sectorGrossMax: '0.30', advFractionMax: '0.05' };
    const versions = [
      base,
      { ...base, notionalPerNameMax: '0.11' },
      { ...base, sectorGrossMax: '0.31' },
      { ...base, advFractionMax: '0.06' },
    ].map((each) => ruleBook(each).version);
    expect(new Set(versions).size).toBe(4);
    expect(versions[0]).toMatch(/^limits-[0-9a-f]{12}$/);
    expect(ruleBook(base).version).toBe(versions[0]);
  });

  it('is explained check by check, with the limits in force', () => {
    expect(explain(limits).map(({ code, limit }) => [code, limit])).toEqual([
      ['HALT', 'not halted'],
      ['NOTIONAL_PER_NAME', '0.10'],
      ['SECTOR_EXPOSURE', '0.30'],
      ['LIQUIDITY', '0.05'],
    ]);
  });
});
