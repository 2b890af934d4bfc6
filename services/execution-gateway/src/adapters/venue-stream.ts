import { uuid5 } from '@ballast/contracts';
import {
  CLOCK,
  fromWithin,
  Inbox,
  LOGGER,
  messageOf,
  type Clock,
  type Incoming,
  type Listener,
} from '@ballast/platform';
import { Inject, Injectable } from '@nestjs/common';
import type { Logger } from 'pino';
import { DataSource } from 'typeorm';
import { StreamOpened, VenueEvent, type VenueUpdate } from '../messages.js';
import { accountBy, allAccounts } from '../persistence/accounts.js';
import { sendings, type Sending } from '../persistence/orders.js';
import { VENUE, type Streams, type Venue } from './ports.js';

const SERVICE = 'execution-gateway';
/** Updates that are brought to the inbox in one transaction at the most. */
const BATCH = 100;
/** How long to wait before the inbox is tried again, while a dependency is away. */
const INBOX_RETRY_MS = 200;
const RECONNECT_MS = 500;
const RECONNECT_MS_MAX = 30_000;
/** How long a stream may be silent before a frame that somebody waits for counts as lost. */
const PATIENCE_MS = 500;

/** What is brought to the inbox: news of the stream, or that something of it was missed. */
type Item = { readonly update: VenueUpdate | null; readonly frame: number | null } | 'missed';

/** Keeps one stream an account open, and brings what it tells to the inbox, in its order. */
@Injectable()
export class VenueStream implements Listener, Streams {
  readonly #following = new Map<string, Following>();

