import type { Instant } from '@ballast/contracts';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { Logger } from 'pino';
import type { DataSource } from 'typeorm';
import type { Subscription } from '../bus/bus.js';
import { messageOf, Superseded } from '../errors.js';
import type { Readiness } from '../health/readiness.js';
import type { Inbox } from '../inbox/inbox.js';
import type { Reconciler } from '../outbox/reconciler.js';
import type { Relay } from '../outbox/relay.js';
import type { TaskRunner } from '../task/task-runner.js';
import type { Listener, ServiceDefinition } from './define-service.js';
import type { Host } from './host.js';
import { RENEWAL_MS, type InstanceLease } from './instance-lease.js';
import { tellActivated } from './activated.js';
import { Pump } from './pump.js';
import { ServiceWatch } from './service-watch.js';
import type { ServiceMetrics } from './service-metrics.js';

/** Messages handled in one transaction at the most. */
const BATCH = 100;
/** The floors at which the loops look although nobody woke them, in ms. */
const RELAY_POLL_MS = 1_000;
const TASK_POLL_MS = 1_000;
const RECONCILE_MS = 5_000;
/** How soon the relay looks again while an older transaction holds it back. */
const BLOCKED_MS = 2;
const FAILED_MS = 1_000;

interface Parts {
  readonly definition: ServiceDefinition;
  readonly host: Host;
  readonly app: NestFastifyApplication;
  readonly dataSource: DataSource;
  readonly inbox: Inbox;
  readonly relay: Relay;
  readonly tasks: TaskRunner;
  readonly reconciler: Reconciler;
  readonly lease: InstanceLease;
  readonly readiness: Readiness;
  readonly logger: Logger;
  readonly gauges: ServiceMetrics;
  readonly listeners: readonly Listener[];
  readonly shutdownTelemetry: () => Promise<void>;
}

/** A service at work: its application, its loops, and the steps that the loops take. */
export class RunningService {
  readonly name: string;
  readonly app: NestFastifyApplication;
  readonly dataSource: DataSource;
  readonly inbox: Inbox;
  readonly relay: Relay;
  readonly tasks: TaskRunner;
  readonly reconciler: Reconciler;
  readonly watch: ServiceWatch;
  readonly definition: ServiceDefinition;
  readonly #parts: Parts;
  readonly #relayPump: Pump;
  readonly #taskPump: Pump;
  readonly #reconcilePump: Pump;
  readonly #leasePump: Pump;
  #subscription: Subscription | undefined;
  #role: 'active' | 'standby' | 'superseded' = 'standby';
  #stopping = false;
  #cancelWake: () => void = () => undefined;
  #activation: Promise<void> | undefined;
  #silence: Promise<void> | undefined;

