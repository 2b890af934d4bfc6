import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { KernelError } from '../money/index.js';
import {
  addDays,
  addMilliseconds,
  dateInNewYork,
  daysBetween,
  isSession,
  millisecondsBetween,
  nextSession,
  nextSessionOpening,
  previousSession,
  sessionAt,
  sessionOf,
  sessionsBetween,
  settlementDate,
} from './index.js';

const casesFile = resolve(process.env['BALLAST_SHARED_DATA'] ?? '../shared/data', '../cases/calendar.json');

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

function weekdaysClosedIn(year: number): string[] {
  const closed: string[] = [];
  for (let date = `${year}-01-01`; date <= `${year}-12-31`; date = addDays(date, 1)) {
    const day = new Date(`${date}T00:00:00Z`).getUTCDay();
    if (day !== 0 && day !== 6 && !isSession(date)) closed.push(date.slice(5));
  }
  return closed;
}

function halfDaysIn(year: number): string[] {
  return sessionsBetween(`${year}-01-01`, `${year}-12-31`)
    .filter((session) => session.halfDay)
    .map((session) => session.date.slice(5));
}

describe('the years', () => {
  // year | sessions | weekdays closed | early closes; announced closings, cross-checked with a public calendar library's table.
  const golden = `
    1998 | 252 | 01-01 01-19 02-16 04-10 05-25 07-03 09-07 11-26 12-25                         | 11-27 12-24
    1999 | 252 | 01-01 01-18 02-15 04-02 05-31 07-05 09-06 11-25 12-24                         | 11-26
    2000 | 252 | 01-17 02-21 04-21 05-29 07-04 09-04 11-23 12-25                               | 07-03 11-24
    2001 | 248 | 01-01 01-15 02-19 04-13 05-28 07-04 09-03 09-11 09-12 09-13 09-14 11-22 12-25 | 07-03 11-23 12-24
    2002 | 252 | 01-01 01-21 02-18 03-29 05-27 07-04 09-02 11-28 12-25                         | 07-05 11-29 12-24
    2003 | 252 | 01-01 01-20 02-17 04-18 05-26 07-04 09-01 11-27 12-25                         | 07-03 11-28 12-24 12-26
    2004 | 252 | 01-01 01-19 02-16 04-09 05-31 06-11 07-05 09-06 11-25 12-24                   | 11-26
    2007 | 251 | 01-01 01-02 01-15 02-19 04-06 05-28 07-04 09-03 11-22 12-25                   | 07-03 11-23 12-24
    2011 | 252 | 01-17 02-21 04-22 05-30 07-04 09-05 11-24 12-26                               | 11-25
    2012 | 250 | 01-02 01-16 02-20 04-06 05-28 07-04 09-03 10-29 10-30 11-22 12-25             | 07-03 11-23 12-24
    2013 | 252 | 01-01 01-21 02-18 03-29 05-27 07-04 09-02 11-28 12-25                         | 07-03 11-29 12-24
    2015 | 252 | 01-01 01-19 02-16 04-03 05-25 07-03 09-07 11-26 12-25                         | 11-27 12-24
    2018 | 251 | 01-01 01-15 02-19 03-30 05-28 07-04 09-03 11-22 12-05 12-25                   | 07-03 11-23 12-24
    2020 | 253 | 01-01 01-20 02-17 04-10 05-25 07-03 09-07 11-26 12-25                         | 11-27 12-24
    2021 | 252 | 01-01 01-18 02-15 04-02 05-31 07-05 09-06 11-25 12-24                         | 11-26
    2022 | 251 | 01-17 02-21 04-15 05-30 06-20 07-04 09-05 11-24 12-26                         | 11-25
    2023 | 250 | 01-02 01-16 02-20 04-07 05-29 06-19 07-04 09-04 11-23 12-25                   | 07-03 11-24
    2024 | 252 | 01-01 01-15 02-19 03-29 05-27 06-19 07-04 09-02 11-28 12-25                   | 07-03 11-29 12-24
    2025 | 250 | 01-01 01-09 01-20 02-17 04-18 05-26 06-19 07-04 09-01 11-27 12-25             | 07-03 11-28 12-24
    2026 | 251 | 01-01 01-19 02-16 04-03 05-25 06-19 07-03 09-07 11-26 12-25                   | 11-27 12-24
  `;
  it.each(lines(golden))('%s has %s sessions', (yearText = '', count, closed, early) => {
    const year = Number(yearText);
    expect(String(sessionsBetween(`${year}-01-01`, `${year}-12-31`).length)).toBe(count);
    expect(weekdaysClosedIn(year).join(' ')).toBe(closed);
    expect(halfDaysIn(year).join(' ')).toBe(early);
  });

  it('agrees with the published holidays, early closes and settlement rows', () => {
    if (!existsSync(casesFile)) {
      console.warn(`skipped: no ${casesFile}`);
      return;
    }
    const facts = JSON.parse(readFileSync(casesFile, 'utf8')) as {
      nyse: { holidays: Record<string, string[]>; early_close_13_00: Record<string, string[]> };
      settlement_T1: { trade: string; settle: string }[];
    };
    for (const [year, days] of Object.entries(facts.nyse.holidays)) {
      expect(weekdaysClosedIn(Number(year)).map((day) => `${year}-${day}`)).toEqual(days);
    }
    for (const [year, days] of Object.entries(facts.nyse.early_close_13_00)) {
      expect(halfDaysIn(Number(year)).map((day) => `${year}-${day}`)).toEqual(days);
    }
    for (const { trade, settle } of facts.settlement_T1) expect(settlementDate(trade)).toBe(settle);
  });
});

