import type { Instant } from '@ballast/contracts';
import type { Rng } from '@ballast/kernel/random';
import { isSetBack, subjectMatches, type BusMessage, type Delivery, type SubscribeOptions } from '@ballast/platform';
import type { Chaos } from './chaos.js';

/** A message as the stream holds it. */
export interface Stored {
  readonly sequence: number;
  readonly message: BusMessage;
  readonly at: Instant;
  /** Whether it was published again on request, which deduplication leaves alone. */
  readonly again: boolean;
}

/** How long a delivery may stay without an answer before it comes again; as in `durableConfig`. */
const ACK_WAIT_MS = 5_000;
/** A durable that is this far behind is given large batches. */
const BACKLOG = 40;

/** One durable: what it has been handed, what waits for an answer, and how far it has acknowledged. */
export class SimDurable {
  filters: readonly string[] = [];
  #handle: SubscribeOptions['handle'] | null = null;
  /** Which binding the deliveries in hand belong to; answers of an older one are not heard. */
  #binding = 0;
  /** The highest sequence that was fetched. */
  #delivered = 0;
  /** Fetched and not acknowledged: from when on each may be handed over (again). */
  readonly #unanswered = new Map<number, Instant>();
  /** What was handed over, as `sequence id`. */
  readonly #handed = new Set<string>();
  readonly #heard = new Map<string, boolean>();

  constructor(readonly name: string) {}

  get bound(): boolean {
    return this.#handle !== null;
  }

  bind(options: SubscribeOptions, lastSequence: number): void {
    this.filters = options.filters;
    this.#handle = options.handle;
    this.#binding++;
    this.rebind(lastSequence);
  }

  unbind(): void {
    this.#handle = null;
    this.#binding++;
  }

  /** Looks at the stream as a reader does before it pulls: a stream that ends before what was seen was set back. */
  rebind(lastSequence: number): void {
    const state = { state: { last_seq: lastSequence } };
    const seen = { ack_floor: { stream_seq: this.#ackFloor() }, delivered: { stream_seq: this.#delivered } };
    if (isSetBack(state, seen)) this.recreate();
  }

  /** Begins again at the first message that the stream holds. */
  recreate(): void {
    this.#delivered = 0;
    this.#unanswered.clear();
  }

  forget(sequence: number): void {
    this.#unanswered.delete(sequence);
  }

  #ackFloor(): number {
    return Math.min(this.#delivered, ...[...this.#unanswered.keys()].map((sequence) => sequence - 1));
  }

  hears(subject: string): boolean {
    const known = this.#heard.get(subject);
    if (known !== undefined) return known;
    const heard = this.filters.some((filter) => subjectMatches(subject, filter));
    this.#heard.set(subject, heard);
    return heard;
  }

  /** What has not been acknowledged yet, fetched or not, in stream order. */
  pending(log: readonly Stored[]): Stored[] {
    return log.filter(
      (stored) =>
        (stored.sequence > this.#delivered || this.#unanswered.has(stored.sequence)) &&
        this.hears(stored.message.subject),
    );
  }

  /** What may be handed over now, in stream order. */
  ready(log: readonly Stored[], now: Instant): Stored[] {
    if (!this.bound) return [];
    return this.pending(log).filter((stored) => (this.#unanswered.get(stored.sequence) ?? now) <= now);
  }

  /** When the next message that was put off may come again. */
  nextDue(log: readonly Stored[], now: Instant): Instant | null {
    if (!this.bound) return null;
    const later = this.pending(log).flatMap((stored) => this.#unanswered.get(stored.sequence) ?? []);
    return later.filter((at) => at > now).sort()[0] ?? null;
  }

  /** Messages of the stream that this durable should have been handed and never was. */
  neverHanded(log: readonly Stored[]): Stored[] {
    return log.filter((stored) => this.hears(stored.message.subject) && !this.#handed.has(handedId(stored)));
  }

  /** Chooses what is handed over next: in stream order per key, any order across keys. */
  choose(ready: readonly Stored[], random: Rng, chaos: Chaos): Stored[] {
    if (ready.length > BACKLOG) return ready.slice(0, 100);
    const most = random.int(4) === 0 ? 1 + random.int(12) : 1 + random.int(2);
    const left = [...ready];
    const chosen: Stored[] = [];
    while (chosen.length < most && left.length > 0) {
      const any = random.int(left.length);
      const key = orderKey(left[any]!.message.subject);
      const place =
        random.uniform() < chaos.overtake ? any : left.findIndex((each) => orderKey(each.message.subject) === key);
      chosen.push(...left.splice(place, 1));
    }
    return chosen.sort((a, b) => a.sequence - b.sequence);
  }

  /** Hands messages over and takes the answers. A handler that throws has answered for nothing. */
  async deliver(
    batch: readonly Stored[],
    log: readonly Stored[],
    now: Instant,
    random: Rng,
    chaos: Chaos,
  ): Promise<string> {
    const binding = this.#binding;
    const answers = new Map<number, 'ack' | number>();
    this.#fetch(log, now);
    let failure = '';
    try {
      await this.#handle!(batch.map((stored) => deliveryOf(stored, answers)));
    } catch (error) {
      failure = error instanceof Error ? error.message : String(error);
      answers.clear();
    }
    for (const stored of batch) this.#handed.add(handedId(stored));
    // The process that had the messages in hand is gone: nothing it says is heard, and they come again at once.
    if (binding !== this.#binding) return 'never answered';
    for (const { sequence } of batch) this.#settle(sequence, answers.get(sequence), now, random, chaos);
    const naks = [...answers.values()].filter((answer) => answer !== 'ack').length;
    return failure ? `threw ${failure}` : naks > 0 ? `${naks} refused` : '';
  }

  #fetch(log: readonly Stored[], now: Instant): void {
    for (const stored of this.pending(log)) {
      if (!this.#unanswered.has(stored.sequence)) this.#unanswered.set(stored.sequence, now);
    }
    this.#delivered = Math.max(this.#delivered, log.at(-1)?.sequence ?? 0);
  }

  #settle(sequence: number, answer: 'ack' | number | undefined, now: Instant, random: Rng, chaos: Chaos): void {
    const after = (ms: number): string => new Date(Date.parse(now) + ms).toISOString();
    const draw = random.uniform();
    if (answer === 'ack' && draw >= chaos.deliveryAckLost + chaos.duplicate) this.#unanswered.delete(sequence);
    else if (answer === 'ack') this.#unanswered.set(sequence, draw < chaos.duplicate ? now : after(ACK_WAIT_MS));
    else this.#unanswered.set(sequence, after(answer ?? ACK_WAIT_MS));
  }
}

const handedId = (stored: Stored): string => `${stored.sequence} ${stored.message.id}`;

/** What order holds within: the noun and the key, as the subject tells them. */
function orderKey(subject: string): string {
  const [family, noun, , , key] = subject.split('.');
  return `${family}.${noun}.${key}`;
}

function deliveryOf({ message, sequence }: Stored, answers: Map<number, 'ack' | number>): Delivery {
  return {
    message,
    streamSequence: sequence,
    ack: () => void answers.set(sequence, 'ack'),
    nak: (delayMs) => void answers.set(sequence, delayMs),
    working: () => undefined,
  };
}
