import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { SERVICE_NAMES } from '@ballast/embedded';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { connect } from '@nats-io/transport-node';
import { up, type Api, type Refusal } from './api.js';
import {
  ballast,
  childrenOf,
  endProcess,
  eventually,
  gone,
  makeHome,
  noNats,
  type BallastProcess,
  type Ended,
} from './ballast.js';

interface AuditEntry {
  readonly act: string;
  readonly service: string;
  readonly cycleId: string | null;
  readonly detail: Readonly<Record<string, unknown>>;
}

let home: string;

const readiness = async (api: Api): Promise<Record<string, number>> =>
  Object.fromEntries(
    await Promise.all(
      SERVICE_NAMES.map(async (name) => [name, (await api.get(`/services/${name}/health/ready`)).status] as const),
    ),
  );

const allReady = Object.fromEntries(SERVICE_NAMES.map((name) => [name, 200]));

const audited = async (api: Api, act: string): Promise<AuditEntry[]> => {
  const { body } = await api.get<{ items: AuditEntry[] }>('/api/v1/audit?limit=1000');
  return body.items.filter((entry) => entry.act === act);
};

/** Ends a host as Ctrl-C does, and makes sure that nothing it started is left. */
async function interrupted(host: BallastProcess): Promise<Ended> {
  const started = (await childrenOf(host.pid)).map(({ pid }) => pid);
  const [postgres] = (await readFile(join(home, 'postgres/data/postmaster.pid'), 'utf8')).split('\n');
  expect(started.length).toBeGreaterThan(0);
  const ended = await host.kill('SIGINT');
  // Postgres takes its pid file away a moment before it is gone itself.
  await Promise.all([...started, Number(postgres)].map(gone));
  expect(await readdir(home)).not.toContain('run.json');
  return ended;
}

beforeAll(async () => {
  home = await makeHome();
});

describe('ballast start', () => {
  let host: BallastProcess;
  let api: Api;
  let book: string;

  beforeAll(async () => {
    ({ host, api, book } = await up(home));
  }, 240_000);

  it('keeps every service ready behind one address, and says when the exchange opens', async () => {
    expect(await readiness(api)).toEqual(allReady);
    expect(host.err).toMatch(/NYSE is (open until|closed; it opens) \d{4}-/);
    expect(host.err).toContain('paper trading');
    const status = await ballast(home, ['status', '-o', 'json']);
    expect(status.exit).toBe(0);
    expect(JSON.parse(status.out)).toMatchObject({ running: true, pid: host.pid, url: api.url });
  }, 120_000);

  it('lets no other host onto its data folder', async () => {
    const { exit, err } = await ballast(home, ['start', '--port', '0']);
    expect(exit).toBe(1);
    expect(err).toMatch(new RegExp(`error HOST_RUNNING: .*process ${host.pid}`));
  }, 120_000);

  it('refuses orders while halted, and takes them again once a person has said the name of the account', async () => {
    const order = ['--symbol', 'SYN001', '--side', 'buy', '--quantity', '10', '--reason', 'by hand'];
    const place = ['order', 'place', '--book', book, ...order];
    const on = await ballast(home, ['halt', 'on', '--book', book, '--reason', 'quotes are stale']);
    expect({ exit: on.exit, err: on.err }).toEqual({ exit: 0, err: expect.stringContaining('is halted') });
    await eventually(async () => (await audited(api, 'halt.raised')).length === 1);
    const refused = await ballast(home, place);
    expect({ exit: refused.exit, out: refused.out }).toEqual({ exit: 6, out: '' });
    expect(refused.err).toMatch(/error \w*HALTED: .*quotes are stale.*\n +next: .*halt off/);

    const lift = ['halt', 'off', '--book', book, '--reason', 'quotes are back'];
    expect(await ballast(home, lift)).toMatchObject({ exit: 3, err: expect.stringContaining('NOT_CONFIRMED') });
    expect(await ballast(home, [...lift, '--confirm', 'other'])).toMatchObject({ exit: 3 });
    expect(await ballast(home, [...lift, '--confirm', book])).toMatchObject({ exit: 0 });
    await eventually(async () => (await audited(api, 'halt.lifted')).length === 1);
    expect(await ballast(home, place)).toMatchObject({ exit: 0 });
    const [judged] = await eventually(async () => {
      const verdicts = await audited(api, 'plan.judged');
      return verdicts.length > 0 && verdicts;
    });
    expect(judged).toMatchObject({ service: 'risk-guardrails', detail: { origin: 'manual' } });
  }, 240_000);

  it('starts the venue again where it ends by itself, at the same address and with all it knew', async () => {
    const [, venue] = await host.said(/simulates the venue at (http:\/\/127\.0\.0\.1:\d+)/);
    const broker = (await childrenOf(host.pid)).find(({ command }) => command.includes('paper-broker'))!;
    await endProcess(broker.pid, 'SIGKILL');
    await host.said(/the paper broker ended by itself; starting it again/);
    const ready = await eventually(() =>
      fetch(`${venue}/health/ready`).then(
        (response) => response.ok && response.json(),
        () => null,
      ),
    );
    expect(ready).toEqual(expect.any(Object));
  }, 120_000);

  it('drains on Ctrl-C, leaves nothing running, and goes on from there at the next start', async () => {
    const before = await api.get<{ items: AuditEntry[] }>('/api/v1/audit?limit=1000');
    const ended = await interrupted(host);
    expect({ exit: ended.exit, out: ended.out }).toEqual({ exit: 0, out: '' });
    expect(ended.err).toMatch(/stopping: [^]*\nstopped.*\n$/);

    const next = await up(home);
    const after = await next.api.get<{ items: AuditEntry[] }>('/api/v1/audit?limit=1000');
    expect(after.body.items.slice(0, before.body.items.length)).toEqual(before.body.items);
    const verified = await next.api.get('/api/v1/audit/verify');
    expect(verified.body).toMatchObject({ ok: true });
    expect(next.book).toBe(book);
    expect(await next.api.get(`/api/v1/books/${book}`)).toMatchObject({ status: 200, body: { cash: '1000000' } });
    expect(await interrupted(next.host)).toMatchObject({ exit: 0 });
  }, 240_000);
});

