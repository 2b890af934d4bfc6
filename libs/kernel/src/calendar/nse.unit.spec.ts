// Goal: NSE opens on the days of its list, keeps the hours of the day, and moves expiries off holidays.
import { describe, expect, it } from '@jest/globals';
import { niftyMonthlyExpiry, niftyWeeklyExpiries, nseSessionOf, nseSessionsBetween, type NseSegment } from './index.js';

const hours = `
date       | segment               | open  | close | auction end
2026-07-31 | cash                  | 03:45 | 10:00 |
2026-07-31 | cash_with_derivatives | 03:45 | 10:00 |
2026-07-31 | derivatives           | 03:45 | 10:00 |
2026-08-03 | cash                  | 03:45 | 10:00 |
2026-08-03 | cash_with_derivatives | 03:45 | 09:45 | 10:05
2026-08-03 | derivatives           | 03:45 | 10:10 |
`;

describe('a session of NSE', () => {
  for (const line of hours.trim().split('\n').slice(1)) {
    const [date, segment, open, close, auctionEnd] = line.split('|').map((cell) => cell.trim()) as [
      string,
      ...string[],
    ];
    it(`of ${segment} on ${date} closes at ${close} UTC`, () => {
      expect(nseSessionOf(date, segment as NseSegment)).toEqual({
        date,
        open: `${date}T${open}:00.000Z`,
        close: `${date}T${close}:00.000Z`,
        auctionEnd: auctionEnd === '' ? null : `${date}T${auctionEnd}:00.000Z`,
      });
    });
  }

  it.each(['2026-11-24', '2026-11-22', '2026-01-15'])('is not there on %s', (date) => {
    expect(nseSessionOf(date)).toBeNull();
  });

  it('is there on all weekdays of 2026 but 16', () => {
    expect(nseSessionsBetween('2026-01-01', '2026-12-31')).toHaveLength(261 - 16);
  });

  it.each(['2025-12-31', '2027-01-01'])('is not guessed for %s, whose list is not known', (date) => {
    expect(() => nseSessionOf(date)).toThrow(expect.objectContaining({ code: 'CALENDAR_OUT_OF_RANGE' }));
  });
});

describe('NIFTY contracts', () => {
  it('expire weekly on Tuesdays, or on the session before a holiday', () => {
    expect(niftyWeeklyExpiries('2026-10-01', '2026-12-31')).toEqual([
      ...['2026-10-06', '2026-10-13', '2026-10-19', '2026-10-27', '2026-11-03', '2026-11-09', '2026-11-17'],
      ...['2026-11-23', '2026-12-01', '2026-12-08', '2026-12-15', '2026-12-22', '2026-12-29'],
    ]);
  });

  it.each([
    ['2026-01', '2026-01-27'],
    ['2026-03', '2026-03-30'],
    ['2026-06', '2026-06-30'],
    ['2026-11', '2026-11-23'],
    ['2026-12', '2026-12-29'],
  ])('of %s expire monthly on %s', (month, date) => {
    expect(niftyMonthlyExpiry(month)).toBe(date);
  });

  it('are not said to have expired on Tuesdays before they did', () => {
    expect(() => niftyWeeklyExpiries('2025-08-01', '2025-08-31')).toThrow('Tuesdays since 2025-09-01');
  });
});
