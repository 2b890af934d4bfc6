// Goal: what changed between two packs: symbols, sessions, restated values and scores, and nothing else.
import { describe, expect, it } from '@jest/globals';
import { DIFFERENCES_LISTED_MAX, diffPacks, PACK_SERIES, type ComparedPack } from './pack-diff.js';

/** A pack whose values are told by symbol, date and series. */
function packOf(
  symbols: readonly string[],
  dates: readonly string[],
  value: (symbol: string, date: string, series: string) => number = (symbol, date) =>
    symbol.length + Number(date.slice(8)),
  quality = 1,
): ComparedPack {
  const series = Object.fromEntries(
    PACK_SERIES.map((name) => [
      name,
      Float64Array.from(symbols.flatMap((symbol) => dates.map((date) => value(symbol, date, name)))),
    ]),
  ) as unknown as Pick<ComparedPack, (typeof PACK_SERIES)[number]>;
  return { ...series, symbols, dates, quality: symbols.map(() => quality) };
}

const DATES = ['2024-03-04', '2024-03-05', '2024-03-06'];
const NONE = { count: 0, first: [] };

describe('the difference of two packs', () => {
  it('is none between a pack and itself, missing values included', () => {
    const pack = packOf(['A', 'B'], DATES, (symbol) => (symbol === 'B' ? Number.NaN : 7));
    expect(diffPacks(pack, pack)).toEqual({
      symbols: { common: 2, added: NONE, removed: NONE },
      sessions: { common: 3, added: NONE, removed: NONE },
      restated: { ...NONE, symbols: 0 },
      quality: NONE,
    });
  });

  it('names symbols and sessions that came and went, and does not call them restated', () => {
    const diff = diffPacks(packOf(['A', 'B'], DATES.slice(0, 2)), packOf(['B', 'C'], DATES.slice(1)));
    expect(diff.symbols).toEqual({ common: 1, added: { count: 1, first: ['C'] }, removed: { count: 1, first: ['A'] } });
    expect(diff.sessions).toMatchObject({ common: 1, added: { first: [DATES[2]] }, removed: { first: [DATES[0]] } });
    expect(diff.restated.count).toBe(0);
  });

  it('lists each value that was restated, also to and from nothing', () => {
    const after = packOf(['A', 'B'], DATES, (symbol, date, series) => {
      if (symbol === 'B' && date === DATES[1] && series === 'close') return 99.5;
      if (symbol === 'B' && date === DATES[2] && series === 'volume') return Number.NaN;
      return symbol.length + Number(date.slice(8));
    });
    expect(diffPacks(packOf(['A', 'B'], DATES), after).restated).toEqual({
      ...{ count: 2, symbols: 1 },
      first: [
        { symbol: 'B', date: DATES[1], series: 'close', before: 6, after: 99.5 },
        { symbol: 'B', date: DATES[2], series: 'volume', before: 7, after: null },
      ],
    });
  });

  it('counts all and lists the first, and tells scores that moved', () => {
    const symbols = Array.from({ length: 20 }, (_, i) => `S${i}`);
    const diff = diffPacks(
      packOf(symbols, DATES),
      packOf(symbols, DATES, () => 1, 0.5),
    );
    expect(diff.restated.count).toBe(20 * 3 * PACK_SERIES.length);
    expect(diff.restated.first).toHaveLength(DIFFERENCES_LISTED_MAX);
    expect(diff.quality).toMatchObject({
      count: 20,
      first: [{ symbol: 'S0', before: 1, after: 0.5 }, ...Array(19).fill({})],
    });
  });
});
