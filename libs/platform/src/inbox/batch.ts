import type { Envelope, Instant } from '@ballast/contracts';
import type { EntityManager } from 'typeorm';
import type { Clock } from '../clock/clock.js';
import type { Writes } from '../persistence/writes.js';
import { appendAudits, appendFacts, appendTasks } from '../outbox/append.js';
import type { Collector } from './context.js';
import { placeInOrder } from './key-order.js';
import type { Incoming, Received } from './message.js';
import { findSeen, KeyStates, saveSettled, type Settled } from './store.js';

/** Runs the handler of a message and hands back what it said. */
export type Handle = (
  message: Incoming,
  batch: readonly Envelope[],
) => Promise<{ collected: Collector<never>; headers: Record<string, string> }>;

/** The work of one transaction: which messages are new, which may be handled, and what came of them. */
export class Batch {
  readonly outcomes: Received[] = [];
  readonly collected: Collector<never>[] = [];
  readonly #headers: Record<string, string>[] = [];
  /** Keys that moved on and have something waiting behind: it is handled next, in transactions of its own. */
  readonly opened: { readonly noun: string; readonly key: string }[] = [];
  /** In the order in which they were handled. */
  readonly #settled: Settled[] = [];
  readonly #fresh = new Set<string>();
  readonly #finished: Incoming[] = [];
  readonly #seen = new Map<string, Received>();
  #keys!: KeyStates;
  #bodies: readonly Envelope[] = [];

  constructor(
    private readonly tx: EntityManager,
    private readonly writes: Writes,
    private readonly clock: Clock,
    private readonly handle: Handle,
  ) {}

  async load(messages: readonly Incoming[]): Promise<void> {
    this.#bodies = messages.map(({ body }) => body);
    const [rows, keys] = await Promise.all([findSeen(this.tx, messages), KeyStates.load(this.tx, messages)]);
    for (const row of rows.values()) {
      this.#seen.set(row.event_id, { status: 'duplicate', body: row.body, ...(row.reply ? { reply: row.reply } : {}) });
    }
    this.#keys = keys;
  }

  /** Handles a message, lets it wait, or recognises it. */
  async place(message: Incoming): Promise<void> {
    const seen = this.#seen.get(message.eventId);
    if (seen || this.#fresh.has(message.eventId)) {
      this.outcomes.push(seen ?? { status: 'duplicate' });
      if (message.finishesTask) this.#finished.push(message);
      return;
    }
    const { noun, key, keySeq } = message;
    if (noun === null || keySeq === null) return this.settle(message, 'handle');
    const place = placeInOrder(this.#keys.of(noun, key).handled, keySeq);
    if (place === 'drop') this.outcomes.push({ status: 'duplicate' });
    else await this.settle(message, place === 'wait' ? 'wait' : 'handle');
  }

  async settle(message: Incoming, how: 'handle' | 'wait' | 'skip'): Promise<void> {
    this.#fresh.add(message.eventId);
    if (how === 'wait') {
      this.#settled.push({ message, state: 'waiting', handledAt: null, resultHash: null, reply: undefined });
      this.outcomes.push({ status: 'waiting' });
      this.#hold(message);
      return;
    }
    this.outcomes.push(how === 'skip' ? this.#skip(message) : await this.#run(message));
    const { noun, key, eventId } = message;
    if (noun !== null && (this.#keys.of(noun, key).held || this.#seen.has(eventId))) this.opened.push({ noun, key });
  }

  save(now: Instant): void {
    saveSettled(this.writes, this.#settled, now);
    this.#keys.save(
      this.writes,
      this.#settled.filter((each) => each.state === 'handled').map((each) => each.message),
    );
    finishTasks(this.writes, [...this.#settled.map((each) => each.message), ...this.#finished], now);
    saveCollected(this.writes, this.collected, this.#headers);
  }

  async #run(message: Incoming): Promise<Received> {
    const { collected, headers } = await this.handle(message, this.#bodies);
    this.collected.push(collected);
    this.#headers.push(headers);
    const reply = collected.answer;
    this.#settled.push({
      message,
      state: 'handled',
      handledAt: collected.now,
      resultHash: collected.resultHash(),
      reply,
    });
    this.#advance(message);
    return { status: 'handled', ...(reply ? { reply } : {}) };
  }

  #skip(message: Incoming): Received {
    const handledAt = this.clock.now();
    this.#settled.push({ message, state: 'handled', handledAt, resultHash: null, reply: undefined });
    this.#advance(message);
    return { status: 'handled' };
  }

  #advance({ noun, key, keySeq }: Incoming): void {
    if (noun === null || keySeq === null) return;
    this.#keys.set(noun, key, { handled: keySeq, held: this.#keys.of(noun, key).held });
  }

  #hold({ noun, key }: Incoming): void {
    if (noun !== null) this.#keys.set(noun, key, { handled: this.#keys.of(noun, key).handled, held: true });
  }
}

export function saveCollected(
  writes: Writes,
  collected: readonly Collector<never>[],
  headers: readonly Record<string, string>[],
): void {
  appendFacts(
    writes,
    collected.flatMap((each) => each.facts),
    collected.flatMap((each, i) => each.facts.map(() => headers[i]!)),
  );
  appendTasks(
    writes,
    collected.flatMap((each) => each.tasks),
    collected.flatMap((each, i) => each.tasks.map(() => headers[i]!)),
  );
  appendAudits(
    writes,
    collected.flatMap((each) => each.audits),
  );
}

export function finishTasks(writes: Writes, messages: readonly Incoming[], now: Instant): void {
  const done = messages.flatMap((message) => message.finishesTask ?? []);
  if (done.length > 0) writes.send(`update task set done_at = $2, locked_until = null where id = any($1)`, [done, now]);
}
