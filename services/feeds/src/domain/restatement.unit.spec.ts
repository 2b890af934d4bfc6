// Goal: what an import changed of the past is told by its kind, with the numbers before and after.
import { describe, expect, it } from '@jest/globals';
import { monthsOf } from './bar-month.js';
import { mergeHistory } from './merge-history.js';
import { describeRestatement } from './restatement.js';
import { sessionsUpTo } from './sessions.js';

const DATES = sessionsUpTo('2017-06-30', 60);

type Close = (day: number) => number;
const months = (symbol: string, close: Close, volume: Close = () => 1_000) =>
  monthsOf({
    symbol,
    dates: DATES,
    values: Float64Array.from(DATES.flatMap((_, d) => [close(d), close(d), close(d), close(d), volume(d)])),
  });
const restatedBy = (before: ReturnType<typeof months>, after: ReturnType<typeof months>) =>
  describeRestatement(mergeHistory(before, after).restated.months);

describe('a restatement', () => {
  it('is none where an import says the same again', () => {
    expect(
      restatedBy(
        months('A', () => 10),
        months('A', () => 10),
      ),
    ).toEqual([]);
  });

  it('is a new level where closes moved by one factor', () => {
    const [found] = restatedBy(
      months('A', () => 30),
      months('A', (d) => (d < 50 ? 10 : 30)),
    );
    expect(found).toMatchObject({ symbol: 'A', kind: 'rebased', bars: 50, closesMoved: 50 });
    expect(found!.levels).toEqual([{ factor: 0.333333, from: DATES[0], to: DATES[49], closes: 50 }]);
    expect(found).toMatchObject({ from: DATES[0], to: DATES[49] });
  });

  it('is several levels where several splits were adjusted for', () => {
    const [found] = restatedBy(
      months('A', () => 80),
      months('A', (d) => (d < 25 ? 20 : d < 50 ? 40 : 80)),
    );
    expect(found).toMatchObject({
      kind: 'rebased',
      levels: [
        { factor: 0.25, closes: 25 },
        { factor: 0.5, closes: 25 },
      ],
    });
  });

  it('is single days where they moved each its own way, or are too few for a level', () => {
    const [each] = restatedBy(
      months('A', () => 30),
      months('A', (d) => 30 + 3 * d),
    );
    expect(each).toMatchObject({ kind: 'moved', closesMoved: 59 });
    const [few] = restatedBy(
      months('A', () => 30),
      months('A', (d) => (d < 5 ? 15 : 30)),
    );
    expect(few).toMatchObject({ kind: 'moved', closesMoved: 5, levels: [] });
  });

  it('is a correction where no close moved by more than half a percent', () => {
    const [found] = restatedBy(
      months(
        'A',
        () => 100,
        () => Number.NaN,
      ),
      months(
        'A',
        () => 100,
        (d) => (d === 7 ? 5 : Number.NaN),
      ),
    );
    expect(found).toMatchObject({ kind: 'corrected', bars: 1, closesMoved: 0, from: DATES[7], to: DATES[7] });
    expect(found!.first).toEqual([
      {
        date: DATES[7],
        before: { open: 100, high: 100, low: 100, close: 100, volume: null },
        after: { open: 100, high: 100, low: 100, close: 100, volume: 5 },
      },
    ]);
  });

  it('is listed by what matters most', () => {
    const before = ['A', 'B', 'C', 'D'].flatMap((symbol) => months(symbol, () => 100));
    const after = [
      ...months(
        'A',
        () => 100,
        () => 1,
      ),
      ...months('B', (d) => (d === 3 ? 120 : 100)),
      ...months('C', (d) => (d < 30 ? 50 : 100)),
      ...months('D', (d) => (d < 40 ? 50 : 100)),
    ];
    expect(restatedBy(before, after).map(({ symbol, kind }) => `${symbol} ${kind}`)).toEqual([
      'D rebased',
      'C rebased',
      'B moved',
      'A corrected',
    ]);
  });
});
