import type { StreamConfig } from '@nats-io/jetstream';
import { nanos } from '@nats-io/transport-node';
import { HEADER_BYTES_MAX } from './size.js';

/** The stream of raw ticks: no decision travels on it, and none may rely on finding a tick there. */
export const TICKS_STREAM = 'TICKS';
/** Every subject of the stream of raw ticks: `ticks.<kind>.<symbol>`. */
export const TICK_SUBJECTS: readonly string[] = ['ticks.>'];
/** The one service that may publish ticks. */
export const TICKS_WRITER = 'feeds';

/** How long a tick stays: enough to look back from an alert, far less than anybody could call a history. */
const AGE_MS_MAX = 15 * 60_000;
/** What all ticks together may take of the server's memory; the pod of the server has 1 GiB. */
const BYTES_MAX = 128 * 1024 ** 2;
/** The most bytes of one tick; a trade has about 300. */
export const TICK_BYTES_MAX = 4_096;
/** How long the server knows the id of a tick: longer than a publisher waits before it sends a tick again. */
const DUPLICATES_MS = 30_000;

/** A raw tick as it is published. */
export interface TickMessage {
  /** The same tick has the same id, so that one that is sent again is stored once; null where a repetition does no harm. */
  readonly id: string | null;
  readonly subject: string;
  readonly body: string;
}

/**
 * Every option of the stream of ticks, written out. It lives in memory, because a server that syncs each write could not
 * keep up with a market, and forgets the oldest where it is full: publishing a tick is never refused for want of room.
 */
export function ticksConfig(options: { readonly replicas?: number } = {}) {
  return {
    name: TICKS_STREAM,
    description: 'Raw ticks of Ballast; short-lived, and no log of record',
    subjects: [...TICK_SUBJECTS],
    retention: 'limits',
    storage: 'memory',
    discard: 'old',
    discard_new_per_subject: false,
    max_bytes: BYTES_MAX,
    max_age: nanos(AGE_MS_MAX),
    max_msgs: -1,
    max_msgs_per_subject: -1,
    max_consumers: -1,
    max_msg_size: TICK_BYTES_MAX + HEADER_BYTES_MAX,
    duplicate_window: nanos(DUPLICATES_MS),
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
