import {
  type AlertData,
  type AuditData,
  type Envelope,
  familyOf,
  nounFilter,
  type EventType,
  type Instant,
  type LocalType,
} from '@ballast/contracts';
import { Server, type CustomTransportStrategy } from '@nestjs/microservices';
import { isObservable, lastValueFrom } from 'rxjs';
import type { DataSource, EntityManager } from 'typeorm';
import { alertMessage, RaiseAlert, type Raised } from '../alerts/alerts.js';
import type { Delivery } from '../bus/bus.js';
import type { Clock } from '../clock/clock.js';
import { codeOf, isTransient, messageOf } from '../errors.js';
import { lockKey } from '../persistence/advisory-lock.js';
import { schemaOf } from '../persistence/data-source.js';
import { inTransaction, type Writes } from '../persistence/writes.js';
import { Batch } from './batch.js';
import { Collector } from './context.js';
import { park, resolveParked } from './dead-letter.js';
import { checked, fromBus, knownType, unreadable, type Incoming, type Received } from './message.js';
import type { HandlerExtras } from './on.js';
import { findSeen, keysWaiting, messageOfRow, nextWaiting } from './store.js';

/** The moments at which the simulator may kill a service. */
export type Checkpoint = 'before-commit' | 'after-commit' | 'before-publish' | 'after-publish' | 'after-world';

/** What the inbox tells the rest of the service after a commit, and how it is traced. */
export interface InboxHooks {
  readonly checkpoint: (point: Checkpoint) => void | Promise<void>;
  /** When a message is handled: now, or in a replay the moment that was recorded. */
  readonly momentOf: (message: Incoming) => Instant;
  /** Facts were committed: the relay has something to do. */
  readonly factsCommitted: () => void;
  /** Tasks were committed; the earliest falls due then. */
  readonly tasksCommitted: (dueAt: Instant) => void;
  readonly alertRaised: (alert: AlertData) => void;
  /** An entry of the audit trail was committed. */
  readonly audited: (entry: AuditData) => void;
  /** Runs a handler within a span that follows the message's trace; `headers` ride with what the handler says. */
  readonly traced: <T>(
    message: Incoming,
    handle: () => Promise<T>,
    said: () => readonly unknown[],
  ) => Promise<{ result: T; headers: Record<string, string> }>;
}

export interface InboxOptions {
  readonly service: string;
  readonly dataSource: DataSource;
  readonly clock: Clock;
  /** The epoch under which this instance became active; null where it never was. */
  readonly epoch: () => number | null;
  readonly hooks: InboxHooks;
}

/** Messages handled in one transaction at the most. */
const BATCH = 100;

/** Messages that wait for their turn, and what becomes of them. */
interface Gathering {
  readonly messages: Incoming[];
  readonly outcomes: Promise<Received[]>;
}

/** How long a message that met a passing fault waits before it is tried again, by how often it was tried. */
const RETRY_DELAYS_MS = [200, 1_000, 5_000, 15_000] as const;

/**
 * The only path in. A Nest transport whose handlers are the controllers marked with
 * {@link On}: messages of every door are handled one after another, a batch in one
 * transaction with all that they cause, and answered for only after the commit.
 */
export class Inbox extends Server implements CustomTransportStrategy {
  override readonly propagatesEventHandlerErrors = true;
  readonly #options: InboxOptions;
  readonly #lock: string;
  readonly #attempts = new Map<string, number>();
  #turn: Promise<unknown> = Promise.resolve();
  #waiting = 0;
  #turns = 0;
  #gathering: Gathering | undefined;

  constructor(options: InboxOptions) {
    super();
    this.#options = options;
    this.#lock = lockKey('inbox', schemaOf(options.service));
  }

  /** Nest calls this once its handlers are known; hearing begins when the service subscribes. */
  listen(callback: () => void): void {
    callback();
  }

  close(): void {}

  on(): never {
    throw new Error('the inbox has no events of its own to listen to');
  }

  unwrap<T>(): T {
    throw new Error('there is no client library below the inbox');
  }

  /** The subject filters of all nouns that some controller handles. */
  filters(): string[] {
    const heard = [...this.getHandlers().values()]
      .map((handler) => (handler.extras as HandlerExtras).handles)
      .filter((handles): handles is EventType => 'family' in handles);
    return [...new Set(heard.map(nounFilter))].sort();
  }

  /** The types that some controller handles. */
  handled(): (EventType | LocalType)[] {
    return [...this.getHandlers().values()].map((handler) => (handler.extras as HandlerExtras).handles);
  }

