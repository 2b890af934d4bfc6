import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fact, local, OpinionRecorded, sha256, TextReceived, wake } from '@ballast/contracts';
import {
  CONFIG,
  createLogger,
  defineService,
  FilePackStore,
  knownAlert,
  LocalBus,
  On,
  replayService,
  Secret,
  SimulatedClock,
  startService,
  type InboxContext,
  type Incoming,
  type ReplayOptions,
  type RunningService,
  type ServiceDefinition,
} from '@ballast/platform';
import { createTestDatabase, type TestDatabase } from '@ballast/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Controller, Inject } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { z } from 'zod';

const Later = local('timer.later', z.object({ sourceId: z.string() }));
const Config = z.object({ SENTENCES: z.string().default('1') });

@Controller()
class Analyst {
  constructor(@Inject(CONFIG) private readonly config: z.infer<typeof Config>) {}

  @On(TextReceived)
  judge(@Payload() event: TextReceived, @Ctx() ctx: InboxContext<'policy'>): void {
    const { sourceId, textId, publishedAt, body } = event.data;
    const longText = body.length > 10;
    const sentences = { hawkish: 0, dovish: 0, neutral: longText ? Number(this.config.SENTENCES) : 0 };
    if (body.includes('corrupt')) throw new Error('not readable');
    ctx.emit([
      fact(OpinionRecorded, {
        sourceId,
        textId,
        stance: 'neutral',
        index: null,
        sentences,
        method: 'dictionary',
        publishedAt,
      }),
    ]);
    ctx.later([wake(Later, sourceId, { sourceId }, ctx.now)]);
  }

  @On(Later)
  note(@Payload() event: { data: { sourceId: string } }, @Ctx() ctx: InboxContext<'policy'>): void {
    ctx.audit({ act: 'reminded', subject: event.data.sourceId, detail: { at: ctx.now } });
  }
}

const analyst = defineService({
  name: 'policy-analyst',
  config: Config,
  entities: [],
  migrations: [],
  controllers: [Analyst],
}) as unknown as ServiceDefinition;

const text = (n: number, body: string): Incoming => {
  const eventId = `00000000-0000-5000-8000-${String(n).padStart(12, '0')}`;
  const data = { textId: sha256(body), sourceId: 'fed', title: 'x', body, publishedAt: '2024-03-04T15:00:00.000Z' };
  const named = { id: eventId, type: TextReceived.type, subject: 'fed', correlationid: eventId, causationid: eventId };
  return {
    eventId,
    source: 'bus',
    type: TextReceived.type,
    noun: 'feeds.text',
    key: 'fed',
    keySeq: n,
    correlationId: eventId,
    body: {
      ...named,
      specversion: '1.0',
      source: '/ballast/feeds',
      time: '2024-03-04T15:00:00.000Z',
      datacontenttype: 'application/json',
      keyseq: n,
      data,
    },
    headers: {},
    streamSequence: n,
  };
};

describe('a replay', () => {
  let recorded: TestDatabase;
  let folder: string;
  const spare: TestDatabase[] = [];

  beforeAll(async () => {
    recorded = await createTestDatabase(['policy-analyst']);
    folder = await mkdtemp(join(tmpdir(), 'ballast-replay-'));
    const clock = new SimulatedClock('2024-03-04T15:00:00.000Z');
    const service = await startService(analyst, {
      clock,
      bus: new LocalBus(),
      packs: new FilePackStore(folder),
      env: () => ({}),
      databaseUrl: recorded.url,
      token: new Secret('token-of-a-recorded-run'),
      logger: (name) => createLogger({ service: name, level: 'silent' }),
      drive: 'stepped',
    });
    await service.activate();
    await record(service, clock);
    await service.stop();
  });

  afterAll(async () => {
    for (const database of [recorded, ...spare]) await database.drop();
    await rm(folder, { recursive: true, force: true });
  });

  /** Texts in and out of order, a timer, a message that was parked and then skipped by a person, an alert of a loop. */
  async function record(service: RunningService, clock: SimulatedClock): Promise<void> {
    await service.inbox.receive([text(1, 'short'), text(3, 'a third text that waits')]);
    clock.advanceTo('2024-03-04T15:01:00.000Z');
    await service.inbox.receive([text(2, 'the second text, which is long')]);
    await service.tasks.fireTimers();
    clock.advanceTo('2024-03-04T15:02:00.000Z');
    await service.inbox.receive([text(4, 'corrupt')]);
    await service.inbox.receive([text(5, 'behind it, and long enough')]);
    clock.advanceTo('2024-03-04T15:03:00.000Z');
    await service.inbox.skipParked(text(4, '').eventId, 'a person');
    const alert = knownAlert('OUTBOX_STALLED', 'nothing leaves', { age_seconds: '31' }, clock.now());
    await service.inbox.raise([{ episode: 'one', alert }]);
  }

  async function options(env: ReplayOptions['env']): Promise<ReplayOptions> {
    const into = await createTestDatabase(['policy-analyst']);
    spare.push(into);
    return {
      from: recorded.url('policy-analyst'),
      into: into.url('policy-analyst'),
      env,
      packs: new FilePackStore(folder),
    };
  }

  it('of the same rules gives the same result for every message', async () => {
    expect(await replayService(analyst, await options({}))).toEqual({ identical: true, messages: 9 });
  });

  it('of another rule shows the first message that it decides otherwise', async () => {
    const replayed = await replayService(analyst, await options({ SENTENCES: '7' }));
    if (replayed.identical) throw new Error('the other rule made no difference');
    const { difference } = replayed;
    expect(difference.eventId).toBe(text(2, '').eventId);
    expect(difference.type).toBe(TextReceived.type);
    expect(difference.expected.resultHash).not.toBe(difference.found.resultHash);
    expect(difference.expected.said).toMatchObject([{ data: { sentences: { neutral: 1 } } }]);
    expect(difference.found.said).toMatchObject([{ data: { sentences: { neutral: 7 } } }]);
  });

  it('ends at the turn that it is told, and wants an empty schema', async () => {
    const first = await options({});
    expect(await replayService(analyst, { ...first, untilTurn: 2 })).toEqual({ identical: true, messages: 2 });
    await expect(replayService(analyst, first)).rejects.toMatchObject({ code: 'REPLAY_NOT_EMPTY' });
  });
});
