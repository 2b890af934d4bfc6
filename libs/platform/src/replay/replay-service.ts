import type { Envelope, Instant } from '@ballast/contracts';
import type { DataSource } from 'typeorm';
import type { Bus } from '../bus/bus.js';
import type { Clock } from '../clock/clock.js';
import { Secret } from '../config/secret.js';
import { Fault } from '../errors.js';
import type { Incoming, Received } from '../inbox/message.js';
import { findSeen, messageOfRow, saveSkipped, type InboxRow } from '../inbox/store.js';
import type { PackStore } from '../packs/pack-store.js';
import { createDataSource } from '../persistence/data-source.js';
import { inTransaction } from '../persistence/writes.js';
import type { ServiceDefinition } from '../service/define-service.js';
import { startService } from '../service/start-service.js';
import type { RunningService } from '../service/running-service.js';
import { createLogger } from '../telemetry/logger.js';

/** Messages replayed in one transaction. */
const BATCH = 100;

export interface ReplayOptions {
  /** `postgres://` of the recorded schema's role; it is only read. */
  readonly from: string;
  /** `postgres://` of the same role in another database, whose schema is empty. */
  readonly into: string;
  /** The environment that the service has now; another rule shows as a difference. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The packs that the recorded messages name. */
  readonly packs: PackStore;
  /** Ends the replay after the message of this turn; all of them unless told. */
  readonly untilTurn?: number;
}

/** What a handler did with a message. */
export interface Handled {
  /** Null where the message was not handled. */
  readonly resultHash: string | null;
  /** The facts that it said, as subject and data; audit entries are among them. */
  readonly said: readonly { readonly subject: string; readonly data: unknown }[];
  /** Why it was not handled. */
  readonly failure?: string;
}

/** The first message that was handled otherwise than it is recorded. */
export interface Difference {
  readonly turn: number;
  readonly eventId: string;
  readonly type: string;
  readonly expected: Handled;
  readonly found: Handled;
}

export type Replayed =
  | { readonly identical: true; readonly messages: number }
  | { readonly identical: false; readonly difference: Difference };

interface RecordedRow extends InboxRow {
  readonly turn: number;
  readonly handled_at: Instant;
  readonly result_hash: string | null;
}

/**
 * Feeds the recorded inbox of a service, in the order in which it was handled, to the same
 * service on an empty schema, each message at its recorded moment, and compares what came
 * of each. Nothing is published and nothing is done to the world.
 * @throws Fault REPLAY_NOT_EMPTY where the target has messages already.
 */
export async function replayService(definition: ServiceDefinition, options: ReplayOptions): Promise<Replayed> {
  const { name } = definition;
  const moments = new Map<string, Instant>();
  const recorded = createDataSource({ service: name, url: options.from, entities: [], migrations: [], poolSize: 1 });
  recorded.setOptions({ migrationsRun: false });
  await recorded.initialize();
  let service: RunningService | undefined;
  try {
    service = await startService(definition, {
      clock: new StandingClock(),
      bus: SILENT,
      packs: options.packs,
      env: () => options.env,
      databaseUrl: () => options.into,
      token: new Secret('nobody-asks-a-replay-anything'),
      logger: () => createLogger({ service: name, level: 'silent' }),
      momentOf: (message) => moments.get(message.eventId)!,
      drive: 'stepped',
    });
    await requireEmpty(service.dataSource);
    let messages = 0;
    for (let after = 0; ;) {
      const rows = await nextRows(recorded, after, options.untilTurn);
      if (rows.length === 0) return { identical: true, messages };
      for (const row of rows) moments.set(row.event_id, row.handled_at);
      const difference = await replayBatch(service, recorded, rows);
      if (difference) return { identical: false, difference };
      messages += rows.length;
      after = rows.at(-1)!.turn;
      moments.clear();
    }
  } finally {
    await service?.stop();
    await recorded.destroy();
  }
}

const nextRows = (recorded: DataSource, after: number, until?: number): Promise<RecordedRow[]> =>
  recorded.query<RecordedRow[]>(
    `select * from inbox where state = 'handled' and turn > $1 and turn <= $2 order by turn limit ${BATCH}`,
    [after, until ?? Number.MAX_SAFE_INTEGER],
  );

