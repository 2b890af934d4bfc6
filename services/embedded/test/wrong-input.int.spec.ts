import { readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { CycleSummary } from '@ballast/embedded';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { sessionsBetween } from '@ballast/kernel/calendar';
import { execute, importEnded, lastClosed, up, type Api, type ImportAnswer, type Refusal } from './api.js';
import { ballast, makeHome, type BallastProcess } from './ballast.js';

/** A port on loopback that nobody listens on, as far as anybody can tell. */
async function closedPort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((listening) => probe.listen(0, '127.0.0.1', listening));
  const { port } = probe.address() as AddressInfo;
  await new Promise((closed) => probe.close(closed));
  return port;
}

describe('commands with wrong input', () => {
  let home: string;
  beforeAll(async () => {
    home = await makeHome();
  });

  it.each<[command: string, exit: number, code: string, where: RegExp]>([
    ['cycle run --as-of yesterday', 2, 'USAGE', /--as-of: "yesterday" is not a date; write it as YYYY-MM-DD/],
    ['cycle run --as-of 2025-02-30', 2, 'USAGE', /--as-of: 2025-02-30 is a day that no calendar has/],
    ['cycle run --as-of 2025-06-15', 2, 'USAGE', /--as-of: NYSE did not trade .* take 2025-06-13 .* or 2025-06-16/],
    ['cycle run --data nowhere.csv', 2, 'USAGE', /--data: there is no file .*nowhere\.csv/],
    ['cycle run --cash -5 --days 0 --symbols aapl', 2, 'USAGE', /--symbols: .*AAPL[^]*--cash: [^]*--days: /],
    ['cycle run --symbols A --universe 5', 2, 'USAGE', /--universe: cannot go with --symbols/],
    ['cycle get no-id', 2, 'USAGE', /<id>: "no-id" is not an id/],
    ['order place --symbol SYN001 --side hold --quantity 0', 2, 'USAGE', /--side: [^]*--quantity: [^]*--reason: /],
    ['start --port 99999', 2, 'USAGE', /--port: "99999" is not a whole number from 0 to 65535/],
    ['halt on', 2, 'USAGE', /--reason: a reason of 3 to 500 characters is needed/],
    ['cycle fly', 2, 'UNKNOWN_COMMAND', /unknown command 'fly'/],
    ['order cancel --all --reason by-hand', 9, 'HOST_NOT_RUNNING', /needs one that goes on working/],
  ])('ballast %s', async (command, exit, code, where) => {
    const ended = await ballast(home, command.split(' '));
    expect({ exit: ended.exit, out: ended.out }).toEqual({ exit, out: '' });
    expect(ended.err).toContain(`error ${code}: `);
    expect(ended.err).toMatch(where);
    expect(ended.err).toMatch(/\n {2}next: {2}\S.*\n$/);
  });
});

describe('a simulated venue that nobody can make', () => {
  it.each([['cycle run --json'], ['start --port 0']])('ballast %s', async (command) => {
    const env = { PAPER_BROKER_FEES: 'everywhere', PAPER_BROKER_IMPCAT: 'propagator' };
    const { exit, out, err } = await ballast(await makeHome(), command.split(' '), env);
    expect({ exit, out }).toEqual({ exit: 2, out: '' });
    expect(err).toMatch(
      /error PAPER_BROKER_CONFIG: [^]*PAPER_BROKER_IMPCAT: [^]*PAPER_BROKER_FEES: .*"none"\|"us"\|"nse"/,
    );
  });
});

