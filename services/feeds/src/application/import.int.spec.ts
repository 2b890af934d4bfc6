import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { AlertRaised, HistoryImported, TextReceived } from '@ballast/contracts';
import { benchOf, type Bench } from '@ballast/testing';
import { sessionsUpTo } from '../domain/sessions.js';
import { feeds } from '../module.js';

const HEADER = 'date,symbol,open,high,low,close,volume';
const DATES = sessionsUpTo('2017-06-30', 30);

/** Rows of quiet bars: one a symbol and date, each price of its own. */
const rowsOf = (symbols: readonly string[], dates: readonly string[]): string[] =>
  symbols.flatMap((symbol, s) =>
    dates.map((date, d) => `${date},${symbol},${10 + s},${12 + s},${9 + s},${10 + s}.${d + 10},1000`),
  );

let folder: string;
let bench: Bench;
/** Every test has a source of its own. */
let name = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ballast-import-'));
  bench = await benchOf(feeds, { now: '2017-06-30T21:00:00.000Z' });
});
beforeEach(() => {
  name = `source-${++requests}`;
});
afterAll(async () => {
  await bench.close();
  await rm(folder, { recursive: true, force: true });
});

let requests = 0;
async function importBytes(bytes: string | Uint8Array, more: object = {}): Promise<Record<string, unknown>> {
  const path = join(folder, `bars-${++requests}.csv`);
  await writeFile(path, bytes);
  return importBody('imports', { path, name, ...more });
}
async function importBody(door: string, body: object): Promise<Record<string, unknown>> {
  const { status, body: answer } = await bench.post(`/api/v1/feeds/${door}`, body, `request-${++requests}`);
  expect(status).toBe(202);
  const { importId } = answer as { importId: string };
  await bench.work();
  return (await bench.get(`/api/v1/feeds/imports/${importId}`)).body as Record<string, unknown>;
}
const csv = (...rows: string[]) => `${[HEADER, ...rows].join('\n')}\n`;
const history = async () =>
  (await bench.get('/api/v1/feeds/history')).body as { current: string; sources: { source: string }[] };
const own = async () => (await history()).sources.find(({ source }) => source === name);
const imported = async () => (await bench.said(HistoryImported)).filter(({ source }) => source === name);
const staged = () => bench.service.dataSource.query(`select count(*) from staged_month`);

