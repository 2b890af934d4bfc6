// What docs/concepts/effectively-once.md promises, on a real Postgres: each row of the crash table, order by key, parking, work that
// must not be done twice. The service under test is a counter that says one fact a message.
import { afterEach, describe, expect, it } from '@jest/globals';
import { CycleOpened, fact, local, perform, PlanDeclined, uuid5, wake, work } from '@ballast/contracts';
import { benchOf, openedCycle, type Bench } from '@ballast/testing';
import { Controller, Injectable } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import type { DataSource, MigrationInterface, QueryRunner } from 'typeorm';
import { z } from 'zod';
import { Fault, Retryable } from '../errors.js';
import { defineService, Door, On, type InboxContext, type Runner, type Work } from '../index.js';

class Counter1763600100000 implements MigrationInterface {
  readonly name = 'Counter1763600100000';
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`create table seen (place bigint generated always as identity, cycle_id uuid primary key)`);
  }
  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`drop table seen`);
  }
}

/** What the handler is to fail with, by pattern id; a spec sets it. */
const failures = new Map<string, Error>();

const Poke = local('command.poke', z.object({ times: z.number() }));
const Ring = local('timer.ring', z.object({ bell: z.string() }));
const Strike = work('strike', z.object({ hammer: z.string() }), z.object({ sound: z.string() }), { atMostOnce: true });
const Look = work('look', z.object({ at: z.string() }), z.object({ colour: z.string() }), { atMostOnce: false });

@Controller()
class OnCycleOpened {
  @On(CycleOpened)
  async handle(@Payload() event: CycleOpened, @Ctx() ctx: InboxContext<'allocator'>): Promise<void> {
    const { cycleId, portfolioId, patternId } = event.data;
    await ctx.tx.query(`insert into seen (cycle_id) values ($1)`, [cycleId]);
    ctx.emit([fact(PlanDeclined, { cycleId, portfolioId, code: 'COUNTED', reason: 'counted' })]);
    const failure = failures.get(patternId);
    if (failure) throw failure;
  }
}

@Controller()
class OnPoke {
  @On(Poke)
  handle(@Payload() event: { data: { times: number } }, @Ctx() ctx: InboxContext<'allocator'>): void {
    if (event.data.times < 0) {
      ctx.refuse({ status: 409, code: 'NEGATIVE', title: 'Negative', detail: 'less than none', nextStep: 'poke more' });
    } else ctx.reply({ poked: event.data.times });
    ctx.later([
      perform(Strike, 'bell', { hammer: 'big' }),
      perform(Look, 'bell', { at: 'bell' }),
      wake(Ring, 'bell', { bell: 'late' }, '2024-03-04T16:00:00.000Z'),
      wake(Ring, 'bell', { bell: 'soon' }, '2024-03-04T15:30:00.000Z'),
    ]);
  }
}

const heard: string[] = [];

@Controller()
class OnAnswers {
  @On(Strike.answered)
  onStrike(@Payload() event: { data: { outcome: { status: string } } }): void {
    heard.push(`strike ${event.data.outcome.status}`);
  }

  @On(Look.answered)
  onLook(@Payload() event: { data: { outcome: { status: string } } }): void {
    heard.push(`look ${event.data.outcome.status}`);
  }

  @On(Ring)
  onRing(@Payload() event: { data: { bell: string } }, @Ctx() ctx: InboxContext<'allocator'>): void {
    heard.push(`ring ${event.data.bell} ${ctx.now}`);
  }
}

/** What the world does when it is called; a spec sets it. */
let strike: (piece: Work<{ hammer: string }>) => Promise<{ sound: string }> = () => Promise.resolve({ sound: 'dong' });

@Injectable()
class RunStrike implements Runner<{ hammer: string }, { sound: string }> {
  readonly work = Strike;
  run(piece: Work<{ hammer: string }>): Promise<{ sound: string }> {
    return strike(piece);
  }
}

let looks = 0;

@Injectable()
class RunLook implements Runner<{ at: string }, { colour: string }> {
  readonly work = Look;
  run(): Promise<{ colour: string }> {
    if (++looks === 1) return Promise.reject(new Retryable('DARK', 'too dark'));
    return Promise.resolve({ colour: 'bronze' });
  }
}