describe('a machine that lacks something', () => {
  const run = ['cycle', 'run', '--json', '--as-of', '2025-06-16', '--symbols', 'SYN001,SYN002'];
  const refused = async (home: string, args: readonly string[], env: Record<string, string>, code: string) => {
    const { exit, out, err } = await ballast(home, args, env);
    expect({ exit, out, err }).toEqual({ exit: 9, out: '', err: expect.stringContaining(`error ${code}: `) });
    expect(err).toMatch(/\n {2}next: {2}\S.*\n$/);
    return err;
  };

  it('names the database that does not answer, without its password', async () => {
    const port = await closedPort();
    const url = `postgres://somebody:a-password@127.0.0.1:${port}/postgres`;
    const err = await refused(await makeHome(), run, { DATABASE_URL: url }, 'DATABASE_UNREACHABLE');
    expect(err).toContain(`127.0.0.1:${port}`);
    expect(err).toContain('unset DATABASE_URL');
    expect(err).not.toContain('a-password');
  }, 120_000);

  it('names the NATS server that does not answer, and leaves nothing running', async () => {
    const home = await makeHome();
    const port = await closedPort();
    const err = await refused(home, run, { NATS_URL: `nats://127.0.0.1:${port}` }, 'NATS_UNREACHABLE');
    expect(err).toContain(`127.0.0.1:${port}`);
    expect(err).toContain('unset NATS_URL');
    await expect(readFile(join(home, 'postgres/data/postmaster.pid'))).rejects.toThrow('ENOENT');
  }, 120_000);

  it('leaves the data of a newer version alone', async () => {
    const home = await makeHome();
    await writeFile(join(home, 'version.json'), JSON.stringify({ dataVersion: 99 }));
    const err = await refused(home, run, {}, 'HOME_NEWER');
    expect(err).toMatch(/is of version 99, and this program knows \d+/);
    expect(await readFile(join(home, 'version.json'), 'utf8')).toBe(JSON.stringify({ dataVersion: 99 }));
  }, 120_000);

  it('runs a cycle without a nats-server, and says in one plain line that it does', async () => {
    const env = { BALLAST_OFFLINE: '1', PATH: dirname(process.execPath), NATS_SERVER_BIN: undefined };
    const { exit, out, err } = await ballast(await makeHome(), run, env);
    expect({ exit, err }).toEqual({ exit: 0, err: expect.any(String) });
    expect(err.split('\n').filter((line) => line.includes('nats-server'))).toEqual([
      expect.stringMatching(
        /^No nats-server could be had \(.*BALLAST_OFFLINE=1.*\); messages stay within this process\.$/,
      ),
    ]);
    expect((JSON.parse(out) as CycleSummary).orders.filled).toBeGreaterThan(0);
  }, 240_000);
});

