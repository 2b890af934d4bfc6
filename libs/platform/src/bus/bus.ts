import type { TickMessage } from './ticks.js';

/** An event as the bus carries it. The bus never looks into `body`. */
export interface BusMessage {
  /** The event id; JetStream's dedup key, the inbox's guarantee. */
  readonly id: string;
  readonly subject: string;
  /** JSON of the envelope. */
  readonly body: string;
  /** Trace context and nothing that a decision may depend on. */
  readonly headers: Readonly<Record<string, string>>;
}

/** One delivery of a message to one durable. Exactly one of ack and nak is called, after the commit. */
export interface Delivery {
  readonly message: BusMessage;
  readonly streamSequence: number;
  ack(): void;
  /** Asks for the message again after a delay; never without one. */
  nak(delayMs: number): void;
  /** Says that handling still goes on, where it takes longer than the ack wait. */
  working(): void;
}

/** What a durable is and hears. */
export interface SubscribeOptions {
  /** The name of the durable: the service's name. */
  readonly durable: string;
  /** Subject filters, whole nouns: `risk.plan.>`. */
  readonly filters: readonly string[];
  /** The most messages handed over at once. */
  readonly batch: number;
  /** Called with one batch at a time, in stream order; acks or naks each delivery itself. */
  readonly handle: (batch: readonly Delivery[]) => Promise<void>;
}

export interface Subscription {
  /** Finishes the batch in hand and hears nothing more. */
  stop(): Promise<void>;
}

/** Where the log stands; null for a bus that keeps none. */
export interface StreamState {
  readonly createdAt: string;
  readonly lastSequence: number;
}

/**
 * The transport between services. Postgres is the log of record: a bus may lose,
 * repeat or set back what it holds, and the outbox, the inbox and the key
 * sequence put it right.
 */
export interface Bus {
  /**
   * Publishes in order, pipelined, and resolves with one stream sequence a message
   * once all are acknowledged as stored (LocalBus: committed by every subscriber).
   * `again` marks a republication, which must not be swallowed by deduplication.
   * @throws Retryable where any acknowledgement is missing; the caller publishes all of them again.
   */
  publish(messages: readonly BusMessage[], options?: { again?: boolean }): Promise<readonly number[]>;
  /**
   * Publishes raw ticks in order, and resolves once all are acknowledged as stored. Absent on a bus that keeps no stream
   * of ticks. No decision may rely on them.
   * @throws Retryable where any acknowledgement is missing; what is sent again under the same id is stored once.
   */
  publishTicks?(ticks: readonly TickMessage[]): Promise<void>;
  subscribe(options: SubscribeOptions): Promise<Subscription>;
  streamState(): Promise<StreamState | null>;
  /** Tells whether every durable has acknowledged everything that was published; simulated time moves only then. */
  settled(): Promise<boolean>;
  /** Sends a fleeting control message: requests to republish, heads of keys, the halt. Best effort. */
  signal(topic: string, body: unknown): Promise<void>;
  /** Hears control messages of a topic. */
  onSignal(topic: string, handle: (body: unknown) => void | Promise<void>): Promise<Subscription>;
  /** For `/health/ready`: whether messages can pass now, and if not, why. */
  health(): Promise<{ readonly up: boolean; readonly detail: string }>;
  close(): Promise<void>;
}