const counter = defineService({
  name: 'allocator',
  config: z.object({}),
  entities: [],
  migrations: [Counter1763600100000],
  controllers: [OnCycleOpened, OnPoke, OnAnswers],
  runners: [RunStrike, RunLook],
});

const opened = (n: number, patternId = 'fine', portfolioId = 'main') => openedCycle(n, { patternId, portfolioId });

let bench: Bench;
const open = async (): Promise<Bench> => (bench = await benchOf(counter));
afterEach(async () => {
  await bench.close();
  failures.clear();
  heard.length = 0;
  looks = 0;
  strike = () => Promise.resolve({ sound: 'dong' });
});

const seen = async (source: DataSource = bench.service.dataSource): Promise<string[]> =>
  (await source.query<{ cycle_id: string }[]>(`select cycle_id from seen order by place`)).map((row) => row.cycle_id);

const counted = async (): Promise<string[]> => (await bench.said(PlanDeclined)).map(({ cycleId }) => cycleId);

const id = (n: number, portfolioId = 'main'): string => uuid5('cycle', portfolioId, n);

describe('a message', () => {
  it('that comes again is recognised and changes nothing, in one batch or in two', async () => {
    const { service } = await open();
    const message = bench.message(CycleOpened, opened(1));
    const outcomes = await service.inbox.receive([message, message]);
    expect(outcomes.map(({ status }) => status)).toEqual(['handled', 'duplicate']);
    expect((await service.inbox.receive([message]))[0]).toMatchObject({ status: 'duplicate' });
    expect(await seen()).toEqual([id(1)]);
    expect(await counted()).toEqual([id(1)]);
  });

  it('waits behind a gap of its key, passes on other keys, and is handled in order once the gap is filled', async () => {
    const { service } = await open();
    const [first, second, third] = [1, 2, 3].map((n) => bench.message(CycleOpened, opened(n)));
    const other = bench.message(CycleOpened, opened(9, 'fine', 'other'));
    const outcomes = await service.inbox.receive([third!, second!, other]);
    expect(outcomes.map(({ status }) => status)).toEqual(['waiting', 'waiting', 'handled']);
    expect((await service.inbox.receive([first!]))[0]).toMatchObject({ status: 'handled' });
    expect(await seen()).toEqual([id(9, 'other'), id(1), id(2), id(3)]);
    expect(await counted()).toEqual([id(9, 'other'), id(1), id(2), id(3)]);
  });

  it('that cannot be handled is parked with an alert, holds up its key and nobody else, and drains when it is replayed', async () => {
    const { service } = await open();
    failures.set('poison', new Fault('BROKEN', 'this one is broken'));
    const batch = [opened(1), opened(2, 'poison'), opened(3), opened(7, 'fine', 'other')].map((data) =>
      bench.message(CycleOpened, data),
    );
    const outcomes = await service.inbox.receive(batch);
    expect(outcomes.map(({ status }) => status)).toEqual(['handled', 'parked', 'waiting', 'handled']);
    expect((await bench.saidAll()).map(({ type }) => type)).toEqual([
      'allocator.plan.declined.v1',
      'allocator.message.parked.v1',
      'allocator.alert.raised.v1',
      'allocator.plan.declined.v1',
    ]);
    const letters = await bench.get('/ops/dead-letters');
    expect(letters.body).toMatchObject({
      items: [{ eventId: batch[1]!.eventId, code: 'BROKEN', waiting: 1, resolution: null }],
      next: null,
    });

    failures.clear();
    const replayed = await bench.post(`/ops/dead-letters/${batch[1]!.eventId}/replay`, { by: 'spec' }, 'replay-1');
    expect(replayed).toMatchObject({ status: 200, body: { status: 'handled' } });
    expect(await seen()).toEqual([id(1), id(7, 'other'), id(2), id(3)]);
  });

  it('that is skipped lets the ones behind it pass without it', async () => {
    const { service } = await open();
    failures.set('poison', new Fault('BROKEN', 'this one is broken'));
    const batch = [opened(1, 'poison'), opened(2)].map((data) => bench.message(CycleOpened, data));
    await service.inbox.receive(batch);
    expect(await bench.post(`/ops/dead-letters/${batch[0]!.eventId}/skip`, { by: 'spec' }, 'skip-1')).toMatchObject({
      status: 200,
    });
    expect(await seen()).toEqual([id(2)]);
  });

  it('that waited and cannot be handled is parked itself, and not the one that opened its way', async () => {
    const { service } = await open();
    failures.set('poison', new Fault('BROKEN', 'this one is broken'));
    const batch = [opened(1), opened(2, 'poison'), opened(3)].map((data) => bench.message(CycleOpened, data));
    await service.inbox.receive([batch[1]!, batch[2]!]);
    expect((await service.inbox.receive([batch[0]!]))[0]).toMatchObject({ status: 'handled' });
    expect((await bench.get('/ops/dead-letters')).body).toMatchObject({ items: [{ eventId: batch[1]!.eventId }] });
    expect(await bench.post(`/ops/dead-letters/${batch[1]!.eventId}/skip`, { by: 'spec' }, 'skip')).toMatchObject({
      status: 200,
    });
    expect(await seen()).toEqual([id(1), id(3)]);
  });

  it('that waited is handled after a passing fault, when the service looks for what waits', async () => {
    const { service } = await open();
    failures.set('later', new Retryable('AWAY', 'the database is away'));
    const batch = [opened(1), opened(2, 'later')].map((data) => bench.message(CycleOpened, data));
    await service.inbox.receive([batch[1]!]);
    await service.inbox.receive([batch[0]!]);
    expect(await seen()).toEqual([id(1)]);
    failures.clear();
    await service.inbox.drainWaiting();
    expect(await seen()).toEqual([id(1), id(2)]);
  });

  it('that meets a passing fault leaves no trace and can come again', async () => {
    const { service } = await open();
    failures.set('fine', new Retryable('AWAY', 'the database is away'));
    const message = bench.message(CycleOpened, opened(1));
    expect((await service.inbox.receive([message]))[0]).toMatchObject({ status: 'retry' });
    expect(await seen()).toEqual([]);
    expect(await bench.saidAll()).toEqual([]);
    failures.clear();
    expect((await service.inbox.receive([message]))[0]).toMatchObject({ status: 'handled' });
  });

  it('whose data is not what contracts say is parked with each field named', async () => {
    await open();
    const received = await bench.hear(CycleOpened, { ...opened(1), asOf: 'yesterday' });
    expect(received).toMatchObject({
      status: 'parked',
      code: 'MESSAGE_INVALID',
      error: expect.stringContaining('asOf'),
    });
  });
});

