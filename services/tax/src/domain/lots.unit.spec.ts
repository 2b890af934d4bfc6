// Goal: fills open and relieve lots first in, first out, by trade date in New York, and a late fill is put where it belongs.
import { describe, expect, it } from '@jest/globals';
import { fillFixture } from '../../test/fill.fixture.js';
import { changedOutcomes, lotChanges, lotRow, reliefRow, takeFills, type OpenLot } from './lots.js';

const rows = (lots: readonly OpenLot[]) => lots.map(({ id, qty }) => `${id} ${qty.toFixed()}`);
const buy = (executionId: string, filledAt: string, more = {}) => fillFixture({ executionId, filledAt, ...more });
const sell = (executionId: string, filledAt: string, more = {}) =>
  buy(executionId, filledAt, { side: 'sell', ...more });

describe('a buy', () => {
  it('opens a lot with its fees in the basis', () => {
    const { lots, outcomes } = takeFills([], [fillFixture({ quantity: '3', price: '1.115', fees: '0.02' })]);
    expect(lots.map(lotRow)).toEqual([
      { lotId: 'paper:e1', quantity: '3', acquired: '2026-11-20', holdingStart: '2026-11-20', basis: '3.37' },
    ]);
    expect(outcomes[0]).toMatchObject({ pieces: [], short: false });
  });

  it.each([
    ['2026-11-20T04:59:59.999Z', '2026-11-19'],
    ['2026-11-20T05:00:00.000Z', '2026-11-20'],
    ['2026-07-01T03:59:59.999Z', '2026-06-30'],
    ['2026-07-01T04:00:00.000Z', '2026-07-01'],
  ])('at %s has the trade date %s of New York', (filledAt, date) => {
    expect(takeFills([], [fillFixture({ filledAt })]).lots[0]!.acquired).toBe(date);
  });
});

describe('a sale', () => {
  const first = buy('b1', '2025-11-19T15:00:00.000Z', { price: '4', fees: '1' });
  const second = buy('b2', '2026-11-19T15:00:00.000Z', { price: '6' });

  it('relieves the earliest lots, fees out of its proceeds', () => {
    const sale = sell('s1', '2026-11-20T15:00:00.000Z', { quantity: '15', price: '7', fees: '0.3' });
    const { lots, outcomes } = takeFills([], [second, sale, first]);
    expect(rows(lots)).toEqual(['paper:b2 5']);
    expect(outcomes.at(-1)!.pieces.map(reliefRow)).toEqual([
      {
        ...{ symbol: 'AAA', lotId: 'paper:b1', quantity: '10', acquired: '2025-11-19', term: 'long_term' },
        ...{ basis: '41', proceeds: '69.8', gain: '28.8' },
      },
      {
        ...{ symbol: 'AAA', lotId: 'paper:b2', quantity: '5', acquired: '2026-11-19', term: 'short_term' },
        ...{ basis: '30', proceeds: '34.9', gain: '4.9' },
      },
    ]);
  });

  it.each([
    ['of more than is held', '21', ['paper:b1 10', 'paper:b2 10'], true],
    ['of all that is held', '20', [], false],
  ])('%s takes all or nothing', (_what, quantity, left, short) => {
    const { lots, outcomes } = takeFills([], [first, second, sell('s1', '2026-11-20T15:00:00.000Z', { quantity })]);
    expect(rows(lots)).toEqual(left);
    expect(outcomes.at(-1)!.short).toBe(short);
  });

  it('before its buy in the venue’s time stays short, whatever came first', () => {
    const early = sell('s0', '2025-11-18T15:00:00.000Z');
    expect(takeFills([], [early, first]).outcomes[0]!.short).toBe(true);
    expect(rows(takeFills([], [early, first]).lots)).toEqual(['paper:b1 10']);
  });

  it('finds its lots once the missing buy is heard, and is told anew', () => {
    const sale = sell('s1', '2026-11-20T15:00:00.000Z');
    const before = takeFills([], [sale]);
    const known = new Map([['paper:s1', { pieces: [], short: true }]]);
    const after = takeFills([], [sale, second]);
    expect(before.outcomes[0]!.short).toBe(true);
    expect(changedOutcomes(known, after.outcomes).map(({ fill, short }) => [fill.executionId, short])).toEqual([
      ['b2', false],
      ['s1', false],
    ]);
    expect(after.lots).toEqual([]);
  });

  it('that a late fill does not touch is not told again', () => {
    const sales = [sell('s1', '2025-12-01T15:00:00.000Z'), sell('s2', '2026-12-01T15:00:00.000Z')];
    const before = takeFills([], [first, second, ...sales]);
    const known = new Map(before.outcomes.map((outcome) => [`paper:${outcome.fill.executionId}`, outcome]));
    const late = buy('b0', '2026-01-05T15:00:00.000Z');
    const changed = changedOutcomes(known, takeFills([], [first, second, ...sales, late]).outcomes);
    expect(changed.map(({ fill }) => fill.executionId)).toEqual(['b0', 's2']);
  });
});

describe('the change of lots', () => {
  it('names what is gone and what is new or of another size', () => {
    const before = takeFills([], [buy('b1', '2026-01-05T15:00:00.000Z'), buy('b2', '2026-01-06T15:00:00.000Z')]).lots;
    const more = [sell('s1', '2026-01-07T15:00:00.000Z', { quantity: '12' }), buy('b3', '2026-01-08T15:00:00.000Z')];
    const after = takeFills(before, more).lots;
    const { gone, kept } = lotChanges(before, after);
    expect(rows(gone)).toEqual(['paper:b1 10']);
    expect(rows(kept)).toEqual(['paper:b2 8', 'paper:b3 10']);
    expect(lotChanges(after, after)).toEqual({ gone: [], kept: [] });
  });
});
