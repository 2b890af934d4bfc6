import { messageOf, Retryable } from '../errors.js';
import type { Bus, BusMessage, Delivery, StreamState, SubscribeOptions, Subscription } from './bus.js';
import { requireSize } from './size.js';
import { subjectMatches } from './subjects.js';

/**
 * The bus within one process: publish resolves when every subscriber has committed
 * the message (handled it, or put it aside as waiting). It serialises and re-parses,
 * so that nobody shares an object with the sender. It keeps no log: what was not
 * committed everywhere is published again from the outbox.
 */
export class LocalBus implements Bus {
  #sequence = 0;
  #inFlight = 0;
  readonly #subscribers = new Map<string, Subscriber>();
  readonly #signals = new Map<string, Set<(body: unknown) => void | Promise<void>>>();

  async publish(messages: readonly BusMessage[]): Promise<readonly number[]> {
    messages.forEach(requireSize);
    const sequenced = messages.map((message) => ({ message: copyOf(message), sequence: ++this.#sequence }));
    this.#inFlight++;
    try {
      // All of them are awaited, so that the bus is not settled while one subscriber still works after another failed.
      const outcomes = await Promise.allSettled(
        [...this.#subscribers.values()].map(async (subscriber) => {
          const wanted = sequenced.filter(({ message }) => subscriber.wants(message.subject));
          if (wanted.length > 0) await subscriber.deliver(wanted);
        }),
      );
      const failed = outcomes.find((outcome) => outcome.status === 'rejected');
      if (failed) throw new Retryable('NOT_COMMITTED', messageOf(failed.reason), { cause: failed.reason });
    } finally {
      this.#inFlight--;
    }
    return sequenced.map(({ sequence }) => sequence);
  }

  subscribe(options: SubscribeOptions): Promise<Subscription> {
    if (this.#subscribers.has(options.durable)) {
      return Promise.reject(new Error(`the durable "${options.durable}" is already bound in this process`));
    }
    const subscriber = new Subscriber(options);
    this.#subscribers.set(options.durable, subscriber);
    return Promise.resolve({
      stop: async () => {
        this.#subscribers.delete(options.durable);
        await subscriber.stop();
      },
    });
  }

  streamState(): Promise<StreamState | null> {
    return Promise.resolve(null);
  }

  settled(): Promise<boolean> {
    return Promise.resolve(this.#inFlight === 0);
  }

  async signal(topic: string, body: unknown): Promise<void> {
    const text = JSON.stringify(body);
    await Promise.all([...(this.#signals.get(topic) ?? [])].map(async (handle) => handle(JSON.parse(text))));
  }

  onSignal(topic: string, handle: (body: unknown) => void | Promise<void>): Promise<Subscription> {
    const handlers = this.#signals.get(topic) ?? new Set();
    this.#signals.set(topic, handlers.add(handle));
    return Promise.resolve({
      stop: () => {
        handlers.delete(handle);
        return Promise.resolve();
      },
    });
  }

  health(): Promise<{ up: boolean; detail: string }> {
    return Promise.resolve({ up: true, detail: 'in this process' });
  }

  async close(): Promise<void> {
    await Promise.all([...this.#subscribers.values()].map((subscriber) => subscriber.stop()));
    this.#subscribers.clear();
    this.#signals.clear();
  }
}

const copyOf = (message: BusMessage): BusMessage => JSON.parse(JSON.stringify(message)) as BusMessage;

interface Sequenced {
  readonly message: BusMessage;
  readonly sequence: number;
}

/** One durable: batches go to it one after another. */
class Subscriber {
  #tail: Promise<unknown> = Promise.resolve();
  #stopped = false;

  constructor(private readonly options: SubscribeOptions) {}

  wants(subject: string): boolean {
    return this.options.filters.some((filter) => subjectMatches(subject, filter));
  }

  /** Resolves when every message was acked. @throws Retryable when one was refused: the publisher tries again. */
  deliver(messages: readonly Sequenced[]): Promise<void> {
    const turn = this.#tail.then(() => this.#handle(messages));
    this.#tail = turn.catch(() => undefined);
    return turn;
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#tail;
  }

  async #handle(messages: readonly Sequenced[]): Promise<void> {
    for (let from = 0; from < messages.length; from += this.options.batch) {
      if (this.#stopped) throw new Retryable('SUBSCRIBER_STOPPED', `the durable "${this.options.durable}" is stopping`);
      const acked = new Set<number>();
      const batch = messages.slice(from, from + this.options.batch).map(({ message, sequence }): Delivery => ({
        message,
        streamSequence: sequence,
        ack: () => void acked.add(sequence),
        nak: () => undefined,
        working: () => undefined,
      }));
      await this.options.handle(batch);
      if (acked.size < batch.length) {
        const refused = batch.length - acked.size;
        throw new Retryable(
          'NOT_COMMITTED',
          `the durable "${this.options.durable}" has not committed ${refused} of ${batch.length} messages`,
        );
      }
    }
  }
}
