import type { StreamListener, VenueUpdate } from '@ballast/execution-gateway';
import type { Rng } from '@ballast/kernel/random';
import type { Step } from '@ballast/testing';
import type { VenueChaos } from './sim-venue.js';

/** Waits until the gateway has committed everything up to a frame of an account, or has died. */
export type Committed = (account: string, frame: number) => Promise<void>;

const SERVICE = 'execution-gateway';

interface Stream {
  readonly account: string;
  readonly listener: StreamListener;
  authorised: boolean;
  readonly queue: VenueUpdate[];
}

/** The streams of the accounts: what is told, lost, told twice and out of order. What nobody hears is never told again. */
export class VenueStreams {
  readonly #streams = new Map<string, Stream>();
  /** Numbers the messages of each account, over all its connections. */
  readonly #frames = new Map<string, number>();

  constructor(
    private readonly random: Rng,
    private readonly committed: Committed,
    private readonly chaos: () => VenueChaos,
  ) {}

  listen(account: string, listener: StreamListener): () => void {
    const stream: Stream = { account, listener, authorised: false, queue: [] };
    this.#streams.set(account, stream);
    return () => {
      if (this.#streams.get(account) === stream) this.#streams.delete(account);
    };
  }

  tell(account: string, update: VenueUpdate): void {
    const stream = this.#streams.get(account);
    if (stream?.authorised) stream.queue.push(update);
  }

  /** The process that listened is gone. */
  drop(): void {
    this.#streams.clear();
  }

  /** What may have been missed is noticed at last: every stream is opened anew. */
  heal(): void {
    for (const stream of this.#streams.values()) stream.authorised = false;
  }

  /** Tells everything that waits for an account, in order, within the step that asks for it. */
  async flush(account: string): Promise<void> {
    const stream = this.#streams.get(account);
    if (!stream) return;
    const frame = stream.queue
      .splice(0)
      .map((update) => this.#pass(stream, update))
      .at(-1);
    if (frame !== undefined) await this.committed(account, frame);
  }

  steps(): Step[] {
    const { streamBreaks } = this.chaos();
    return [...this.#streams.values()].flatMap((stream): Step[] => {
      const { account, authorised, queue } = stream;
      const step = (label: string, weight: number, take: Step['take']): Step => ({
        label: `venue ${label} ${account}`,
        weight,
        touches: [SERVICE],
        take,
      });
      if (!authorised) return [step('opens the stream of', 2, () => this.#open(stream))];
      const breaks = step('breaks the stream of', streamBreaks, () => {
        stream.authorised = false;
        queue.length = 0;
        return Promise.resolve();
      });
      return [
        ...(queue.length > 0 ? [step(`tells ${this.#wordOf(queue[0]!)} to`, 3, () => this.#tellNext(stream))] : []),
        ...(streamBreaks > 0 ? [{ ...breaks, rare: true as const }] : []),
      ];
    });
  }

  #wordOf({ word, order }: VenueUpdate): string {
    return `${word} ${order.clientOrderId.slice(0, 8)}`;
  }

  async #open(stream: Stream): Promise<void> {
    stream.authorised = true;
    stream.listener.authorised();
    await this.committed(stream.account, this.#pass(stream, null));
  }

  async #tellNext(stream: Stream): Promise<string | undefined> {
    const { streamLost, streamTwice, streamMixed } = this.chaos();
    const place = this.random.uniform() < streamMixed ? this.random.int(stream.queue.length) : 0;
    const [update] = stream.queue.splice(place, 1) as [VenueUpdate];
    const draw = this.random.uniform();
    if (draw < streamLost) return `${this.#wordOf(update)} is lost`;
    if (draw < streamLost + streamTwice) stream.queue.push(update);
    await this.committed(stream.account, this.#pass(stream, update));
    return place === 0 ? undefined : `${this.#wordOf(update)} first`;
  }

  #pass(stream: Stream, update: VenueUpdate | null): number {
    const frame = (this.#frames.get(stream.account) ?? 0) + 1;
    this.#frames.set(stream.account, frame);
    stream.listener.heard(update, frame);
    return frame;
  }
}
