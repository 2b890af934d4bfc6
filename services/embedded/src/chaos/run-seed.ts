import { setTimeout as pause } from 'node:timers/promises';
import { AccountOpened, CancelRequested, PlanApproved, uuid5 } from '@ballast/contracts';
import { rng, type Rng } from '@ballast/kernel/random';
import { messageOf } from '@ballast/platform';
import type { Violation } from '@ballast/testing';
import { brokerClient, systemClient } from '../run/client.js';
import type { Ground } from './ground.js';
import { Lives } from './lives.js';
import { Planner } from './plan.js';
import type { Proof } from './proofs.js';
import { brokenRules, type Aftermath } from './rules.js';
import { readVenue } from './venue.js';
import { ACCOUNTS, API_TOKEN, openWorld, OPENING_CASH, VENUE_SECRET, type World } from './world.js';

export interface SeedOptions {
  readonly seed: number;
  readonly kills: number;
  readonly ground: Ground;
  readonly proof: Proof | null;
  readonly env: NodeJS.ProcessEnv;
}

/** What became of one seed. */
export interface SeedResult {
  readonly seed: number;
  /** Deaths by label. */
  readonly kills: ReadonlyMap<string, number>;
  /** What else went wrong, by name. */
  readonly troubles: ReadonlyMap<string, number>;
  readonly parents: number;
  readonly orders: number;
  readonly fills: number;
  /** Orders by what became of them. */
  readonly fates: ReadonlyMap<string, number>;
  readonly violations: readonly Violation[];
  /** Where the logs are. */
  readonly folder: string;
  readonly durationMs: number;
}

/** How long the world may stand still, short of its rest, once nothing goes wrong any more; and how long it may take at all. */
const STILL_MS = 60_000;
const REST_MS = 10 * 60_000;
/** A world with something wrong in it may never rest: its account is halted, or an order of nobody stays open. */
const PROOF_REST_MS = 45_000;
const LOOK_MS = 300;
/** Nobody trades while the gateway has more open pieces of work than this: it dies too often to catch up. */
const WORK_MAX = 25;
/** How long one kill and what comes before it take, about: the trading is spread over all of them. */
const KILL_MS = 2_000;
/** How often a person takes resting orders back once trading is over. */
const CANCEL_MS = 5_000;
/** Of the lives, those in which a server fails, and those in which the venue's stream does; and how long after their beginning. */
const TROUBLE_SHARE = 0.25;
const STREAM_FAULT_SHARE = 0.5;
const LATER_MS = 1_500;
const TROUBLES = ['nats restarted', 'postgres restarted', 'stream set back', 'stream emptied'] as const;
const STREAM_FAULTS = ['stream-drop', 'stream-duplicate', 'stream-reorder', 'stream-disconnect'] as const;

/** Runs one world to its end, and holds the rules against what it has left. */
export async function runSeed(options: SeedOptions): Promise<SeedResult> {
  const began = performance.now();
  const random = rng(`chaos ${options.seed}`);
  const world = await openWorld({ ...options, random });
  const run = new Run(options, world, random);
  try {
    await run.goWrong();
    const atRest = await run.comeToRest();
    const left = await run.look();
    if (!atRest) world.log('the world did not come to rest in time');
    return {
      seed: options.seed,
      kills: run.lives.kills,
      troubles: new Map([...run.troubles, ...world.network.happened]),
      parents: left.parents.length,
      orders: [...left.venue.values()].reduce((sum, { orders }) => sum + orders.length, 0),
      fills: left.fills.length,
      violations: brokenRules(left),
      fates: await world.books.fates(),
      folder: world.folder,
      durationMs: Math.round(performance.now() - began),
    };
  } finally {
    await run.lives.stop();
    await world.close();
  }
}

class Run {
  readonly lives: Lives;
  readonly troubles = new Map<string, number>();
  readonly #planner: Planner;
  readonly #chance: Rng;
  /** What else goes wrong, one after another. */
  #doing: Promise<void> = Promise.resolve();
  #requests = 0;
  #over = false;