describe('ballast start --processes', () => {
  it('is the same system with a process a service, which come back when they are killed', async () => {
    if (noNats !== null) return process.stderr.write(`skipped: ${noNats}\n`);
    const { host, api, book } = await up(home, '--processes');
    expect(await eventually(async () => isReady(await readiness(api)) && readiness(api))).toEqual(allReady);
    const children = await childrenOf(host.pid);
    const of = (name: string) => children.filter(({ command }) => command.includes(`/${name}/dist/main.js`));
    for (const name of SERVICE_NAMES) expect(of(name)).toHaveLength(1);

    const known = (await audited(api, 'plan.judged')).length;
    const order = { book, symbol: 'SYN001', side: 'buy', quantity: '10', by: 'a test', reason: 'by hand' };
    expect(await api.post('/api/v1/orders', order)).toMatchObject({ status: 202 });
    await eventually(async () => (await audited(api, 'plan.judged')).length === known + 1);

    await endProcess(of('tax')[0]!.pid, 'SIGKILL');
    await host.said(/tax ended by itself; starting it again/);
    const away = await api.get<Refusal>(`/api/v1/lots?book=${book}`);
    expect(away).toMatchObject({ status: 503, body: { code: 'SERVICE_AWAY' } });
    await eventually(async () => isReady(await readiness(api)));

    await expect(connect({ servers: await natsOf(home), timeout: 5_000 })).rejects.toThrow(/authorization/i);
    expect(await interrupted(host)).toMatchObject({ exit: 0 });
    return undefined;
  }, 180_000);
});

const isReady = (state: Record<string, number>): boolean => Object.values(state).every((status) => status === 200);

/** Where the nats-server of the processes listens, as it wrote it down. */
async function natsOf(folder: string): Promise<string> {
  const store = join(folder, 'nats/processes');
  const ports = (await readdir(store)).find((name) => name.endsWith('.ports'))!;
  return /nats:\/\/[^"]+/.exec(await readFile(join(store, ports), 'utf8'))![0];
}
