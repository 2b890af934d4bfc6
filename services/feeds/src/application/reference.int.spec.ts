// Goal: reference facts come in whole or not at all, and what is asked as of a day never shows what was not known then.
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { AlertRaised } from '@ballast/contracts';
import { benchOf, type Bench } from '@ballast/testing';
import { feeds } from '../module.js';

let folder: string;
let bench: Bench;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ballast-reference-'));
  bench = await benchOf(feeds, { now: '2026-11-20T15:00:00.000Z' });
});
afterAll(async () => {
  await bench.close();
  await rm(folder, { recursive: true, force: true });
});

let requests = 0;
async function importText(kind: string, text: string, more: object = {}): Promise<Record<string, unknown>> {
  const path = join(folder, `facts-${++requests}.csv`);
  await writeFile(path, text);
  return importBody({ kind, path, source: 'desk', ...more });
}
async function importBody(body: object): Promise<Record<string, unknown>> {
  const { status, body: answer } = await bench.post('/api/v1/feeds/reference', body, `reference-${++requests}`);
  expect([status, answer]).toEqual([202, expect.objectContaining({ status: 'running' })]);
  await bench.work();
  const { importId } = answer as { importId: string };
  return (await bench.get(`/api/v1/feeds/reference/imports/${importId}`)).body as Record<string, unknown>;
}
interface Item {
  readonly subject: string;
  readonly instrumentId: string | null;
  readonly scope: string | null;
  readonly value: Record<string, string>;
}
const ask = async (path: string) => {
  const { status, body } = await bench.get(`/api/v1/feeds/reference/${path}`);
  expect([status, body]).toEqual([200, expect.anything()]);
  return body as { items: Item[]; next: string | null; attributions: object[]; knownOn: string };
};
const count = async () =>
  (await bench.service.dataSource.query(`select count(*) from reference_fact`))[0].count as number;

const LISTINGS = `symbol,instrument_id,valid_from,valid_to
FB,meta,2012-05-18,2022-06-09
META,meta,2022-06-09,
FB,later-bank,2025-03-03,
META,ball-fund,2021-06-30,2022-02-01
`;

describe('reference facts', () => {
  it('come in, and the same again changes nothing and says so', async () => {
    expect(await importText('listing', LISTINGS, { knownOn: 'as-it-happened' })).toMatchObject({
      status: 'imported',
      outcome: { rows: 4, added: 6, unchanged: 0 },
    });
    const before = await count();
    expect(await importText('listing', LISTINGS, { knownOn: 'as-it-happened' })).toMatchObject({
      status: 'known',
      code: 'ALREADY_KNOWN',
      outcome: { added: 0, unchanged: 6 },
    });
    expect(await count()).toBe(before);
    expect(await bench.audited()).toEqual(
      expect.arrayContaining(['reference.requested', 'reference.imported', 'reference.known']),
    );
  });

  it('come in as a whole or not at all', async () => {
    const before = await count();
    const faulty = 'symbol,sector,scheme\nAAPL,Information Technology,gics\nmsft,Information Technology,gics\n';
    expect(await importText('sector', faulty)).toMatchObject({
      status: 'refused',
      code: 'REFERENCE_INVALID',
      outcome: {
        refused: 1,
        firstRefused: [{ file: null, row: 3, code: 'INVALID_VALUE' }],
        nextStep: expect.any(String),
      },
    });
    expect(await importBody({ kind: 'sector', path: join(folder, 'nowhere.csv'), source: 'desk' })).toMatchObject({
      code: 'FILE_NOT_FOUND',
    });
    expect(await count()).toBe(before);
    expect(await bench.service.dataSource.query(`select count(*) from staged_reference_fact`)).toEqual([{ count: 0 }]);
    expect((await bench.said(AlertRaised.feeds)).map(({ code }) => code)).toEqual([
      'REFERENCE_REFUSED',
      'REFERENCE_REFUSED',
    ]);
  });

  it('are checked when they are ordered, and read one file at a time', async () => {
    const path = join(folder, 'some.csv');
    await writeFile(path, 'symbol,sector\nAAPL,Energy\n');
    const order = (body: object) => bench.post('/api/v1/feeds/reference', body, `order-${++requests}`);
    for (const [body, field] of [
      [{ kind: 'sector', path: 'some.csv', source: 'desk' }, 'path'],
      [{ kind: 'sector', path, source: 'desk', scope: 'icb' }, 'scope'],
      [{ kind: 'lot_size', path, source: 'desk', scope: 'gics' }, 'scope'],
      [{ kind: 'sector', path, source: 'desk', format: 'lean-map' }, 'format'],
      [{ kind: 'weather', path, source: 'desk' }, 'kind'],
    ] as const) {
      expect(await order(body)).toMatchObject({ status: 400, body: { errors: [{ field }] } });
    }
    expect(await order({ kind: 'sector', path, source: 'desk', scope: 'gics' })).toMatchObject({ status: 202 });
    expect(await order({ kind: 'sector', path, source: 'desk', scope: 'gics' })).toMatchObject({
      status: 409,
      body: { code: 'IMPORT_RUNNING' },
    });
    await bench.work();
  });

  it('that contradict what was said the same day are refused, and corrected from the next day on', async () => {
    const lots = (size: number) => `symbol,lot_size,valid_from\nNIFTY,${size},2026-12-29\n`;
    expect(await importText('lot_size', lots(65), { market: 'NSE' })).toMatchObject({ status: 'imported' });
    expect(await importText('lot_size', lots(60), { market: 'NSE' })).toMatchObject({
      status: 'refused',
      outcome: { firstRefused: [{ row: 2, code: 'CONTRADICTION' }], nextStep: expect.stringContaining('knownOn') },
    });
    const corrected = await importText('lot_size', lots(60), { market: 'NSE', knownOn: '2026-11-21' });
    expect(corrected).toMatchObject({ status: 'imported', outcome: { added: 1 } });
    const lot = async (knownOn: string) =>
      (await ask(`lot_size?market=NSE&subject=NIFTY&asOf=2026-12-29&knownOn=${knownOn}`)).items[0]?.value['size'];
    expect([await lot('2026-11-19'), await lot('2026-11-20'), await lot('2026-11-21')]).toEqual([
      undefined,
      '65',
      '60',
    ]);
  });
});