  constructor(
    private readonly options: SeedOptions,
    private readonly world: World,
    private readonly random: Rng,
  ) {
    const { clock, packs, keys } = world;
    this.lives = new Lives(world, random.fork('lives'), options.kills, () => this.#begun());
    this.#chance = random.fork('troubles');
    this.#planner = new Planner(options.seed, random.fork('plans'), clock, packs, keys.privateKeyFile);
  }

  /** Trades while gateways die one after another and the servers fail, until the seed has had its deaths. */
  async goWrong(): Promise<void> {
    const dying = this.lives.run().finally(() => (this.#over = true));
    const trading = this.#open().then(() => this.#trade());
    await Promise.all([dying, trading]);
    await this.#doing;
  }

  /** Opens the accounts, and gives each a plan, once there is a gateway whose schema can be looked into. */
  async #open(): Promise<void> {
    const { company, clock, books } = this.world;
    await books.gatewayKnown();
    for (const account of ACCOUNTS) {
      const opened = {
        portfolioId: account,
        account,
        mode: 'paper',
        currency: 'USD',
        cash: OPENING_CASH,
        openedAt: clock.now(),
      };
      await company.say('portfolio', AccountOpened, opened);
      await company.say('risk-guardrails', PlanApproved, await this.#planner.sliced(account));
    }
  }

  /**
   * Nothing goes wrong any more but once each server, and no gateway is killed: whatever was begun has to end by itself.
   * Returns whether it did in time.
   */
  async comeToRest(): Promise<boolean> {
    const { network, books, company, clock } = this.world;
    network.calm();
    await this.lives.leaveAlive();
    await this.#trouble('nats restarted');
    await this.#trouble('postgres restarted');
    const latest = performance.now() + (this.options.proof === null ? REST_MS : PROOF_REST_MS);
    let [cancelAt, movedAt, before] = [0, performance.now(), ''];
    let reconciled = false;
    while (performance.now() < Math.min(latest, movedAt + STILL_MS)) {
      if ((await books.planned()) === 0 && performance.now() > cancelAt) {
        cancelAt = performance.now() + CANCEL_MS;
        for (const order of await books.resting()) await this.#cancel(order);
      }
      const unrest = await books.unrest(clock.now());
      if (unrest.join() !== before) [movedAt, before] = [performance.now(), unrest.join()];
      const rests = unrest.length === 0 && (await company.idle());
      if (rests && reconciled) return true;
      if (rests) reconciled = await this.#reconcile();
      await pause(LOOK_MS);
    }
    return false;
  }

  /** All that the rules look at. */
  async look(): Promise<Aftermath> {
    const { broker, books, folder, clock } = this.world;
    const venue = new Map(
      await Promise.all(
        ACCOUNTS.map(async (account) => [account, await readVenue(broker.url, account, VENUE_SECRET, folder)] as const),
      ),
    );
    return { ...(await books.aftermath(clock.now())), venue, openingCash: OPENING_CASH };
  }

  async #trade(): Promise<void> {
    const random = this.random.fork('trading');
    const { company, books } = this.world;
    const second = performance.now() + (this.options.kills * KILL_MS) / 3;
    let sliced = false;
    while (!this.#over) {
      await pause(400 + random.int(1_600));
      if ((await books.openWork()) > WORK_MAX) continue;
      const account = random.pick(ACCOUNTS);
      await company.say('risk-guardrails', PlanApproved, await this.#planner.whole(account));
      const resting = await books.resting();
      if (resting.length > 0 && random.uniform() < 0.7) await this.#cancel(random.pick(resting));
      if (sliced || performance.now() < second) continue;
      sliced = true;
      for (const each of ACCOUNTS) await company.say('risk-guardrails', PlanApproved, await this.#planner.sliced(each));
    }
  }

  /** With a life that has begun something else may go wrong: a server, or the venue's stream. */
  #begun(): void {
    const chance = this.#chance;
    if (this.#over) return;
    if (chance.uniform() < STREAM_FAULT_SHARE) this.#later(() => this.#disturbStream(chance.pick(STREAM_FAULTS)));
    if (chance.uniform() < TROUBLE_SHARE) this.#later(() => this.#trouble(chance.pick(TROUBLES)));
  }

  /** Does something within the next moments, while nothing else of its kind is under way. */
  #later(act: () => Promise<void>): void {
    const waits = this.#chance.int(LATER_MS);
    this.#doing = this.#doing.then(() => pause(waits)).then(act);
  }

  async #trouble(name: (typeof TROUBLES)[number]): Promise<void> {
    const { world } = this;
    world.log(name);
    this.#count(name);
    switch (name) {
      case 'nats restarted':
        return world.bus.restart();
      case 'stream set back':
        return void (await world.bus.setBack(false));
      case 'stream emptied':
        return void (await world.bus.setBack(true));
      case 'postgres restarted':
        return this.options.ground.restartPostgres();
    }
  }

  /** Has the next frame of the venue's stream lost, doubled, put out of order, or its line cut. */
  async #disturbStream(fault: (typeof STREAM_FAULTS)[number]): Promise<void> {
    const { world } = this;
    const venue = brokerClient(world.broker.url, ACCOUNTS[0]!, VENUE_SECRET, world.folder);
    await venue.post('/sim/faults', { fault, count: 1 }).then(
      () => this.#count(fault),
      (error: unknown) => world.log(`no ${fault}: ${messageOf(error)}`),
    );
  }

  #cancel({ account, clientOrderId }: { account: string; clientOrderId: string }): Promise<void> {
    const requestId = uuid5('chaos-cancel', this.options.seed, ++this.#requests);
    const person = { by: 'trader', reason: 'no longer wanted' };
    return this.world.company.say('console', CancelRequested, {
      requestId,
      portfolioId: account,
      clientOrderId,
      ...person,
    });
  }

  /** Has the gateway compare its books with the venue's. */
  async #reconcile(): Promise<boolean> {
    const url = await this.lives.url();
    if (url === null) return false;
    const gateway = systemClient(url, API_TOKEN, this.world.folder);
    for (const account of ACCOUNTS) {
      await gateway.post('/api/v1/execution/reconcile', { account }, `last-${account}`);
    }
    return true;
  }

  #count(name: string): void {
    this.troubles.set(name, (this.troubles.get(name) ?? 0) + 1);
  }
}
