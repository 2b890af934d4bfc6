// Goal: raw prices and actions become comparable in packs; what is restated, wrong or missing is kept, told and counted.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { AlertRaised, CycleOpened, PackAssessed, SnapshotSealed, uuid5 } from '@ballast/contracts';
import { decodePack } from '@ballast/platform';
import { benchOf, type Bench } from '@ballast/testing';
import { sessionsUpTo } from '../domain/sessions.js';
import { feeds } from '../module.js';

const DATES = sessionsUpTo('2017-06-30', 60);
const SPLIT_DAY = 40;

/** A quiet name that is split 2 for 1: its raw price halves, its volume doubles. */
const rowsOf = (symbol: string, splitDay: number, dates = DATES): string[] =>
  dates.map((date) => {
    const d = DATES.indexOf(date);
    const close = ((100 + (d % 7)) / (d < splitDay ? 1 : 2)).toFixed(2);
    return `${date},${symbol},${close},${close},${close},${close},${d < splitDay ? 1_000 + d : 2_000 + d}`;
  });
const csv = (...rows: string[]) => `date,symbol,open,high,low,close,volume\n${rows.join('\n')}\n`;
const actionsCsv = (...rows: string[]) => `date,symbol,type,ratio,amount\n${rows.join('\n')}\n`;

let folder: string;
let bench: Bench;
let requests = 0;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ballast-history-'));
  bench = await benchOf(feeds, {
    now: '2017-06-30T21:00:00.000Z',
    env: { FEEDS_RECONCILE_SOURCE: 'other-vendor', FEEDS_PACK_SESSIONS_MIN: '10' },
  });
});
afterAll(async () => {
  await bench.close();
  await rm(folder, { recursive: true, force: true });
});

const file = async (text: string): Promise<string> => {
  const path = join(folder, `file-${++requests}.csv`);
  await writeFile(path, text);
  return path;
};
interface Ended {
  readonly importId: string;
  readonly status: string;
  readonly code: string | null;
}
async function importFile(body: object): Promise<Ended> {
  const { status, body: answer } = await bench.post('/api/v1/feeds/imports', body, `request-${++requests}`);
  expect({ status, answer }).toMatchObject({ status: 202 });
  await bench.work();
  return (await bench.get(`/api/v1/feeds/imports/${(answer as Ended).importId}`)).body as Ended;
}
async function sealed(symbols?: string[], asOf = '2017-06-30') {
  await bench.hear(CycleOpened, {
    ...{ cycleId: uuid5('history', ++requests), portfolioId: 'main', trigger: 'operator', asOf },
    ...{ mode: 'paper', patternId: 'daily-rebalance', seed: 1, strategies: ['momentum'], configHash: 'a'.repeat(64) },
    universe: { universeId: 'default', ...(symbols && { symbols }) },
    tradeSession: { date: '2017-07-03', open: '2017-07-03T13:30:00.000Z', close: '2017-07-03T17:00:00.000Z' },
    deadlines: { decideBy: '2017-06-30T22:00:00.000Z', completeBy: '2017-07-03T23:00:00.000Z' },
    openedAt: '2017-06-30T21:00:00.000Z',
  } as never);
  const snapshot = (await bench.said(SnapshotSealed)).at(-1)!;
  return { snapshot, pack: decodePack(await bench.packs.get(snapshot.packId)) };
}
const alerts = async () => (await bench.said(AlertRaised.feeds)).map(({ code }) => code);

