import { describe, expect, it } from '@jest/globals';
import { tableFromArrays, tableToIPC } from 'apache-arrow';
import { decodePack, encodePack, PACK_SERIES, type PackPanel, type PackSeries } from './pack.js';

/** A panel of some size with values that tell their place. */
const panelOf = (symbols: number, sessions: number): PackPanel => {
  const names = Array.from({ length: symbols }, (_, index) => `S${String(index).padStart(5, '0')}`);
  const series = (offset: number) =>
    Float64Array.from({ length: symbols * sessions }, (_, at) => (at % 97 === 0 ? NaN : at + offset));
  return {
    symbols: names,
    dates: Array.from({ length: sessions }, (_, day) =>
      new Date((15_000 + day) * 86_400_000).toISOString().slice(0, 10),
    ),
    ...(Object.fromEntries(PACK_SERIES.map((name, index) => [name, series(index / 8)])) as Record<
      PackSeries,
      Float64Array
    >),
    sector: names.map((_, index) => (index % 3 === 0 ? null : 'Tech')),
    adv: names.map((_, index) => (index % 5 === 0 ? null : index)),
    quality: names.map(() => 1),
    source: 'test',
    synthetic: true,
    asOf: '2017-06-30',
  };
};

describe('encodePack', () => {
  const panel = panelOf(2, 3);
  it.each<[string, Partial<PackPanel>, RegExp]>([
    ['no symbols', { symbols: [] }, /no symbols/],
    ['a symbol twice', { symbols: ['A', 'A'] }, /twice/],
    ['dates out of order', { dates: [...panel.dates].reverse() }, /not ascending/],
    ['a date twice', { dates: [panel.dates[0]!, panel.dates[0]!, panel.dates[2]!] }, /not ascending/],
    ['a date that is none', { dates: ['2017-02-30', '2017-03-01', '2017-03-02'] }, /not a date/],
    ['a short series', { close: new Float64Array(5) }, /close has 5 values, not 2 × 3/],
    ['an infinite value', { high: new Float64Array(6).fill(Infinity) }, /high holds an infinite number/],
    ['an ADV too few', { adv: [1] }, /adv has 1 values/],
    ['an ADV that is no number', { adv: [NaN, 1] }, /not a finite number/],
  ])('refuses %s', (_what, change, message) => {
    expect(() => encodePack({ ...panel, ...change })).toThrow(message);
    expect(() => encodePack({ ...panel, ...change })).toThrow(expect.objectContaining({ code: 'PACK_INVALID' }));
  });
});

describe('decodePack', () => {
  it('takes 1.26 million values without copying them', () => {
    const panel = panelOf(1_000, 210);
    const bytes = encodePack(panel);
    const found = decodePack(bytes);
    expect(found.close).toEqual(panel.close);
    expect(found.close.buffer).toBe(bytes.buffer);
    const sum = (values: Float64Array) => values.reduce((total, one) => (Number.isNaN(one) ? total : total + one), 0);
    expect(PACK_SERIES.map((name) => sum(found[name]))).toEqual(PACK_SERIES.map((name) => sum(panel[name])));
  });

  it('reads bytes that stand at an odd place in their buffer', () => {
    const panel = panelOf(2, 3);
    const bytes = encodePack(panel);
    const shifted = new Uint8Array(bytes.length + 1);
    shifted.set(bytes, 1);
    expect(decodePack(shifted.subarray(1))).toEqual(panel);
  });

  it.each([
    ['no Arrow file', Buffer.from('{"not":"arrow"}')],
    ['nothing', new Uint8Array()],
    ['an Arrow file of something else', tableToIPC(tableFromArrays({ close: Float64Array.of(1) }), 'file')],
  ])('refuses %s', (_what, bytes) => {
    expect(() => decodePack(bytes)).toThrow(expect.objectContaining({ code: 'PACK_MALFORMED' }));
  });
});
