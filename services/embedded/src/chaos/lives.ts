import { setTimeout as pause } from 'node:timers/promises';
import type { Rng } from '@ballast/kernel/random';
import { NO_FATE, startGateway, type End, type Fate, type Life } from './gateway.js';
import { IN_FLIGHT, LABELS, REQUEST_WRITTEN } from './points.js';
import type { World } from './world.js';

/** How long a life that was to end at a point may go without passing it, before it is killed wherever it is. */
const PATIENCE_MS = 4_500;
/** The most that a life that is to end in flight lasts from the moment at which it is active. */
const FLIGHT_MS = 3_000;
/** How often a point is passed at the most before the life ends there. */
const PASSES_MAX = 3;
/** Of the lives, those whose successor is started while they live, and stands by until they die. */
const STANDBY_SHARE = 0.4;
/** Starts that fail one after another before the gateway counts as one that does not start. */
const FAILED_STARTS_MAX = 20;
const FAILED_START_MS = 200;

/** Starts gateways one after another and has each die, until there were enough deaths. */
export class Lives {
  readonly kills = new Map<string, number>();
  #living: Life | null = null;
  #standby: Life | null = null;
  #failed = 0;
  #stopped = false;

  constructor(
    private readonly world: Pick<World, 'gatewayEnv' | 'gatewayLog' | 'network' | 'log'>,
    private readonly random: Rng,
    private readonly wanted: number,
    /** Called at the beginning of each life, when its gateway has become the active one. */
    private readonly lives: () => void,
  ) {}

  get count(): number {
    return [...this.kills.values()].reduce((sum, n) => sum + n, 0);
  }

  /** @throws Error where the gateway does not start any more. */
  async run(): Promise<void> {
    while (this.count < this.wanted && !this.#stopped) await this.#live();
  }

  /** Leaves one gateway alive; one that ends by itself is started again, as a supervisor would. */
  async leaveAlive(): Promise<void> {
    const standby = this.#standby;
    this.#standby = null;
    standby?.kill(IN_FLIGHT);
    await standby?.ended;
    this.#keep();
  }

  /** The address of the gateway that was left alive; null where it has just ended. */
  async url(): Promise<string | null> {
    return (await this.#living?.listening) ?? null;
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    for (const life of [this.#living, this.#standby]) {
      life?.kill(IN_FLIGHT);
      await life?.ended;
    }
  }

  #keep(): void {
    const life = startGateway(NO_FATE, this.#options);
    this.#living = life;
    void life.ended.then(async (end) => {
      if (this.#stopped) return;
      this.world.log(`the last gateway ended: ${JSON.stringify(end)}`);
      await pause(FAILED_START_MS);
      if (!this.#stopped) this.#keep();
    });
  }

  async #live(): Promise<void> {
    const life = this.#standby ?? startGateway(this.#fate(), this.#options);
    this.#living = life;
    this.#standby = null;
    const listens = await life.listening;
    if (listens !== null && this.random.uniform() < STANDBY_SHARE) {
      this.#standby = startGateway(this.#fate(), this.#options);
    }
    const end = await this.#ending(life);
    this.#living = null;
    this.world.network.onNextOrder(null);
    if (end.kind === 'killed') {
      this.#failed = 0;
      this.kills.set(end.label, (this.kills.get(end.label) ?? 0) + 1);
      return;
    }
    this.world.log(`life ${life.pid} ended by itself: ${end.how}`);
    if (++this.#failed > FAILED_STARTS_MAX) throw new Error(`the gateway does not start: ${end.how}; see gateway.log`);
    await pause(FAILED_START_MS);
  }

  /** Waits for a life's end, and brings it about where its own does not come. */
  async #ending(life: Life): Promise<End> {
    const { label } = life.fate;
    await life.active;
    this.lives();
    if (label === REQUEST_WRITTEN) this.world.network.onNextOrder(() => life.kill(REQUEST_WRITTEN));
    const waits = label === IN_FLIGHT ? this.random.int(FLIGHT_MS) : PATIENCE_MS;
    const late = new AbortController();
    const tooLate = pause(waits, null, { signal: late.signal }).then(
      () => life.kill(IN_FLIGHT),
      () => undefined,
    );
    const end = await life.ended;
    late.abort();
    await tooLate;
    return end;
  }

  /** The label that was hit least so far, or any. */
  #fate(): Fate {
    const hits = (label: string): number => this.kills.get(label) ?? 0;
    const least = Math.min(...LABELS.map(hits));
    const rare = LABELS.filter((label) => hits(label) === least);
    const label = this.random.pick(this.random.uniform() < 0.8 ? rare : LABELS);
    const nth = label.startsWith('start:') ? 1 : 1 + this.random.int(PASSES_MAX);
    return { label, nth };
  }

  get #options() {
    return { env: this.world.gatewayEnv, log: this.world.gatewayLog };
  }
}