describe('raw prices', () => {
  it('are comparable in a pack by the actions that are known, and quiet where they were told of a split', async () => {
    const path = await file(csv(...rowsOf('A', SPLIT_DAY), ...rowsOf('B', 0)));
    const actionsPath = await file(actionsCsv(`${DATES[SPLIT_DAY]},A,split,2,`));
    const ended = await importFile({ path, actionsPath, name: 'raw', priceBasis: 'raw' });
    expect(ended).toMatchObject({ status: 'imported', outcome: { actions: 1 } });
    const { snapshot, pack } = await sealed();
    expect(snapshot.quality).toMatchObject({ lowest: 1, below: [], quarantined: { count: 0 } });
    const own = [...pack.adjustment.subarray(0, DATES.length)];
    expect(own).toEqual(DATES.map((_, d) => (d < SPLIT_DAY ? 0.5 : 1)));
    // What they are to be compared with is not there yet, and so nobody knows.
    expect(await alerts()).toEqual(['SOURCES_DISAGREE']);
  });

  it('are not mixed with adjusted ones, and actions need bars to belong to', async () => {
    const path = await file(csv(...rowsOf('C', 0)));
    const cases: [object, number, string][] = [
      [{ path, name: 'raw' }, 409, 'SOURCE_OF_ANOTHER_BASIS'],
      [{ actionsPath: path, name: 'nowhere' }, 404, 'UNKNOWN_SOURCE'],
      [{ actionsPath: path }, 400, 'INVALID_REQUEST'],
      [{ name: 'raw' }, 400, 'INVALID_REQUEST'],
    ];
    for (const [body, status, code] of cases) {
      expect(await bench.post('/api/v1/feeds/imports', body, `wrong-${++requests}`)).toMatchObject({
        status,
        body: { code },
      });
    }
  });

  it('take a corrected action from then on, and what was believed before is kept', async () => {
    const before = await sealed();
    const actionsPath = await file(actionsCsv(`${DATES[SPLIT_DAY]},A,split,2.5,`, `${DATES[3]},B,dividend,,0.5`));
    expect(await importFile({ actionsPath, name: 'raw', priceBasis: 'raw' })).toMatchObject({ status: 'imported' });
    const { snapshot, pack } = await sealed();
    expect(pack.adjustment[0]).toBe(0.4);
    expect(snapshot.packId).not.toBe(before.snapshot.packId);
    const kept = await bench.service.dataSource.query(
      `select terms, superseded_at is null as current from corporate_action where symbol = 'A' order by known_at, current`,
    );
    expect(kept).toEqual([
      { terms: ['2'], current: false },
      { terms: ['2.5'], current: true },
    ]);
  });

  it('cannot be traded where nobody told of the split', async () => {
    const path = await file(csv(...rowsOf('A', SPLIT_DAY), ...rowsOf('B', 0)));
    await importFile({ path, name: 'untold', priceBasis: 'raw' });
    const { snapshot } = await sealed();
    expect(snapshot.quality.below).toEqual(['A']);
    expect(await alerts()).toEqual(expect.arrayContaining(['HISTORY_QUALITY_LOW', 'QUALITY_LOW']));
    const { body } = await bench.get('/api/v1/feeds/quality/findings?symbols=A');
    expect(body).toMatchObject({ items: [{ symbol: 'A', rows: DATES.length }] });
    const [{ findings }] = (body as { items: [{ findings: { code: string; severity: string; date: string }[] }] })
      .items;
    expect(findings.map(({ code, severity, date }) => `${date} ${severity} ${code}`)).toEqual([
      `${DATES[SPLIT_DAY]} CRITICAL ADJUSTMENT_FLIP`,
      `${DATES[SPLIT_DAY]} CRITICAL UNEXPLAINED_MOVE`,
    ]);
    // The day before, nothing was wrong, and nothing of the day after may be known.
    const earlier = await bench.get(`/api/v1/feeds/quality/findings?symbols=A&asOf=${DATES[SPLIT_DAY - 1]}`);
    expect(earlier.body).toMatchObject({ items: [{ score: 1, findings: [] }] });
  });
});

describe('a company that was renamed', () => {
  it('has one series under its new ticker, with the sector and the listings that were known then', async () => {
    const renamed = rowsOf('OLD', 0, DATES.slice(0, SPLIT_DAY));
    const now = rowsOf('NEW', 0, DATES.slice(SPLIT_DAY));
    await importFile({ path: await file(csv(...renamed, ...now)), name: 'renamed', priceBasis: 'raw' });
    const before = await sealed();
    expect(before.pack.dates).toEqual(DATES.slice(SPLIT_DAY));

    const listing = `symbol,instrument_id,valid_from,valid_to\nOLD,acme,2010-01-04,${DATES[SPLIT_DAY]}\nNEW,acme,${DATES[SPLIT_DAY]},\n`;
    const facts: [string, string][] = [
      ['listing', listing],
      ['sector', `symbol,sector,valid_from\nNEW,Energy,2010-01-04\n`],
    ];
    for (const [kind, text] of facts) {
      const scope = kind === 'sector' ? { scope: 'gics' } : {};
      const body = { kind, path: await file(text), source: 'desk', knownOn: DATES[55], ...scope };
      expect(await bench.post('/api/v1/feeds/reference', body, `reference-${kind}`)).toMatchObject({ status: 202 });
      await bench.work();
    }
    const { snapshot, pack } = await sealed();
    expect([pack.symbols, pack.dates]).toEqual([['NEW'], DATES]);
    expect([...pack.close].every((close) => close > 0)).toBe(true);
    expect(snapshot.quality.below).toEqual([]);
    expect(snapshot.marks.inline).toMatchObject([{ symbol: 'NEW', sector: 'Energy' }]);
    // A cycle as of a day before any of it was known must not use it.
    const earlier = await sealed(undefined, DATES[54]);
    expect(earlier.pack.dates).toEqual(DATES.slice(SPLIT_DAY, 55));
    expect(earlier.snapshot.marks.inline).toMatchObject([{ symbol: 'NEW', sector: null }]);
  });
});