  constructor(parts: Parts) {
    this.#parts = parts;
    this.definition = parts.definition;
    this.name = parts.definition.name;
    this.app = parts.app;
    this.dataSource = parts.dataSource;
    this.inbox = parts.inbox;
    this.relay = parts.relay;
    this.tasks = parts.tasks;
    this.reconciler = parts.reconciler;
    this.watch = new ServiceWatch(parts.inbox, parts.dataSource, parts.reconciler, parts.host.clock);
    this.#relayPump = new Pump(
      () => this.#relayStep(),
      (error) => this.#stepFailed('relay', error),
    );
    this.#taskPump = new Pump(
      () => this.#taskStep(),
      (error) => this.#stepFailed('tasks', error),
    );
    this.#reconcilePump = new Pump(
      () => this.#reconcileStep(),
      (error) => this.#stepFailed('reconciler', error),
    );
    this.#leasePump = new Pump(
      () => this.#leaseStep(),
      (error) => this.#stepFailed('lease', error),
    );
  }

  /** Waits to be the only instance, then hears, speaks and acts. With `drive: stepped` no loop is started. */
  activate(): Promise<void> {
    this.#activation ??= this.#activate();
    return this.#activation;
  }

  async #activate(): Promise<void> {
    const { lease, readiness, logger, tasks, host, inbox, reconciler, listeners } = this.#parts;
    readiness.standBy(true);
    await lease.acquire(
      () => logger.info('another instance is active; standing by'),
      () => this.#stopping,
    );
    if (this.#stopping) return;
    this.#role = 'active';
    readiness.standBy(false);
    if (host.drive === 'loops') this.#leasePump.start();
    await tasks.recover();
    await tellActivated(this.name, inbox, lease.epoch!, host.clock.now());
    await inbox.drainWaiting();
    await this.relay.checkStream();
    await reconciler.start();
    if (inbox.filters().length > 0) {
      this.#subscription = await host.bus.subscribe({
        durable: this.name,
        filters: inbox.filters(),
        batch: BATCH,
        handle: (batch) => inbox.deliver(batch),
      });
    }
    const { epoch } = lease;
    logger.info({ hears: inbox.filters().length, epoch }, `${this.name} is active: it hears, speaks and acts`);
    if (host.drive === 'stepped') return;
    this.#relayPump.start();
    this.#taskPump.start();
    this.#reconcilePump.start();
    for (const listener of listeners) await listener.start();
  }

  /** Whether this instance is the active one, for `/health/ready`. */
  role(): { up: boolean; detail: string } {
    const { epoch } = this.#parts.lease;
    switch (this.#role) {
      case 'active':
        return { up: true, detail: `active under epoch ${epoch}` };
      case 'standby':
        return { up: true, detail: 'standing by' };
      case 'superseded':
        return { up: false, detail: `another instance became active after epoch ${epoch}; start this one anew` };
    }
  }

  factsCommitted(): void {
    this.#relayPump.wake();
  }

  tasksCommitted(dueAt: Instant): void {
    if (dueAt <= this.#parts.host.clock.now()) this.#taskPump.wake();
    else this.#wakeTasksAt(dueAt);
  }

  /** Tells whether nothing is left to publish and nothing is due now: simulated time may move on. */
  async idle(): Promise<boolean> {
    if (!this.resting) return false;
    const [row] = await this.dataSource.query<{ busy: boolean }[]>(
      `select exists (select from outbox, relay_cursor c where (outbox.tx, outbox.seq) > (c.tx, c.seq))
           or exists (select from task where done_at is null and (due_at <= $1 or locked_until > $1)) as busy`,
      [this.#parts.host.clock.now()],
    );
    return !row!.busy && this.resting;
  }

  /** Tells whether nothing is being done now: what can be told without asking the database. */
  get resting(): boolean {
    return this.inbox.resting && this.#relayPump.resting && this.#taskPump.resting && this.tasks.resting;
  }

  /** Finishes what is in hand, publishes what was committed, and lets go of everything. */
  async stop(): Promise<void> {
    if (this.#stopping) return;
    this.#stopping = true;
    const { readiness, app, lease, dataSource, logger, shutdownTelemetry } = this.#parts;
    readiness.drain();
    await this.#activation?.catch(() => undefined);
    await this.#fallSilent();
    await this.#leasePump.stop();
    await app.close();
    await lease.release();
    await dataSource.destroy();
    await shutdownTelemetry();
    logger.info(`${this.name} has stopped: what was in hand is done, and what was said is out`);
  }

  /** Hears, does and says nothing more. */
  #fallSilent(): Promise<void> {
    this.#silence ??= this.#endLoops();
    return this.#silence;
  }

  async #endLoops(): Promise<void> {
    const { listeners, reconciler } = this.#parts;
    for (const listener of [...listeners].reverse()) await listener.stop();
    await this.#subscription?.stop();
    this.#cancelWake();
    await Promise.all([this.#endTasks(), this.#reconcilePump.stop(), this.#relayPump.stop()]);
    await reconciler.stop();
  }

  async #endTasks(): Promise<void> {
    await this.#taskPump.stop();
    await this.tasks.settled();
  }

  async #leaseStep(): Promise<number> {
    if (this.#role !== 'active') return RENEWAL_MS;
    try {
      await this.#parts.lease.renew();
    } catch (error) {
      if (!(error instanceof Superseded)) throw error;
      this.#role = 'superseded';
      const { logger, host } = this.#parts;
      logger.error(`${this.name}: ${error.message}`);
      host.superseded?.(this.name, error.message);
      await this.#fallSilent();
      await this.#parts.lease.release();
    }
    return RENEWAL_MS;
  }

  async #relayStep(): Promise<number> {
    const { published, blocked } = await this.relay.step();
    if (published > 0) {
      this.#parts.gauges.published.inc(published);
      return 0;
    }
    return blocked ? BLOCKED_MS : RELAY_POLL_MS;
  }

  async #taskStep(): Promise<number> {
    const timers = await this.tasks.fireTimers();
    const work = await this.tasks.beginWork((failure) => this.#workEnded(failure));
    if (timers + work > 0 && !this.tasks.busy) return 0;
    if (this.tasks.busy) return TASK_POLL_MS;
    const next = await this.tasks.nextDue();
    if (next !== null) this.#wakeTasksAt(next);
    return TASK_POLL_MS;
  }

  #workEnded(failure: unknown): void {
    if (failure !== undefined) this.#stepFailed('tasks', failure);
    if (!this.tasks.busy) this.#taskPump.wake();
  }

  async #reconcileStep(): Promise<number> {
    // Looked at first: what follows needs the bus, and that it is away is what people must be told of.
    await this.#measure();
    await this.watch.look();
    await this.inbox.drainWaiting();
    await this.relay.checkStream();
    await this.reconciler.tellHeads();
    await this.reconciler.askAgain();
    return RECONCILE_MS;
  }

  #wakeTasksAt(at: Instant): void {
    this.#cancelWake();
    this.#cancelWake = this.#parts.host.clock.wakeAt(at, () => this.#taskPump.wake());
  }

  async #measure(): Promise<void> {
    const { gauges, host } = this.#parts;
    const [row] = await this.dataSource.query<
      { oldest: Instant | null; tasks: number; parked: number; waiting: number }[]
    >(
      `select (select (body::json ->> 'time')::timestamptz from outbox, relay_cursor c
                where (outbox.tx, outbox.seq) > (c.tx, c.seq) order by outbox.tx, outbox.seq limit 1) as oldest,
              (select count(*) from task where done_at is null) as tasks,
              (select count(*) from inbox where state = 'parked') as parked,
              (select count(*) from inbox where state = 'waiting') as waiting`,
    );
    gauges.outboxAge.set(row!.oldest ? Math.max(0, Date.parse(host.clock.now()) - Date.parse(row!.oldest)) / 1_000 : 0);
    gauges.tasksOpen.set(Number(row!.tasks));
    gauges.parked.set(Number(row!.parked));
    gauges.waiting.set(Number(row!.waiting));
  }

  #stepFailed(what: string, error: unknown): number {
    if (what === 'relay') this.#parts.gauges.relayFailures.inc();
    this.#parts.logger.warn({ err: error }, `${what}: ${messageOf(error)}; trying again`);
    return FAILED_MS;
  }
}
