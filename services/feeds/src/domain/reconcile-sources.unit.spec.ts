// Goal: two histories that should say the same are told apart, and what cannot be compared is not taken for agreement.
import { describe, expect, it } from '@jest/globals';
import type { BarPanel } from './bar-month.js';
import { reconcileSources } from './reconcile-sources.js';

const X = Number.NaN;
function panel(dates: readonly string[], closes: Record<string, readonly number[]>): BarPanel {
  const close = Float64Array.from(Object.values(closes).flat());
  return { symbols: Object.keys(closes), dates, open: close, high: close, low: close, close, volume: close };
}
const DATES = ['2017-06-28', '2017-06-29', '2017-06-30'];

describe('two histories', () => {
  it('agree within half a percent, on what both have', () => {
    const own = panel(DATES, { A: [10, 11, X], B: [5, 5, 5], ONLY: [1, 1, 1] });
    const other = panel(DATES.slice(1), { B: [5.02, 5], A: [11, 12] });
    expect(reconcileSources(own, other, 0)).toEqual({ compared: 3, differing: 0, status: 'green', first: [] });
  });

  it('disagree where more closes differ than may, and the first are named', () => {
    const own = panel(DATES, { A: [10, 11, 12] });
    const other = panel(DATES, { A: [10, 22, 12] });
    const found = reconcileSources(own, other, 0.3);
    expect(found).toMatchObject({ compared: 3, differing: 1, status: 'red' });
    expect(found.first).toEqual([{ symbol: 'A', date: '2017-06-29', own: 11, other: 22 }]);
    expect(reconcileSources(own, other, 0.34).status).toBe('green');
  });

  it('that share nothing are not known to agree', () => {
    expect(reconcileSources(panel(DATES, { A: [1, 1, 1] }), panel(DATES, { B: [1, 1, 1] }), 1).status).toBe('red');
  });
});