async function requireEmpty(dataSource: DataSource): Promise<void> {
  const [row] = await dataSource.query<{ used: boolean }[]>(`select exists (select from inbox) as used`);
  if (row!.used)
    throw new Fault('REPLAY_NOT_EMPTY', 'the schema to replay into holds messages already; use an empty one');
}

/** Replays rows up to the next one that a person skipped, and that one; compares them in turn order. */
async function replayBatch(
  service: RunningService,
  recorded: DataSource,
  rows: readonly RecordedRow[],
): Promise<Difference | undefined> {
  for (let from = 0; from < rows.length;) {
    const skipped = rows.findIndex((row, i) => i >= from && row.result_hash === null);
    const until = skipped < 0 ? rows.length : skipped;
    const part = rows.slice(from, until);
    const outcomes = await service.inbox.receive(part.map(recordedMessage));
    const difference = await compare(service.dataSource, recorded, part, outcomes);
    if (difference) return difference;
    if (skipped >= 0) {
      const row = rows[skipped]!;
      await inTransaction(service.dataSource, (tx, writes) =>
        saveSkipped(tx, writes, recordedMessage(row), row.handled_at),
      );
    }
    from = until + 1;
  }
  return undefined;
}

/** The message as it came; a timer or answer finished its task then, and the same task is finished here. */
const recordedMessage = (row: RecordedRow): Incoming => {
  const message = messageOfRow(row);
  const within = row.source === 'timer' || row.source === 'answer';
  return within ? { ...message, finishesTask: row.body.causationid } : message;
};

async function compare(
  replayed: DataSource,
  recorded: DataSource,
  rows: readonly RecordedRow[],
  outcomes: readonly Received[],
): Promise<Difference | undefined> {
  const seen = await findSeen(replayed.manager, rows.map(recordedMessage));
  for (const [i, row] of rows.entries()) {
    const here = seen.get(row.event_id) as RecordedRow | undefined;
    if (here?.result_hash === row.result_hash) continue;
    const { turn, event_id: eventId, type } = row;
    const expected = { resultHash: row.result_hash, said: await said(recorded, eventId) };
    const found = {
      resultHash: here?.result_hash ?? null,
      said: await said(replayed, eventId),
      ...failureOf(outcomes[i]!),
    };
    return { turn, eventId, type, expected, found };
  }
  return undefined;
}

function failureOf(outcome: Received): { failure?: string } {
  if (outcome.status === 'parked') return { failure: `${outcome.code}: ${outcome.error}` };
  if (outcome.status === 'retry') return { failure: String(outcome.error) };
  return outcome.status === 'waiting' ? { failure: 'it waits for an earlier message of its key' } : {};
}

/** The facts that a message caused. */
async function said(dataSource: DataSource, eventId: string): Promise<Handled['said']> {
  const rows = await dataSource.query<{ subject: string; body: string }[]>(
    `select subject, body from outbox where body::json ->> 'causationid' = $1 order by tx, seq`,
    [eventId],
  );
  return rows.map(({ subject, body }) => ({ subject, data: (JSON.parse(body) as Envelope).data }));
}

/** Every moment of a replay comes from the recording; what asks the clock itself gets the same answer always. */
class StandingClock implements Clock {
  now(): Instant {
    return '1970-01-01T00:00:00.000Z';
  }

  wakeAt(): () => void {
    return () => undefined;
  }
}

const nothing = { stop: () => Promise.resolve() };

/** A bus that carries nothing. */
const SILENT: Bus = {
  publish: (messages) => Promise.resolve(messages.map(() => 0)),
  subscribe: () => Promise.resolve(nothing),
  streamState: () => Promise.resolve(null),
  settled: () => Promise.resolve(true),
  signal: () => Promise.resolve(),
  onSignal: () => Promise.resolve(nothing),
  health: () => Promise.resolve({ up: true, detail: 'a replay speaks to nobody' }),
  close: () => Promise.resolve(),
};
