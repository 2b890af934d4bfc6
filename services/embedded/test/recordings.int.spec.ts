import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FilePackStore, replayService, type ServiceDefinition } from '@ballast/platform';
import {
  createTestDatabase,
  describeDifference,
  loadRecording,
  readRecording,
  type RecordedMessage,
  type TestDatabase,
} from '@ballast/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { recordedEnvironment } from '../src/record/environment.js';
import { recordedPacks, recordingOf } from '../src/record/recordings.js';
import { RECORDED } from '../src/record/services.js';

/** Jest runs at the root of the repository. */
const ROOT = process.cwd();

interface Replay {
  readonly messages: readonly RecordedMessage[];
  /** The first message that is handled otherwise, in words; null where there is none. */
  readonly difference: string | null;
  readonly replayed: number;
}

let folder: string;
let packs: FilePackStore;
let env: Readonly<Record<string, string>>;
let recorded: TestDatabase;
const databases: TestDatabase[] = [];

const emptyDatabase = async (): Promise<TestDatabase> => {
  const database = await createTestDatabase(RECORDED.map(({ name }) => name));
  databases.push(database);
  return database;
};

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ballast-recordings-'));
  // A copy: what a handler packs anew must not end up among the recordings.
  await cp(recordedPacks(ROOT), join(folder, 'packs'), { recursive: true });
  packs = new FilePackStore(join(folder, 'packs'));
  env = await recordedEnvironment(join(folder, 'keys'));
  recorded = await emptyDatabase();
  for (const { name } of RECORDED) {
    await loadRecording(recorded.url(name), name, await readRecording(recordingOf(ROOT, name)));
  }
});

afterAll(async () => {
  for (const database of databases) await database.drop();
  await rm(folder, { recursive: true, force: true });
});

/** Replays the recording of a service into a database, in the recorded environment or a changed one. */
async function replay(
  definition: ServiceDefinition,
  into: TestDatabase,
  changed: Readonly<Record<string, string>> = {},
): Promise<Replay> {
  const { name } = definition;
  const messages = await readRecording(recordingOf(ROOT, name));
  const result = await replayService(definition, {
    from: recorded.url(name),
    into: into.url(name),
    env: { ...env, ...changed },
    packs,
  });
  if (result.identical) return { messages, difference: null, replayed: result.messages };
  const { difference } = result;
  const { said } = messages.find(({ turn }) => turn === difference.turn)!;
  const expected = { ...difference.expected, said };
  return { messages, difference: describeDifference(name, { ...difference, expected }), replayed: difference.turn };
}

describe('two recorded days', () => {
  let fresh: TestDatabase;
  beforeAll(async () => {
    fresh = await emptyDatabase();
  });

  it.each(RECORDED)('are decided the same again by $name', async (definition) => {
    const { messages, difference, replayed } = await replay(definition, fresh);
    if (difference !== null) throw new Error(difference);
    expect(replayed).toBe(messages.length);
    expect(replayed).toBeGreaterThan(0);
  });

  it('are decided otherwise by another rule, and it is said where', async () => {
    const allocator = RECORDED.find(({ name }) => name === 'allocator')!;
    const { difference } = await replay(allocator, await emptyDatabase(), { ALLOCATOR_STRATEGY_CAP: '0.25' });
    expect(difference).toMatch(/^allocator handles its message \d+, [a-z.]+\.v1 \([0-9a-f-]{36}\), otherwise/);
    expect(difference).toMatch(/allocator\.plan\.proposed\.v1\.main: strategies\.0\.weight: was "[\d.]+", is "0\.25"/);
    expect(difference).toContain('npm run record');
  });
});

describe('the recordings', () => {
  it('hold the life of a book: plan, approval, halt, orders, fills, sales, a closed book and two closed cycles', async () => {
    const types = new Set<string>();
    for (const { name } of RECORDED) {
      for (const { type, said } of await readRecording(recordingOf(ROOT, name))) {
        for (const each of [type, ...said.map(({ subject }) => subject)]) types.add(each.replace(/\.v\d+(\..*)?$/, ''));
      }
    }
    expect([...types]).toEqual(
      expect.arrayContaining([
        ...['orchestrator.cycle.opened', 'feeds.snapshot.sealed', 'signal.scores.computed', 'allocator.plan.proposed'],
        ...['risk.approval.requested', 'console.approval.granted', 'risk.plan.trimmed', 'execution.halt.raised'],
        ...['execution.halt.lifted', 'execution.order.filled', 'console.order.requested', 'tax.lots.updated'],
        ...['console.flatten.requested', 'policy.opinion.recorded', 'orchestrator.cycle.closed'],
      ]),
    );
  });

  it('carry no trace and name packs that are there', async () => {
    for (const { name } of RECORDED) {
      for (const { headers } of await readRecording(recordingOf(ROOT, name))) expect(headers).toEqual({});
    }
    for (const { hash } of await packs.list()) expect(await packs.verify(hash)).toEqual({ state: 'ok' });
  });
});
