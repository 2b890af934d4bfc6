// The way out: what was committed leaves in order, once the relay may see it; a stream that went back is filled again;
// a subscriber that misses something gets it.
import { afterEach, describe, expect, it } from '@jest/globals';
import { CycleOpened, fact, PlanDeclined, uuid5 } from '@ballast/contracts';
import { benchOf, drainRelay, openedCycle, type Bench } from '@ballast/testing';
import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { DataSource } from 'typeorm';
import { z } from 'zod';
import { Writes } from '../persistence/writes.js';
import { appendFacts } from './append.js';
import { Reconciler } from './reconciler.js';
import { Relay } from './relay.js';
import { Retryable } from '../errors.js';
import {
  defineService,
  LocalBus,
  On,
  type Bus,
  type BusMessage,
  type InboxContext,
  type StreamState,
} from '../index.js';

@Controller()
class OnCycleOpened {
  @On(CycleOpened)
  handle(@Payload() event: CycleOpened, @Ctx() ctx: InboxContext<'allocator'>): void {
    const { cycleId, portfolioId } = event.data;
    ctx.emit([fact(PlanDeclined, { cycleId, portfolioId, code: 'COUNTED', reason: 'counted' })]);
  }
}

const echo = defineService({
  name: 'allocator',
  config: z.object({}),
  entities: [],
  migrations: [],
  controllers: [OnCycleOpened],
});

/** A log that can refuse, forget its end, and be made anew. */
class Log extends LocalBus implements Bus {
  held: BusMessage[] = [];
  createdAt = 'first';
  refuse = false;

  override publish(messages: readonly BusMessage[]): Promise<readonly number[]> {
    if (this.refuse) return Promise.reject(new Retryable('NO_ACK', 'no acknowledgement'));
    const from = this.held.length;
    this.held.push(...messages);
    return Promise.resolve(messages.map((_, i) => from + i + 1));
  }

  override streamState(): Promise<StreamState | null> {
    return Promise.resolve({ createdAt: this.createdAt, lastSequence: this.held.length });
  }
}

let bench: Bench;
let log: Log;
let relay: Relay;
const start = async (messages: number): Promise<void> => {
  bench = await benchOf(echo);
  log = new Log();
  const runner = bench.service.dataSource.createQueryRunner();
  relay = new Relay({ session: () => runner, bus: log, checkpoint: () => undefined, wentBack: () => undefined });
  await relay.checkStream();
  for (let n = 1; n <= messages; n++) await bench.hear(CycleOpened, openedCycle(n));
};
afterEach(() => bench.close());

const cycles = (messages: readonly BusMessage[]): string[] =>
  messages.map((message) => (JSON.parse(message.body) as { data: { cycleId: string } }).data.cycleId);
const ids = (...numbers: number[]): string[] => numbers.map((n) => openedCycle(n).cycleId);
const drain = (): Promise<void> => drainRelay(relay);

describe('the relay', () => {
  it('publishes what was committed, in order, once', async () => {
    await start(3);
    await drain();
    await drain();
    expect(cycles(log.held)).toEqual(ids(1, 2, 3));
    expect(log.held.map(({ subject }) => subject)).toEqual(Array(3).fill('allocator.plan.declined.v1.main'));
  });

  it('moves its cursor only after every acknowledgement', async () => {
    await start(2);
    log.refuse = true;
    await expect(drain()).rejects.toThrow('no acknowledgement');
    log.refuse = false;
    await drain();
    expect(cycles(log.held)).toEqual(ids(1, 2));
  });

  it('does not step over a row whose transaction commits late', async () => {
    await start(0);
    const late = bench.service.dataSource.createQueryRunner();
    const writes = new Writes(late);
    await late.startTransaction();
    const envelope = {
      specversion: '1.0',
      id: uuid5('late'),
      source: '/ballast/allocator',
      type: PlanDeclined.type,
      subject: 'late',
      time: bench.clock.now(),
      datacontenttype: 'application/json',
      correlationid: 'late',
      causationid: uuid5('late'),
      data: { cycleId: openedCycle(100).cycleId },
    } as const;
    appendFacts(
      writes,
      [
        {
          eventId: uuid5('late'),
          noun: 'allocator.plan',
          key: 'late',
          subject: 'allocator.plan.declined.v1.late',
          envelope,
          text: JSON.stringify(envelope),
        },
      ],
      [{}],
    );
    await writes.settled();
    await bench.hear(CycleOpened, openedCycle(1));
    expect(await relay.step()).toEqual({ published: 0, blocked: true });
    await late.commitTransaction();
    await late.release();
    await drain();
    expect(cycles(log.held)).toEqual(ids(100, 1));
  });

  it('fills a stream again that lost its end, and one that was made anew', async () => {
    await start(0);
    for (let n = 1; n <= 4; n++) {
      await bench.hear(CycleOpened, openedCycle(n));
      await drain();
    }
    log.held = log.held.slice(0, 2);
    expect(await relay.checkStream()).toBe(true);
    await drain();
    expect(cycles(log.held)).toEqual(ids(1, 2, 3, 4));

    log.held = [];
    log.createdAt = 'second';
    expect(await relay.checkStream()).toBe(true);
    await drain();
    expect(cycles(log.held)).toEqual(ids(1, 2, 3, 4));
    expect(await relay.checkStream()).toBe(false);
  });
});