describe('messages of several doors', () => {
  it('that come together are handled in one transaction, in order, each with its own answer', async () => {
    const { service } = await open();
    const doors = ['a', 'b', 'c'].map((book) => [bench.message(CycleOpened, opened(1, 'fine', book))]);
    const poke = service.app.get(Door).command(Poke, 'bell', { times: 2 }, 'key');
    const outcomes = await Promise.all(doors.map((messages) => service.inbox.receive(messages)));
    expect(outcomes.flat().map(({ status }) => status)).toEqual(['handled', 'handled', 'handled']);
    expect(await poke).toEqual({ poked: 2 });
    expect(await seen()).toEqual([id(1, 'a'), id(1, 'b'), id(1, 'c')]);
    const transactions = `select distinct tx from (select xmin::text as tx from inbox union all select xmin::text from task) as t`;
    expect(await service.dataSource.query<unknown[]>(transactions)).toHaveLength(1);
  });

  it('do not fail with one of them that cannot be handled', async () => {
    const { service } = await open();
    failures.set('poison', new Fault('BROKEN', 'this one is broken'));
    const doors = [opened(1, 'fine', 'a'), opened(1, 'poison', 'b'), opened(1, 'fine', 'c')].map((data) =>
      service.inbox.receive([bench.message(CycleOpened, data)]),
    );
    const outcomes = (await Promise.all(doors)).flat();
    expect(outcomes.map(({ status }) => status)).toEqual(['handled', 'parked', 'handled']);
    expect(await seen()).toEqual([id(1, 'a'), id(1, 'c')]);
  });
});

