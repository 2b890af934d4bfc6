import { EVENT_BYTES_MAX, EVENT_SUBJECTS } from '@ballast/contracts';
import { jetstreamManager, JetStreamApiCodes, JetStreamApiError } from '@nats-io/jetstream';
import type { ConsumerConfig, ConsumerInfo, JetStreamManager, StreamConfig, StreamInfo } from '@nats-io/jetstream';
import { nanos, type NatsConnection, type Subscription } from '@nats-io/transport-node';
import { Fault, messageOf } from '../errors.js';
import { compareVersions, OLDEST_NATS } from '../nats/resolve.js';
import { HEADER_BYTES_MAX } from './size.js';
import { subjectMatches } from './subjects.js';
import { ticksConfig } from './ticks.js';

/** The stream of decisions. */
export const EVENTS_STREAM = 'EVENTS';
/** The signal by which a service that may not create its durable asks for it: body `{ stream, durable }`. */
export const PROVISION_TOPIC = 'provision';

const DAY_MS = 86_400_000;

/** What differs between deployments; everything else of the stream is fixed in `streamConfig`. */
export interface StreamOptions {
  readonly name?: string;
  readonly subjects?: readonly string[];
  /** The most the stream may hold, in bytes; publishing is refused beyond it. 8 GiB unless told. */
  readonly maxBytes?: number;
  /** How long a message stays, in milliseconds. 30 days unless told; 0 keeps it for ever. */
  readonly maxAgeMs?: number;
  /** Copies in a cluster; 1 unless told. */
  readonly replicas?: number;
}

/** A durable: the name of its service and what that hears. */
export interface DurableOptions {
  readonly durable: string;
  readonly filters: readonly string[];
  /** How long a delivery may stay unanswered, in milliseconds; 5,000 unless told. */
  readonly ackWaitMs?: number;
}

/** A setting that the server has otherwise than it was asked. */
export interface Drift {
  readonly field: string;
  readonly asked: unknown;
  readonly has: unknown;
}

/** A limit and how much of it is used; `fraction` 1 is full. */
export interface LimitUsage {
  readonly limit: 'max_bytes' | 'max_msgs' | 'max_consumers' | 'account_storage';
  readonly used: number;
  readonly max: number;
  readonly fraction: number;
}

/**
 * Every option of the stream, written out. Messages leave after 30 days: `discard: new` without an age would
 * sooner or later stop all publishing, and Postgres, not the stream, is the log of record. Purging stays
 * possible, as the way out of a full stream; deleting single messages does not.
 */
export function streamConfig(options: StreamOptions = {}) {
  return {
    name: options.name ?? EVENTS_STREAM,
    description: 'Decisions of Ballast; Postgres is the log of record',
    subjects: [...(options.subjects ?? [...EVENT_SUBJECTS, 'ext.>'])],
    retention: 'limits',
    storage: 'file',
    discard: 'new',
    discard_new_per_subject: false,
    max_bytes: options.maxBytes ?? 8 * 1024 ** 3,
    max_age: nanos(options.maxAgeMs ?? 30 * DAY_MS),
    max_msgs: -1,
    max_msgs_per_subject: -1,
    max_consumers: -1,
    max_msg_size: EVENT_BYTES_MAX + HEADER_BYTES_MAX,
    duplicate_window: nanos(120_000),
    num_replicas: options.replicas ?? 1,
    compression: 'none',
    no_ack: false,
    sealed: false,
    deny_delete: true,
    deny_purge: false,
    allow_rollup_hdrs: false,
    allow_direct: false,
    mirror_direct: false,
    consumer_limits: {},
  } satisfies Partial<StreamConfig>;
}

/**
 * Every option of a durable, written out. At most 1,000 deliveries wait for an answer: naks with a delay count
 * among them, so a service whose database is away stops there instead of circling through the whole stream.
 */
export function durableConfig(options: DurableOptions) {
  const filters = reduceFilters(options.filters);
  const [only = ''] = filters;
  return {
    durable_name: options.durable,
    name: options.durable,
    description: `What ${options.durable} hears`,
    // A list is slow (1,000 messages a second, server 2.10.27) where every message of a block matches; one is not.
    filter_subject: filters.length === 1 ? only : '',
    filter_subjects: filters.length === 1 ? [] : filters,
    deliver_policy: 'all',
    ack_policy: 'explicit',
    ack_wait: nanos(options.ackWaitMs ?? 5_000),
    max_ack_pending: 1_000,
    max_deliver: -1,
    max_waiting: 16,
    replay_policy: 'instant',
    inactive_threshold: 0,
    headers_only: false,
    num_replicas: 0,
    mem_storage: false,
  } satisfies Partial<ConsumerConfig>;
}

/** Filters without repetitions and without those that another one covers, sorted: the server refuses overlaps. */
export function reduceFilters(filters: readonly string[]): string[] {
  return [...new Set(filters)]
    .filter((one, _, all) => !all.some((other) => other !== one && covers(other, one)))
    .sort();
}