describe('requests with wrong input', () => {
  let home: string;
  let host: BallastProcess;
  let api: Api;
  let book: string;
  const cycle = { patternId: 'daily-rebalance', asOf: '2025-06-16', trigger: 'operator' };
  const order = { book: 'main', symbol: 'SYN001', side: 'buy', quantity: '10', by: 'a test', reason: 'by hand' };

  beforeAll(async () => {
    home = await makeHome();
    ({ host, api, book } = await up(home));
  }, 240_000);

  const asked = async (path: string, body: unknown, headers: Record<string, string> = {}) =>
    body === null ? api.get<Refusal>(path, headers) : api.post<Refusal>(path, body, headers);

  it.each<
    [what: string, path: string, body: unknown, headers: Record<string, string>, expected: [number, string, string?]]
  >([
    ['no token', '/api/v1/books', null, { authorization: '' }, [401, 'UNAUTHORIZED']],
    ['a wrong token', '/v1/execute', cycle, { authorization: 'Bearer of-bad-news-0000' }, [401, 'UNAUTHORIZED']],
    ['no such path', '/api/v1/nothing', null, {}, [404, 'ROUTE_NOT_FOUND']],
    ['no JSON', '/v1/execute', '{"patternId":', {}, [400, 'INVALID_JSON']],
    ['no key', '/v1/execute', cycle, { 'idempotency-key': '' }, [400, 'IDEMPOTENCY_KEY_REQUIRED', 'Idempotency-Key']],
    ['missing fields', '/v1/execute', {}, {}, [400, 'INVALID_REQUEST', 'patternId']],
    ['no such pattern', '/v1/execute', { ...cycle, patternId: 'nope' }, {}, [404, 'PATTERN_NOT_FOUND', 'patternId']],
    ['no date', '/v1/execute', { ...cycle, asOf: 'soon' }, {}, [400, 'INVALID_ASOF_DATE', 'asOf']],
    ['a Sunday', '/v1/execute', { ...cycle, asOf: '2025-06-15' }, {}, [400, 'INVALID_ASOF_DATE', 'asOf']],
    ['a day to come', '/v1/execute', { ...cycle, asOf: '2098-06-16' }, {}, [400, 'INVALID_ASOF_DATE', 'asOf']],
    ['no such book', '/v1/execute', { ...cycle, portfolioId: 'other' }, {}, [404, 'BOOK_NOT_FOUND', 'portfolioId']],
    ['no such cycle', '/api/v1/cycles/00000000-0000-4000-8000-000000000000', null, {}, [404, 'CYCLE_NOT_FOUND']],
    ['no id', '/api/v1/cycles/mine', null, {}, [400, 'INVALID_REQUEST', 'cycleId']],
    ['a page too large', '/api/v1/cycles?limit=100000', null, {}, [400, 'INVALID_REQUEST', 'limit']],
    ['a broken cursor', '/api/v1/execution/orders?cursor=x', null, {}, [400, 'INVALID_REQUEST', 'cursor']],
    ['no shares', '/api/v1/orders', { ...order, quantity: '0' }, {}, [400, 'INVALID_REQUEST', 'quantity']],
    ['a field too many', '/api/v1/orders', { ...order, price: '1' }, {}, [400, 'INVALID_REQUEST', 'price']],
    ['a relative path', '/api/v1/feeds/imports', { path: 'bars.csv' }, {}, [400, 'INVALID_REQUEST', 'path']],
  ])('%s: %s', async (_what, path, body, headers, [status, code, field]) => {
    const answer = await asked(path, body, headers);
    expect(answer).toMatchObject({ status, body: { status, code } });
    expect(answer.body.detail).toMatch(/\S/);
    expect(answer.body.nextStep).toMatch(/\S/);
    if (field !== undefined) expect(answer.body.errors?.map((error) => error.field)).toContain(field);
  });

  it('a port that is taken', async () => {
    const { port } = new URL(api.url);
    const { exit, err } = await ballast(await makeHome(), ['start', '--port', port, '--schedule', 'off']);
    expect({ exit, err }).toEqual({ exit: 9, err: expect.stringContaining('error PORT_IN_USE: ') });
    expect(err).toMatch(new RegExp(`port ${port} .*--port`));
  }, 240_000);

  it('a host in the way of options that would change its clock or its data', async () => {
    const { exit, err } = await ballast(home, ['cycle', 'run', '--days', '2', '--fresh']);
    expect(exit).toBe(1);
    expect(err).toMatch(/error HOST_RUNNING: [^]*where: --days[^]*where: --fresh[^]*next: /);
  }, 120_000);

  it('a key for other data, and a second cycle of one book', async () => {
    const asOf = lastClosed();
    const key = { 'idempotency-key': 'one-cycle' };
    const opened = await execute<{ cycleId: string }>(api, key);
    expect(opened).toMatchObject({
      status: 200,
      body: { pricing_pack_id: expect.stringMatching(/^[0-9a-f]{64}$/), ledger_commit_hash: expect.any(String) },
    });
    const repeated = await api.post<{ cycleId: string }>('/v1/execute', { ...cycle, asOf }, key);
    expect(repeated.body.cycleId).toBe(opened.body.cycleId);
    const reused = await api.post<Refusal>('/v1/execute', { ...cycle, asOf: '2025-06-16' }, key);
    expect(reused).toMatchObject({ status: 422, body: { code: 'IDEMPOTENCY_KEY_REUSED' } });
    const second = await api.post<Refusal>('/v1/execute', { ...cycle, asOf });
    expect(second).toMatchObject({ status: 409, body: { code: 'CYCLE_OPEN', nextStep: expect.any(String) } });
    const byCommand = await ballast(home, ['cycle', 'run', '--book', book, '--as-of', asOf, '--json']);
    expect({ exit: byCommand.exit, out: byCommand.out }).toEqual({ exit: 6, out: '' });
    expect(byCommand.err).toContain('error CYCLE_OPEN: ');
  }, 240_000);

  describe('files', () => {
    const dates = sessionsBetween('2025-01-02', '2025-03-31');
    const header = 'date,symbol,open,high,low,close,volume';
    const rows = ['AAA', 'BBB'].flatMap((symbol, s) =>
      dates.map(({ date }, d) => `${date},${symbol},${50 + s},${52 + s},${49 + s},${50 + s}.${10 + d},1000`),
    );
    const csv = (lines: readonly string[]): string => `${[header, ...lines].join('\n')}\n`;
    let n = 0;

    const imported = async (bytes: string | Buffer, name = `file-${++n}`): Promise<ImportAnswer> => {
      const path = join(home, `${name}.csv`);
      await writeFile(path, bytes);
      const started = await api.post<{ importId: string }>('/api/v1/feeds/imports', { path, name });
      expect(started.status).toBe(202);
      return importEnded(api, started.body.importId);
    };
    const history = async (): Promise<unknown> => (await api.get('/api/v1/feeds/history')).body;

    it.each<[what: string, bytes: string | Buffer, code: string, reason: RegExp]>([
      ['cut off', gzipSync(csv(rows)).subarray(0, -20), 'FILE_TRUNCATED', /\S/],
      ['empty', '', 'FILE_EMPTY', /\S/],
      ['without a column', 'date,symbol,close\n2025-01-02,AAA,1\n', 'HEADER_INCOMPLETE', /open/],
      ['of words', csv(['2025-01-02,AAA,one,two,three,four,five']), 'NO_USABLE_ROW', /\S/],
      ['with too many words', csv(rows.map((row, i) => (i % 3 ? row : `${row} many`))), 'TOO_MANY_REFUSED', /\S/],
    ])(
      '%s: nothing is imported',
      async (_what, bytes, code, reason) => {
        const before = await history();
        const ended = await imported(bytes);
        expect(ended).toMatchObject({ status: 'refused', code, outcome: { nextStep: expect.stringMatching(/\S/) } });
        expect(ended.reason).toMatch(reason);
        expect(await history()).toEqual(before);
      },
      60_000,
    );

    it('shuffled, with duplicates and words: repaired as documented, with the numbers of the rows', async () => {
      const shuffled = [...rows].sort((a, b) => (a.slice(-7) + a < b.slice(-7) + b ? -1 : 1));
      const word = rows[3]!.replace(',50,', ',fifty,');
      const contradiction = rows[7]!.replace(/1000$/, '2000');
      const lines = [...shuffled.filter((row) => row !== rows[3]), rows[5]!, word, contradiction];
      const ended = await imported(csv(lines));
      expect(ended).toMatchObject({ status: 'imported', outcome: { added: rows.length - 2 } });
      const report = JSON.stringify(ended.outcome!.report);
      expect(report).toContain('NOT_NUMERIC');
      expect(report).toContain('CONFLICTING_DUPLICATE');
      // The header is the first row of the file.
      expect(report).toContain(`"row":${lines.indexOf(word) + 2}`);
      expect(report).toContain(`"row":${lines.indexOf(contradiction) + 2}`);
    }, 120_000);

    it('that says other values of known bars: nothing changes', async () => {
      await imported(csv(rows), 'known');
      const before = await history();
      const restated = await imported(csv(rows.with(4, rows[4]!.replace(/1000$/, '9999'))), 'known');
      expect(restated).toMatchObject({ status: 'refused', code: 'HISTORY_RESTATED' });
      expect(restated.reason).toContain(`AAA ${dates[4]!.date}`);
      expect(await history()).toEqual(before);
    }, 120_000);

    it('of a command: refused in the same words, before a cycle is opened', async () => {
      const other = await makeHome();
      const data = join(other, 'cut-off.csv.gz');
      await writeFile(data, gzipSync(csv(rows)).subarray(0, -20));
      const { exit, out, err } = await ballast(other, ['cycle', 'run', '--data', data, '--json']);
      expect({ exit, out }).toEqual({ exit: 2, out: '' });
      expect(err).toMatch(/error FILE_TRUNCATED: [^]*\n {2}next: {2}\S/);
      expect(err).not.toContain('opening');
    }, 120_000);
  });

  it('ends on SIGTERM like on Ctrl-C', async () => {
    expect(await host.kill('SIGTERM')).toMatchObject({ exit: 0 });
  }, 120_000);
});
