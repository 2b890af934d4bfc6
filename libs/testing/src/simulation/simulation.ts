import type { Instant } from '@ballast/contracts';
import { rng, type Rng } from '@ballast/kernel/random';
import {
  Door,
  isTransient,
  messageOf,
  Problem,
  Secret,
  SimulatedClock,
  type Checkpoint,
  type Host,
  type PackStore,
  type RunningService,
  type ServiceDefinition,
} from '@ballast/platform';
import { z } from 'zod';
import { CALM, type Chaos } from './chaos.js';
import { Holds } from './holds.js';
import { busSteps, serviceSteps, type Machine } from './machine-steps.js';
import { SimBus } from './sim-bus.js';
import { SimulatedService } from './simulated-service.js';
import type { Actor, Step } from './step.js';
import { Trace } from './trace.js';
import { Violation } from './violation.js';

/** A gap is seen in the first, asked for in the second, and gone in the third. */
const RECONCILE_ROUNDS = 3;
const TOKEN = 'token-of-a-simulation';

export interface SimulationOptions {
  readonly seed: number;
  readonly definitions: readonly ServiceDefinition[];
  /** Of the schemas of an emptied database. */
  readonly databaseUrl: (service: string) => string;
  readonly packs: PackStore;
  readonly env: Host['env'];
  readonly logger: Host['logger'];
  readonly start: Instant;
  /** Sees every line of the trace as it is written. */
  readonly live?: (line: string) => void;
}

/** What a run counted. */
export interface Counts {
  steps: number;
  crashes: number;
  setBacks: number;
}

/** An answer over HTTP; null where the service is down or ended before it answered. */
export type Answer = { readonly status: number; readonly body: unknown } | null;

/**
 * A system on a simulated clock, moved by one scheduler that takes one step at a time
 * and awaits its commit. The seed decides every choice, so that a seed repeats exactly.
 */
export class Simulation implements Machine {
  readonly clock: SimulatedClock;
  readonly bus: SimBus;
  readonly holds = new Holds();
  readonly trace: Trace;
  readonly services: readonly SimulatedService[];
  readonly counts: Counts = { steps: 0, crashes: 0, setBacks: 0 };
  readonly random: Rng;
  chaos: Chaos = CALM;
  readonly #choice: Rng;
  readonly #dying: Rng;
  readonly #actors: Actor[] = [];
  readonly #watchers: ((service: string, point: Checkpoint) => Promise<void> | void)[] = [];

