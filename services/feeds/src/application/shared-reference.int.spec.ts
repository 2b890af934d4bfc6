// Goal: lists as vendors and exchanges publish them come in as they are.
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { benchOf, type Bench } from '@ballast/testing';
import { feeds } from '../module.js';

const SHARED = resolve(process.env['BALLAST_SHARED_DATA'] ?? '../shared/data');
const there = ['earnings_sectors', 'india', 'corporate_actions'].every((name) => existsSync(resolve(SHARED, name)));
if (!there) console.warn(`skipped: the real lists are not in ${SHARED}; set BALLAST_SHARED_DATA to where they are`);

/** A machine that does other work beside this one must not fail it. */
const PATIENCE_MS = 120_000;

(there ? describe : describe.skip)('the real lists', () => {
  let bench: Bench;
  beforeAll(async () => {
    bench = await benchOf(feeds, { now: '2026-11-20T15:00:00.000Z' });
  });
  afterAll(() => bench.close());

  let requests = 0;
  async function importFile(kind: string, file: string, more: object): Promise<object> {
    const body = { kind, path: resolve(SHARED, file), source: 'user-file', ...more };
    const ordered = await bench.post('/api/v1/feeds/reference', body, `real-${++requests}`);
    expect(ordered.status).toBe(202);
    const started = performance.now();
    await bench.work();
    const { importId } = ordered.body as { importId: string };
    const ended = (await bench.get(`/api/v1/feeds/reference/imports/${importId}`)).body as {
      outcome: { rows: number };
    };
    // Information: nothing is asserted about it.
    console.info(`${file}: ${ended.outcome.rows} rows in ${((performance.now() - started) / 1_000).toFixed(2)} s`);
    return ended;
  }
  const get = async (path: string) => (await bench.get(`/api/v1/feeds/${path}`)).body as Record<string, unknown>;
  const valueOf = async (path: string) => ((await get(path))['items'] as { value: object }[]).map(({ value }) => value);

  it(
    'of tickers tell whose each was on a date',
    async () => {
      const more = { format: 'lean-map', knownOn: 'as-it-happened' };
      const ended = await importFile('listing', 'corporate_actions/lean_map_files', more);
      expect(ended).toMatchObject({ status: 'imported' });
      const on = async (symbol: string, date: string) =>
        (await get(`instruments/${symbol}?on=${date}`))['instrumentId'] ?? 'nobody';
      // NationsBank became Bank of America; Google's two classes changed places; another company had FB before.
      expect([await on('NB', '1998-09-30'), await on('BAC', '1998-10-01')]).toEqual(['NB.1998-01-02', 'NB.1998-01-02']);
      expect([await on('GOOG', '2014-04-02'), await on('GOOGL', '2014-04-03')]).toEqual([
        'GOOG.2004-08-19',
        'GOOG.2004-08-19',
      ]);
      expect(await on('GOOG', '2014-04-03')).toBe('GOOCV.2014-03-27');
      expect([await on('FB', '2003-03-28'), await on('FB', '2003-03-29'), await on('FB', '2012-05-18')]).toEqual([
        ...['FB.1999-09-29', 'nobody', 'FB.2012-05-18'],
      ]);
      expect(await importFile('listing', 'corporate_actions/lean_map_files', more)).toMatchObject({ status: 'known' });
    },
    PATIENCE_MS,
  );

  it(
    'of sectors tell what was known when',
    async () => {
      const old = { scope: 'gics', knownOn: '2017-03-01' };
      expect(await importFile('sector', 'earnings_sectors/sp500_sectors_2017-03.csv', old)).toMatchObject({
        status: 'imported',
      });
      const current = { scope: 'gics' };
      expect(await importFile('sector', 'earnings_sectors/sp500_gics_current.csv', current)).toMatchObject({
        status: 'imported',
      });
      const industries = { scope: 'nse-industry', market: 'NSE' };
      expect(await importFile('sector', 'india/nse_nifty750_industry.csv', industries)).toMatchObject({
        status: 'imported',
      });
      const google = (date: string) => valueOf(`reference/sector?subject=GOOGL&asOf=${date}&knownOn=${date}`);
      expect(await google('2017-02-28')).toEqual([]);
      expect(await google('2018-01-02')).toMatchObject([{ sector: 'Information Technology' }]);
      expect(await google('2026-11-20')).toMatchObject([{ sector: 'Communication Services' }]);
    },
    PATIENCE_MS,
  );

  it(
    'of earnings tell the reports of a week',
    async () => {
      expect(await importFile('earnings', 'earnings_sectors/earnings_dates.csv', {})).toMatchObject({
        status: 'imported',
      });
      const week = await get('reference/earnings?asOf=2025-05-26&until=2025-05-30');
      expect(week['items']).toContainEqual(
        expect.objectContaining({ subject: 'A', validFrom: '2025-05-28', value: { time: 'unknown' } }),
      );
      expect(await importFile('earnings', 'earnings_sectors/earnings_dates.csv', {})).toMatchObject({
        status: 'known',
      });
    },
    PATIENCE_MS,
  );
});