/** Tells whether every subject that `narrow` matches is matched by `wide`. */
const covers = (wide: string, narrow: string): boolean =>
  subjectMatches(narrow, wide) && (wide.endsWith('>') || !narrow.endsWith('>'));

/** Names each asked setting that the server has otherwise; absent and empty mean the same, as on the wire. */
export function driftOf(asked: object, has: object): Drift[] {
  const server = has as Readonly<Record<string, unknown>>;
  return Object.entries(asked)
    .filter(([field, value]) => canonical(value) !== canonical(server[field]))
    .map(([field, value]) => ({ field, asked: value, has: server[field] }));
}

/** Go leaves zero values out of JSON, so they are the same as nothing. */
function canonical(value: unknown): string {
  if (value === undefined || value === null || value === 0 || value === false || value === '') return 'nothing';
  if (Array.isArray(value)) return value.length === 0 ? 'nothing' : JSON.stringify([...(value as unknown[])].sort());
  if (typeof value === 'object' && Object.keys(value).length === 0) return 'nothing';
  return JSON.stringify(value);
}

const inWords = (drift: readonly Drift[]): string =>
  drift
    .map(({ field, asked, has }) => `${field}: asked ${JSON.stringify(asked)}, has ${JSON.stringify(has)}`)
    .join('; ');

/**
 * Refuses servers whose consumers know no list of filters.
 * @throws Fault `NATS_TOO_OLD`.
 */
export function requireServerVersion(version: string | undefined): void {
  if (version === undefined || compareVersions(version, OLDEST_NATS) < 0) {
    throw new Fault(
      'NATS_TOO_OLD',
      `the NATS server is version ${version ?? 'unknown'}; Ballast needs ${OLDEST_NATS} or newer: upgrade the server`,
    );
  }
}

/**
 * Tells whether a stream ends before what a durable has already seen of it: it was set back (a power loss, an
 * older copy), and what is published next would count as seen.
 */
export const isSetBack = (
  stream: { readonly state: Pick<StreamInfo['state'], 'last_seq'> },
  durable: { readonly [K in 'ack_floor' | 'delivered']: Pick<ConsumerInfo[K], 'stream_seq'> },
): boolean => stream.state.last_seq < Math.max(durable.ack_floor.stream_seq, durable.delivered.stream_seq);

/** How much of each limit of a stream, and of the account's storage, is used; limits that are off are left out. */
export function limitUsage(
  stream: StreamInfo,
  account: { storage: number; limits: { max_storage: number } },
): LimitUsage[] {
  const { config, state } = stream;
  const rows = [
    { limit: 'max_bytes', used: state.bytes, max: config.max_bytes },
    { limit: 'max_msgs', used: state.messages, max: config.max_msgs },
    { limit: 'max_consumers', used: state.consumer_count, max: config.max_consumers },
    { limit: 'account_storage', used: account.storage, max: account.limits.max_storage },
  ] as const;
  return rows.filter(({ max }) => max > 0).map((row) => ({ ...row, fraction: row.used / row.max }));
}

/** The limits of which at least `threshold` (0.8 unless told) is used: each deserves an alert. */
export const limitAlarms = (usage: readonly LimitUsage[], threshold = 0.8): LimitUsage[] =>
  usage.filter(({ fraction }) => fraction >= threshold);

/** What `ensureStream` and `ensureDurable` found or did. */
export type Provisioned = 'as it was' | 'created' | 'updated' | 'recreated';

/** The one identity that creates and changes the stream and its durables. */
export class Provisioner {
  #turn: Promise<unknown> = Promise.resolve();

  private constructor(
    private readonly connection: NatsConnection,
    private readonly manager: JetStreamManager,
    private readonly options: StreamOptions,
  ) {}

  /** A provisioner over a connection that may use the JetStream API. @throws Fault where the server is too old. */
  static async over(connection: NatsConnection, options: StreamOptions = {}): Promise<Provisioner> {
    requireServerVersion(connection.info?.version);
    return new Provisioner(connection, await jetstreamManager(connection), options);
  }

  /**
   * Creates the stream, or changes it to what is asked, and reads it back.
   * @throws Fault `STREAM_DRIFT` naming each setting that the server keeps otherwise than it was asked.
   */
  ensureStream(): Promise<Provisioned> {
    return this.#inTurn(() => this.#stream());
  }

  /** The same for the stream of raw ticks. @throws Fault `STREAM_DRIFT`. */
  ensureTicks(): Promise<Provisioned> {
    const { replicas } = this.options;
    return this.#inTurn(() => this.#made(ticksConfig(replicas === undefined ? {} : { replicas })));
  }

