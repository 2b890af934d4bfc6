// Goal: sessions as a person asks for them, with the offset that each exchange keeps that day, against the published lists.
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { addDays } from '../calendar/index.js';
import { runCalc } from './index.js';

interface Row {
  date: string;
  open: string;
  close: string;
  early: boolean;
}

function sessions(market: string, from: string, to: string): Row[] {
  const [result] = runCalc('calendar', { cases: [{ name: 'it', input: { market, from, to } }] }).results;
  if (result && 'output' in result) return (result.output as { sessions: Row[] }).sessions;
  throw new Error(JSON.stringify(result));
}

describe('calc calendar', () => {
  it.each([
    ['NYSE', '2026-11-26', '2026-11-27', '2026-11-27T09:30:00-05:00', '2026-11-27T13:00:00-05:00', true],
    ['XNYS', '2026-03-08', '2026-03-09', '2026-03-09T09:30:00-04:00', '2026-03-09T16:00:00-04:00', false],
    ['NYSE', '2026-03-06', '2026-03-08', '2026-03-06T09:30:00-05:00', '2026-03-06T16:00:00-05:00', false],
    ['NSE', '2026-11-23', '2026-11-24', '2026-11-23T09:15:00+05:30', '2026-11-23T15:30:00+05:30', false],
    ['NSE_FO', '2026-08-01', '2026-08-03', '2026-08-03T09:15:00+05:30', '2026-08-03T15:40:00+05:30', false],
  ])('%s from %s to %s', (market, from, to, open, close, early) => {
    expect(sessions(market, from, to)).toEqual([{ date: open.slice(0, 10), open, close, early }]);
  });

  it.each([
    [{ market: 'LSE', from: '2026-01-01', to: '2026-01-02' }, 'UNKNOWN_MARKET', 'NYSE, XNYS, NSE'],
    [{ market: 'toString', from: '2026-01-01', to: '2026-01-02' }, 'UNKNOWN_MARKET', 'toString'],
    [{ market: 'NYSE', from: '2026-01-02', to: '2026-01-01' }, 'INVALID_INPUT', 'earlier day first'],
    [{ market: 'NYSE', from: '2026-02-30', to: '2026-03-01' }, 'INVALID_DATE', '2026-02-30'],
    [{ market: 'NYSE', from: '2026-01-01' }, 'INVALID_INPUT', 'to must be a text'],
    [{ market: 'NSE', from: '2027-01-01', to: '2027-01-02' }, 'CALENDAR_OUT_OF_RANGE', 'known for 2026'],
  ])('answers %j with %s', (input, code, said) => {
    const { results } = runCalc('calendar', { cases: [{ name: 'it', input }] });
    expect(results).toEqual([{ name: 'it', error: { code, message: expect.stringContaining(said) } }]);
  });

  const path = resolve(process.env['BALLAST_SHARED_DATA'] ?? '../shared/data', '../cases/calendar.json');
  if (existsSync(path)) {
    const { nyse, nse } = JSON.parse(readFileSync(path, 'utf8')) as {
      nyse: { holidays: Record<string, string[]>; early_close_13_00: Record<string, string[]> };
      nse: { holidays_2026: string[] };
    };
    const weekdaysWithout = (year: string, rows: readonly Row[]): string[] => {
      const open = new Set(rows.map(({ date }) => date));
      const days: string[] = [];
      for (let date = `${year}-01-01`; date.startsWith(year); date = addDays(date, 1)) {
        const weekday = new Date(`${date}T00:00:00.000Z`).getUTCDay();
        if (weekday !== 0 && weekday !== 6 && !open.has(date)) days.push(date);
      }
      return days;
    };

    it.each(Object.keys(nyse.holidays))('has the published holidays and half days of NYSE in %s', (year) => {
      const rows = sessions('NYSE', `${year}-01-01`, `${year}-12-31`);
      expect(weekdaysWithout(year, rows)).toEqual(nyse.holidays[year]);
      expect(rows.filter(({ early }) => early).map(({ date }) => date)).toEqual(nyse.early_close_13_00[year]);
    });

    it('has the published holidays of NSE in 2026', () => {
      expect(weekdaysWithout('2026', sessions('NSE', '2026-01-01', '2026-12-31'))).toEqual(nse.holidays_2026);
    });
  } else console.warn(`skipped: no ${path}`);
});
