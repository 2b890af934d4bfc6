// One active instance a service, on a real Postgres: what docs/adr/0018 promises of the one that takes over and of the one that
// was stopped and goes on. Processes that are killed and stopped are in services/embedded/src/host/failover.int.spec.ts.
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { local, perform, work } from '@ballast/contracts';
import { createTestDatabase, type TestDatabase } from '@ballast/testing';
import { Controller, Injectable } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import type { DataSource } from 'typeorm';
import { z } from 'zod';
import { Superseded } from '../errors.js';
import {
  createDataSource,
  createLogger,
  defineService,
  Door,
  FilePackStore,
  LocalBus,
  On,
  Readiness,
  Secret,
  startService,
  SystemClock,
  type InboxContext,
  type Runner,
  type RunningService,
  type ServiceDefinition,
  type Work,
} from '../index.js';
import { InstanceLease, STANDBY_POLL_MS } from './instance-lease.js';

const Order = local('command.order', z.object({}));
const Strike = work('strike', z.object({}), z.object({}), { atMostOnce: true });

@Controller()
class OnOrder {
  @On(Order)
  handle(@Payload() _: unknown, @Ctx() ctx: InboxContext<'allocator'>): void {
    ctx.later([perform(Strike, 'bell', {})]);
    ctx.reply({ ordered: true });
  }
}

@Controller()
class OnStruck {
  @On(Strike.answered)
  handle(): void {
    // That it came in is all that counts.
  }
}

/** What the runner of an instance does when it is called; a spec sets it. */
let strike: (piece: Work<object>) => Promise<object>;

@Injectable()
class RunStrike implements Runner<object, object> {
  readonly work = Strike;
  run(piece: Work<object>): Promise<object> {
    return strike(piece);
  }
}

const bell = defineService({
  name: 'allocator',
  config: z.object({}),
  entities: [],
  migrations: [],
  controllers: [OnOrder, OnStruck],
  runners: [RunStrike],
});

let database: TestDatabase;
let admin: pg.Client;
const closing: (() => Promise<unknown>)[] = [];

beforeEach(async () => {
  database = await createTestDatabase([bell.name]);
  admin = new pg.Client({ connectionString: database.adminUrl });
  await admin.connect();
  strike = () => Promise.resolve({});
});
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
  await admin.end();
  await database.drop();
});

const until = async (found: () => boolean | Promise<boolean>): Promise<void> => {
  while (!(await found())) await pause(20);
};

/** What became of the strikes, as it was committed. */
const outcomes = async (): Promise<string[]> => {
  const { rows } = await admin.query<{ status: string }>(
    `select body #>> '{data,outcome,status}' as status from allocator.inbox where type = $1 order by turn`,
    [Strike.answered.type],
  );
  return rows.map(({ status }) => status);
};

/** Ends the session that holds the instance lock, as a network does that breaks. */
const breakLockSession = (): Promise<unknown> =>
  admin.query(
    `select pg_terminate_backend(pid) from pg_locks join pg_stat_activity using (pid)
      where locktype = 'advisory' and granted and datname = current_database()`,
  );

/** Ends all sessions of the service and lets it open none, as a Postgres does that is being started again. */
const shutOut = async (): Promise<void> => {
  await allowSessions(0);
  await admin.query(`select pg_terminate_backend(pid) from pg_stat_activity where usename = '${bell.name}'`);
};
const allowSessions = (most: number): Promise<unknown> =>
  admin.query(`alter database ${new URL(database.adminUrl).pathname.slice(1)} connection limit ${most}`);

