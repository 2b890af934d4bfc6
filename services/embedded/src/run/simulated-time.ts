import type { Instant } from '@ballast/contracts';
import { VenueStream } from '@ballast/execution-gateway';
import type { SimulatedClock } from '@ballast/platform';
import { setTimeout as pause } from 'node:timers/promises';
import type { System } from '../host/system.js';
import type { Client } from './client.js';

/** How long to let the loops work before it is looked again whether they are done, in ms. */
const LOOK_AGAIN_MS = 2;

/** Moves the time of a whole system, venue included: only when nothing is left to do at the present moment. */
export class SimulatedTime {
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
    for (let before = ''; ;) {
      await this.#quiet();
      const frames = await this.#moveVenue(this.clock.now());
      await this.#hear(frames);
      await this.#quiet();
      const now = JSON.stringify(frames);
      if (now === before) return;
      before = now;
    }
  }

  async #moveVenue(to: Instant): Promise<Record<string, number>> {
    return (await this.venue.post<{ lastFrame: Record<string, number> }>('/sim/advance', { to })).lastFrame;
  }

  /** Waits until the execution gateway has committed what the venue said. */
  async #hear(frames: Readonly<Record<string, number>>): Promise<void> {
    const stream = this.system.services.find(({ name }) => name === 'execution-gateway')!.app.get(VenueStream);
    await Promise.all(Object.entries(frames).map(([account, frame]) => stream.heard(account, frame)));
  }

  async #quiet(): Promise<void> {
    for (;;) {
      if ((await this.#idle()) && (await this.system.bus.bus.settled()) && (await this.#idle())) return;
      await pause(LOOK_AGAIN_MS);
    }
  }

  async #idle(): Promise<boolean> {
    // One after another: the first that is busy answers for all, mostly without asking its database.
    for (const service of this.system.services) if (!(await service.idle())) return false;
    return true;
  }

  async #nextDue(): Promise<Instant | null> {
    const due = await Promise.all(this.system.services.map((service) => service.tasks.nextDue()));
    return due.filter((at): at is Instant => at !== null).sort()[0] ?? null;
  }
}