  constructor(
    @Inject(VENUE) private readonly venue: Venue,
    @Inject(Inbox) private readonly inbox: Inbox,
    @Inject(DataSource) private readonly dataSource: DataSource,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  async start(): Promise<void> {
    for (const { account } of await allAccounts(this.dataSource.manager)) this.follow(account);
  }

  async stop(): Promise<void> {
    await Promise.all([...this.#following.values()].map((each) => each.stop()));
    this.#following.clear();
  }

  follow(account: string): void {
    this.#of(account);
  }

  ready(account: string, waitMs: number): Promise<boolean> {
    return this.#of(account).ready(waitMs);
  }

  /** The number of the last frame of an account that was committed; 0 before the first, or where frames have no numbers. */
  lastFrame(account: string): number {
    return this.#following.get(account)?.committedFrame ?? 0;
  }

  /**
   * Resolves once everything up to a frame has been committed. A frame that was told before the stream was open, or was
   * lost, never comes: then it resolves when the request to catch up has been committed.
   */
  heard(account: string, frame: number): Promise<void> {
    return this.#of(account).heard(frame);
  }

  #of(account: string): Following {
    const known = this.#following.get(account);
    if (known) return known;
    const { venue, inbox, clock, logger, dataSource } = this;
    const opens = async () => (await accountBy(dataSource.manager, account))?.streamOpens ?? 0;
    const sent = (clientOrderIds: readonly string[]) => sendings(dataSource.manager, clientOrderIds);
    const following = new Following(account, { venue, inbox, clock, logger, opens, sent });
    this.#following.set(account, following);
    following.connect();
    return following;
  }
}

interface Parts {
  readonly venue: Venue;
  readonly inbox: Inbox;
  readonly clock: Clock;
  readonly logger: Logger;
  /** How often the account's stream was opened, as far as that was committed. */
  readonly opens: () => Promise<number>;
  /** Where orders were sent from, by client order id: what the venue tells of one belongs to the same trace. */
  readonly sent: (clientOrderIds: readonly string[]) => Promise<ReadonlyMap<string, Sending>>;
}

/** The stream of one account: its connection, what was heard and is not committed yet, and who waits for it. */
class Following {
  committedFrame = 0;
  #authorised = false;
  #stopped = false;
  #failures = 0;
  #close: () => void = () => undefined;
  #retry: NodeJS.Timeout | undefined;
  #patience: NodeJS.Timeout | undefined;
  #moved = false;
  #draining: Promise<void> | undefined;
  readonly #queue: Item[] = [];
  readonly #readyWaiters = new Set<(ready: boolean) => void>();
  readonly #frameWaiters = new Set<{ readonly frame: number; readonly resolve: () => void }>();

  constructor(
    private readonly account: string,
    private readonly parts: Parts,
  ) {}

  connect(): void {
    this.#close = this.parts.venue.listen(this.account, {
      authorised: () => this.#opened(),
      heard: (update, frame) => this.#take({ update, frame }),
      closed: (reason) => this.#lost(reason),
    });
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#retry);
    clearTimeout(this.#patience);
    this.#close();
    for (const answer of [...this.#readyWaiters]) answer(false);
    await this.#draining;
  }

  ready(waitMs: number): Promise<boolean> {
    if (this.#authorised || this.#stopped) return Promise.resolve(this.#authorised);
    return new Promise((resolve) => {
      const answer = (ready: boolean): void => {
        clearTimeout(timer);
        this.#readyWaiters.delete(answer);
        resolve(ready);
      };
      const timer = setTimeout(() => answer(false), waitMs);
      this.#readyWaiters.add(answer);
    });
  }

  heard(frame: number): Promise<void> {
    if (frame <= this.committedFrame) return Promise.resolve();
    return new Promise((resolve) => {
      this.#frameWaiters.add({ frame, resolve });
      this.#watch();
    });
  }

  #opened(): void {
    this.#failures = 0;
    this.#authorised = true;
    // Whatever happened while nobody listened is not told again.
    this.#take('missed');
    for (const answer of [...this.#readyWaiters]) answer(true);
  }

  #lost(reason: string): void {
    this.#authorised = false;
    if (this.#stopped) return;
    const delay = Math.min(RECONNECT_MS_MAX, RECONNECT_MS * 2 ** this.#failures++);
    this.parts.logger.warn({ account: this.account, reason }, `the venue's stream is gone; opening it in ${delay} ms`);
    this.#retry = setTimeout(() => this.connect(), delay);
  }

  /** Looks after a while whether a frame that somebody waits for can still come. */
  #watch(): void {
    if (this.#patience !== undefined || this.#stopped) return;
    this.#moved = false;
    this.#patience = setTimeout(() => {
      this.#patience = undefined;
      if (this.#frameWaiters.size === 0) return;
      const silent = this.#authorised && !this.#moved && this.#queue.length === 0;
      if (silent) this.#take('missed');
      this.#watch();
    }, PATIENCE_MS);
  }

  #take(item: Item): void {
    this.#moved = true;
    this.#queue.push(item);
    this.#draining ??= this.#drain();
  }

  async #drain(): Promise<void> {
    // What arrives in the same turn of the event loop goes into the same transaction.
    await new Promise((resolve) => setImmediate(resolve));
    while (this.#queue.length > 0 && !this.#stopped) {
      const batch = this.#queue.slice(0, BATCH);
      try {
        await this.#commit(batch);
        this.#queue.splice(0, batch.length);
        this.#committed(batch);
      } catch (error) {
        this.parts.logger.warn({ account: this.account }, `the inbox did not take the stream: ${messageOf(error)}`);
        await new Promise((resolve) => setTimeout(resolve, INBOX_RETRY_MS));
      }
    }
    this.#draining = undefined;
  }

  async #commit(batch: readonly Item[]): Promise<void> {
    const opens = batch.includes('missed') ? await this.parts.opens() : 0;
    const named = batch.flatMap((item) => (item === 'missed' || !item.update ? [] : [item.update.order.clientOrderId]));
    const sent = await this.parts.sent(named);
    const messages = batch.flatMap((item, i) => this.#messageOf(item, opens + i, sent));
    const outcomes = await this.parts.inbox.receive(messages);
    const refused = outcomes.find((outcome) => outcome.status === 'retry');
    if (refused?.status === 'retry') throw refused.error;
  }

  #committed(batch: readonly Item[]): void {
    for (const item of batch) {
      if (item !== 'missed') this.committedFrame = Math.max(this.committedFrame, item.frame ?? 0);
    }
    // Catching up is a task now; what is waited for comes by it.
    const missed = batch.includes('missed');
    for (const waiter of [...this.#frameWaiters]) {
      if (missed) this.committedFrame = Math.max(this.committedFrame, waiter.frame);
      if (waiter.frame > this.committedFrame) continue;
      this.#frameWaiters.delete(waiter);
      waiter.resolve();
    }
  }

  /** The same news has the same id however often it is told, so that the inbox takes it once. */
  #messageOf(item: Item, opens: number, sent: ReadonlyMap<string, Sending>): Incoming[] {
    const { account } = this;
    if (item === 'missed') {
      return [this.#incoming(uuid5('stream-opened', account, opens), StreamOpened.type, account, { account })];
    }
    const { update } = item;
    if (!update) return [];
    const { order, fill, word, at } = update;
    const id = fill
      ? uuid5('venue-event', account, fill.executionId)
      : uuid5('venue-event', account, order.venueOrderId, word, at);
    const { clientOrderId } = order;
    return [this.#incoming(id, VenueEvent.type, clientOrderId, { account, update }, sent.get(clientOrderId))];
  }

  #incoming(id: string, type: string, key: string, data: unknown, from?: Sending): Incoming {
    const at = this.parts.clock.now();
    const message = { id, type, key, data, at, correlationId: from?.correlationId ?? id, causationId: id };
    return fromWithin(SERVICE, 'answer', message, from?.headers ?? {});
  }
}
