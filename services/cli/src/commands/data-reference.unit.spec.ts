// Goal: what a person types becomes one request, what is refused is shown with its rows, and a file is whole or not there.
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ballast, begin, bodyOf, home, paths, world } from '../../test/world.js';
import { EXIT } from '../errors.js';

beforeEach(() => {
  begin();
  world.running = { pid: 1, url: 'http://host', services: {}, book: 'main', startedAt: '2026-11-20T15:00:00.000Z' };
});

const IMPORT = ['data', 'reference', 'import', '--kind', 'sector', '--file', 'gics.csv', '--source', 'user-file'];
const STATE = '/api/v1/feeds/reference/imports/i-1';

describe('data reference import', () => {
  beforeEach(() => {
    world.answers['/api/v1/feeds/reference'] = [{ status: 202, body: { importId: 'i-1', status: 'running' } }];
  });

  it('orders an import of a full path, waits for its end, and tells what was new', async () => {
    const outcome = { rows: 505, added: 505, unchanged: 0, duplicates: 0 };
    const ended = { status: 'imported', kind: 'sector', source: 'user-file', outcome };
    world.answers[STATE] = [{ body: { status: 'running' } }, { body: ended }];
    const { exit, out, err } = await ballast(...IMPORT, '--scope', 'gics', '--known-on', '2017-03-01');
    expect({ exit, err }).toEqual({ exit: EXIT.ok, err: '' });
    expect(out).toBe('505 rows of sector facts from user-file: 505 facts added, 0 known before, 0 rows twice\n');
    expect(bodyOf(0)).toEqual({
      ...{ kind: 'sector', path: join(home, 'gics.csv'), source: 'user-file', market: 'US', format: 'csv' },
      ...{ knownOn: '2017-03-01', scope: 'gics' },
    });
    expect(paths()).toEqual(['POST /api/v1/feeds/reference', STATE, STATE]);
  });

  it('says where nothing was new', async () => {
    const outcome = { rows: 505, added: 0, unchanged: 505, duplicates: 0 };
    world.answers[STATE] = [{ body: { status: 'known', kind: 'sector', source: 'user-file', outcome } }];
    expect(await ballast(...IMPORT)).toMatchObject({ exit: EXIT.ok, out: expect.stringContaining('nothing changed') });
  });

  it('is known from today on in a book whose clock stands somewhere else', async () => {
    world.running = null;
    world.answers[STATE] = [{ body: { status: 'known', kind: 'sector', source: 'user-file', outcome: {} } }];
    const before = new Date().toISOString().slice(0, 10);
    await ballast(...IMPORT);
    const { knownOn } = bodyOf(0) as { knownOn: string };
    expect(knownOn >= before && knownOn <= new Date().toISOString().slice(0, 10)).toBe(true);
    begin();
    world.answers['/api/v1/feeds/reference'] = [{ status: 202, body: { importId: 'i-1' } }];
    world.answers[STATE] = [{ body: { status: 'known', kind: 'sector', source: 'user-file', outcome: {} } }];
    await ballast(...IMPORT, '--known-on', '2017-03-01');
    expect(bodyOf(0)).toMatchObject({ knownOn: '2017-03-01' });
  });

  it('shows the rows for which it was refused', async () => {
    const firstRefused = [{ file: null, row: 3, code: 'INVALID_VALUE', message: 'symbol is "msft"' }];
    const outcome = { refused: 1, firstRefused, nextStep: 'Correct the rows.' };
    world.answers[STATE] = [{ body: { status: 'refused', code: 'REFERENCE_INVALID', reason: '1 row', outcome } }];
    const { exit, out, err } = await ballast(...IMPORT);
    expect({ exit, out }).toEqual({ exit: EXIT.failure, out: '' });
    expect(err).toContain('-     3    INVALID_VALUE  symbol is "msft"');
    expect(err).toContain('error REFERENCE_INVALID: 1 row');
    expect(err).toContain('next:  Correct the rows.');
  });

  it('is checked before anything is asked', async () => {
    const { exit, err } = await ballast(...IMPORT, '--known-on', '2017-02-30', '--market', 'LSE', '--format', 'xml');
    expect([exit, paths()]).toEqual([EXIT.usage, []]);
    for (const field of ['--known-on', '--market', '--format']) expect(err).toContain(field);
  });
});