describe('an import', () => {
  it('that cannot be used leaves nothing behind, and says why and what to do', async () => {
    const good = csv(...rowsOf(['A', 'B', 'C'], DATES));
    const packed = gzipSync(good);
    const cases: [Uint8Array | string, object, string][] = [
      [packed.subarray(0, packed.length - 20), {}, 'FILE_TRUNCATED'],
      [good.replaceAll(/,A,.*,1000/g, (row) => `${row} many`), {}, 'TOO_MANY_REFUSED'],
      [csv('2017-06-30,A,x,x,x,x,x'), {}, 'NO_USABLE_ROW'],
      ['date,symbol,close\n2017-06-30,A,1\n', {}, 'HEADER_INCOMPLETE'],
      [good, { sectorsPath: join(folder, 'nowhere.csv') }, 'FILE_NOT_FOUND'],
      ['', {}, 'FILE_EMPTY'],
    ];
    for (const [bytes, more, code] of cases) {
      const ended = await importBytes(bytes, more);
      expect(ended).toMatchObject({ status: 'refused', code, outcome: { nextStep: expect.any(String) } });
    }
    expect(await history()).toEqual({ current: null, sources: [] });
    expect(await staged()).toEqual([{ count: 0 }]);
    expect(await bench.said(AlertRaised.feeds)).toHaveLength(cases.length);
    expect((await bench.get('/health/pack')).body).toMatchObject({ status: 'error' });
  });

  it('becomes history as a whole, is said, and can be read back bar by bar', async () => {
    const rows = rowsOf(['B', 'A'], DATES).reverse();
    const ended = await importBytes(gzipSync(csv(...rows, '2017-06-30,A,x,1,1,1,1', '2017-06-30,C,5,6,5,5.50,')));
    expect(ended).toMatchObject({
      status: 'imported',
      outcome: {
        report: { rows: 62, accepted: 61, refused: 1, missingVolumes: 1 },
        added: 61,
        restated: 0,
        unchanged: 0,
      },
    });
    expect(await imported()).toEqual([
      expect.objectContaining({ symbols: 3, rows: 61, refused: 1, from: DATES[0], to: '2017-06-30' }),
    ]);
    expect((await history()).current).toBe(name);
    expect(await own()).toMatchObject({ synthetic: false, symbols: 3, rows: 61, from: DATES[0], to: '2017-06-30' });
    expect((await bench.get('/api/v1/feeds/bars?date=2017-06-30')).body).toMatchObject({
      bars: [
        { symbol: 'A', open: '11', high: '13', low: '10', close: '11.39', volume: '1000' },
        { symbol: 'B', close: '10.39' },
        { symbol: 'C', close: '5.5', volume: null },
      ],
    });
    expect(await bench.audited()).toEqual(expect.arrayContaining(['import.requested', 'history.imported']));
    expect(await staged()).toEqual([{ count: 0 }]);
  });

  it('of the same content is known, whatever the file is called, and selects its source', async () => {
    const bytes = csv(...rowsOf(['A'], DATES));
    const first = await importBytes(bytes);
    await importBytes(csv(...rowsOf(['Z'], DATES)), { name: `${name}-other` });
    const again = await importBytes(bytes);
    expect(again).toMatchObject({
      status: 'known',
      code: 'ALREADY_IMPORTED',
      outcome: { importId: first['importId'] },
    });
    expect(await imported()).toHaveLength(1);
    expect((await history()).current).toBe(name);
  });

  it('extends what is there', async () => {
    await importBytes(csv(...rowsOf(['A'], DATES.slice(0, 20))));
    expect(await importBytes(csv(...rowsOf(['A', 'B'], DATES)))).toMatchObject({
      outcome: { added: 40, restated: 0, unchanged: 20 },
    });
    expect(await own()).toMatchObject({ symbols: 2, rows: 60 });
  });

  it('does not change what is known unless that is asked for', async () => {
    const rows = rowsOf(['A'], DATES);
    const restated = rows.with(3, rows[3]!.replace(/1000$/, '2000'));
    await importBytes(csv(...rows));
    expect(await importBytes(csv(...restated))).toMatchObject({
      status: 'refused',
      code: 'HISTORY_RESTATED',
      reason: expect.stringContaining(`A ${DATES[3]}`),
    });
    expect(await importBytes(csv(...restated), { replace: true })).toMatchObject({
      outcome: { restated: 1, added: 0 },
    });
    // The first content is no longer what the history says, so it is not taken for known.
    expect(await importBytes(csv(...rows), { replace: true })).toMatchObject({
      status: 'imported',
      outcome: { restated: 1 },
    });
    expect((await bench.get(`/api/v1/feeds/bars?date=${DATES[3]}`)).body).toMatchObject({ bars: [{ volume: '1000' }] });
  });

  it('that was cut short by a crash begins again with an empty staging', async () => {
    const path = join(folder, 'begun.csv');
    await writeFile(path, csv(...rowsOf(['A'], DATES)));
    const { body } = await bench.post('/api/v1/feeds/imports', { path, name }, name);
    await bench.service.dataSource.query(
      `insert into staged_month (import_id, month, symbol, days, bars) values ($1, '2017-06-01', 'LEFT', 1, $2)`,
      [(body as { importId: string }).importId, Buffer.alloc(40)],
    );
    await bench.work();
    expect(await own()).toMatchObject({ symbols: 1, rows: 30 });
  });

  it('runs alone, and its request is checked', async () => {
    const body = { seed: 1, symbols: 2, sessions: 30, until: '2017-06-30' };
    const first = await bench.post('/api/v1/feeds/synthetic', body, 'one');
    expect((await bench.get('/health/pack')).body).toMatchObject({
      status: 'warming',
      estimated_ready: expect.any(String),
    });
    expect(await bench.post('/api/v1/feeds/synthetic', body, 'one')).toEqual(first);
    expect(await bench.post('/api/v1/feeds/synthetic', body, 'two')).toMatchObject({
      status: 409,
      body: { code: 'IMPORT_RUNNING' },
    });
    expect(await bench.post('/api/v1/feeds/imports', { path: 'bars.csv' }, 'three')).toMatchObject({
      status: 400,
      body: { errors: [{ field: 'path' }] },
    });
    await bench.work();
    expect(await importBody('imports', { path: join(folder, 'nowhere.csv') })).toMatchObject({
      code: 'FILE_NOT_FOUND',
    });
  });
});