describe('a lease', () => {
  /** A lease of an instance of its own. */
  const instance = async (leaseMs: number): Promise<{ lease: InstanceLease; dataSource: DataSource }> => {
    const url = database.url(bell.name);
    const dataSource = createDataSource({ service: bell.name, url, entities: [], migrations: [] });
    await dataSource.initialize();
    closing.push(() => dataSource.destroy());
    return { lease: new InstanceLease({ dataSource, schema: bell.name, leaseMs }), dataSource };
  };
  const nobody = (): boolean => false;
  const take = (lease: InstanceLease): Promise<void> => lease.acquire(() => undefined, nobody);

  it('has an epoch that each instance raises by one, and is handed over at once by one that ends in order', async () => {
    const { lease: first } = await instance(60_000);
    const { lease: second } = await instance(60_000);
    await take(first);
    const taking = take(second);
    await first.release();
    await taking;
    expect([first.epoch, second.epoch]).toEqual([1, 2]);
  });

  it('goes to another instance when its holder has fallen silent, whatever that one still holds open', async () => {
    const { lease: silent, dataSource } = await instance(200);
    await take(silent);
    // A process that is stopped in the middle of a transaction of its inbox.
    const stopped = dataSource.createQueryRunner();
    await stopped.startTransaction();
    await stopped.query(`select take_turn(1, $1)`, [silent.epoch]);
    await stopped.query(`select pg_advisory_xact_lock_shared(1)`);
    const { lease: next } = await instance(60_000);
    await take(next);
    expect(next.epoch).toBe(2);
    await expect(stopped.query(`select 1`)).rejects.toThrow();

    await expect(silent.confirm()).rejects.toThrow();
    await expect(silent.renew()).rejects.toBeInstanceOf(Superseded);
    await expect(dataSource.query(`select take_turn(1, $1)`, [silent.epoch])).rejects.toThrow(/epoch 1 .* is over/);
  });

  it('is kept by a holder whose session broke, as long as nobody else has become active', async () => {
    const { lease } = await instance(60_000);
    await take(lease);
    await breakLockSession();
    await until(() =>
      lease.renew().then(
        () => true,
        () => false,
      ),
    );
    await lease.confirm();
    expect(lease.epoch).toBe(1);
    const { rows } = await admin.query(
      `select from pg_locks join pg_stat_activity using (pid)
        where locktype = 'advisory' and granted and datname = current_database()`,
    );
    expect(rows).toHaveLength(1);
  });

  it('is renewed again once Postgres is back, after attempts that found it away', async () => {
    const { lease } = await instance(60_000);
    await take(lease);
    await shutOut();
    const refused = (error: Error): boolean => /too many connections/.test(error.message);
    for (let attempts = 0; attempts < 3;) attempts += Number(await lease.renew().then(() => false, refused));
    await allowSessions(-1);
    await lease.renew();
    await lease.confirm();
    expect(lease.epoch).toBe(1);
  });

  it('is taken by a standby that was shut out of Postgres while it waited', async () => {
    const { lease: first } = await instance(60_000);
    const { lease: second } = await instance(60_000);
    await take(first);
    let standsBy = false;
    const taking = second.acquire(() => (standsBy = true), nobody);
    await until(() => standsBy);
    await shutOut();
    await pause(3 * STANDBY_POLL_MS);
    await allowSessions(-1);
    await taking;
    expect(second.epoch).toBe(2);
  });

  it('that ran out confirms nothing until it is renewed', async () => {
    const { lease } = await instance(100);
    await take(lease);
    await pause(150);
    await expect(lease.confirm()).rejects.toMatchObject({ code: 'LEASE_STALE' });
    await lease.renew();
    await lease.confirm();
  });
});

describe('two instances of a service', () => {
  const start = async (superseded: (detail: string) => void = () => undefined): Promise<RunningService> => {
    const folder = mkdtempSync(join(tmpdir(), 'ballast-lease-'));
    const bus = new LocalBus();
    const service = await startService(bell as unknown as ServiceDefinition, {
      clock: new SystemClock(),
      bus,
      packs: new FilePackStore(folder),
      env: () => ({}),
      databaseUrl: database.url,
      token: new Secret('token-of-two-instances'),
      logger: (name) => createLogger({ service: name, level: 'silent' }),
      superseded: (_name, detail) => superseded(detail),
      drive: 'loops',
    });
    closing.push(async () => {
      await service.stop();
      await bus.close();
      rmSync(folder, { recursive: true });
    });
    return service;
  };
  const stateOf = async (service: RunningService): Promise<string> => (await service.app.get(Readiness).report()).state;
  const order = (service: RunningService, key: string): Promise<unknown> =>
    service.app.get(Door).command(Order, 'bell', {}, key);

  it('work one after the other: the second stands by, says so, and takes over when the first ends', async () => {
    const first = await start();
    await first.activate();
    const second = await start();
    const active = second.activate();
    await until(async () => (await stateOf(second)) === 'standby');
    expect(await stateOf(first)).toBe('ready');
    await first.stop();
    await active;
    expect(second.role()).toEqual({ up: true, detail: 'active under epoch 2' });
    await order(second, 'one');
    await until(async () => (await outcomes()).length > 0);
    expect(await outcomes()).toEqual(['done']);
  });

  it('never both do what cannot be repeated: who was taken over while it waited to do it does not do it any more', async () => {
    const told: string[] = [];
    const first = await start((detail) => told.push(detail));
    await first.activate();
    const done: string[] = [];
    let goOn: () => void = () => undefined;
    strike = async ({ confirm }) => {
      await new Promise<void>((resolve) => (goOn = resolve));
      await confirm();
      done.push('first');
      return {};
    };
    let waiting = false;
    const held = strike;
    strike = (piece) => {
      waiting = true;
      return held(piece);
    };
    await order(first, 'one');
    await until(() => waiting);
    strike = () => Promise.resolve({}).finally(() => done.push('second'));
    const second = await start();
    const active = second.activate();
    await until(async () => (await stateOf(second)) === 'standby');
    // As if the first one had been silent for too long; it renews every second, so this is said until the second has seen it.
    await until(async () => {
      await admin.query(
        `update allocator.instance_lease set expires_at = clock_timestamp() - interval '1 s' where epoch = 1`,
      );
      return told.length > 0;
    });
    await active;
    goOn();
    await until(async () => (await outcomes()).length > 0);
    await first.tasks.settled();
    expect(await outcomes()).toEqual(['unknown']);
    expect(done).toEqual([]);
    expect(first.role().up).toBe(false);
    expect(await stateOf(first)).toBe('unready');
    await expect(order(first, 'two')).rejects.toMatchObject({ status: 503, code: 'TRY_AGAIN' });
  }, 60_000);
});