describe('data reference collect', () => {
  const COLLECTIONS = '/api/v1/feeds/reference/collections';

  it('has a vendor asked, waits for the end, and names whom it does not know', async () => {
    world.answers[COLLECTIONS] = [{ status: 202, body: { importId: 'i-1', status: 'running' } }];
    const outcome = { rows: 1, added: 1, unchanged: 0, duplicates: 0, untold: { count: 1, first: ['NOPE'] } };
    const ended = { status: 'imported', kind: 'sector', source: 'fmp', outcome };
    world.answers[STATE] = [{ body: { status: 'running' } }, { body: ended }];
    const { exit, out } = await ballast('data', 'reference', 'collect', '--kind', 'sector', '--symbols', 'AAPL,NOPE');
    expect([exit, out]).toEqual([
      EXIT.ok,
      '1 rows of sector facts from fmp: 1 facts added, 0 known before, 0 rows twice; nothing is known there of 1: NOPE\n',
    ]);
    expect(bodyOf(0)).toEqual({ kind: 'sector', symbols: ['AAPL', 'NOPE'] });
  });

  it('fails with the reason and the next step, and needs a host that goes on working', async () => {
    world.answers[COLLECTIONS] = [{ status: 202, body: { importId: 'i-1', status: 'running' } }];
    const outcome = { nextStep: 'Set FEEDS_FMP_KEY.' };
    world.answers[STATE] = [{ body: { status: 'refused', code: 'VENDOR_KEY_MISSING', reason: 'no key', outcome } }];
    const args = ['data', 'reference', 'collect', '--kind', 'earnings', '--from', '2026-11-20'];
    expect(await ballast(...args)).toMatchObject({
      exit: EXIT.failure,
      err: expect.stringContaining('error VENDOR_KEY_MISSING: no key\n  next:  Set FEEDS_FMP_KEY.'),
    });
    world.running = null;
    expect((await ballast(...args)).exit).toBe(EXIT.unavailable);
    expect((await ballast('data', 'reference', 'collect', '--kind', 'listing')).exit).toBe(EXIT.usage);
  });
});

describe('data reference list', () => {
  it('lists all pages of what held, as it was known', async () => {
    const fact = { subject: 'FB', instrumentId: 'meta', scope: 'gics', validFrom: '2018-09-24', validTo: null };
    const value = { sector: 'Communication Services', industry: null };
    const item = { ...fact, value, knownFrom: '2018-07-10', source: 'desk' };
    const path = '/api/v1/feeds/reference/sector?asOf=2020-01-02&knownOn=2020-01-02&market=US';
    world.answers[path] = [{ body: { items: [item], next: 'FB' } }];
    world.answers[`${path}&after=FB`] = [{ body: { items: [{ ...item, subject: 'XOM' }], next: null } }];
    const { exit, out } = await ballast(
      ...['data', 'reference', 'list', 'sector', '--as-of', '2020-01-02', '--known-on', '2020-01-02'],
    );
    expect(exit).toBe(EXIT.ok);
    expect(out).toContain('FB       meta        gics   Communication Services  2018-09-24  -   2018-07-10  desk');
    expect(out).toContain('XOM');
  });

  it('knows its kinds', async () => {
    const { exit, err } = await ballast('data', 'reference', 'list', 'weather');
    expect(exit).toBe(EXIT.usage);
    expect(err).toContain('"weather" is not one of listing, instrument, sector');
  });
});

describe('data instrument', () => {
  it('shows whose a ticker was', async () => {
    const listings = [{ symbol: 'FB', from: '2012-05-18', to: '2022-06-09' }];
    world.answers['/api/v1/feeds/instruments/M%26M?on=2020-01-02&market=NSE'] = [
      { body: { symbol: 'M&M', on: '2020-01-02', instrumentId: 'INE101A01026', instrument: null, listings } },
    ];
    const { exit, out } = await ballast('data', 'instrument', 'M&M', '--on', '2020-01-02', '--market', 'NSE');
    expect(exit).toBe(EXIT.ok);
    expect(out).toMatch(/instrumentId +INE101A01026/);
  });
});

describe('data rights', () => {
  it('lists what is permitted and why', async () => {
    const rule = { source: 'fmp', export: false, redistribute: false, retentionDays: null, own: false };
    world.answers['/api/v1/feeds/rights'] = [
      { body: { items: [{ ...rule, attribution: 'Data provided by FMP', basis: 'Needs a licence.' }], next: null } },
    ];
    const { exit, out } = await ballast('data', 'rights');
    expect(exit).toBe(EXIT.ok);
    expect(out).toContain('fmp     no      no       no limit  no   Data provided by FMP  Needs a licence.');
  });
});

