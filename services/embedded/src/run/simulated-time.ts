import type { Instant } from '@ballast/contracts';
import { VenueStream } from '@ballast/execution-gateway';
import type { RunningService, SimulatedClock } from '@ballast/platform';
import { setTimeout as pause } from 'node:timers/promises';
import { serviceNamed, type System } from '../host/system.js';
import type { Client } from './client.js';

/** How long to let the loops work before it is looked again whether they are done, in ms. */
const LOOK_AGAIN_MS = 2;

/** The number of the last frame of each account. */
type Frames = Readonly<Record<string, number>>;

/** What the venue says when it was moved. */
interface Moved {
  readonly lastFrame: Frames;
  /** When something happens there next, as far as it can be foreseen. */
  readonly nextDue: Instant | null;
}

/** Moves the time of a whole system, venue included: only when nothing is left to do at the present moment. */
export class SimulatedTime {
  /** The frames that were heard last. */
  #heard = '';
  #venueDue: Instant | null = null;
  #busy: RunningService | undefined;

  constructor(
    private readonly system: System,
    private readonly clock: SimulatedClock,
    private readonly venue: Client,
  ) {}

  now(): Instant {
    return this.clock.now();
  }

  /**
   * Moves from one due moment to the next until `done` says so or `until` is reached;
   * at every moment everything that falls due is done before time goes on.
   */
  async runUntil(until: Instant, done: () => Promise<boolean>): Promise<void> {
    await this.settle();
    while (!(await done())) {
      const due = await this.#nextDue();
      if (due === null || due > until) {
        await this.moveTo(until);
        return;
      }
      await this.moveTo(due);
    }
  }

  /** Moves to a moment: the venue first, since what it does until then is what we hear of. */
  async moveTo(to: Instant): Promise<void> {
    if (to > this.clock.now()) {
      await this.#hear(await this.#moveVenue(to));
      this.clock.advanceTo(to);
    }
    await this.settle();
  }

  /** Waits until every message is handled, every fact is out, nothing is due, and the venue has nothing left to tell. */
  async settle(): Promise<void> {
    for (;;) {
      await this.#quiet();
      const frames = await this.#moveVenue(this.clock.now());
      if (JSON.stringify(frames) === this.#heard) return;
      await this.#hear(frames);
    }
  }

  async #moveVenue(to: Instant): Promise<Frames> {
    const { lastFrame, nextDue } = await this.venue.post<Moved>('/sim/advance', { to });
    this.#venueDue = nextDue;
    return lastFrame;
  }

  /** Waits until the execution gateway has committed what the venue said. */
  async #hear(frames: Frames): Promise<void> {
    const stream = serviceNamed(this.system, 'execution-gateway').app.get(VenueStream);
    await Promise.all(Object.entries(frames).map(([account, frame]) => stream.heard(account, frame)));
    this.#heard = JSON.stringify(frames);
  }

  /** Waits until no service has anything in hand, nothing due, and nothing on its way to another. */
  async #quiet(): Promise<void> {
    for (;;) {
      const turns = this.#turns();
      const quiet = this.#resting() && (await this.#idle()) && (await this.system.bus.bus.settled());
      // Nobody has handled anything since it was looked first: then all of it is true at once.
      if (quiet && this.#resting() && turns === this.#turns()) return;
      await pause(LOOK_AGAIN_MS);
    }
  }

  #turns(): number {
    return this.system.services.reduce((sum, { inbox }) => sum + inbox.turns, 0);
  }

  #resting(): boolean {
    return this.system.services.every(({ resting }) => resting);
  }

  /** Asks the databases, the one first that was busy when it was asked last. */
  async #idle(): Promise<boolean> {
    const { services } = this.system;
    const order = this.#busy ? [this.#busy, ...services.filter((each) => each !== this.#busy)] : services;
    for (const service of order) {
      if (await service.idle()) continue;
      this.#busy = service;
      return false;
    }
    return true;
  }

  /** The next moment at which a service or the venue has something to do. */
  async #nextDue(): Promise<Instant | null> {
    const due = await Promise.all(this.system.services.map((service) => service.tasks.nextDue()));
    // What is due at the venue now it has done when it was moved here.
    const atVenue = this.#venueDue !== null && this.#venueDue > this.clock.now() ? this.#venueDue : null;
    return [...due, atVenue].filter((at): at is Instant => at !== null).sort()[0] ?? null;
  }
}
