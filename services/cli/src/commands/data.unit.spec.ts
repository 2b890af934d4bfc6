// Goal: what a person sees of the depth and the holes of a history, and the exit code that a script goes by.
import { beforeEach, describe, expect, it } from '@jest/globals';
import { ballast, begin, paths, world } from '../../test/world.js';
import { EXIT } from '../errors.js';

beforeEach(begin);

const PATH = '/api/v1/feeds/coverage';
const row = (symbol: string, rows: number, more: object = {}) => ({
  ...{ symbol, rows, from: '2012-08-13', to: '2018-02-07', missing: 0, behind: 0, gaps: [] },
  ...more,
});
const GAPS = [
  { from: '2014-01-02', to: '2014-01-02', sessions: 1 },
  { from: '2015-03-02', to: '2015-03-04', sessions: 3 },
  { from: '2016-03-02', to: '2016-03-04', sessions: 3 },
];

describe('data verify', () => {
  it('lists all pages, with the first gaps of each symbol', async () => {
    world.answers[PATH] = [{ body: { items: [row('AAPL', 1379)], next: 'AAPL' } }];
    world.answers[`${PATH}?after=AAPL`] = [
      { body: { items: [row('NBL', 1300, { missing: 7, behind: 2, gaps: GAPS })], next: null } },
    ];
    const { exit, out, err } = await ballast('data', 'verify');
    expect({ exit, err }).toEqual({ exit: EXIT.ok, err: '' });
    expect(out).toContain(
      'NBL     1300  2012-08-13  2018-02-07        7       2  2014-01-02, 2015-03-02 to 2015-03-04, ...',
    );
    expect(paths()).toEqual([PATH, `${PATH}?after=AAPL`]);
  });

  it('fails where a symbol is not as deep as asked, naming it, and prints all the same', async () => {
    world.answers[PATH] = [{ body: { items: [row('AAPL', 1260), row('HPE', 577)], next: null } }];
    const { exit, out, err } = await ballast('data', 'verify', '--min-rows', '1260', '-o', 'json');
    expect(exit).toBe(EXIT.failure);
    expect(JSON.parse(out)).toHaveLength(2);
    expect(err).toContain('1 of 2 symbols have fewer than 1260 rows: HPE (577)\n');
    expect(err).toContain('ballast data backfill');
  });

  it('does not pass over a symbol that was asked for and is not there', async () => {
    world.answers[`${PATH}?symbols=AAPL%2CNOPE`] = [{ body: { items: [row('AAPL', 1260)], next: null } }];
    const { exit, out, err } = await ballast('data', 'verify', '--symbols', 'AAPL,NOPE');
    expect(exit).toBe(EXIT.failure);
    expect(out).toMatch(/NOPE {7}0  -/);
    expect(err).toContain('1 of 2 symbols have no rows: NOPE (0)\n');
  });

  it('refuses a depth that is none', async () => {
    const { exit, err } = await ballast('data', 'verify', '--min-rows', '0');
    expect(exit).toBe(EXIT.usage);
    expect(err).toContain('--min-rows');
  });
});