describe('sessionOf', () => {
  // date | open | close; both sides of every change of clocks, before and after the law of 2007.
  const golden = `
    2026-11-20 | 2026-11-20T14:30:00.000Z | 2026-11-20T21:00:00.000Z
    2026-11-27 | 2026-11-27T14:30:00.000Z | 2026-11-27T18:00:00.000Z
    2026-07-01 | 2026-07-01T13:30:00.000Z | 2026-07-01T20:00:00.000Z
    2024-07-03 | 2024-07-03T13:30:00.000Z | 2024-07-03T17:00:00.000Z
    2026-03-06 | 2026-03-06T14:30:00.000Z | 2026-03-06T21:00:00.000Z
    2026-03-09 | 2026-03-09T13:30:00.000Z | 2026-03-09T20:00:00.000Z
    2026-10-30 | 2026-10-30T13:30:00.000Z | 2026-10-30T20:00:00.000Z
    2026-11-02 | 2026-11-02T14:30:00.000Z | 2026-11-02T21:00:00.000Z
    2006-03-31 | 2006-03-31T14:30:00.000Z | 2006-03-31T21:00:00.000Z
    2006-04-03 | 2006-04-03T13:30:00.000Z | 2006-04-03T20:00:00.000Z
    2006-10-27 | 2006-10-27T13:30:00.000Z | 2006-10-27T20:00:00.000Z
    2006-10-30 | 2006-10-30T14:30:00.000Z | 2006-10-30T21:00:00.000Z
    2007-03-12 | 2007-03-12T13:30:00.000Z | 2007-03-12T20:00:00.000Z
    2007-11-02 | 2007-11-02T13:30:00.000Z | 2007-11-02T20:00:00.000Z
    2007-11-05 | 2007-11-05T14:30:00.000Z | 2007-11-05T21:00:00.000Z
  `;
  it.each(lines(golden))('opens and closes on %s', (date = '', open, close) => {
    expect(sessionOf(date)).toMatchObject({ date, open, close });
  });

  it('is null on weekends and holidays', () => {
    expect(sessionOf('2026-11-21')).toBeNull();
    expect(sessionOf('2026-11-22')).toBeNull();
    expect(sessionOf('2026-11-26')).toBeNull();
    expect(isSession('2026-11-26')).toBe(false);
    expect(isSession('2026-11-27')).toBe(true);
  });

  it('agrees with the time zone of the platform around the law of 2007', () => {
    const wall = new Intl.DateTimeFormat('en-GB', {
      timeZone: 'America/New_York',
      hour: '2-digit',
      minute: '2-digit',
    });
    for (const session of sessionsBetween('2005-01-01', '2009-12-31')) {
      expect(wall.format(new Date(session.open))).toBe('09:30');
      expect(wall.format(new Date(session.close))).toBe(session.halfDay ? '13:00' : '16:00');
    }
  });

  it.each(['2026-02-30', '2026-1-1', '20261120', '', '2026-11-20T00:00:00.000Z', 'yesterday!'])(
    'refuses the date %j',
    (date) => {
      expect(codeOf(() => sessionOf(date))).toBe('INVALID_DATE');
    },
  );

  it('refuses years that it has no rules for', () => {
    expect(codeOf(() => isSession('1997-12-31'))).toBe('CALENDAR_OUT_OF_RANGE');
    expect(codeOf(() => isSession('2100-01-04'))).toBe('CALENDAR_OUT_OF_RANGE');
    expect(codeOf(() => previousSession('1998-01-02'))).toBe('CALENDAR_OUT_OF_RANGE');
    expect(codeOf(() => nextSession('2099-12-31'))).toBe('CALENDAR_OUT_OF_RANGE');
    expect(codeOf(() => sessionsBetween('1990-01-01', '2000-01-01'))).toBe('CALENDAR_OUT_OF_RANGE');
    expect(codeOf(() => sessionsBetween('2000-01-01', '2300-01-01'))).toBe('CALENDAR_OUT_OF_RANGE');
    expect(codeOf(() => dateInNewYork('1997-06-01T00:00:00.000Z'))).toBe('CALENDAR_OUT_OF_RANGE');
  });
});

