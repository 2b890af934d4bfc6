import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  keyOf,
  uuid5,
  type DataOf,
  type Envelope,
  type EventType,
  type Family,
  type Instant,
  type LocalType,
} from '@ballast/contracts';
import {
  createLogger,
  FilePackStore,
  LocalBus,
  Secret,
  SimulatedClock,
  startService,
  type Host,
  type Incoming,
  type Received,
  type Relay,
  type RunningService,
  type ServiceDefinition,
} from '@ballast/platform';
import { createTestDatabase } from './database.js';

const TOKEN = 'token-of-a-test-bench';

export interface BenchOptions {
  /** The service's environment. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** When it is; 2024-03-04 10:00 in New York by default, a Monday. */
  readonly now?: Instant;
}

/** An answer over HTTP. */
export interface HttpAnswer {
  readonly status: number;
  readonly body: unknown;
}

/** One service on a real schema, moved step by step: what it hears, what it says, what it asks to be done. */
export class Bench {
  readonly #sequences = new Map<string, number>();
  #heard = 0;

  private constructor(
    private running: RunningService,
    readonly clock: SimulatedClock,
    readonly packs: FilePackStore,
    private readonly start: () => Promise<RunningService>,
    private readonly release: () => Promise<void>,
  ) {}

  get service(): RunningService {
    return this.running;
  }

  static async of(definition: ServiceDefinition, options: BenchOptions = {}): Promise<Bench> {
    const database = await createTestDatabase([definition.name]);
    const folder = await mkdtemp(join(tmpdir(), 'ballast-bench-'));
    const clock = new SimulatedClock(options.now ?? '2024-03-04T15:00:00.000Z');
    const packs = new FilePackStore(folder);
    const bus = new LocalBus();
    const start = async (): Promise<RunningService> => {
      const service = await startService(definition, host);
      await service.activate();
      return service;
    };
    const host: Host = {
      clock,
      bus,
      packs,
      env: () => options.env ?? {},
      databaseUrl: database.url,
      token: new Secret(TOKEN),
      logger: (name) => createLogger({ service: name, level: 'silent' }),
      drive: 'stepped',
    };
    return new Bench(await start(), clock, packs, start, async () => {
      await bus.close();
      await database.drop();
      await rm(folder, { recursive: true, force: true });
    });
  }

  /** Ends the service between two of its transactions and starts it anew on the same database, at the same moment. */
  async restart(): Promise<void> {
    await this.running.stop();
    this.running = await this.start();
  }

  /** Brings a fact to the inbox as if its owner had said it now, with the next number of its key. */
  async hear<F extends Family, D>(
    type: EventType<F, D>,
    data: D,
    more: Partial<Pick<Incoming, 'keySeq' | 'eventId'>> = {},
  ): Promise<Received> {
    const [received] = await this.service.inbox.receive([this.message(type, data, more)]);
    return received!;
  }

