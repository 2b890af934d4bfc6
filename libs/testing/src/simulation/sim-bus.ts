import type { Rng } from '@ballast/kernel/random';
import {
  Retryable,
  type Bus,
  type BusMessage,
  type Clock,
  type StreamState,
  type SubscribeOptions,
  type Subscription,
} from '@ballast/platform';
import { CALM, type Chaos } from './chaos.js';
import { SimDurable, type Stored } from './sim-durable.js';

/** Messages of this age are not recognised as repetitions any more; as in `streamConfig`. */
const DUPLICATE_WINDOW_MS = 120_000;

/** A signal that was sent and not heard yet. */
export interface SentSignal {
  readonly topic: string;
  readonly body: string;
}

/**
 * A stream with durables, in memory, in which nothing moves by itself: whoever runs the
 * simulation chooses what is delivered when. It answers publications as its chaos says.
 */
export class SimBus implements Bus {
  chaos: Chaos = CALM;
  #log: Stored[] = [];
  #lastSequence = 0;
  #incarnation = 1;
  readonly #durables = new Map<string, SimDurable>();
  readonly #listeners = new Map<string, Set<(body: unknown) => void | Promise<void>>>();
  readonly #signals: SentSignal[] = [];
  /** Every message id that was ever stored; the log of now may have lost some. */
  readonly everStored = new Set<string>();

  constructor(
    private readonly random: Rng,
    private readonly clock: Clock,
  ) {}

  publish(messages: readonly BusMessage[], options: { again?: boolean } = {}): Promise<readonly number[]> {
    const draw = this.random.uniform();
    if (draw < this.chaos.publishRefused) {
      const stored = this.random.int(messages.length);
      for (const message of messages.slice(0, stored)) this.#store(message, options.again === true);
      return Promise.reject(new Retryable('PUBLISH_NOT_ACKNOWLEDGED', `stored ${stored} of ${messages.length}`));
    }
    const sequences = messages.map((message) => this.#store(message, options.again === true));
    if (draw < this.chaos.publishRefused + this.chaos.publishAckLost) {
      return Promise.reject(new Retryable('PUBLISH_NOT_ACKNOWLEDGED', 'stored, and the acknowledgement is lost'));
    }
    return Promise.resolve(sequences);
  }

  #store(message: BusMessage, again: boolean): number {
    const since = new Date(Date.parse(this.clock.now()) - DUPLICATE_WINDOW_MS).toISOString();
    const known = this.#log.find((stored) => !stored.again && stored.message.id === message.id && stored.at > since);
    if (known && !again && this.chaos.deduplicates) return known.sequence;
    const sequence = ++this.#lastSequence;
    // What travels is text; nobody shares an object with the sender.
    const copy = JSON.parse(JSON.stringify(message)) as BusMessage;
    this.#log.push({ sequence, message: copy, at: this.clock.now(), again });
    this.everStored.add(message.id);
    return sequence;
  }

  subscribe(options: SubscribeOptions): Promise<Subscription> {
    const known = this.#durables.get(options.durable);
    if (known?.bound) return Promise.reject(new Error(`the durable "${options.durable}" is bound already`));
    const durable = known ?? new SimDurable(options.durable);
    this.#durables.set(options.durable, durable);
    durable.bind(options, this.#lastSequence);
    return Promise.resolve({
      stop: () => {
        durable.unbind();
        return Promise.resolve();
      },
    });
  }

  streamState(): Promise<StreamState> {
    return Promise.resolve({ createdAt: `stream ${this.#incarnation}`, lastSequence: this.#lastSequence });
  }

  settled(): Promise<boolean> {
    const behind = this.durables().some((durable) => durable.pending(this.#log).length > 0);
    return Promise.resolve(!behind);
  }

  signal(topic: string, body: unknown): Promise<void> {
    if (this.random.uniform() >= this.chaos.signalLost) this.#signals.push({ topic, body: JSON.stringify(body) });
    return Promise.resolve();
  }

  onSignal(topic: string, handle: (body: unknown) => void | Promise<void>): Promise<Subscription> {
    const listeners = this.#listeners.get(topic) ?? new Set();
    this.#listeners.set(topic, listeners.add(handle));
    return Promise.resolve({
      stop: () => {
        listeners.delete(handle);
        return Promise.resolve();
      },
    });
  }

  health(): Promise<{ up: boolean; detail: string }> {
    return Promise.resolve({ up: true, detail: 'simulated' });
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  // What the scheduler does.

  /** The durables, by name. */
  durables(): readonly SimDurable[] {
    return [...this.#durables.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  get log(): readonly Stored[] {
    return this.#log;
  }

  get signals(): readonly SentSignal[] {
    return this.#signals;
  }

  /** Gives the oldest signal to whoever hears its topic now. Returns what handlers threw. */
  async passSignal(): Promise<readonly unknown[]> {
    const sent = this.#signals.shift();
    const failures: unknown[] = [];
    for (const handle of sent ? [...(this.#listeners.get(sent.topic) ?? [])] : []) {
      try {
        await handle(JSON.parse(sent!.body));
      } catch (error) {
        failures.push(error);
      }
    }
    return failures;
  }

  /** The stream loses its end, as after a power loss. */
  setBack(toSequence: number): void {
    this.#log = this.#log.filter((stored) => stored.sequence <= toSequence);
    this.#lastSequence = toSequence;
    for (const durable of this.#durables.values()) durable.rebind(this.#lastSequence);
  }

  /** The stream is deleted and made anew, its durables with it. */
  recreate(): void {
    this.#log = [];
    this.#lastSequence = 0;
    this.#incarnation++;
    for (const durable of this.#durables.values()) durable.recreate();
  }

  /** One message is damaged and gone, wherever it is. */
  damage(sequence: number): void {
    this.#log = this.#log.filter((stored) => stored.sequence !== sequence);
    for (const durable of this.#durables.values()) durable.forget(sequence);
  }
}