describe('asking as of a date', () => {
  beforeAll(async () => {
    const sectors = `symbol,sector,scheme,valid_from,known_from
FB,Information Technology,gics,2012-05-18,2012-05-18
FB,Communication Services,gics,2018-09-24,2018-07-10
FB,Financials,gics,2025-03-03,2025-03-03
ONLY,Energy,gics,2020-01-02,2020-01-02
`;
    expect(await importText('sector', sectors)).toMatchObject({ status: 'imported' });
    const earnings = `symbol,date,time,known_from,retracted
META,2022-07-27,amc,2022-07-01,
META,2022-10-26,amc,2022-10-03,
META,2022-10-27,amc,2022-10-10,
META,2022-10-26,,2022-10-10,true
`;
    expect(await importText('earnings', earnings)).toMatchObject({ status: 'imported' });
  });

  const sectorOf = async (subject: string, asOf: string, knownOn: string) =>
    (await ask(`sector?subject=${subject}&asOf=${asOf}&knownOn=${knownOn}`)).items.map(
      ({ instrumentId, value }) => `${instrumentId} ${value['sector']}`,
    );

  it('never shows what was not known then', async () => {
    expect(await sectorOf('FB', '2018-09-24', '2018-07-09')).toEqual(['meta Information Technology']);
    expect(await sectorOf('FB', '2018-09-24', '2018-07-10')).toEqual(['meta Communication Services']);
    expect(await sectorOf('FB', '2018-09-23', '2018-07-10')).toEqual(['meta Information Technology']);
  });

  it('follows a company through its rename, and keeps apart who had the ticker at another time', async () => {
    expect(await sectorOf('META', '2023-01-03', '2026-11-20')).toEqual(['meta Communication Services']);
    expect(await sectorOf('META', '2021-12-31', '2026-11-20')).toEqual([]);
    expect(await sectorOf('FB', '2025-03-03', '2026-11-20')).toEqual(['later-bank Financials']);
    expect(await sectorOf('FB', '2023-01-03', '2026-11-20')).toEqual([]);
    expect(await sectorOf('ONLY', '2023-01-03', '2026-11-20')).toEqual(['null Energy']);
  });

  it('lists all of a kind by page, each company once', async () => {
    const first = await ask('sector?asOf=2026-01-05&scope=gics&limit=2');
    const rest = await ask(`sector?asOf=2026-01-05&scope=gics&limit=2&after=${first.next}`);
    const shown = [...first.items, ...rest.items].map(({ subject, instrumentId }) => `${subject} ${instrumentId}`);
    // What is known of AAPL holds from a later day only.
    expect(shown.sort()).toEqual(['FB later-bank', 'FB meta', 'ONLY null']);
    expect([rest.next, first.attributions]).toEqual([null, [{ source: 'desk', text: 'Source: desk' }]]);
  });

  it('tells the reports of a week as they were announced by then', async () => {
    const week = async (knownOn: string) =>
      (await ask(`earnings?asOf=2022-10-24&until=2022-10-28&knownOn=${knownOn}`)).items as unknown as {
        validFrom: string;
      }[];
    expect((await week('2022-10-05')).map(({ validFrom }) => validFrom)).toEqual(['2022-10-26']);
    expect((await week('2022-10-10')).map(({ validFrom }) => validFrom)).toEqual(['2022-10-27']);
  });

  it('is refused where it cannot be answered', async () => {
    expect(await bench.get('/api/v1/feeds/reference/weather')).toMatchObject({ status: 400 });
    expect(await bench.get('/api/v1/feeds/reference/sector?until=2026-01-01')).toMatchObject({ status: 400 });
    expect(await bench.get('/api/v1/feeds/reference/sector?asof=2026-01-01')).toMatchObject({ status: 400 });
  });
});