  /** Handles a batch from the bus and answers for each delivery after the commit. */
  async deliver(batch: readonly Delivery[]): Promise<void> {
    const readable: { delivery: Delivery; message: Incoming }[] = [];
    for (const delivery of batch) {
      try {
        readable.push({ delivery, message: fromBus(delivery.message, delivery.streamSequence) });
      } catch (error) {
        const outcome = await this.#exclusively(() =>
          this.#failed(unreadable(delivery.message, this.#options.service), error),
        );
        if (outcome.status === 'retry') delivery.nak(RETRY_DELAYS_MS[0]);
        else delivery.ack();
      }
    }
    const outcomes = await this.receive(readable.map(({ message }) => message));
    outcomes.forEach((outcome, i) => {
      const { delivery } = readable[i]!;
      if (outcome.status === 'retry') delivery.nak(this.#retryDelay(delivery.message.id));
      else {
        this.#attempts.delete(delivery.message.id);
        delivery.ack();
      }
    });
  }

  /**
   * Takes messages in, in order, all in one transaction, together with what other doors
   * bring while an earlier transaction is under way. A batch that fails is taken apart,
   * so that a poison message does not fail its neighbours.
   */
  async receive(messages: readonly Incoming[]): Promise<Received[]> {
    if (messages.length === 0) return [];
    const batch =
      this.#gathering && this.#gathering.messages.length + messages.length <= BATCH ? this.#gathering : this.#gather();
    const from = batch.messages.length;
    batch.messages.push(...messages);
    return (await batch.outcomes).slice(from, from + messages.length);
  }

