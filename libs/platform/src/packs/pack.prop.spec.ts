import { describe, expect, it } from '@jest/globals';
import { RecordBatchFileReader, tableFromIPC } from 'apache-arrow';
import fc from 'fast-check';
import { sha256 } from '@ballast/contracts';
import { Fault } from '../errors.js';
import { decodePack, encodePack, PACK_SERIES, type PackPanel, type PackSeries } from './pack.js';

const value = fc.oneof(
  { weight: 4, arbitrary: fc.double({ noNaN: true, noDefaultInfinity: true }) },
  { weight: 1, arbitrary: fc.constantFrom(NaN, 0, -0) },
);

const panels: fc.Arbitrary<PackPanel> = fc
  .record({
    symbols: fc.uniqueArray(fc.stringMatching(/^[A-Z][A-Z0-9.]{0,6}$/), { minLength: 1, maxLength: 12 }),
    days: fc.uniqueArray(fc.integer({ min: -3_000, max: 25_000 }), { minLength: 1, maxLength: 12 }),
  })
  .chain(({ symbols, days }) => {
    const size = symbols.length * days.length;
    const perSymbol = <T>(one: fc.Arbitrary<T>) =>
      fc.array(one, { minLength: symbols.length, maxLength: symbols.length });
    const series = fc.array(value, { minLength: size, maxLength: size }).map((values) => Float64Array.from(values));
    return fc.record({
      symbols: fc.constant(symbols),
      dates: fc.constant(
        [...days].sort((a, b) => a - b).map((day) => new Date(day * 86_400_000).toISOString().slice(0, 10)),
      ),
      ...(Object.fromEntries(PACK_SERIES.map((name) => [name, series])) as Record<
        PackSeries,
        fc.Arbitrary<Float64Array>
      >),
      sector: perSymbol(fc.option(fc.string())),
      adv: perSymbol(fc.option(fc.double({ min: 0, max: 1e12, noNaN: true }))),
      quality: perSymbol(fc.double({ min: 0, max: 1, noNaN: true })),
      source: fc.string(),
      synthetic: fc.boolean(),
      asOf: fc.constant('2017-06-30'),
    });
  });

/** The panel with its symbols in another order. */
const reorder = (panel: PackPanel, order: readonly number[]): PackPanel => {
  const sessions = panel.dates.length;
  const rows = (values: Float64Array) =>
    Float64Array.from(order.flatMap((symbol) => [...values.subarray(symbol * sessions, (symbol + 1) * sessions)]));
  const pick = <T>(values: readonly T[]) => order.map((symbol) => values[symbol]!);
  return {
    ...panel,
    ...(Object.fromEntries(PACK_SERIES.map((name) => [name, rows(panel[name])])) as Record<PackSeries, Float64Array>),
    symbols: pick(panel.symbols),
    sector: pick(panel.sector),
    adv: pick(panel.adv),
    quality: pick(panel.quality),
  };
};

const sorted = (panel: PackPanel): PackPanel =>
  reorder(
    panel,
    panel.symbols.map((_, index) => index).sort((a, b) => (panel.symbols[a]! < panel.symbols[b]! ? -1 : 1)),
  );

/** Zero has one sign in a pack. */
const unsigned = (panel: PackPanel): PackPanel => ({
  ...panel,
  ...(Object.fromEntries(PACK_SERIES.map((name) => [name, panel[name].map((number) => number + 0)])) as Record<
    PackSeries,
    Float64Array
  >),
});

const zeroes = (values: readonly (number | null)[]) => values.map((one) => (one === null ? null : one + 0));

describe('a pack', () => {
  it('gives back the panel it was made of, symbols sorted', () => {
    fc.assert(
      fc.property(panels, (panel) => {
        const expected = unsigned(sorted(panel));
        const found = decodePack(encodePack(panel));
        expect({ ...found, adv: zeroes(found.adv), quality: zeroes(found.quality) }).toEqual({
          ...expected,
          adv: zeroes(expected.adv),
          quality: zeroes(expected.quality),
        });
      }),
    );
  });

  it('has the same bytes for the same panel, whatever the order of its symbols', () => {
    fc.assert(
      fc.property(panels, fc.infiniteStream(fc.nat()), (panel, draws) => {
        const bytes = encodePack(panel);
        const order = panel.symbols
          .map((_, index) => index)
          .sort(() => ((draws.next().value as number) % 2 === 0 ? -1 : 1));
        expect(sha256(encodePack(panel))).toBe(sha256(bytes));
        expect(sha256(encodePack(reorder(panel, order)))).toBe(sha256(bytes));
      }),
    );
  });

  it('has other bytes for another panel', () => {
    fc.assert(
      fc.property(panels, fc.nat(), fc.constantFrom(...PACK_SERIES), (panel, at, series) => {
        const values = Float64Array.from(panel[series]);
        const index = at % values.length;
        values[index] = values[index] === 42 ? 43 : 42;
        fc.pre(panel[series][index] !== values[index]);
        expect(sha256(encodePack({ ...panel, [series]: values }))).not.toBe(sha256(encodePack(panel)));
      }),
    );
  });

  it('reads as a plain table row by row, with null for what is missing', () => {
    fc.assert(
      fc.property(panels, (panel) => {
        const expected = unsigned(sorted(panel));
        const rows = tableFromIPC(RecordBatchFileReader.from(encodePack(panel))).toArray();
        expect(rows).toHaveLength(panel.symbols.length * panel.dates.length);
        rows.forEach((row, index) => {
          const number = expected.close[index]!;
          expect(row.symbol).toBe(expected.symbols[Math.floor(index / panel.dates.length)]);
          expect(new Date(row.date as number).toISOString().slice(0, 10)).toBe(
            expected.dates[index % panel.dates.length],
          );
          expect(row.close).toBe(Number.isNaN(number) ? null : number);
        });
      }),
      { numRuns: 30 },
    );
  });

  it('is refused as a Fault wherever bytes are cut off or changed at the ends, and never gives a half panel', () => {
    fc.assert(
      fc.property(panels, fc.double({ min: 0, max: 0.999, noNaN: true }), (panel, share) => {
        const bytes = encodePack(panel);
        expect(() => decodePack(bytes.slice(0, Math.floor(bytes.length * share)))).toThrow(Fault);
      }),
    );
  });
});