describe('neighbours', () => {
  it('are strictly after and before', () => {
    expect(nextSession('2026-11-25').date).toBe('2026-11-27');
    expect(nextSession('2026-11-26').date).toBe('2026-11-27');
    expect(nextSession('2026-12-31').date).toBe('2027-01-04');
    expect(nextSession('2001-09-10').date).toBe('2001-09-17');
    expect(previousSession('2026-11-27').date).toBe('2026-11-25');
    expect(previousSession('2027-01-01').date).toBe('2026-12-31');
  });

  it('between two dates are counted with both ends', () => {
    const dates = sessionsBetween('2026-12-30', '2027-01-05').map((session) => session.date);
    expect(dates).toEqual(['2026-12-30', '2026-12-31', '2027-01-04', '2027-01-05']);
    expect(sessionsBetween('2026-11-21', '2026-11-22')).toEqual([]);
    expect(sessionsBetween('2027-01-05', '2026-12-30')).toEqual([]);
  });
});

describe('instants', () => {
  // instant | open session or none | next opening
  const golden = `
    2026-11-20T14:29:59.999Z | none       | 2026-11-20
    2026-11-20T14:30:00.000Z | 2026-11-20 | 2026-11-20
    2026-11-20T14:30:00.001Z | 2026-11-20 | 2026-11-23
    2026-11-20T20:59:59.999Z | 2026-11-20 | 2026-11-23
    2026-11-20T21:00:00.000Z | none       | 2026-11-23
    2026-11-27T18:00:00.000Z | none       | 2026-11-30
    2026-11-26T15:00:00.000Z | none       | 2026-11-27
    2026-11-21T03:00:00.000Z | none       | 2026-11-23
    2026-11-23T04:59:59.999Z | none       | 2026-11-23
    2026-12-31T23:00:00.000Z | none       | 2027-01-04
  `;
  it.each(lines(golden))('at %s the session is %s and the next opening %s', (instant = '', open, opening) => {
    expect(sessionAt(instant)?.date ?? 'none').toBe(open);
    expect(nextSessionOpening(instant).date).toBe(opening);
  });

  // Both sides of midnight in New York, and of the hours on which the clocks change.
  const midnights = `
    2026-11-20T04:59:59.999Z | 2026-11-19
    2026-11-20T05:00:00.000Z | 2026-11-20
    2026-07-01T03:59:59.999Z | 2026-06-30
    2026-07-01T04:00:00.000Z | 2026-07-01
    2026-03-08T04:59:59.999Z | 2026-03-07
    2026-03-09T03:59:59.999Z | 2026-03-08
    2026-03-09T04:00:00.000Z | 2026-03-09
    2026-11-01T03:59:59.999Z | 2026-10-31
    2026-11-02T04:59:59.999Z | 2026-11-01
    2026-01-01T04:59:59.999Z | 2025-12-31
  `;
  it.each(lines(midnights))('%s is on %s in New York', (instant = '', date) => {
    expect(dateInNewYork(instant)).toBe(date);
  });

  it('move and are measured in milliseconds', () => {
    expect(addMilliseconds('2026-11-20T23:59:59.999Z', 1)).toBe('2026-11-21T00:00:00.000Z');
    expect(addMilliseconds('2026-11-20T00:00:00.000Z', -1)).toBe('2026-11-19T23:59:59.999Z');
    expect(millisecondsBetween('2026-11-20T00:00:00.000Z', '2026-11-21T00:00:00.000Z')).toBe(86_400_000);
    expect(millisecondsBetween('2026-11-21T00:00:00.000Z', '2026-11-20T00:00:00.000Z')).toBe(-86_400_000);
  });

  it.each(['2026-11-20', '2026-11-20T14:30:00Z', '2026-11-20T14:30:00.000+00:00', '2026-02-30T00:00:00.000Z'])(
    'refuse %j',
    (text) => {
      expect(codeOf(() => sessionAt(text))).toBe('INVALID_INSTANT');
    },
  );

  it('refuse parts of a millisecond and the end of time', () => {
    expect(codeOf(() => addMilliseconds('2026-11-20T00:00:00.000Z', 0.5))).toBe('INVALID_INSTANT');
    expect(codeOf(() => addMilliseconds('2026-11-20T00:00:00.000Z', 1e18))).toBe('INVALID_INSTANT');
    expect(codeOf(() => addMilliseconds('9999-12-31T23:59:59.999Z', 1))).toBe('INVALID_INSTANT');
  });
});

