import type { Instant } from '@ballast/contracts';
import type { DataSource } from 'typeorm';
import { knownAlert, type Raised } from '../alerts/alerts.js';
import type { Clock } from '../clock/clock.js';
import type { Inbox } from '../inbox/inbox.js';
import type { Reconciler } from '../outbox/reconciler.js';

/** How long the same fact may stand first in the outbox, in ms of the clock. */
const OUTBOX_STALLED_MS = 30_000;
/** How long a gap may stand after it was asked for, and a message behind another one, in ms of the clock. */
const GAP_UNFILLED_MS = 60_000;
const MESSAGE_WAITING_MS = 60_000;
/** Keys with waiting messages that are told of at one look; the oldest come first. */
const WAITING_MAX = 20;

interface OutboxHead {
  readonly id: string;
  readonly saidAt: Instant;
}

interface WaitingRow {
  readonly noun: string;
  readonly key: string;
  readonly first: string;
  readonly since: Instant;
  readonly count: number;
}

/**
 * Looks after what stands still in a service and tells people: once, and again only
 * after it had gone on. What was told is kept in memory; a restart may tell of it again.
 */
export class ServiceWatch {
  #head: { readonly id: string; readonly since: Instant } | undefined;
  #told: ReadonlySet<string> = new Set();

  constructor(
    private readonly inbox: Inbox,
    private readonly dataSource: DataSource,
    private readonly reconciler: Reconciler,
    private readonly clock: Clock,
  ) {}

  /** Raises an alert for everything that stands still and was not told of yet. */
  async look(): Promise<void> {
    const now = this.clock.now();
    const found = [...(await this.#outbox(now)), ...(await this.#gaps(now)), ...(await this.#waiting(now))];
    const fresh = found.filter(({ episode }) => !this.#told.has(episode));
    if (fresh.length > 0) await this.inbox.raise(fresh);
    // Kept only now: what could not be told is told at the next look.
    this.#told = new Set(found.map(({ episode }) => episode));
  }

  /**
   * What counts is how long the same fact has been first, not how old it is: after the stream was
   * set back old facts leave again, and that they are old tells nothing about the relay.
   */
  async #outbox(now: Instant): Promise<Raised[]> {
    const [head] = await this.dataSource.query<OutboxHead[]>(
      `select event_id as id, body::json ->> 'time' as "saidAt" from outbox, relay_cursor c
        where (outbox.tx, outbox.seq) > (c.tx, c.seq) order by outbox.tx, outbox.seq limit 1`,
    );
    if (!head) {
      this.#head = undefined;
      return [];
    }
    if (this.#head?.id !== head.id) this.#head = { id: head.id, since: now };
    const { since } = this.#head;
    if (ageMs(since, now) < OUTBOX_STALLED_MS) return [];
    const numbers = { eventId: head.id, age_seconds: seconds(head.saidAt, now), ...limit(OUTBOX_STALLED_MS) };
    const message = `nothing has left the outbox since ${since}; ${head.id} of ${head.saidAt} is first`;
    return [{ episode: `${head.id} ${since}`, alert: knownAlert('OUTBOX_STALLED', message, numbers, now) }];
  }

  async #gaps(now: Instant): Promise<Raised[]> {
    const unfilled = await this.reconciler.unfilled(GAP_UNFILLED_MS);
    return unfilled.map(({ gap: { noun, key, from, to }, askedAt }) => {
      const message = `${noun} of ${key} is missing from ${from} to ${to} although it was asked for`;
      const sequences = { noun, key, from: `${from}`, to: `${to}` };
      const numbers = { ...sequences, age_seconds: seconds(askedAt, now), ...limit(GAP_UNFILLED_MS) };
      const episode = `${noun} ${key} ${from} ${askedAt}`;
      return { episode, alert: knownAlert('GAP_UNFILLED', message, numbers, now) };
    });
  }

  async #waiting(now: Instant): Promise<Raised[]> {
    const rows = await this.dataSource.query<WaitingRow[]>(
      `select noun, key, min(received_at) as since, count(*)::int as count,
              (array_agg(event_id order by key_seq))[1] as first
         from inbox where state = 'waiting' group by noun, key having min(received_at) <= $1
        order by min(received_at), noun, key limit ${WAITING_MAX}`,
      [new Date(Date.parse(now) - MESSAGE_WAITING_MS).toISOString()],
    );
    return rows.map(({ noun, key, first, since, count }) => {
      const message = `${first} and what follows it in ${noun} of ${key} wait behind an earlier message`;
      const numbers = { noun, key, eventId: first, waiting: `${count}`, age_seconds: seconds(since, now) };
      const alert = knownAlert('MESSAGE_WAITING', message, { ...numbers, ...limit(MESSAGE_WAITING_MS) }, now);
      return { episode: `${noun} ${key} ${since}`, alert };
    });
  }
}

const ageMs = (since: Instant, now: Instant): number => Date.parse(now) - Date.parse(since);
const seconds = (since: Instant, now: Instant): string => `${Math.max(0, Math.round(ageMs(since, now) / 1_000))}`;
const limit = (ms: number): { limit_seconds: string } => ({ limit_seconds: `${ms / 1_000}` });