describe('a command', () => {
  it('is done once for its key; a repeat gets the first answer, other data under the key is refused', async () => {
    const { service } = await open();
    const door = service.app.get(Door);
    expect(await door.command(Poke, 'bell', { times: 2 }, 'key-1')).toEqual({ poked: 2 });
    expect(await door.command(Poke, 'bell', { times: 2 }, 'key-1')).toEqual({ poked: 2 });
    await expect(door.command(Poke, 'bell', { times: 3 }, 'key-1')).rejects.toMatchObject({
      status: 422,
      code: 'IDEMPOTENCY_KEY_REUSED',
    });
    await expect(door.command(Poke, 'bell', { times: -1 }, 'key-2')).rejects.toMatchObject({
      status: 409,
      code: 'NEGATIVE',
    });
    await expect(door.command(Poke, 'bell', { times: -1 }, 'key-2')).rejects.toMatchObject({
      status: 409,
      code: 'NEGATIVE',
    });
    const [tasks] = await service.dataSource.query<{ n: string }[]>(`select count(*) as n from task`);
    expect(Number(tasks!.n)).toBe(8);
  });
});

describe('tasks', () => {
  it('bring timers in order of their time, at their time', async () => {
    const { service } = await open();
    await service.app.get(Door).command(Poke, 'bell', { times: 1 }, 'key');
    await bench.advanceTo('2024-03-04T15:29:59.999Z');
    expect(heard).toEqual([]);
    await bench.advanceTo('2024-03-04T17:00:00.000Z');
    expect(heard).toEqual(['ring soon 2024-03-04T15:30:00.000Z', 'ring late 2024-03-04T16:00:00.000Z']);
  });

  it('try work that may be repeated again with backoff, and answer once', async () => {
    const { service } = await open();
    await service.app.get(Door).command(Poke, 'bell', { times: 1 }, 'key');
    await bench.work();
    expect(heard).toEqual(['strike done']);
    bench.clock.advanceTo('2024-03-04T15:00:02.000Z');
    await bench.work();
    expect(heard).toEqual(['strike done', 'look done']);
  });

  it('go on while a long call is under way, which keeps nobody else waiting', async () => {
    const { service } = await open();
    const door = service.app.get(Door);
    await door.command(Poke, 'bell', { times: 1 }, 'first');
    let release: () => void = () => undefined;
    strike = () => new Promise((resolve) => (release = () => resolve({ sound: 'dong' })));
    const ends: unknown[] = [];
    const begin = (): Promise<number> => service.tasks.beginWork((failure) => ends.push(failure));
    expect(await begin()).toBe(2);
    while (ends.length < 1) await new Promise((resolve) => setImmediate(resolve));
    strike = () => Promise.resolve({ sound: 'ding' });
    await door.command(Poke, 'bell', { times: 2 }, 'second');
    expect(await begin()).toBe(2);
    while (ends.length < 3) await new Promise((resolve) => setImmediate(resolve));
    expect(heard).toContain('strike done');
    expect(service.tasks.resting).toBe(false);
    release();
    await service.tasks.settled();
    expect(heard.filter((each) => each === 'strike done')).toHaveLength(2);
    expect(ends).toEqual([undefined, undefined, undefined, undefined]);
  });

  it('never call twice for work that must not be repeated: a call that was cut off is answered unknown', async () => {
    const { service } = await open();
    await service.app.get(Door).command(Poke, 'bell', { times: 1 }, 'key');
    const calls: string[] = [];
    let release: () => void = () => undefined;
    strike = (piece) => {
      calls.push(piece.key);
      return new Promise((resolve) => (release = () => resolve({ sound: 'dong' })));
    };
    const underWay = service.tasks.doWork();
    while (calls.length === 0) await new Promise((resolve) => setImmediate(resolve));
    // Another instance takes over while the call is still under way, as after a crash.
    await service.tasks.recover();
    await service.tasks.doWork();
    expect(heard).toContain('strike unknown');
    release();
    await underWay;
    expect(calls).toEqual(['bell']);
    expect(heard.filter((each) => each.startsWith('strike'))).toEqual(['strike unknown']);
  });
});