describe('dates', () => {
  it('move and are measured in days', () => {
    expect(addDays('2024-02-28', 1)).toBe('2024-02-29');
    expect(addDays('2023-02-28', 1)).toBe('2023-03-01');
    expect(addDays('2026-01-01', -1)).toBe('2025-12-31');
    expect(addDays('1935-01-02', 30)).toBe('1935-02-01');
    expect(daysBetween('2024-01-01', '2025-01-01')).toBe(366);
    expect(daysBetween('2025-01-01', '2024-01-01')).toBe(-366);
    expect(codeOf(() => addDays('9999-12-31', 1))).toBe('INVALID_DATE');
  });
});

describe('settlementDate', () => {
  // trade | settles; T+3, T+2, T+1, and the sessions on which banks are closed (NASD Notice to Members 99-83).
  const golden = `
    1999-10-05 | 1999-10-08
    1999-10-06 | 1999-10-12
    1999-10-08 | 1999-10-14
    1999-10-11 | 1999-10-14
    1999-10-12 | 1999-10-15
    2017-09-01 | 2017-09-07
    2017-09-05 | 2017-09-07
    2018-11-09 | 2018-11-14
    2024-05-24 | 2024-05-29
    2024-05-28 | 2024-05-29
    2026-10-09 | 2026-10-13
    2026-11-10 | 2026-11-12
    2026-11-25 | 2026-11-27
    2026-12-31 | 2027-01-04
  `;
  it.each(lines(golden))('a trade of %s settles on %s', (trade = '', settles) => {
    expect(settlementDate(trade)).toBe(settles);
  });

  it('is refused for a day without trading', () => {
    expect(codeOf(() => settlementDate('2026-11-26'))).toBe('NOT_A_SESSION');
  });
});