describe('data export', () => {
  const OUT = join(home, 'bars.csv');
  const PATH = '/api/v1/feeds/export?what=bars&from=2017-01-03&format=csv&symbols=AAPL%2CMSFT';
  const ARGS = ['data', 'export', '--symbols', 'AAPL,MSFT', '--from', '2017-01-03'];
  const TEXT = '# export of bars\nsource,symbol\nown,AAPL\n# rows: 1\n';
  afterEach(() => rmSync(OUT, { force: true }));

  it('writes what is permitted to standard output, and what it was to standard error', async () => {
    world.answers[PATH] = [{ body: null, text: TEXT }];
    expect(await ballast(...ARGS)).toEqual({ exit: EXIT.ok, out: TEXT, err: '1 rows exported\n' });
  });

  it('gives out facts as they were known at a moment', async () => {
    const at = '2026-11-20T14:30:00.000Z';
    const path =
      '/api/v1/feeds/export?what=facts&kind=filing&format=csv&source=sec&knownAt=2026-11-20T14%3A30%3A00.000Z';
    world.answers[path] = [{ body: null, text: TEXT }];
    const args = ['--what', 'facts', '--kind', 'filing', '--source', 'sec', '--known-at', at];
    expect(await ballast('data', 'export', ...args)).toMatchObject({ exit: EXIT.ok, out: TEXT });
  });

  it('makes a file that is there only once it is whole', async () => {
    world.answers[PATH] = [
      { body: null, text: TEXT.replace(/# rows.*/, '') },
      { body: null, text: TEXT },
    ];
    const cut = await ballast(...ARGS, '--out', 'bars.csv');
    expect([cut.exit, cut.err]).toEqual([EXIT.unavailable, expect.stringContaining('error EXPORT_CUT_OFF')]);
    expect([existsSync(OUT), existsSync(`${OUT}.part`)]).toEqual([false, false]);
    expect(await ballast(...ARGS, '--out', 'bars.csv')).toMatchObject({ exit: EXIT.ok, out: '' });
    expect(readFileSync(OUT, 'utf8')).toBe(TEXT);
  });

  it('takes no file that is there already', async () => {
    writeFileSync(OUT, 'mine');
    const { exit, err } = await ballast(...ARGS, '--out', 'bars.csv');
    expect([exit, paths(), readFileSync(OUT, 'utf8')]).toEqual([EXIT.usage, [], 'mine']);
    expect(err).toContain('error FILE_EXISTS');
  });

  it('shows a refusal with the source, its rule and the next step', async () => {
    const detail = 'The bars asked for hold data of sources that may not be exported: fmp (Needs a licence.)';
    world.answers[PATH] = [{ status: 403, body: { code: 'EXPORT_NOT_PERMITTED', detail, nextStep: 'Leave it out.' } }];
    const { exit, out, err } = await ballast(...ARGS, '--out', 'bars.csv');
    expect({ exit, out }).toEqual({ exit: EXIT.blocked, out: '' });
    expect(err).toBe(`error EXPORT_NOT_PERMITTED: ${detail}\n  next:  Leave it out.\n`);
    expect(existsSync(OUT)).toBe(false);
  });

  it.each([
    [['--what', 'all'], '--what: "all" is not one of bars, reference, facts'],
    [['--what', 'reference'], '--kind: is needed: one of listing'],
    [['--what', 'facts'], '--kind: is needed: one of flow'],
    [['--what', 'facts', '--kind', 'sector'], '--kind: "sector" is not one of flow'],
    [['--kind', 'sector'], '--kind: is of --what reference and --what facts'],
    [['--known-at', '2026-11-20T14:30:00.000Z'], '--known-at: is of --what facts'],
    [['--what', 'facts', '--kind', 'flow', '--known-on', '2026-11-20'], '--known-on: is of --what reference'],
    [['--from', '2017-06-30', '--to', '2017-01-03'], '--to: 2017-01-03 lies before --from 2017-06-30'],
  ])('with %j is wrong usage', async (args, hint) => {
    const { exit, err } = await ballast('data', 'export', ...args);
    expect([exit, paths()]).toEqual([EXIT.usage, []]);
    expect(err).toContain(hint);
  });
});
