import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { jetstreamManager } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { natsBinaryForTests } from './nats.fixture.js';
import { startNatsServer, type NatsServer } from './server.js';

const found = await natsBinaryForTests();
const suite = found === null ? describe.skip : describe;
const bin = found ?? '';

const lives = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  // An orphan that has ended stays in the table where nobody buries it.
  return !(existsSync(`/proc/${pid}/stat`) && readFileSync(`/proc/${pid}/stat`, 'utf8').includes(') Z '));
};

suite('startNatsServer', () => {
  let storeDir: string;
  let running: NatsServer[];
  const start = async (options: { config?: string; port?: number; syncAlways?: boolean; bin?: string } = {}) => {
    const server = await startNatsServer({ bin, storeDir, ...options });
    running.push(server);
    return server;
  };

  beforeEach(async () => {
    storeDir = await mkdtemp(join(tmpdir(), 'ballast-server-'));
    running = [];
  });
  afterEach(async () => {
    for (const server of running) await server.stop();
    await rm(storeDir, { recursive: true, force: true });
  });

  it('listens on a free port of loopback with JetStream, keeps its store, and goes when stopped', async () => {
    const server = await start({ syncAlways: true });
    expect(server.url).toMatch(/^nats:\/\/127\.0\.0\.1:\d+$/);
    const connection = await connect({ servers: server.url });
    const manager = await jetstreamManager(connection);
    await manager.streams.add({ name: 'KEPT', subjects: ['kept.>'] });
    await connection.close();
    await server.stop();
    expect(lives(server.pid)).toBe(false);

    const again = await start({ port: Number(new URL(server.url).port) });
    expect(again.url).toBe(server.url);
    const second = await connect({ servers: again.url });
    await expect((await jetstreamManager(second)).streams.info('KEPT')).resolves.toMatchObject({
      config: { name: 'KEPT' },
    });
    await second.close();
  });

  it('says what the server said when it does not start', async () => {
    await expect(start({ config: 'no_such_field: 1' })).rejects.toMatchObject({ code: 'NATS_DID_NOT_START' });
    await expect(start({ config: 'no_such_field: 1' })).rejects.toThrow('no_such_field');
    await expect(start({ bin: join(storeDir, 'nothing') })).rejects.toThrow('ENOENT');
  });

  it('says that the port is taken', async () => {
    const first = await start();
    const other = await mkdtemp(join(tmpdir(), 'ballast-server-'));
    const second = startNatsServer({ bin, storeDir: other, port: Number(new URL(first.url).port) });
    await expect(second).rejects.toThrow('address already in use');
    await rm(other, { recursive: true });
  });

  it('refuses a store whose server is in use, and leaves that server alone', async () => {
    const first = await start();
    await expect(start()).rejects.toMatchObject({ name: 'Fault', code: 'NATS_STORE_IN_USE' });
    expect(lives(first.pid)).toBe(true);
  });

  it('ends a server whose host was killed before it starts its own', async () => {
    const first = await start();
    await first.stop();
    // A shell that starts the server and ends at once is a host that was killed: nobody is left to stop it.
    const shell = `"${bin}" -c "${join(storeDir, 'nats-server.conf')}" >/dev/null 2>&1 & echo $$ $!`;
    const [parent, orphan] = execFileSync('sh', ['-c', shell]).toString().trim().split(' ').map(Number) as [
      number,
      number,
    ];
    await writeFile(join(storeDir, 'nats-server.pid'), JSON.stringify({ pid: orphan, parent }));
    expect(lives(orphan)).toBe(true);
    const second = await start();
    expect(lives(orphan)).toBe(false);
    expect(lives(second.pid)).toBe(true);
  });

  it('leaves a process alone that has the pid of an old server by chance', async () => {
    await writeFile(join(storeDir, 'nats-server.pid'), JSON.stringify({ pid: process.pid, parent: 1 }));
    const server = await start();
    expect(JSON.parse(await readFile(join(storeDir, 'nats-server.pid'), 'utf8'))).toEqual({
      pid: server.pid,
      parent: process.pid,
    });
  });

  it('is killed when this process exits', async () => {
    const before = process.listeners('exit');
    const server = await start();
    const added = process.listeners('exit').filter((listener) => !before.includes(listener));
    for (const listener of added) listener(0);
    await expect(server.ended).resolves.toBe('signal SIGKILL');
  });
});