  /**
   * Creates a durable, or changes it to what is asked, and reads it back. It is made anew, from the first message
   * that the stream still holds, where the stream was set back behind it, or where it is to hear subjects that it
   * did not hear before, whose earlier messages it has passed; the inbox drops what was handled.
   * @throws Fault `DURABLE_DRIFT` naming each setting that the server keeps otherwise than it was asked.
   */
  ensureDurable(options: DurableOptions): Promise<Provisioned> {
    return this.#inTurn(async () => {
      await this.#stream();
      return this.#durable(options);
    });
  }

  /**
   * Answers services that ask for their durable with the signal `ctl.provision`. Only durables of the list are
   * made, and as the list says: what a service may hear is not for the asker to decide.
   * @param failed hears of a request that could not be met.
   */
  answer(durables: readonly DurableOptions[], failed: (durable: string, error: unknown) => void): Subscription {
    const stream = this.options.name ?? EVENTS_STREAM;
    return this.connection.subscribe(`ctl.${PROVISION_TOPIC}`, {
      callback: (error, message) => {
        if (error) return failed('', error);
        const asked = parseRequest(message.string());
        const known = durables.find(({ durable }) => durable === asked?.durable);
        if (known && asked?.stream === stream) {
          this.ensureDurable(known).catch((reason: unknown) => failed(known.durable, reason));
        }
      },
    });
  }

  /** How much of the stream's and the account's limits is used; see `limitAlarms`. */
  async usage(): Promise<LimitUsage[]> {
    const [stream, account] = await Promise.all([this.manager.streams.info(this.#name), this.manager.getAccountInfo()]);
    return limitUsage(stream, account);
  }

  get #name(): string {
    return this.options.name ?? EVENTS_STREAM;
  }

  /** One change at a time: after a restart of the server every service asks at once. */
  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#turn.then(work);
    this.#turn = result.catch(() => undefined);
    return result;
  }

  #stream(): Promise<Provisioned> {
    return this.#made(streamConfig(this.options));
  }

  async #made(asked: ReturnType<typeof streamConfig> | ReturnType<typeof ticksConfig>): Promise<Provisioned> {
    const { streams } = this.manager;
    const before = await orNull(streams.info(asked.name));
    const drift = before === null ? [] : driftOf(asked, before.config);
    if (before !== null && drift.length === 0) return 'as it was';
    try {
      if (before === null) await streams.add(asked);
      else await streams.update(asked.name, asked);
    } catch (error) {
      if (before === null || !(error instanceof JetStreamApiError)) throw error;
      throw new Fault('STREAM_DRIFT', `stream ${asked.name}: ${inWords(drift)}: ${messageOf(error)}`, { cause: error });
    }
    const left = driftOf(asked, (await streams.info(asked.name)).config);
    if (left.length > 0) throw new Fault('STREAM_DRIFT', `stream ${asked.name}: ${inWords(left)}`);
    return before === null ? 'created' : 'updated';
  }

  async #durable(options: DurableOptions): Promise<Provisioned> {
    const asked = durableConfig(options);
    const { streams, consumers } = this.manager;
    // In this order: a message that comes in between must not make the durable look ahead of its stream.
    const before = await orNull(consumers.info(this.#name, options.durable));
    const stream = await streams.info(this.#name);
    let outcome: Provisioned = 'as it was';
    if (before === null) {
      outcome = 'created';
      await consumers.add(this.#name, asked);
    } else if (isSetBack(stream, before) || hearsMore(reduceFilters(options.filters), before)) {
      outcome = 'recreated';
      await consumers.delete(this.#name, options.durable);
      await consumers.add(this.#name, asked);
    } else {
      const drift = driftOf(asked, before.config);
      if (drift.length === 0) return outcome;
      outcome = 'updated';
      try {
        await consumers.update(this.#name, options.durable, asked);
      } catch (error) {
        if (!(error instanceof JetStreamApiError)) throw error;
        throw new Fault('DURABLE_DRIFT', `durable ${options.durable}: ${inWords(drift)}: ${messageOf(error)}`, {
          cause: error,
        });
      }
    }
    const left = driftOf(asked, (await consumers.info(this.#name, options.durable)).config);
    if (left.length > 0) throw new Fault('DURABLE_DRIFT', `durable ${options.durable}: ${inWords(left)}`);
    return outcome;
  }
}

/** The filters of a durable as the server keeps them, sorted. */
export function filtersOf({ config }: ConsumerInfo): string[] {
  return config.filter_subject ? [config.filter_subject] : [...(config.filter_subjects ?? [])].sort();
}

const hearsMore = (wanted: readonly string[], durable: ConsumerInfo): boolean => {
  const heard = filtersOf(durable);
  return heard.length > 0 && wanted.some((filter) => !heard.some((one) => covers(one, filter)));
};

function parseRequest(text: string): { stream?: unknown; durable?: unknown } | null {
  try {
    return JSON.parse(text) as { stream?: unknown; durable?: unknown } | null;
  } catch {
    // Anybody on the control subjects may send anything; what is not a request is not answered.
    return null;
  }
}

/** The answer of the JetStream API, or null where it says that the stream or the consumer is not there. */
export async function orNull<T>(answer: Promise<T>): Promise<T | null> {
  try {
    return await answer;
  } catch (error) {
    const absent: readonly number[] = [JetStreamApiCodes.StreamNotFound, JetStreamApiCodes.ConsumerNotFound];
    if (error instanceof JetStreamApiError && absent.includes(error.code)) return null;
    throw error;
  }
}
