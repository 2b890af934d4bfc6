// What the platform tells people of by itself: each once while it lasts, again when it comes back, and by the inbox.
import { afterEach, describe, expect, it } from '@jest/globals';
import { AlertRaised, CycleOpened, fact, perform, PlanDeclined, work, type DataOf } from '@ballast/contracts';
import { benchOf, createTestDatabase, drainRelay, openedCycle, type Bench } from '@ballast/testing';
import { Controller, Injectable } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { tmpdir } from 'node:os';
import { z } from 'zod';
import {
  createLogger,
  defineService,
  FilePackStore,
  knownAlert,
  LocalBus,
  On,
  Retryable,
  Secret,
  SimulatedClock,
  startService,
  TaskRunner,
  type Bus,
  type InboxContext,
  type Runner,
  type RunningService,
  type StreamState,
} from '@ballast/platform';

const Strike = work('strike', z.object({ hammer: z.string() }), z.object({ sound: z.string() }), { atMostOnce: true });
const Look = work('look', z.object({ at: z.string() }), z.object({ colour: z.string() }), { atMostOnce: false });

@Controller()
class OnCycleOpened {
  @On(CycleOpened)
  handle(@Payload() event: CycleOpened, @Ctx() ctx: InboxContext<'allocator'>): void {
    const { cycleId, portfolioId } = event.data;
    ctx.emit([fact(PlanDeclined, { cycleId, portfolioId, code: 'COUNTED', reason: 'counted' })]);
    ctx.later([perform(Strike, 'bell', { hammer: 'big' }), perform(Look, 'bell', { at: 'bell' })]);
  }
}

/** What the service was told of its work. */
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
}

@Injectable()
class RunStrike implements Runner<{ hammer: string }, { sound: string }> {
  readonly work = Strike;
  run(): Promise<{ sound: string }> {
    return Promise.reject(new Error('the line went dead'));
  }
}

@Injectable()
class RunLook implements Runner<{ at: string }, { colour: string }> {
  readonly work = Look;
  run(): Promise<{ colour: string }> {
    return Promise.reject(new Retryable('DARK', 'too dark'));
  }
}

const watched = defineService({
  name: 'allocator',
  config: z.object({}),
  entities: [],
  migrations: [],
  controllers: [OnCycleOpened, OnAnswers],
  runners: [RunStrike, RunLook],
});

const START = Date.parse('2024-03-04T15:00:00.000Z');