describe('a ticker', () => {
  const instrument = async (symbol: string, on: string, knownOn = '2026-11-20') =>
    (await bench.get(`/api/v1/feeds/instruments/${symbol}?on=${on}&knownOn=${knownOn}`)) as {
      status: number;
      body: { instrumentId?: string; code?: string; listings?: object[]; instrument?: object | null };
    };

  it.each([
    ['FB', '2020-01-02', '2026-11-20', 'meta'],
    ['META', '2023-01-03', '2026-11-20', 'meta'],
    ['META', '2021-12-31', '2026-11-20', 'ball-fund'],
    ['FB', '2026-01-05', '2026-11-20', 'later-bank'],
    ['FB', '2023-01-03', '2026-11-20', 'SYMBOL_NOT_LISTED'],
    ['FB', '2023-01-03', '2022-06-08', 'meta'],
    ['NOPE', '2023-01-03', '2026-11-20', 'SYMBOL_NOT_LISTED'],
  ])('%s on %s, as known on %s, is %s', async (symbol, on, knownOn, expected) => {
    const { body } = await instrument(symbol, on, knownOn);
    expect(body.instrumentId ?? body.code).toBe(expected);
  });

  it('comes with its instrument and all the tickers that it had', async () => {
    const text = 'instrument_id,name,exchange,currency,isin\nmeta,Meta Platforms Inc.,NASDAQ,USD,US30303M1027\n';
    expect(await importText('instrument', text, { validFrom: '2012-05-18' })).toMatchObject({ status: 'imported' });
    expect((await instrument('FB', '2020-01-02')).body).toMatchObject({
      instrument: { name: 'Meta Platforms Inc.', isin: 'US30303M1027' },
      listings: [
        { symbol: 'FB', from: '2012-05-18', to: '2022-06-09' },
        { symbol: 'META', from: '2022-06-09', to: null },
      ],
    });
  });

  it('comes from a folder of map files', async () => {
    const maps = join(folder, 'maps');
    await mkdir(maps);
    await writeFile(join(maps, 'bac.csv'), '19980102,nb,N\n19980930,nb,N\n20501231,bac,N\n');
    await writeFile(join(maps, 'nb.1.csv'), '20050103,nb,N\n20071231,nb,N\n');
    const order = { kind: 'listing', path: maps, source: 'maps', format: 'lean-map', knownOn: 'as-it-happened' };
    expect(await importBody(order)).toMatchObject({ status: 'imported', outcome: { rows: 5, added: 5 } });
    expect((await instrument('NB', '1998-09-30')).body.instrumentId).toBe('NB.1998-01-02');
    expect((await instrument('NB', '2006-01-03')).body.instrumentId).toBe('NB.2005-01-03');
    expect((await instrument('BAC', '2020-01-02')).body.instrumentId).toBe('NB.1998-01-02');
    await writeFile(join(maps, 'broken.csv'), '19980102,nb,N\nnever,nb,N\n');
    expect(await importBody(order)).toMatchObject({
      outcome: { firstRefused: [{ file: 'broken.csv', row: 2, code: 'INVALID_DATE' }] },
    });
  });
});
