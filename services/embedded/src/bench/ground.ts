import { randomBytes } from 'node:crypto';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from '@nats-io/transport-node';
import { JetStreamBus, Provisioner, resolveNatsServer, startNatsServer, startPostgres } from '@ballast/platform';
import pg from 'pg';

/** What a benchmark stands on: a durable Postgres and a nats-server of its own, in a temporary folder. */
export interface Ground {
  readonly adminUrl: string;
  readonly natsUrl: string;
  readonly folder: string;
  readonly described: string;
  readonly pids: { readonly nats: number };
  openBus(): Promise<{ bus: JetStreamBus; close: () => Promise<void> }>;
  end(): Promise<void>;
}

/** Starts the ground. @throws where no nats-server can be had: without it there is no hop to measure. */
export async function startGround(log: (line: string) => void): Promise<Ground> {
  const folder = await mkdtemp(join(tmpdir(), 'ballast-bench-'));
  await chmod(folder, 0o755);
  const found = await resolveNatsServer({ env: process.env, home: process.env['BALLAST_HOME'] ?? '.ballast', log });
  if (!found.found) throw new Error(`no nats-server: ${found.reason}`);
  const postgres = await startPostgres({ home: join(folder, 'postgres'), password: randomBytes(16).toString('hex') });
  const nats = await startNatsServer({ bin: found.path, storeDir: join(folder, 'nats') });
  return {
    adminUrl: postgres.url,
    natsUrl: nats.url,
    folder,
    pids: { nats: nats.pid },
    described: `Postgres (fsync on), nats-server ${found.version} (file storage)`,
    openBus: () => openBus(nats.url),
    end: async () => {
      await nats.stop();
      await postgres.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function openBus(url: string): Promise<{ bus: JetStreamBus; close: () => Promise<void> }> {
  const connection = await connect({ servers: url });
  const provisioner = await Provisioner.over(connection);
  await provisioner.ensureStream();
  const bus = await JetStreamBus.connect({
    servers: url,
    name: 'bench',
    ensureDurable: (request) => provisioner.ensureDurable(request),
  });
  const close = async (): Promise<void> => {
    await bus.close();
    await connection.close();
  };
  return { bus, close };
}

/** The limits of this machine, measured in the same run: what no design can pass. */
export async function machineLimits(ground: Ground): Promise<Record<string, number>> {
  const client = new pg.Client({ connectionString: ground.adminUrl });
  await client.connect();
  await client.query(`create table limit_probe (n int, body text)`);
  const commits = await rate(500, async () => void (await client.query(`insert into limit_probe values (1, 'x')`)));
  const rows = await rate(20, async () => {
    await client.query(`insert into limit_probe select n, 'x' from generate_series(1, 1000) as n`);
  });
  await client.query(`drop table limit_probe`);
  await client.end();
  const { bus, close } = await ground.openBus();
  const batch = Array.from({ length: 100 }, (_, i) => i);
  let id = 0;
  const publishes = await rate(50, async () => {
    await bus.publish(batch.map(() => ({ id: `limit-${id++}`, subject: 'ext.bench.limit', body: '{}', headers: {} })));
  });
  await close();
  return {
    'commits of one row, one connection /s': Math.round(commits),
    'rows inserted, 1,000 a statement /s': Math.round(rows * 1_000),
    'JetStream publications, 100 at a time /s': Math.round(publishes * 100),
  };
}

async function rate(times: number, run: () => Promise<void>): Promise<number> {
  const start = performance.now();
  for (let i = 0; i < times; i++) await run();
  return (times * 1_000) / (performance.now() - start);
}
