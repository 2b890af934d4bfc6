import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import type { ConsumerInfo, JetStreamClient, JetStreamManager, StreamInfo } from '@nats-io/jetstream';
import { connect, headers as natsHeaders, nuid, PermissionViolationError } from '@nats-io/transport-node';
import type { MsgHdrs, NatsConnection } from '@nats-io/transport-node';
import { setTimeout as pause } from 'node:timers/promises';
import { Fault, messageOf, Retryable } from '../errors.js';
import type { Bus, BusMessage, StreamState, SubscribeOptions, Subscription } from './bus.js';
import { AGAIN, DurableReader, type DurableRequest, type ReaderHost } from './jetstream-reader.js';
import { EVENTS_STREAM, filtersOf, orNull, PROVISION_TOPIC, requireServerVersion } from './provision.js';
import { Publisher, type Stored } from './publisher.js';
import { requireSize } from './size.js';
import { TICK_BYTES_MAX, TICKS_STREAM, type TickMessage } from './ticks.js';

/** How many publications wait for their acknowledgement at once; more is slower. */
const PIPELINE = 256;
const ANSWER_MS = 5_000;
const CONNECTION_LOST = 'the connection to the NATS server is lost; reconnecting';

export interface JetStreamBusOptions {
  readonly servers: string | readonly string[];
  /** The name of the service; also its private inbox prefix `_INBOX_<name>`. */
  readonly name: string;
  readonly user?: string;
  readonly password?: string;
  readonly stream?: string;
  /** The durables that `settled` looks at; those that the stream knows, unless told. */
  readonly durables?: readonly string[];
  /**
   * Has a missing or unfit durable made: `Provisioner.ensureDurable` where this identity may create it. Where it
   * may not, leave it out, and the bus asks with the signal `ctl.provision`, which `Provisioner.answer` hears.
   */
  readonly ensureDurable?: (request: DurableRequest) => Promise<unknown>;
  /** How long `subscribe` waits for its durable, in milliseconds; 10,000 unless told. */
  readonly bindWithinMs?: number;
  /** Hears what went wrong and is being put right; a process warning unless told. */
  readonly incident?: (code: string, detail: string) => void;
}

/** The bus between processes: one stream of a NATS server with JetStream. */
export class JetStreamBus implements Bus {
  readonly #readers = new Map<string, DurableReader>();
  readonly #host: ReaderHost;
  readonly #publisher: Publisher;
  #connected: Promise<void> = Promise.resolve();
  #reconnected: (() => void) | null = null;
  /** Where the stream and its durables stood when all was settled last. */
  #settledAt = '';
  /** Rejects what waits for an answer that cannot come any more: the connection it was asked over is lost. */
  readonly #waiting = new Set<(error: Error) => void>();