  /**
   * Raises alerts of the service's own loops, all in one transaction. One whose episode was raised before is left out.
   * @throws what kept them from being committed; nothing is raised then, and they can be brought again.
   */
  async raise(raised: readonly Raised[]): Promise<void> {
    const outcomes = await this.receive(raised.map((each) => alertMessage(this.#options.service, each)));
    for (const outcome of outcomes) if (outcome.status === 'retry') throw outcome.error;
  }

  /** Opens a batch that gathers messages until its turn comes. */
  #gather(): Gathering {
    const messages: Incoming[] = [];
    const outcomes = this.#exclusively(() => {
      if (this.#gathering === batch) this.#gathering = undefined;
      return this.#receiveTogether(messages);
    });
    const batch = { messages, outcomes };
    this.#gathering = batch;
    return batch;
  }

  async #receiveTogether(messages: readonly Incoming[]): Promise<Received[]> {
    try {
      return await this.#transact(messages);
    } catch (error) {
      if (messages.length === 1) return [await this.#failed(messages[0]!, error)];
      const outcomes: Received[] = [];
      for (const message of messages) outcomes.push(await this.#receiveAlone(message));
      return outcomes;
    }
  }

  /** Handles a parked message again, and what waited behind it. */
  replayParked(eventId: string, by: string): Promise<Received> {
    return this.#resolveParked(eventId, by, 'replayed');
  }

  /** Gives a parked message up, and handles what waited behind it. */
  skipParked(eventId: string, by: string): Promise<Received> {
    return this.#resolveParked(eventId, by, 'skipped');
  }

  async #receiveAlone(message: Incoming): Promise<Received> {
    try {
      return (await this.#transact([message]))[0]!;
    } catch (error) {
      return this.#failed(message, error);
    }
  }

  /** One at a time, whatever the door: a service is a single writer. */
  #exclusively<T>(run: () => Promise<T>): Promise<T> {
    this.#waiting++;
    const turn = this.#turn.then(run).finally(() => {
      this.#waiting--;
      this.#turns++;
    });
    this.#turn = turn.catch(() => undefined);
    return turn;
  }

  /** Tells whether nothing is being handled and nothing waits for its turn. */
  get resting(): boolean {
    return this.#waiting === 0;
  }

  /** How often something was handled since the start. As long as it stays, the service has heard and said nothing new. */
  get turns(): number {
    return this.#turns;
  }

  async #transact(messages: readonly Incoming[]): Promise<Received[]> {
    const batch = await this.#inTransaction(async (tx, writes) => {
      const work = this.#batch(tx, writes);
      await work.load(messages);
      for (const message of messages) await work.place(message);
      work.save(this.#options.clock.now());
      return work;
    });
    await this.#committed(batch.collected);
    for (const { noun, key } of batch.opened) await this.#drain(noun, key);
    return batch.outcomes;
  }

  /** Handles what waits although it is next: after a crash, or a passing fault, in between. */
  drainWaiting(): Promise<void> {
    return this.#exclusively(async () => {
      for (const { noun, key } of await keysWaiting(this.#options.dataSource.manager)) await this.#drain(noun, key);
    });
  }

  /**
   * Handles what waited behind a message, as far as the sequence now reaches, each in a
   * transaction of its own: one that cannot be handled is parked itself, and not the
   * message that opened the way to it.
   */
  async #drain(noun: string, key: string): Promise<void> {
    const { dataSource, clock } = this.#options;
    for (;;) {
      const row = await nextWaiting(dataSource.manager, noun, key);
      if (!row) return;
      const message = messageOfRow(row);
      try {
        const batch = await this.#inTransaction(async (tx, writes) => {
          const work = this.#batch(tx, writes);
          await work.load([message]);
          await work.settle(message, 'handle');
          work.save(clock.now());
          return work;
        });
        await this.#committed(batch.collected);
      } catch (error) {
        // What passes by itself is met again when the service looks for what waits.
        await this.#failed(message, error);
        return;
      }
    }
  }

  #inTransaction<T>(run: (tx: EntityManager, writes: Writes) => Promise<T>): Promise<T> {
    const { dataSource, hooks, epoch } = this.#options;
    return inTransaction(
      dataSource,
      (tx, writes) => {
        // An instance that has not noticed its end yet must not write beside us; nothing it sends behind this is kept.
        writes.send(`select take_turn($1, $2)`, [this.#lock, epoch()]);
        return run(tx, writes);
      },
      () => hooks.checkpoint('before-commit'),
    );
  }

  #batch(tx: EntityManager, writes: Writes): Batch {
    return new Batch(tx, writes, this.#options.clock, (message, batch) => this.#handle(tx, writes, message, batch));
  }

  async #committed(collected: readonly Collector<never>[]): Promise<void> {
    const { hooks } = this.#options;
    await hooks.checkpoint('after-commit');
    if (collected.some((each) => each.facts.length > 0)) hooks.factsCommitted();
    const due = collected.flatMap((each) => each.tasks.map((task) => task.dueAt)).sort();
    if (due[0] !== undefined) hooks.tasksCommitted(due[0]);
    for (const { audits, alerts } of collected) {
      audits.forEach(hooks.audited);
      alerts.forEach(hooks.alertRaised);
    }
  }

  async #handle(
    tx: EntityManager,
    writes: Writes,
    message: Incoming,
    batch: readonly Envelope[],
  ): Promise<{ collected: Collector<never>; headers: Record<string, string> }> {
    const { service, hooks } = this.#options;
    const moment = hooks.momentOf(message);
    const collected = new Collector<never>(
      tx,
      writes,
      moment,
      message.body,
      batch,
      service,
      familyOf(service) as never,
    );
    if (message.type === RaiseAlert.type) {
      collected.alert(checked(message.body, RaiseAlert).data as AlertData);
      return { collected, headers: {} };
    }
    const handler = this.getHandlers().get(message.type);
    if (!handler) {
      if (message.source === 'bus') knownType(message.type);
      return { collected, headers: {} };
    }
    const body = checked(message.body, (handler.extras as HandlerExtras).handles);
    const handled = async (): Promise<void> => {
      const result: unknown = await handler(body, collected);
      if (isObservable(result)) await lastValueFrom(result, { defaultValue: undefined });
    };
    const said = (): unknown[] => collected.facts.map(({ envelope }) => envelope.data);
    const { headers } = await hooks.traced(message, handled, said);
    return { collected, headers };
  }

  async #failed(message: Incoming, error: unknown): Promise<Received> {
    if (isTransient(error)) return { status: 'retry', error };
    try {
      await this.#park(message, error);
      return { status: 'parked', code: codeOf(error), error: messageOf(error) };
    } catch (parkError) {
      return { status: 'retry', error: parkError };
    }
  }

  async #park(message: Incoming, error: unknown): Promise<void> {
    const { service, clock } = this.#options;
    const collected = await this.#inTransaction((tx, writes) =>
      Promise.resolve(park(service, { tx, writes, now: clock.now() }, message, error)),
    );
    await this.#committed([collected]);
  }

  #resolveParked(eventId: string, by: string, resolution: 'replayed' | 'skipped'): Promise<Received> {
    return this.#exclusively(async () => {
      const batch = await this.#inTransaction(async (tx, writes) => {
        const row = (await findSeen(tx, [{ eventId } as Incoming])).get(eventId);
        if (row?.state !== 'parked') return undefined;
        const work = this.#batch(tx, writes);
        const message = messageOfRow(row);
        await work.load([message]);
        await work.settle(message, resolution === 'skipped' ? 'skip' : 'handle');
        const now = this.#options.clock.now();
        resolveParked(writes, eventId, { resolution, by, now });
        work.save(now);
        return work;
      });
      if (!batch) return { status: 'duplicate' };
      await this.#committed(batch.collected);
      for (const { noun, key } of batch.opened) await this.#drain(noun, key);
      return batch.outcomes[0]!;
    });
  }

  #retryDelay(eventId: string): number {
    const attempt = this.#attempts.get(eventId) ?? 0;
    this.#attempts.set(eventId, attempt + 1);
    return RETRY_DELAYS_MS[Math.min(attempt, RETRY_DELAYS_MS.length - 1)]!;
  }
}
