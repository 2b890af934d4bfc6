import { createInbox } from '@nats-io/transport-node';
import type { Msg, MsgHdrs, NatsConnection } from '@nats-io/transport-node';

/** A message as it goes over the wire. */
export interface Publication {
  readonly subject: string;
  readonly body: string;
  readonly headers: MsgHdrs;
}

/** What became of publications that were sent together. */
export interface Stored {
  /** The place in the stream of each that was acknowledged, in the order of the publications. */
  readonly sequences: readonly number[];
  /** Why at least one was not; null where all were. */
  readonly refused: Error | null;
}

/** Publications that were sent together and wait for their acknowledgements. */
interface Window {
  readonly sequences: (number | undefined)[];
  open: number;
  refused: Error | null;
  readonly done: () => void;
}

/** One publication of a window. */
interface Waiter {
  readonly window: Window;
  readonly place: number;
  readonly subject: string;
}

/** What JetStream answers to a publication (nats-server: JSApiPubAckResponse). */
interface Acknowledgement {
  readonly seq?: number;
  readonly error?: { readonly code: number; readonly description: string };
}

const NO_RESPONDERS = 503;

/**
 * Publishes to JetStream many at a time: one subject for all acknowledgements and one deadline for all that were sent
 * together, where a request for each costs several times as much.
 */
export class Publisher {
  readonly #inbox: string;
  readonly #waiting = new Map<string, Waiter>();
  #count = 0;

  /** @param inbox the prefix of the subjects on which this identity may be answered. */
  constructor(
    private readonly connection: NatsConnection,
    inbox: string,
    private readonly withinMs: number,
  ) {
    this.#inbox = createInbox(inbox);
    connection.subscribe(`${this.#inbox}.*`, { callback: (error, message) => this.#answered(error, message) });
  }

  /** Sends publications, and waits until each is acknowledged or refused, or the deadline has passed. */
  async store(publications: readonly Publication[]): Promise<Stored> {
    if (publications.length === 0) return { sequences: [], refused: null };
    let done!: () => void;
    const all = new Promise<void>((resolve) => (done = resolve));
    const window: Window = { sequences: [], open: publications.length, refused: null, done };
    const replies = publications.map((publication, place) =>
      this.#send(publication, { window, place, subject: publication.subject }),
    );
    const tooLate = new Error(`the server did not acknowledge within ${this.withinMs} ms`);
    const timer = setTimeout(() => this.#giveUp(replies, tooLate), this.withinMs);
    await all;
    clearTimeout(timer);
    return { sequences: window.sequences.filter((sequence) => sequence !== undefined), refused: window.refused };
  }

  /** The connection is lost: whatever waits will not be answered any more. */
  lost(reason: Error): void {
    this.#giveUp([...this.#waiting.keys()], reason);
  }

  /** The server lets this identity not publish on a subject: it says so, but answers nothing. */
  forbidden(subject: string, reason: Error): void {
    const replies = [...this.#waiting].filter(([, waiter]) => waiter.subject === subject).map(([reply]) => reply);
    this.#giveUp(replies, reason);
  }

  #send({ subject, body, headers }: Publication, waiter: Waiter): string {
    const reply = `${this.#inbox}.${(this.#count++).toString(36)}`;
    this.#waiting.set(reply, waiter);
    try {
      this.connection.publish(subject, body, { headers, reply });
    } catch (error) {
      this.#settle(reply, error instanceof Error ? error : new Error(String(error)));
    }
    return reply;
  }

  #giveUp(replies: readonly string[], reason: Error): void {
    for (const reply of replies) this.#settle(reply, reason);
  }

  #answered(error: Error | null, message: Msg): void {
    if (error) return this.#giveUp([...this.#waiting.keys()], error);
    if (message.headers?.code === NO_RESPONDERS) {
      return this.#settle(message.subject, new Error('no stream takes this subject'));
    }
    const { seq, error: refused } = message.json<Acknowledgement>();
    if (seq === undefined || refused) {
      return this.#settle(
        message.subject,
        new Error(refused?.description ?? 'the answer names no place in the stream'),
      );
    }
    this.#settle(message.subject, seq);
  }

  /** An answer that nobody waits for any more is passed over. */
  #settle(reply: string, outcome: number | Error): void {
    const waiter = this.#waiting.get(reply);
    if (!waiter) return;
    this.#waiting.delete(reply);
    const { window, place } = waiter;
    if (outcome instanceof Error) window.refused ??= outcome;
    else window.sequences[place] = outcome;
    if (--window.open === 0) window.done();
  }
}