describe('a history that is restated', () => {
  it('changes only where that was asked for, and tells what it was', async () => {
    const first = await importFile({
      path: await file(csv(...rowsOf('A', 0), ...rowsOf('B', 0), ...rowsOf('C', 0))),
      name: 'restated',
    });
    const { snapshot: old } = await sealed();
    const other = await file(csv(...rowsOf('A', SPLIT_DAY), ...rowsOf('NYSE:C', 0)));
    expect(await importFile({ path: other, name: 'restated' })).toMatchObject({
      status: 'refused',
      code: 'HISTORY_RESTATED',
    });
    expect((await bench.get(`/api/v1/feeds/imports/${first.importId}/restatement`)).body).toMatchObject({
      symbols: [],
      restated: 0,
    });
    const ended = await importFile({ path: other, name: 'restated', replace: true });
    expect(ended.status).toBe('imported');
    expect(await alerts()).toContain('HISTORY_RESTATED');
    expect((await bench.get(`/api/v1/feeds/imports/${ended.importId}/restatement`)).body).toMatchObject({
      ...{ added: 0, restated: SPLIT_DAY, kinds: { rebased: 1, moved: 0, corrected: 0 } },
      respelled: [{ from: 'NYSE:C', to: 'C', rows: DATES.length }],
      symbols: [
        {
          symbol: 'A',
          kind: 'rebased',
          levels: [{ factor: 2 }],
          bars: SPLIT_DAY,
          first: [{ date: DATES[0] }, {}, {}, {}, {}],
        },
      ],
    });
    // What was sealed before the restatement stays what it was.
    expect((await bench.get(`/api/v1/packs/${old.packId}/verify`)).body).toMatchObject({ state: 'ok' });
    expect((await sealed()).snapshot.packId).not.toBe(old.packId);
  });

  it('leaves nothing behind where it is refused', async () => {
    const [{ count }] = await bench.service.dataSource.query<[{ count: number }]>(
      `select count(*) from restated_month where import_id in (select import_id from history_import where status = 'refused')`,
    );
    expect(Number(count)).toBe(0);
  });
});

describe('a history beside another one that is kept to check it', () => {
  const said = async () => (await bench.said(PackAssessed)).at(-1)!;

  it('puts the pack in error where the two disagree, says so, and is fresh again when they agree', async () => {
    await importFile({ path: await file(csv(...rowsOf('A', 0), ...rowsOf('B', 0))), name: 'other-vendor' });
    await importFile({ path: await file(csv(...rowsOf('A', SPLIT_DAY), ...rowsOf('B', 0))), name: 'own' });
    expect(await said()).toMatchObject({ status: 'fresh', source: 'own' });
    const wrong = rowsOf('A', 0).map((row) => row.replace('1000', '999'));
    await importFile({
      path: await file(csv(...rowsOf('A', 90), ...wrong.map((row) => row.replace(',A,', ',B,')))),
      name: 'own',
      replace: true,
    });
    expect(await said()).toMatchObject({
      ...{ status: 'error', source: 'own', reason: expect.stringContaining('other-vendor') },
      reconciliation: { against: 'other-vendor', status: 'red', compared: 40, differing: 20 },
    });
    expect(await alerts()).toContain('SOURCES_DISAGREE');
    expect((await bench.get('/health/pack')).body).toMatchObject({ status: 'error' });
    await importFile({ path: await file(csv(...rowsOf('A', 0), ...rowsOf('B', 0))), name: 'own', replace: true });
    expect(await said()).toMatchObject({ status: 'fresh', reconciliation: { status: 'green', differing: 0 } });
  });
});

describe('what is known of a history', () => {
  it('is said in numbers, by symbol from the lowest score', async () => {
    const holes = DATES.filter((_, d) => d % 3 !== 1);
    const path = await file(csv(...rowsOf('GOOD', 0), ...rowsOf('HOLES', 0, holes)));
    await importFile({ path, name: 'holes' });
    expect((await bench.get('/api/v1/feeds/quality?limit=1')).body).toMatchObject({
      ...{ source: 'holes', current: true },
      totals: { symbols: 2, rows: 100, missingSessions: 20, below: { count: 1, first: ['HOLES'] } },
      items: [{ symbol: 'HOLES', missingSessions: 20, findings: { MISSING_SESSION: 20 } }],
    });
    expect(await alerts()).toContain('DATA_MISSING_DAYS');
    const metrics = String((await bench.get('/metrics')).body);
    for (const line of [
      'ballast_data_missing_days_total{source="holes",service="feeds"} 20',
      'ballast_price_history_rows_total{source="holes",service="feeds"} 100',
      'ballast_quality_score{symbol="GOOD",service="feeds"} 1',
    ]) {
      expect(metrics).toContain(line);
    }
  });

  it('is nothing for a symbol that is not there, and not good', async () => {
    expect((await bench.get('/api/v1/feeds/quality/findings?symbols=NOPE')).body).toMatchObject({
      items: [{ symbol: 'NOPE', rows: 0, score: 0, findings: [{ code: 'NO_BARS', severity: 'CRITICAL' }] }],
    });
    expect(await bench.get('/api/v1/feeds/quality?source=nowhere')).toMatchObject({
      status: 404,
      body: { code: 'NO_HISTORY' },
    });
  });
});