  constructor(options: SimulationOptions) {
    this.random = rng(options.seed);
    this.#choice = this.random.fork('choice');
    this.#dying = this.random.fork('dying');
    this.clock = new SimulatedClock(options.start);
    this.trace = new Trace(this.clock, options.live);
    this.bus = new SimBus(this.random.fork('bus'), this.clock);
    const host = { ...options, clock: this.clock, bus: this.bus, token: new Secret(TOKEN) };
    this.services = options.definitions.map(
      (definition) => new SimulatedService(definition, host, (service, point) => this.#atCheckpoint(service, point)),
    );
  }

  /** Adds a part of the world; in the order of these calls the scheduler sees them. */
  add(actor: Actor): void {
    this.#actors.push(actor);
  }

  /** Calls back whenever a service passes a checkpoint, before it may die there. */
  watch(watcher: (service: string, point: Checkpoint) => Promise<void> | void): void {
    this.#watchers.push(watcher);
  }

  service(name: string): SimulatedService {
    const found = this.services.find((service) => service.name === name);
    if (!found) throw new RangeError(`the simulated system has no service "${name}"`);
    return found;
  }

  /** The running instance of a service; null while it is down. */
  running(name: string): RunningService | null {
    const { life } = this.service(name);
    return life && !life.dead ? life.running : null;
  }

  /** Makes the tables of all services, for a database that has none yet. */
  async migrate(): Promise<void> {
    for (const service of this.services) await service.migrate();
  }

  async start(): Promise<void> {
    for (const service of this.services) await service.start();
  }

  async stop(): Promise<void> {
    for (const service of this.services) {
      this.holds.abortAll(service.name);
      await service.bury();
    }
  }

  /** From now on things go wrong. */
  unleash(chaos: Chaos): void {
    this.chaos = chaos;
    this.bus.chaos = chaos;
  }

  /** From now on everything works: what is down is started, what is withheld is given. */
  async heal(): Promise<void> {
    this.unleash(CALM);
    for (const actor of this.#actors) actor.heal?.();
    for (const service of this.services) if (!service.life) await service.start();
    this.trace.add('healed: from here on nothing goes wrong');
  }

  /** Takes one step. Returns false where nothing can happen but the passing of time. */
  async step(): Promise<boolean> {
    const steps = this.#possible();
    const progress = steps.some((step) => !step.rare);
    const pass = this.#passTime(progress);
    const candidates = pass ? [...steps, pass] : steps;
    if (!progress && !pass) return false;
    await this.take(weighted(candidates, this.#choice));
    return true;
  }

  /** Takes a step that was chosen, whatever came of it, and brings in who died over it. */
  async take(step: Step): Promise<void> {
    this.counts.steps++;
    let outcome: string | void;
    try {
      outcome = await step.take();
    } catch (error) {
      const dead = step.touches.some((name) => this.service(name).life?.dead);
      if (error instanceof Violation || (!dead && !isTransient(error))) throw error;
      outcome = messageOf(error);
    }
    this.trace.add(`${step.label}${outcome ? `: ${outcome}` : ''}`);
    for (const service of this.services) if (service.life?.dead) await this.#ended(service);
    for (const name of new Set(step.touches)) await this.service(name).look();
  }

  /**
   * Runs without faults until nothing is left to do, also after the reconciler has looked. Time
   * passes as far as `horizon`; what falls due later is left alone. `quiet` is called when all is
   * done for the first time, before the reconciler repairs what others should have done.
   * @throws Violation where it does not come to rest within `stepsMax`.
   */
  async settle(horizon: Instant, stepsMax: number, quiet: () => Promise<void>): Promise<void> {
    const until = this.counts.steps + stepsMax;
    for (let rounds = 0; ;) {
      if (this.counts.steps > until)
        throw new Violation('settles', `not at rest ${stepsMax} steps after the last fault`);
      if (this.#possible().some((step) => !step.rare)) {
        await this.step();
        continue;
      }
      const next = this.nextDue();
      if (next !== null && next <= horizon) {
        this.clock.advanceTo(next);
        continue;
      }
      if (rounds === 0) await quiet();
      if (rounds === RECONCILE_ROUNDS) return;
      rounds++;
      await this.#reconcile();
    }
  }

  /** Sends a request to a service, as a person or a program would. */
  async request(service: string, method: 'GET' | 'POST', url: string, body?: unknown, key?: string): Promise<Answer> {
    const running = this.running(service);
    if (!running) return null;
    const answer = await running.app.inject({
      method,
      url,
      headers: {
        authorization: `Bearer ${TOKEN}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(key === undefined ? {} : { 'idempotency-key': key }),
      },
      ...(body === undefined ? {} : { payload: JSON.stringify(body) }),
    });
    if (!this.running(service)) return null;
    const json = /json/.test(String(answer.headers['content-type'] ?? ''));
    return { status: answer.statusCode, body: json ? (answer.json() as unknown) : answer.body };
  }

  /** Sends a command to a service by the door that its HTTP handlers use, without their waiting for what follows. */
  async command(service: string, name: string, key: string, data: unknown, idempotencyKey: string): Promise<Answer> {
    const running = this.running(service);
    if (!running) return null;
    try {
      const door = running.app.get(Door);
      const body = await door.command({ type: `local.${name}`, schema: z.unknown() }, key, data, idempotencyKey);
      return this.running(service) ? { status: 200, body } : null;
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      return this.running(service) ? { status: error.status, body: error.code } : null;
    }
  }

  /** When the next thing falls due that lies ahead; null where nothing does. */
  nextDue(): Instant | null {
    const now = this.clock.now();
    const due = [
      ...this.services.flatMap(({ life, backlog }) => (life ? [backlog.timer, backlog.work] : [])),
      ...this.bus.durables().map((durable) => durable.nextDue(this.bus.log, now)),
      ...this.holds.held.map((hold) => hold.by),
      ...this.#actors.map((actor) => actor.nextDue()),
    ];
    return due.filter((at): at is Instant => at !== null && at > now).sort()[0] ?? null;
  }

  /** Ends a service between two steps. */
  kill(service: SimulatedService): void {
    service.life?.die();
  }

  #possible(): Step[] {
    return [...serviceSteps(this), ...busSteps(this, this.#choice), ...this.#actors.flatMap((actor) => actor.steps())];
  }

  /** With something else to do, time creeps; without, it goes to what falls due next, or somewhat beyond. */
  #passTime(progress: boolean): Step | null {
    const next = this.nextDue();
    if (progress) {
      const to = later(this.clock.now(), 1 + this.#choice.int(3_000));
      return this.#choice.int(20) > 0 ? null : this.#clockStep(to, 2);
    }
    if (next === null) return null;
    return this.#clockStep(this.#choice.int(4) === 0 ? later(next, this.#choice.int(5_000)) : next, 4);
  }

  #clockStep(to: Instant, weight: number): Step {
    return {
      label: `time passes to ${to.slice(5, 23)}`,
      weight,
      touches: [],
      take: () => {
        this.clock.advanceTo(to);
        return Promise.resolve();
      },
    };
  }

  async #reconcile(): Promise<void> {
    this.clock.advanceTo(later(this.clock.now(), 6_000));
    for (const { life, name } of this.services) {
      if (!life) continue;
      await life.running.relay.checkStream();
      await life.running.reconciler.tellHeads();
      await this.service(name).look();
    }
    this.trace.add('every service tells its heads');
  }

  async #atCheckpoint(service: string, point: Checkpoint): Promise<boolean> {
    for (const watcher of this.#watchers) await watcher(service, point);
    if (this.#dying.uniform() >= this.chaos.crash) return false;
    this.trace.add(`${service} dies ${point}`);
    return true;
  }

  async #ended(service: SimulatedService): Promise<void> {
    this.counts.crashes++;
    this.holds.abortAll(service.name);
    for (const actor of this.#actors) actor.serviceEnded?.(service.name);
    await service.bury();
  }
}

/** A moment some milliseconds after another. */
export const later = (than: Instant, ms: number): Instant => new Date(Date.parse(than) + ms).toISOString();

function weighted(steps: readonly Step[], random: Rng): Step {
  let left = random.uniform() * steps.reduce((sum, step) => sum + step.weight, 0);
  for (const step of steps) {
    left -= step.weight;
    if (left < 0) return step;
  }
  return steps.at(-1)!;
}
