import { addMilliseconds } from '@ballast/kernel/calendar';
import { messageOf, type Clock, type Log } from '@ballast/platform';
import type { TickBuffer } from '../../domain/live/tick-buffer.js';
import type { HeardTick, TickSink } from './ports.js';

/** Ticks that are on their way at once. */
const BATCH = 512;
/** How long to wait before ticks that were not taken are brought again, in ms of the source's time. */
const RETRY_MS = 1_000;

interface Parts {
  readonly buffer: TickBuffer;
  readonly sink: TickSink;
  readonly clock: Clock;
  readonly logger: Log;
  readonly from: Pick<HeardTick, 'source' | 'simulated'>;
}

/** Brings what waits in the buffer to the sink, in order, one batch at a time, each until it was taken. */
export class TickPump {
  #running: Promise<void> | undefined;
  #stopped = false;
  #giveUpWaiting: () => void = () => undefined;
  #waiting: { readonly room: number; readonly resolve: () => void }[] = [];

  constructor(private readonly parts: Parts) {}

  /** There is something to bring. */
  wake(): void {
    if (this.#stopped) return;
    this.#running ??= this.#run().finally(() => {
      this.#running = undefined;
      if (this.parts.buffer.ready > 0) this.wake();
    });
  }

  /** Whether everything was brought. */
  get resting(): boolean {
    return this.#running === undefined;
  }

  /** Resolves once there is room for so many trades. */
  room(trades: number): Promise<void> {
    if (this.parts.buffer.room >= trades || this.#stopped) return Promise.resolve();
    return new Promise((resolve) => this.#waiting.push({ room: trades, resolve }));
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#giveUpWaiting();
    for (const { resolve } of this.#waiting.splice(0)) resolve();
    await this.#running;
  }

  async #run(): Promise<void> {
    // What was heard in the same turn of the event loop goes out together.
    await Promise.resolve();
    while (!this.#stopped) {
      const batch = this.parts.buffer.drain(BATCH);
      if (batch.length === 0) return;
      const { from } = this.parts;
      await this.#bring(batch.map((tick) => ({ tick, ...from })));
      this.#tellRoom();
    }
  }

  async #bring(ticks: readonly HeardTick[]): Promise<void> {
    const { sink, clock, logger } = this.parts;
    for (let failures = 0; ; failures += 1) {
      try {
        await sink.publish(ticks);
        if (failures > 0) logger.info({ failures }, 'ticks are taken again');
        return;
      } catch (error) {
        if (failures === 0)
          logger.warn({ err: error }, `ticks are not taken: ${messageOf(error)}; bringing them again`);
        if (this.#stopped) return;
        await new Promise<void>((resolve) => {
          const forget = clock.wakeAt(addMilliseconds(clock.now(), RETRY_MS), resolve);
          this.#giveUpWaiting = () => {
            forget();
            resolve();
          };
        });
      }
    }
  }

  #tellRoom(): void {
    const { room } = this.parts.buffer;
    const satisfied = this.#waiting.filter((waiter) => waiter.room <= room);
    if (satisfied.length === 0) return;
    this.#waiting = this.#waiting.filter((waiter) => waiter.room > room);
    for (const { resolve } of satisfied) resolve();
  }
}