  private constructor(
    private readonly connection: NatsConnection,
    client: JetStreamClient,
    private readonly manager: JetStreamManager,
    private readonly options: JetStreamBusOptions,
  ) {
    this.#publisher = new Publisher(connection, inboxOf(options.name), ANSWER_MS);
    this.#host = {
      stream: this.#stream,
      client,
      look: (durable) =>
        this.#answer(async () => {
          // In this order: a message that comes in between must not make the durable look ahead of its stream.
          const info = await orNull(manager.consumers.info(this.#stream, durable));
          return [await orNull(manager.streams.info(this.#stream)), info];
        }),
      connected: () => this.#connected,
      roundTrip: () => this.#answer(() => connection.flush()),
      ensureDurable: async (request) => {
        if (options.ensureDurable) await options.ensureDurable(request);
        else await this.signal(PROVISION_TOPIC, request);
      },
      incident: (code, detail) => this.#incident(code, detail),
    };
    void this.#watchConnection();
  }

  /**
   * Connects, and from then on reconnects for as long as it is not closed.
   * @throws Retryable `BUS_UNAVAILABLE` where no server takes the connection.
   * @throws Fault `NATS_TOO_OLD` where the server is older than 2.10.
   */
  static async connect(options: JetStreamBusOptions): Promise<JetStreamBus> {
    const connection = await openConnection(options);
    try {
      requireServerVersion(connection.info?.version);
      const manager = await jetstreamManager(connection, { timeout: ANSWER_MS, checkAPI: false });
      return new JetStreamBus(connection, jetstream(connection, { timeout: ANSWER_MS }), manager, options);
    } catch (error) {
      await connection.close();
      throw error;
    }
  }

  async publish(messages: readonly BusMessage[], options: { again?: boolean } = {}): Promise<readonly number[]> {
    for (const message of messages) requireSize(message);
    const sequences: number[] = [];
    for (let from = 0; from < messages.length; from += PIPELINE) {
      const chunk = messages.slice(from, from + PIPELINE);
      const stored = await this.#store(chunk, options.again === true);
      sequences.push(...stored.sequences);
      if (stored.refused) {
        const missing = messages.length - sequences.length;
        throw new Retryable(
          'PUBLISH_NOT_ACKNOWLEDGED',
          `${missing} of ${messages.length} messages were not acknowledged as stored: ${stored.refused.message}`,
          { cause: stored.refused },
        );
      }
    }
    return sequences;
  }

  async #store(messages: readonly BusMessage[], again: boolean): Promise<Stored> {
    if (this.#reconnected) return { sequences: [], refused: new Error(CONNECTION_LOST) };
    return this.#publisher.store(
      messages.map((message) => ({
        subject: message.subject,
        body: message.body,
        headers: this.#headersOf(message, again),
      })),
    );
  }

  async publishTicks(ticks: readonly TickMessage[]): Promise<void> {
    for (let from = 0; from < ticks.length; from += PIPELINE) {
      const chunk = ticks.slice(from, from + PIPELINE);
      const { sequences, refused } = this.#reconnected
        ? { sequences: [], refused: new Error(CONNECTION_LOST) }
        : await this.#publisher.store(chunk.map(tickPublication));
      if (!refused) continue;
      const missing = ticks.length - from - sequences.length;
      throw new Retryable(
        'TICKS_NOT_ACKNOWLEDGED',
        `${missing} of ${ticks.length} ticks were not acknowledged as stored: ${refused.message}`,
        { cause: refused },
      );
    }
  }

  #headersOf(message: BusMessage, again: boolean): MsgHdrs {
    const headers = natsHeaders();
    for (const [name, value] of Object.entries(message.headers)) headers.set(name, value);
    headers.set('Nats-Expected-Stream', this.#stream);
    // A number that counts from the start of the process would repeat after a crash within the duplicate window.
    headers.set('Nats-Msg-Id', again ? `${message.id}${AGAIN}${nuid.next()}` : message.id);
    return headers;
  }

  async subscribe(options: SubscribeOptions): Promise<Subscription> {
    const { durable } = options;
    if (this.#readers.has(durable)) throw new Error(`the durable "${durable}" is already bound in this process`);
    const reader = new DurableReader(this.#host, options);
    this.#readers.set(durable, reader);
    const stop = async (): Promise<void> => {
      this.#readers.delete(durable);
      await reader.stop();
      if (!this.connection.isClosed()) await this.connection.flush();
    };
    const waiting = new AbortController();
    const tooLate = pause(this.options.bindWithinMs ?? 10_000, 'late' as const, { signal: waiting.signal });
    const first = await Promise.race([reader.bound, tooLate]);
    if (first === 'late') {
      const trouble = reader.trouble ?? '';
      await stop();
      throw new Retryable('DURABLE_UNAVAILABLE', `the durable "${durable}" cannot be bound: ${trouble}`);
    }
    tooLate.catch(() => undefined);
    waiting.abort();
    return { stop };
  }

  async streamState(): Promise<StreamState | null> {
    const { created, state } = await this.#streamInfo();
    return { createdAt: created, lastSequence: state.last_seq };
  }

  async settled(): Promise<boolean> {
    const durables = await this.#durables();
    if (durables.some((info) => info === null || info.num_pending > 0 || info.num_ack_pending > 0)) return false;
    // Asked after the durables: where nothing came since all was settled, it still is.
    const { created, state } = await this.#streamInfo();
    const here = `${created} ${state.last_seq} ${durables.map((info) => info?.created).join(' ')}`;
    if (here === this.#settledAt) return true;
    // The server may count what is pending a moment after it acknowledged a publication; the log itself is exact.
    const behind = await Promise.all(
      durables.map(async (info) => info !== null && (await this.#lastHeardBy(info)) > info.ack_floor.stream_seq),
    );
    if (behind.includes(true)) return false;
    this.#settledAt = here;
    return true;
  }

  async #durables(): Promise<(ConsumerInfo | null)[]> {
    const { durables } = this.options;
    return this.#answer(async () => {
      if (durables) {
        return Promise.all(durables.map((name) => orNull(this.manager.consumers.info(this.#stream, name))));
      }
      const listed: ConsumerInfo[] = [];
      for await (const info of this.manager.consumers.list(this.#stream)) listed.push(info);
      return listed;
    });
  }

  /** The sequence of the newest message that a durable is to hear; 0 where there is none. */
  async #lastHeardBy(info: ConsumerInfo): Promise<number> {
    const sequences = await this.#answer(() =>
      Promise.all(
        filtersOf(info).map(async (filter) => {
          const found = await this.manager.streams.getMessage(this.#stream, { last_by_subj: filter });
          return found?.seq ?? 0;
        }),
      ),
    );
    return Math.max(0, ...sequences);
  }

  async signal(topic: string, body: unknown): Promise<void> {
    this.connection.publish(controlSubject(topic), JSON.stringify(body));
    await this.#answer(() => this.connection.flush());
  }

  async onSignal(topic: string, handle: (body: unknown) => void | Promise<void>): Promise<Subscription> {
    const failed = (error: unknown): void => this.#incident('SIGNAL_NOT_HANDLED', `ctl.${topic}: ${messageOf(error)}`);
    const subscription = this.connection.subscribe(controlSubject(topic), {
      callback: (error, message) => {
        if (error) return failed(error);
        void Promise.resolve()
          .then(() => handle(message.json()))
          .catch(failed);
      },
    });
    // Whoever awaits this may signal next, perhaps over another connection: the server must know by then.
    await this.#answer(() => this.connection.flush());
    return {
      stop: () => {
        subscription.unsubscribe();
        return Promise.resolve();
      },
    };
  }

  async health(): Promise<{ up: boolean; detail: string }> {
    if (this.connection.isClosed()) return { up: false, detail: 'the connection is closed' };
    if (this.#reconnected) return { up: false, detail: CONNECTION_LOST };
    for (const [durable, reader] of this.#readers) {
      if (reader.trouble !== null) return { up: false, detail: `durable ${durable}: ${reader.trouble}` };
    }
    try {
      await this.#streamInfo();
    } catch (error) {
      return { up: false, detail: messageOf(error) };
    }
    const { version } = this.connection.info ?? {};
    return { up: true, detail: `stream ${this.#stream} on ${this.connection.getServer()}, version ${version}` };
  }

  async close(): Promise<void> {
    await Promise.all([...this.#readers.values()].map((reader) => reader.stop()));
    this.#readers.clear();
    if (this.connection.isClosed()) return;
    // Draining sends what is still buffered, which cannot be done while there is no server.
    if (this.#reconnected) await this.connection.close();
    else await this.connection.drain();
  }

  get #stream(): string {
    return this.options.stream ?? EVENTS_STREAM;
  }

  async #streamInfo(): Promise<StreamInfo> {
    const info = await this.#answer(() => orNull(this.manager.streams.info(this.#stream)));
    if (info === null) throw new Retryable('STREAM_MISSING', `there is no stream ${this.#stream} on the NATS server`);
    return info;
  }

  /** Asks the server. @throws Retryable `BUS_UNAVAILABLE` where it does not answer. */
  async #answer<T>(ask: () => Promise<T>): Promise<T> {
    try {
      return await this.#unlessLost(ask);
    } catch (error) {
      throw new Retryable('BUS_UNAVAILABLE', `the NATS server refused or did not answer: ${messageOf(error)}`, {
        cause: error,
      });
    }
  }

  /** Asks, and gives up at once where there is no connection or it is lost meanwhile. */
  #unlessLost<T>(ask: () => Promise<T>): Promise<T> {
    if (this.#reconnected) return Promise.reject(new Error(CONNECTION_LOST));
    return new Promise((resolve, reject) => {
      this.#waiting.add(reject);
      ask()
        .then(resolve, reject)
        .finally(() => this.#waiting.delete(reject));
    });
  }

  async #watchConnection(): Promise<void> {
    for await (const status of this.connection.status()) {
      if (status.type === 'disconnect') {
        if (!this.#reconnected) this.#connected = new Promise((resolve) => (this.#reconnected = resolve));
        for (const reject of this.#waiting) reject(new Error(CONNECTION_LOST));
        this.#publisher.lost(new Error(CONNECTION_LOST));
        for (const reader of this.#readers.values()) reader.disconnected();
        this.#incident('BUS_DISCONNECTED', `the connection to ${status.server} is lost; reconnecting`);
      } else if (status.type === 'reconnect') {
        this.#reconnected?.();
        this.#reconnected = null;
      } else if (status.type === 'error') {
        const { error } = status;
        if (error instanceof PermissionViolationError) this.#publisher.forbidden(error.subject, error);
        this.#incident('BUS_ERROR', messageOf(status.error));
      }
    }
  }

  #incident(code: string, detail: string): void {
    if (this.options.incident) this.options.incident(code, detail);
    else process.emitWarning(detail, { code });
  }
}

function tickPublication({ id, subject, body }: TickMessage) {
  if (Buffer.byteLength(body) > TICK_BYTES_MAX) {
    throw new Fault(
      'TICK_TOO_LARGE',
      `a tick on ${subject} has more than ${TICK_BYTES_MAX} bytes: ${body.slice(0, 80)}`,
    );
  }
  const headers = natsHeaders();
  headers.set('Nats-Expected-Stream', TICKS_STREAM);
  if (id !== null) headers.set('Nats-Msg-Id', id);
  return { subject, body, headers };
}

async function openConnection(options: JetStreamBusOptions): Promise<NatsConnection> {
  const { servers, user, password, name } = options;
  try {
    return await connect({
      servers: typeof servers === 'string' ? servers : [...servers],
      name,
      inboxPrefix: inboxOf(name),
      ...(user === undefined ? {} : { user }),
      ...(password === undefined ? {} : { pass: password }),
      maxReconnectAttempts: -1,
      reconnectTimeWait: 250,
      timeout: ANSWER_MS,
      pingInterval: 10_000,
      // A stack trace for each request costs more than the request.
      noAsyncTraces: true,
    });
  } catch (error) {
    throw new Retryable('BUS_UNAVAILABLE', `no NATS server at ${String(servers)}: ${messageOf(error)}`, {
      cause: error,
    });
  }
}

const inboxOf = (name: string): string => `_INBOX_${name}`;

const controlSubject = (topic: string): string => `ctl.${topic}`;