describe('a synthetic market', () => {
  it('comes in by the same way, is called synthetic, and never mixes with real bars', async () => {
    const ended = await importBody('synthetic', { seed: 3, symbols: 12, sessions: 40, name });
    expect(ended).toMatchObject({ status: 'imported', synthetic: true, outcome: { added: 480, to: '2017-06-30' } });
    expect(await own()).toMatchObject({ synthetic: true, symbols: 12, rows: 480 });
    expect((await bench.get('/api/v1/feeds/bars?date=2017-06-30')).body).toMatchObject({ synthetic: true });
    const path = join(folder, 'real.csv');
    await writeFile(path, csv(...rowsOf(['A'], DATES)));
    expect(await bench.post('/api/v1/feeds/imports', { path, name }, 'mixed')).toMatchObject({
      status: 409,
      body: { code: 'SOURCE_OF_ANOTHER_KIND' },
    });
  });
});

describe('texts and sessions', () => {
  it('says a text once, however often it is brought', async () => {
    const text = { sourceId: 'fomc', title: 'Statement', body: 'Rates stay.', publishedAt: '2017-06-14T18:00:00.000Z' };
    expect(await bench.post('/api/v1/feeds/texts', text, 'a')).toMatchObject({
      status: 201,
      body: { received: 'now' },
    });
    expect(await bench.post('/api/v1/feeds/texts', text, 'b')).toMatchObject({ body: { received: 'before' } });
    expect(await bench.said(TextReceived)).toEqual([expect.objectContaining(text)]);
  });

  it('tells the sessions of the exchange', async () => {
    expect((await bench.get('/api/v1/feeds/sessions?from=2017-07-01&count=2')).body).toMatchObject({
      sessions: [
        { date: '2017-07-03', halfDay: true },
        { date: '2017-07-05', open: '2017-07-05T13:30:00.000Z' },
      ],
    });
    expect(await bench.get('/api/v1/feeds/sessions?from=1980-01-01')).toMatchObject({ status: 400 });
    expect(await bench.get('/api/v1/feeds/bars?date=2017-07-04')).toMatchObject({
      status: 404,
      body: { code: 'NO_BARS' },
    });
  });
});

describe('the coverage of a history', () => {
  it('tells rows, missing sessions and where a symbol stopped, page by page', async () => {
    const rows = rowsOf(['A', 'B', 'C'], DATES);
    const without = rows.filter(
      (row) =>
        !row.startsWith(`${DATES[3]},B,`) && !row.startsWith(`${DATES[4]},B,`) && !row.startsWith(`${DATES.at(-1)},C,`),
    );
    await importBytes(csv(...without));
    const [from, to] = [DATES[0], DATES.at(-1)];
    const first = (await bench.get(`/api/v1/feeds/coverage?source=${name}&limit=2`)).body;
    expect(first).toEqual({
      source: name,
      items: [
        { symbol: 'A', rows: 30, from, to, missing: 0, behind: 0, gaps: [] },
        {
          symbol: 'B',
          rows: 28,
          from,
          to,
          missing: 2,
          behind: 0,
          gaps: [{ from: DATES[3], to: DATES[4], sessions: 2 }],
        },
      ],
      next: 'B',
    });
    const last = (await bench.get(`/api/v1/feeds/coverage?source=${name}&limit=2&after=B`)).body;
    expect(last).toMatchObject({ items: [{ symbol: 'C', rows: 29, to: DATES.at(-2), behind: 1 }], next: null });
    expect(await bench.get('/api/v1/feeds/coverage?source=nope')).toMatchObject({
      status: 404,
      body: { code: 'NO_HISTORY' },
    });
  });
});
