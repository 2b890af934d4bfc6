import { SimulatedClock, type Clock } from '@ballast/platform';
import { messageOf } from '@ballast/platform';
import { FeedRefused } from '../../domain/live/feed-refused.js';
import type { RecordedTick } from '../../domain/live/recording.js';
import type { Tick } from '../../domain/live/tick.js';
import type { LiveListener, LiveSource } from './ports.js';
import { PacedClock } from './paced-clock.js';
import { readRecording, type Recording } from './recorded-files.js';

export interface ReplayOptions {
  readonly paths: readonly string[];
  readonly date: string | undefined;
  /** The symbols that are played; all where there are none. */
  readonly only: readonly string[];
  /** How many times as fast as it happened; null is as fast as it is taken. */
  readonly speed: number | null;
  readonly clock: Clock;
}

/** Ticks that are told at once. */
const BATCH = 512;

/**
 * Plays recorded files as if they were told live, in the time of their day: its clock shows the recorded moment. Unlike a
 * venue it waits where there is no room. It says of itself that it is simulated.
 */
export class ReplaySource implements LiveSource {
  readonly name = 'replay';
  readonly simulated = true;
  readonly trades = null;
  readonly #options: ReplayOptions;
  #recording: Recording | undefined;
  #clock: Clock | undefined;
  #virtual: SimulatedClock | undefined;
  #forget: () => void = () => undefined;
  #stopped = false;
  #playing: Promise<void> = Promise.resolve();

  constructor(options: ReplayOptions) {
    this.#options = options;
  }

  get clock(): Clock {
    if (!this.#clock) throw new Error('a recording has no time before it was made ready');
    return this.#clock;
  }

  async prepare(): Promise<readonly string[]> {
    const { paths, date, only, speed, clock } = this.#options;
    this.#recording = await readRecording(paths, { date, only });
    const origin = new Date(this.#recording.fromMs).toISOString();
    if (speed === null) this.#clock = this.#virtual = new SimulatedClock(origin);
    else this.#clock = new PacedClock(clock, origin, speed);
    return this.#recording.symbols;
  }

  start(listener: LiveListener): void {
    listener.opened();
    this.#playing = this.#play(listener).catch((error: unknown) => {
      const refusal =
        error instanceof FeedRefused
          ? { code: error.code, reason: error.message, nextStep: error.nextStep, triesAgain: false }
          : null;
      listener.away(refusal ? 'refused' : 'ended', messageOf(error), refusal);
    });
  }

  /** A recording has one line only, and it is never mute without reason. */
  renew(): void {}

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#forget();
    await this.#playing;
  }

  async #play(listener: LiveListener): Promise<void> {
    const ticks = this.#recording!.ticks()[Symbol.iterator]();
    let next = ticks.next();
    while (!next.done) {
      await this.#until(next.value.knownMs);
      await listener.room();
      if (this.#stopped) return;
      const nowMs = Date.parse(this.clock.now());
      const due: Tick[] = [];
      try {
        while (!next.done && (next.value as RecordedTick).knownMs <= nowMs && due.length < BATCH) {
          due.push(next.value.tick);
          next = ticks.next();
        }
      } finally {
        // A line that cannot be read ends the recording, and takes nothing of what came before it away.
        listener.heard(due);
      }
    }
    listener.away('ended', 'the recording was played to its end', null);
  }

  /** Resolves once a moment has come; at full speed it comes by itself. */
  async #until(ms: number): Promise<void> {
    const at = new Date(ms).toISOString();
    if (this.#virtual) {
      if (at > this.#virtual.now()) this.#virtual.advanceTo(at);
      // Lets what was told pass on before more is told.
      return new Promise((resolve) => setImmediate(resolve));
    }
    if (this.clock.now() >= at) return;
    await new Promise<void>((resolve) => {
      const forget = this.clock.wakeAt(at, resolve);
      this.#forget = () => {
        forget();
        resolve();
      };
    });
  }
}
