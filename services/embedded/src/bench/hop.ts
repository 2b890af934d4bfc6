import { fact, local, OpinionRecorded, sha256, type DataOf } from '@ballast/contracts';
import {
  createLogger,
  defineService,
  Door,
  FilePackStore,
  On,
  provisionDatabase,
  Secret,
  startService,
  SystemClock,
  type Host,
  type InboxContext,
  type RunningService,
  type ServiceDefinition,
} from '@ballast/platform';
import { setTimeout as pause } from 'node:timers/promises';
import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { Logger, makeWorkerUtils, run as runWorker } from 'graphile-worker';
import pg from 'pg';
import type { MigrationInterface, QueryRunner } from 'typeorm';
import { z } from 'zod';
import type { Ground } from './ground.js';

const Say = local('command.say', z.object({ count: z.int() }));

const textId = sha256('bench');
const opinion = (n: number): DataOf<typeof OpinionRecorded> => ({
  sourceId: `source-${n % 50}`,
  textId,
  stance: 'neutral',
  index: null,
  sentences: { hawkish: 0, dovish: 0, neutral: n },
  method: 'dictionary',
  publishedAt: '2026-01-02T00:00:00.000Z',
});

/** Says as many facts as it is asked for, in one transaction. */
@Controller()
class OnSay {
  @On(Say)
  handle(@Payload() message: { data: { count: number } }, @Ctx() ctx: InboxContext<'policy'>): void {
    ctx.emit(Array.from({ length: message.data.count }, (_, n) => fact(OpinionRecorded, opinion(n))));
    ctx.reply({ said: message.data.count });
  }
}

class Effect1763600100000 implements MigrationInterface {
  readonly name = 'Effect1763600100000';
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      `create table effect (id bigint generated always as identity primary key, event_id uuid not null, n int not null)`,
    );
  }
  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`drop table effect`);
  }
}

/** Writes one row a fact: the effect whose arrival is measured. */
@Controller()
class OnOpinion {
  @On(OpinionRecorded)
  handle(@Payload() event: OpinionRecorded, @Ctx() ctx: InboxContext<'allocator'>): void {
    ctx.insert('effect', [{ event_id: event.id, n: event.data.sentences.neutral }]);
  }
}

const producer = defineService({
  name: 'policy-analyst',
  config: z.object({}),
  entities: [],
  migrations: [],
  controllers: [OnSay],
});
const consumer = defineService({
  name: 'allocator',
  config: z.object({}),
  entities: [],
  migrations: [Effect1763600100000],
  controllers: [OnOpinion],
});

export interface HopRates {
  readonly batched: number;
  readonly oneAtATime: number;
}

const MESSAGES = 20_000;
const SINGLES = 500;

/** One hop of ours: command → outbox → relay → JetStream → consumer's transaction with its effect row. */
export async function benchHop(ground: Ground): Promise<HopRates> {
  const url = await provisionDatabase({
    adminUrl: ground.adminUrl,
    database: 'bench_hop',
    services: [producer.name, consumer.name],
    password: () => 'bench-password',
  });
  const { bus, close } = await ground.openBus();
  const host: Host = {
    clock: new SystemClock(),
    bus,
    packs: new FilePackStore(`${ground.folder}/packs`),
    env: () => ({}),
    databaseUrl: url,
    token: new Secret('token-of-the-benchmark'),
    logger: (service) => createLogger({ service, level: 'error' }),
    drive: 'loops',
  };
  const services: RunningService[] = [];
  for (const definition of [producer, consumer] as unknown as ServiceDefinition[]) {
    const service = await startService(definition, host);
    await service.activate();
    services.push(service);
  }
  const [from, to] = services as [RunningService, RunningService];
  const door = from.app.get(Door);
  await sayAndAwait(door, to, 'warm', 2_000, 100);
  const batched = await timed(MESSAGES, () => sayAndAwait(door, to, 'batched', MESSAGES, 100));
  const oneAtATime = await timed(SINGLES, async () => {
    for (let i = 0; i < SINGLES; i++) await sayAndAwait(door, to, `one-${i}`, 1, 1);
  });
  for (const service of services) await service.stop();
  await close();
  return { batched, oneAtATime };
}

async function sayAndAwait(
  door: Door,
  to: RunningService,
  name: string,
  messages: number,
  each: number,
): Promise<void> {
  const before = await effects(to);
  for (let said = 0; said < messages; said += each)
    await door.command(Say, 'bench', { count: each }, `${name}-${said}`);
  while ((await effects(to)) < before + messages) await pause(each === 1 ? 1 : 5);
}

async function effects(to: RunningService): Promise<number> {
  const [row] = await to.dataSource.query<{ n: number }[]>(`select coalesce(max(id), 0) as n from effect`);
  return Number(row!.n);
}

/** The same effect row by graphile-worker: jobs added in batches (or one by one), its fastest documented settings. */
export async function benchGraphile(ground: Ground): Promise<HopRates> {
  const admin = new pg.Client({ connectionString: ground.adminUrl });
  await admin.connect();
  await admin.query(`create database bench_graphile`);
  await admin.end();
  const connectionString = ground.adminUrl.replace(/\/postgres$/, '/bench_graphile');
  const pool = new pg.Pool({ connectionString, max: 12 });
  // The server is stopped before the pool's idle connections have ended; that they break then is no failure of the measurement.
  pool.on('error', () => undefined);
  pool.on('connect', (client) => client.on('error', () => undefined));
  await pool.query(
    `create table effect (id bigint generated always as identity primary key, event_id uuid not null, n int not null)`,
  );
  const logger = new Logger(() => () => undefined);
  const utils = await makeWorkerUtils({ pgPool: pool, logger });
  await utils.migrate();
  const runner = await runWorker({
    pgPool: pool,
    logger,
    concurrency: 10,
    noHandleSignals: true,
    preset: {
      worker: { localQueue: { size: 500 }, completeJobBatchDelay: 0, failJobBatchDelay: 0, concurrentJobs: 10 },
    },
    taskList: {
      effect: async (payload) => {
        const { id, n } = payload as { id: string; n: number };
        await pool.query(`insert into effect (event_id, n) values ($1, $2)`, [id, n]);
      },
    },
  });
  const id = '00000000-0000-5000-8000-000000000000';
  const count = async (): Promise<number> =>
    Number((await pool.query<{ n: string }>(`select coalesce(max(id), 0) as n from effect`)).rows[0]!.n);
  const addAndAwait = async (messages: number, each: number): Promise<void> => {
    const before = await count();
    for (let added = 0; added < messages; added += each) {
      await utils.addJobs(Array.from({ length: each }, (_, n) => ({ identifier: 'effect', payload: { id, n } })));
    }
    while ((await count()) < before + messages) await pause(each === 1 ? 1 : 5);
  };
  await addAndAwait(2_000, 100);
  const batched = await timed(MESSAGES, () => addAndAwait(MESSAGES, 100));
  const oneAtATime = await timed(SINGLES, async () => {
    for (let i = 0; i < SINGLES; i++) await addAndAwait(1, 1);
  });
  await runner.stop();
  await utils.release();
  await pool.end();
  return { batched, oneAtATime };
}

async function timed(count: number, run: () => Promise<void>): Promise<number> {
  const start = performance.now();
  await run();
  return (count * 1_000) / (performance.now() - start);
}