describe('the reconciler', () => {
  const reconcilerOf = (hears: string[], gaps: object[]): Reconciler =>
    new Reconciler({
      family: 'allocator',
      hears,
      dataSource: bench.service.dataSource,
      clock: bench.clock,
      bus: log,
      relay,
      patienceMs: 5_000,
      onGap: (gap) => gaps.push(gap),
    });

  it('asks for what a subscriber misses once it has been missing for longer than the patience, and has it published again', async () => {
    await start(2);
    await drain();
    const gaps: object[] = [];
    // The service stands for its own subscriber: of its plan facts it has handled none.
    const reconciler = reconcilerOf(['allocator.plan'], gaps);
    await reconciler.start();
    await reconciler.tellHeads();
    expect(gaps).toEqual([]);
    bench.clock.advanceTo('2024-03-04T15:00:06.000Z');
    await reconciler.tellHeads();
    expect(gaps).toEqual([{ noun: 'allocator.plan', key: 'main', from: 1, to: 2 }]);
    expect(cycles(log.held)).toEqual(ids(1, 2, 1, 2));
    await reconciler.stop();
  });

  it('asks again for what stands although nobody tells of it again, once a round, and forgets what came', async () => {
    await start(2);
    const gaps: object[] = [];
    const reconciler = reconcilerOf(['orchestrator.cycle'], gaps);
    const heads = [['orchestrator.cycle', 'main', 3]];
    await reconciler.compare({ family: 'orchestrator', heads });
    await reconciler.askAgain();
    expect(gaps).toEqual([]);
    bench.clock.advanceTo('2024-03-04T15:00:06.000Z');
    await reconciler.compare({ family: 'orchestrator', heads });
    // The comparison has asked already.
    await reconciler.askAgain();
    expect(gaps).toHaveLength(1);
    await reconciler.askAgain();
    expect(gaps).toEqual(Array(2).fill({ noun: 'orchestrator.cycle', key: 'main', from: 3, to: 3 }));
    await bench.hear(CycleOpened, openedCycle(3));
    await reconciler.askAgain();
    await reconciler.askAgain();
    expect(gaps).toHaveLength(2);
  });

  it('tells of many keys a part at a time, round and round', async () => {
    await start(0);
    await bench.service.dataSource.query(
      `insert into key_counter (noun, key, seq) select 'allocator.plan', 'key-' || n, 1 from generate_series(1, 5003) as n`,
    );
    const told: string[] = [];
    await log.onSignal('heads.allocator', (body) => {
      told.push(...(body as { heads: [string, string][] }).heads.map(([, key]) => key));
    });
    const reconciler = reconcilerOf([], []);
    await reconciler.tellHeads();
    expect(told).toHaveLength(5_000);
    await reconciler.tellHeads();
    expect(new Set(told.filter((key) => key.startsWith('key-'))).size).toBe(5_003);
    await reconciler.tellHeads();
    expect(told[5_003]).toBe(told[0]);
  });

  it('is silent about what is there', async () => {
    await start(2);
    const gaps: object[] = [];
    const reconciler = reconcilerOf(['orchestrator.cycle'], gaps);
    await reconciler.compare({
      family: 'orchestrator',
      heads: [
        ['orchestrator.cycle', 'main', 2],
        ['orchestrator.audit', 'x', 7],
      ],
    });
    bench.clock.advanceTo('2024-03-04T16:00:00.000Z');
    await reconciler.compare({ family: 'orchestrator', heads: [['orchestrator.cycle', 'main', 2]] });
    expect(gaps).toEqual([]);
  });
});

describe('a second instance', () => {
  it('stands by while the first is active, and may not hold the lock', async () => {
    await start(0);
    const [row] = await new DataSource({
      type: 'postgres',
      url: (bench.service.dataSource.options as { url: string }).url,
    })
      .initialize()
      .then(async (other) => {
        const locks = await other.query<{ n: string }[]>(
          `select count(*) as n from pg_locks where locktype = 'advisory' and granted and database = (select oid from pg_database where datname = current_database())`,
        );
        await other.destroy();
        return locks;
      });
    expect(Number(row!.n)).toBe(1);
  });
});
