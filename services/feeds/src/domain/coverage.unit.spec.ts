// Goal: what a history has of a symbol, session by session: depth, holes, and where it stopped.
import { describe, expect, it } from '@jest/globals';
import { sessionsBetween } from '@ballast/kernel/calendar';
import { coverageOf, GAPS_LISTED_MAX, type CoveredMonth } from './coverage.js';

const SESSIONS = sessionsBetween('2017-05-30', '2017-07-31').map(({ date }) => date);

/** The months of these dates. */
function monthsOf(dates: readonly string[]): CoveredMonth[] {
  const months = new Map<string, number>();
  for (const date of dates) {
    const month = `${date.slice(0, 7)}-01`;
    months.set(month, (months.get(month) ?? 0) | (1 << (Number(date.slice(8)) - 1)));
  }
  return [...months].map(([month, days]) => ({ month, days }));
}

describe('the coverage of a symbol', () => {
  it('is whole where each session has a bar, over holidays and the ends of months', () => {
    expect(coverageOf('A', monthsOf(SESSIONS), SESSIONS)).toEqual({
      ...{ symbol: 'A', rows: SESSIONS.length, from: '2017-05-30', to: '2017-07-31', missing: 0, behind: 0, gaps: [] },
    });
  });

  it('begins with the first bar and says how far its last is behind', () => {
    const dates = SESSIONS.filter((date) => date >= '2017-06-12' && date <= '2017-07-26');
    const { from, to, missing, behind } = coverageOf('A', monthsOf(dates), SESSIONS);
    expect({ from, to, missing, behind }).toEqual({ from: '2017-06-12', to: '2017-07-26', missing: 0, behind: 3 });
  });

  it('names each stretch of sessions without a bar, across a weekend and a holiday', () => {
    const absent = ['2017-06-09', '2017-06-30', '2017-07-03', '2017-07-05', '2017-07-20'];
    const { rows, missing, gaps } = coverageOf(
      'A',
      monthsOf(SESSIONS.filter((date) => !absent.includes(date))),
      SESSIONS,
    );
    expect({ rows, missing }).toEqual({ rows: SESSIONS.length - 5, missing: 5 });
    expect(gaps).toEqual([
      { from: '2017-06-09', to: '2017-06-09', sessions: 1 },
      { from: '2017-06-30', to: '2017-07-05', sessions: 3 },
      { from: '2017-07-20', to: '2017-07-20', sessions: 1 },
    ]);
  });

  it('counts all that is missing, and lists the first stretches', () => {
    const every = SESSIONS.filter((_, i) => i % 2 === 0);
    const { missing, gaps } = coverageOf('A', monthsOf(every), SESSIONS);
    expect(missing).toBe(SESSIONS.filter((date) => date < every.at(-1)!).length - every.length + 1);
    expect(gaps).toHaveLength(Math.min(GAPS_LISTED_MAX, missing));
  });
});
