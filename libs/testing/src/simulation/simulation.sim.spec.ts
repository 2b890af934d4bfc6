import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fact, local, OpinionRecorded, sha256, TextReceived, wake } from '@ballast/contracts';
import {
  createLogger,
  defineService,
  Door,
  FilePackStore,
  IdempotencyKey,
  On,
  type InboxContext,
  type ServiceDefinition,
} from '@ballast/platform';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Body, Controller, HttpCode, Inject, Post } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { z } from 'zod';
import { startTemporaryPostgres, type TemporaryPostgres } from '../environment.js';
import { chaosOf } from './chaos.js';
import { checkMachinery, checkRelays } from './invariants.js';
import { SimDatabase } from './sim-database.js';
import { Simulation } from './simulation.js';
import type { Step } from './step.js';

const Publish = local('command.publish', z.object({ source: z.string(), text: z.string() }));
const Reminder = local('timer.reminder', z.object({ source: z.string(), text: z.string() }));

@Controller('/texts')
class Texts {
  constructor(@Inject(Door) private readonly door: Door) {}

  @Post()
  @HttpCode(200)
  post(@Body() body: { source: string; text: string }, @IdempotencyKey() key: string): Promise<unknown> {
    return this.door.command(Publish, body.source, body, key);
  }

  @On(Publish)
  publish(@Payload() event: { data: { source: string; text: string } }, @Ctx() ctx: InboxContext<'feeds'>): void {
    const { source, text } = event.data;
    ctx.emit([textFact(source, text, ctx.now)]);
    ctx.later([
      wake(Reminder, source, { source, text: `${text} again` }, new Date(Date.parse(ctx.now) + 60_000).toISOString()),
    ]);
    ctx.audit({ act: 'text.published', subject: source, detail: {} });
    ctx.reply({ taken: text });
  }

  @On(Reminder)
  remind(@Payload() event: { data: { source: string; text: string } }, @Ctx() ctx: InboxContext<'feeds'>): void {
    ctx.emit([textFact(event.data.source, event.data.text, ctx.now)]);
  }
}

const textFact = (source: string, text: string, now: string) =>
  fact(TextReceived, { textId: sha256(text), sourceId: source, title: text, body: text, publishedAt: now });

@Controller()
class Opinions {
  @On(TextReceived)
  judge(@Payload() event: TextReceived, @Ctx() ctx: InboxContext<'policy'>): void {
    const { sourceId, textId, publishedAt } = event.data;
    ctx.emit([
      fact(OpinionRecorded, {
        sourceId,
        textId,
        stance: 'neutral',
        index: null,
        sentences: { hawkish: 0, dovish: 0, neutral: 1 },
        method: 'dictionary',
        publishedAt,
      }),
    ]);
  }
}

@Controller()
class Listening {
  @On(OpinionRecorded)
  async count(@Payload() _event: OpinionRecorded, @Ctx() ctx: InboxContext<'console'>): Promise<void> {
    await ctx.tx.query(`select 1`);
  }
}

const tiny = (name: string, controllers: ServiceDefinition['controllers']): ServiceDefinition =>
  defineService({
    name,
    config: z.object({}),
    entities: [],
    migrations: [],
    controllers,
  }) as unknown as ServiceDefinition;

const SYSTEM = [tiny('feeds', [Texts]), tiny('policy-analyst', [Opinions]), tiny('console', [Listening])];
const NAMES = SYSTEM.map((each) => each.name);
const HORIZON = '2024-03-04T18:00:00.000Z';

describe('the simulation', () => {
  let database: SimDatabase;
  let folder: string;

  let postgres: TemporaryPostgres;
  beforeAll(async () => {
    // One of its own: transactions of other specs would hold back the relays at moments that no seed decides.
    postgres = await startTemporaryPostgres();
    database = await SimDatabase.create(postgres.url, NAMES);
    folder = await mkdtemp(join(tmpdir(), 'ballast-sim-'));
    await simulationOf(0).then((sim) => sim.migrate());
  });

  afterAll(async () => {
    await database.close();
    await postgres.end();
    await rm(folder, { recursive: true, force: true });
  });

  async function simulationOf(seed: number): Promise<Simulation> {
    if (seed > 0) await database.empty();
    return new Simulation({
      seed,
      definitions: SYSTEM,
      databaseUrl: database.url,
      packs: new FilePackStore(folder),
      env: () => ({}),
      logger: (service) => createLogger({ service, level: 'silent' }),
      start: '2024-03-04T15:00:00.000Z',
    });
  }

  /** Ten texts of two sources, each sent until it is answered. */
  async function run(seed: number): Promise<Simulation> {
    const sim = await simulationOf(seed);
    const left = Array.from({ length: 10 }, (_, i) => ({ source: i % 2 ? 'fed' : 'ecb', text: `text ${i}` }));
    const steps = (): Step[] =>
      left.slice(0, 1).map((text) => ({
        label: `a person publishes ${text.text}`,
        weight: 1,
        touches: ['feeds'],
        take: async () => {
          const answer = await sim.request(
            'feeds',
            'POST',
            '/texts',
            text,
            `publish ${text.text}`.replaceAll(' ', '-'),
          );
          if (answer?.status === 200) left.shift();
          return String(answer?.status);
        },
      }));
    sim.add({ name: 'people', steps, nextDue: () => null });
    try {
      await sim.start();
      sim.unleash(chaosOf(sim.random.fork('chaos')));
      while (sim.counts.steps < 150 || left.length > 0) if (!(await sim.step())) break;
      await sim.heal();
      await sim.settle(HORIZON, 3_000, () => checkRelays(database, NAMES, sim.bus));
      await checkMachinery(database, NAMES, sim.bus);
    } catch (error) {
      throw new Error(`seed ${seed}: ${String(error)}\n${sim.trace.last(40).join('\n')}`, { cause: error });
    } finally {
      await sim.stop();
    }
    return sim;
  }

  it('keeps every law of the machinery whatever goes wrong', async () => {
    let crashes = 0;
    let setBacks = 0;
    for (let seed = 1; seed <= 20; seed++) {
      const { counts } = await run(seed);
      crashes += counts.crashes;
      setBacks += counts.setBacks;
      const [said] = await database.rows<{ texts: number }>(
        'feeds',
        `select count(*)::int as texts from outbox where noun = 'feeds.text'`,
      );
      expect(said!.texts).toBe(20);
    }
    expect(crashes).toBeGreaterThan(5);
    expect(setBacks).toBeGreaterThan(5);
  }, 120_000);

  it('takes the same steps again for the same seed, and others for another', async () => {
    const first = (await run(7)).trace.digest();
    expect((await run(7)).trace.digest()).toBe(first);
    expect((await run(8)).trace.digest()).not.toBe(first);
  }, 60_000);
});