describe('on the bench', () => {
  let bench: Bench;
  afterEach(async () => {
    await bench.close();
    heard.length = 0;
  });

  const alerts = (): Promise<DataOf<typeof AlertRaised.allocator>[]> => bench.said(AlertRaised.allocator);
  const codes = async (): Promise<string[]> => (await alerts()).map(({ code }) => code);
  /** Looks at a moment, in seconds from the start, and says what was raised so far. */
  const lookAt = async (second: number): Promise<string[]> => {
    bench.clock.advanceTo(new Date(START + second * 1_000).toISOString());
    await bench.service.watch.look();
    return codes();
  };
  const drain = (): Promise<void> => drainRelay(bench.service.relay);

  it('OUTBOX_STALLED is raised once a fact has been first for 30 s, and again only after the relay had moved', async () => {
    bench = await benchOf(watched);
    await bench.hear(CycleOpened, openedCycle(1));
    expect(await lookAt(0)).toEqual([]);
    expect(await lookAt(29)).toEqual([]);
    expect(await lookAt(31)).toEqual(['OUTBOX_STALLED']);
    expect(await lookAt(300)).toEqual(['OUTBOX_STALLED']);
    expect((await alerts())[0]).toMatchObject({
      severity: 'critical',
      numbers: { age_seconds: '31', limit_seconds: '30' },
      at: '2024-03-04T15:00:31.000Z',
    });

    await drain();
    expect(await lookAt(600)).toEqual(['OUTBOX_STALLED']);
    await bench.hear(CycleOpened, openedCycle(2));
    await lookAt(700);
    expect(await lookAt(731)).toEqual(['OUTBOX_STALLED', 'OUTBOX_STALLED']);
  });

  it('OUTBOX_STALLED is not raised while old facts leave', async () => {
    bench = await benchOf(watched);
    await bench.hear(CycleOpened, openedCycle(1));
    await lookAt(0);
    await drain();
    await bench.hear(CycleOpened, openedCycle(2));
    expect(await lookAt(31)).toEqual([]);
    expect(await lookAt(60)).toEqual([]);
  });

  it('GAP_UNFILLED is raised where a gap stands a minute after it was asked for, and not where it was filled since', async () => {
    bench = await benchOf(watched);
    const { reconciler } = bench.service;
    const heads = { family: 'orchestrator', heads: [['orchestrator.cycle', 'main', 2]] };
    await reconciler.compare(heads);
    await lookAt(100);
    await reconciler.compare(heads);
    expect(await lookAt(159)).toEqual([]);
    expect(await lookAt(160)).toEqual(['GAP_UNFILLED']);
    await reconciler.compare(heads);
    expect(await lookAt(200)).toEqual(['GAP_UNFILLED']);
    expect((await alerts())[0]!.numbers).toEqual({
      noun: 'orchestrator.cycle',
      key: 'main',
      from: '1',
      to: '2',
      age_seconds: '60',
      limit_seconds: '60',
    });

    // The sender fills another gap and is gone before it tells of it again.
    await bench.hear(CycleOpened, openedCycle(1));
    await bench.hear(CycleOpened, openedCycle(2));
    const more = { family: 'orchestrator', heads: [['orchestrator.cycle', 'main', 3]] };
    await reconciler.compare(more);
    await lookAt(210);
    await reconciler.compare(more);
    await bench.hear(CycleOpened, openedCycle(3));
    await drain();
    expect(await lookAt(400)).toEqual(['GAP_UNFILLED']);
  });

  it('MESSAGE_WAITING is raised for a message that waits behind another for a minute, once a key', async () => {
    bench = await benchOf(watched);
    const [first, second, third] = [1, 2, 3].map((n) => bench.message(CycleOpened, openedCycle(n)));
    await bench.service.inbox.receive([second!]);
    expect(await lookAt(59)).toEqual([]);
    await bench.service.inbox.receive([third!]);
    expect(await lookAt(60)).toEqual(['MESSAGE_WAITING']);
    expect(await lookAt(90)).toEqual(['MESSAGE_WAITING']);
    expect((await alerts())[0]!.numbers).toMatchObject({ eventId: second!.eventId, waiting: '2', age_seconds: '60' });

    await bench.service.inbox.receive([first!]);
    await drain();
    expect(await lookAt(200)).toEqual(['MESSAGE_WAITING']);
    await bench.service.inbox.receive([bench.message(CycleOpened, openedCycle(5), { keySeq: 5 })]);
    expect(await lookAt(261)).toEqual(['MESSAGE_WAITING', 'MESSAGE_WAITING']);
  });

  it('TASK_UNKNOWN and TASK_FAILED come in one transaction with the answer, and only where alerts are raised', async () => {
    bench = await benchOf(watched);
    const { service, clock } = bench;
    const { dataSource, inbox, name } = service;
    const runners = [new RunStrike(), new RunLook()];
    const lease = { epoch: 1, confirm: () => Promise.resolve() };
    const parts = { service: name, dataSource, clock, inbox, lease, runners, checkpoint: () => undefined };
    const tasks = new TaskRunner({ ...parts, raisesAlerts: true });
    await bench.hear(CycleOpened, openedCycle(1));
    await tasks.doWork();
    expect(heard).toEqual(['strike unknown']);
    expect(await codes()).toEqual(['TASK_UNKNOWN']);
    for (let minute = 1; !heard.includes('look failed'); minute++) {
      clock.advanceTo(new Date(START + minute * 60_000).toISOString());
      await tasks.doWork();
    }
    const [unknown, failed] = await alerts();
    expect(unknown).toMatchObject({ severity: 'critical', message: expect.stringContaining('the line went dead') });
    expect(failed).toMatchObject({
      code: 'TASK_FAILED',
      numbers: { key: 'bell', attempts: '8', attempts_max: '8' },
      message: expect.stringContaining('too dark'),
    });

    // A host whose every step is taken by hand raises nothing by itself.
    await bench.hear(CycleOpened, openedCycle(2));
    await bench.work();
    expect(heard.at(-1)).toBe('strike unknown');
    expect(await codes()).toEqual(['TASK_UNKNOWN', 'TASK_FAILED']);
  });
});

/** A bus that takes nothing, and after the first look at its stream cannot be reached at all. */
class AwayBus extends LocalBus implements Bus {
  looks = 0;
  override publish(): Promise<readonly number[]> {
    return Promise.reject(new Retryable('BUS_UNAVAILABLE', 'nobody answers'));
  }
  override streamState(): Promise<StreamState | null> {
    return ++this.looks === 1 ? Promise.resolve(null) : Promise.reject(new Retryable('BUS_UNAVAILABLE', 'away'));
  }
}

describe('a service whose loops run', () => {
  it('raises OUTBOX_STALLED by itself while the bus is away', async () => {
    const database = await createTestDatabase(['allocator']);
    const clock = new SimulatedClock('2024-03-04T15:00:00.000Z');
    const bus = new AwayBus();
    let service: RunningService | undefined;
    try {
      service = await startService(watched, {
        clock,
        bus,
        packs: new FilePackStore(tmpdir()),
        env: () => ({}),
        databaseUrl: database.url,
        token: new Secret('token-of-a-spec-of-alerts'),
        logger: (name) => createLogger({ service: name, level: 'silent' }),
        drive: 'loops',
      });
      const alert = knownAlert('TASK_FAILED', 'what stands first in the outbox', {}, clock.now());
      await service.inbox.raise([
        { episode: 'one', alert },
        { episode: 'one', alert },
      ]);
      await service.activate();
      // The stream is looked at after the service has looked at its outbox.
      await eventually(() => Promise.resolve(bus.looks >= 2));
      clock.advanceTo('2024-03-04T15:00:30.000Z');
      const { dataSource } = service;
      const rows = (): Promise<{ key: string; source: string }[]> =>
        dataSource.query(`select key, source from inbox where type = 'local.platform.alert' order by turn`);
      await eventually(async () => (await rows()).length > 1);
      expect(await rows()).toEqual([
        { key: 'TASK_FAILED', source: 'command' },
        { key: 'OUTBOX_STALLED', source: 'command' },
      ]);
    } finally {
      await service?.stop();
      await bus.close();
      await database.drop();
    }
  });
});

/** Asks until it holds; the test's own time limit bounds it. */
async function eventually(holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise((resolve) => setImmediate(resolve));
}