  /** The message of a fact, to be received in a batch or out of order. */
  message<F extends Family, D>(
    type: EventType<F, D>,
    data: D,
    more: Partial<Pick<Incoming, 'keySeq' | 'eventId'>> = {},
  ): Incoming {
    const noun = `${type.family}.${type.noun}`;
    const key = keyOf(type, data);
    const keySeq = more.keySeq ?? (this.#sequences.get(`${noun} ${key}`) ?? 0) + 1;
    this.#sequences.set(`${noun} ${key}`, keySeq);
    const eventId = more.eventId ?? uuid5('bench', type.type, key, keySeq, ++this.#heard);
    const body: Envelope = {
      specversion: '1.0',
      id: eventId,
      source: `/ballast/${type.family}`,
      type: type.type,
      subject: key,
      time: this.clock.now(),
      datacontenttype: 'application/json',
      correlationid: correlationOf(data) ?? eventId,
      causationid: eventId,
      keyseq: keySeq,
      // What travels is JSON; a spec that passes something else must notice.
      data: JSON.parse(JSON.stringify(data)),
    };
    return {
      eventId,
      source: 'bus',
      type: type.type,
      noun,
      key,
      keySeq,
      correlationId: body.correlationid,
      body,
      headers: {},
      streamSequence: this.#heard,
    };
  }

  /** Brings a local message (an answer, a command) to the inbox. */
  async tell<D>(type: LocalType<D>, key: string, data: D): Promise<Received> {
    const id = uuid5('bench', type.type, key, ++this.#heard);
    const body: Envelope = {
      specversion: '1.0',
      id,
      source: `/ballast/${this.service.name}`,
      type: type.type,
      subject: key,
      time: this.clock.now(),
      datacontenttype: 'application/json',
      correlationid: id,
      causationid: id,
      keyseq: 1,
      data: JSON.parse(JSON.stringify(data)),
    };
    const [received] = await this.service.inbox.receive([
      {
        eventId: id,
        source: 'command',
        type: type.type,
        noun: null,
        key,
        keySeq: null,
        correlationId: id,
        body,
        headers: {},
        streamSequence: null,
      },
    ]);
    return received!;
  }

  /** Everything said so far of a type, oldest first. */
  async said<D>(type: EventType<Family, D>): Promise<DataOf<EventType<Family, D>>[]> {
    return (await this.saidAll())
      .filter((envelope) => envelope.type === type.type)
      .map((envelope) => envelope.data as D);
  }

  /** Every fact said so far, oldest first, without audit entries. */
  async saidAll(): Promise<Envelope[]> {
    const rows = await this.service.dataSource.query<{ body: string }[]>(
      `select body from outbox where noun not like '%.audit' order by tx, seq`,
    );
    return rows.map((row) => JSON.parse(row.body) as Envelope);
  }

  /** The acts in the audit, oldest first. */
  async audited(): Promise<string[]> {
    const rows = await this.service.dataSource.query<{ act: string }[]>(`select act from audit order by at, audit_id`);
    return rows.map((row) => row.act);
  }

  /** Moves the clock, and handles every timer that falls due on the way in order of time. */
  async advanceTo(to: Instant): Promise<void> {
    for (;;) {
      const [next] = await this.service.dataSource.query<{ at: Instant | null }[]>(
        `select min(due_at) as at from task where done_at is null and kind = 'timer' and due_at <= $1`,
        [to],
      );
      if (!next?.at) break;
      if (next.at > this.clock.now()) this.clock.advanceTo(next.at);
      await this.service.tasks.fireTimers();
    }
    if (to > this.clock.now()) this.clock.advanceTo(to);
  }

  /** Does the work that is due, answers included, until none is left. Returns how many pieces it did. */
  async work(): Promise<number> {
    let done = 0;
    for (let did = await this.service.tasks.doWork(); did > 0; did = await this.service.tasks.doWork()) done += did;
    return done;
  }

  async get(path: string): Promise<HttpAnswer> {
    return this.#request({ method: 'GET', url: path, headers: {} });
  }

  async post(path: string, body: unknown, idempotencyKey?: string): Promise<HttpAnswer> {
    return this.#request({
      method: 'POST',
      url: path,
      payload: JSON.stringify(body),
      headers: { 'content-type': 'application/json', ...(idempotencyKey ? { 'idempotency-key': idempotencyKey } : {}) },
    });
  }

  /** Ends the service and drops its database. */
  async close(): Promise<void> {
    await this.running.stop();
    await this.release();
  }

  async #request(request: {
    method: 'GET' | 'POST';
    url: string;
    headers: Record<string, string>;
    payload?: string;
  }): Promise<HttpAnswer> {
    const answer = await this.service.app.inject({
      ...request,
      headers: { ...request.headers, authorization: `Bearer ${TOKEN}` },
    });
    const json = /json/.test(String(answer.headers['content-type'] ?? ''));
    return { status: answer.statusCode, body: json ? (answer.json() as unknown) : answer.body };
  }
}

/**
 * Publishes all that was committed. Rows may have to wait for transactions of other specs
 * in the same Postgres to end; then it looks again until they have.
 */
export async function drainRelay(relay: Pick<Relay, 'step'>): Promise<void> {
  for (;;) {
    const { published, blocked } = await relay.step();
    if (published === 0 && !blocked) return;
  }
}

/** A bench for one service: `const bench = await benchOf(allocator)`; close it in `afterAll`. */
export const benchOf = (definition: ServiceDefinition, options?: BenchOptions): Promise<Bench> =>
  Bench.of(definition, options);

function correlationOf(data: unknown): string | undefined {
  return typeof data === 'object' && data !== null && 'cycleId' in data ? String(data.cycleId) : undefined;
}
