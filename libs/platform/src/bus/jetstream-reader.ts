import type { ConsumerInfo, ConsumerMessages, JetStreamClient, JsMsg, StreamInfo } from '@nats-io/jetstream';
import { millis } from '@nats-io/transport-node';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { messageOf, Retryable } from '../errors.js';
import type { BusMessage, Delivery, SubscribeOptions } from './bus.js';
import { filtersOf, isSetBack, reduceFilters } from './provision.js';

/** How long one pull stays open at the server before it is renewed. */
const PULL_EXPIRES_MS = 30_000;
/** The server says that it is alive this often while a pull waits; two missed in a row are a stall. */
const HEARTBEAT_MS = 1_000;
/** The wait before the first redelivery of what a handler left undecided; it doubles with every delivery. */
const REDELIVER_MS = 250;
const REDELIVER_MS_MAX = 30_000;
/** When what a stopped reader gives back is delivered to the next; long enough that its own pull is closed by then. */
const GIVE_BACK_MS = 50;
const REBIND_MS = 100;
const REBIND_MS_MAX = 2_000;

/** What a service asks for when it cannot use its durable. */
export interface DurableRequest {
  readonly stream: string;
  readonly durable: string;
  readonly filters: readonly string[];
  readonly reason: string;
}

/** What a reader needs of its bus. */
export interface ReaderHost {
  readonly stream: string;
  readonly client: JetStreamClient;
  /** The stream and the durable as they are; null for what is not there. */
  look(durable: string): Promise<[StreamInfo | null, ConsumerInfo | null]>;
  /** Resolves while the connection stands, otherwise as soon as it does again. */
  connected(): Promise<void>;
  /** Resolves when the server has answered what was sent before. */
  roundTrip(): Promise<void>;
  /** Has the durable made or put right; may return before that is done. */
  ensureDurable(request: DurableRequest): Promise<void>;
  incident(code: string, detail: string): void;
}

/**
 * A durable as this reader found it. Sequence numbers mean something only within it: once a stream or a durable
 * was made anew, an answer to an older delivery could acknowledge another message. So a delivery answers through
 * its binding, and a binding that has ended sends nothing more.
 */
interface Binding {
  valid: boolean;
  readonly consumer: ReturnType<JetStreamClient['consumers']['getConsumerFromInfo']>;
  pull?: ConsumerMessages;
  readonly ackWaitMs: number;
}

/** A message that was delivered to this process and is not answered yet. */
interface Held {
  readonly raw: JsMsg;
  readonly binding: Binding;
  decision: { kind: 'ack' } | { kind: 'nak'; delayMs: number } | null;
}

/** Reads one durable: keeps a pull open, gathers batches, answers after the handler, rebinds when it stalls. */
export class DurableReader {
  #binding: Binding | null = null;
  #trouble: string | null = 'not bound yet';
  #stopped = false;
  readonly #stopping = new AbortController();
  readonly #stop = once(this.#stopping.signal, 'abort');
  #queue: Held[] = [];
  /** By stream sequence: what is queued or in hand under the present binding. */
  #held = new Map<number, Held>();
  #busy: Promise<void> | null = null;
  #gathering = false;
  #roomMade: (() => void) | null = null;
  #heart: NodeJS.Timeout | null = null;
  readonly #filters: string[];
  readonly #running: Promise<void>;
  #bound!: () => void;
  /** Resolves when the durable was bound for the first time. */
  readonly bound: Promise<void>;

  constructor(
    private readonly host: ReaderHost,
    private readonly options: SubscribeOptions,
  ) {
    this.#filters = reduceFilters(options.filters);
    this.bound = new Promise((resolve) => (this.#bound = resolve));
    this.#running = this.#run();
  }

  /** Why nothing can be heard now; null while the durable is bound. */
  get trouble(): string | null {
    return this.#trouble;
  }

  /** Called when the connection was lost: what is held belongs to a session that has ended. */
  disconnected(): void {
    this.#unbind('the connection to the server is lost');
  }

  /** Finishes the batch in hand; what is queued goes back to the server at once for whoever reads next. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#stopping.abort();
    this.#roomMade?.();
    for (const held of this.#queue) if (held.binding.valid) held.raw.nak(GIVE_BACK_MS);
    this.#queue = [];
    // What the server has sent already comes in before its answer; dropped, it would be out of reach for the ack wait.
    await this.host.roundTrip().catch((error: unknown) => this.host.incident('STOP_UNHEARD', messageOf(error)));
    this.#binding?.pull?.stop();
    await this.#busy;
    await this.#running;
    if (this.#heart) clearInterval(this.#heart);
  }

  async #run(): Promise<void> {
    let failures = 0;
    while (!this.#stopped) {
      try {
        await Promise.race([this.host.connected(), this.#stop]);
        if (this.#stopped) return;
        const binding = await this.#bind();
        failures = 0;
        await this.#pull(binding);
      } catch (error) {
        this.#unbind(messageOf(error));
        if (this.#stopped) return;
        this.host.incident('DURABLE_UNBOUND', `durable ${this.options.durable}: ${messageOf(error)}`);
        await this.#pause(Math.min(REBIND_MS * 2 ** failures++, REBIND_MS_MAX));
      }
    }
  }

  /** Looks at stream and durable, has them put right where they are not, and opens a new binding. */
  async #bind(): Promise<Binding> {
    const found = await this.#look();
    if ('unfit' in found) {
      const { stream } = this.host;
      const { durable } = this.options;
      await this.host.ensureDurable({ stream, durable, filters: this.#filters, reason: found.unfit });
    }
    const now = 'unfit' in found ? await this.#look() : found;
    if ('unfit' in now) throw new Retryable('DURABLE_UNFIT', now.unfit);
    const ackWaitMs = millis(now.info.config.ack_wait ?? 0);
    const binding: Binding = {
      valid: true,
      consumer: this.host.client.consumers.getConsumerFromInfo(now.info),
      ackWaitMs,
    };
    this.#unbind('');
    this.#binding = binding;
    this.#trouble = null;
    // At 5 s of ack wait: every 2 s, so that one late beat does not cost a redelivery.
    this.#heart = setInterval(() => this.#beat(), ackWaitMs * 0.4);
    this.#heart.unref();
    this.#bound();
    return binding;
  }

  async #look(): Promise<{ info: ConsumerInfo } | { unfit: string }> {
    const { stream } = this.host;
    const { durable } = this.options;
    const [log, info] = await this.host.look(durable);
    if (log === null) return { unfit: `there is no stream ${stream}` };
    if (info === null) return { unfit: `there is no durable ${durable} on stream ${stream}` };
    if (isSetBack(log, info)) {
      const seen = Math.max(info.ack_floor.stream_seq, info.delivered.stream_seq);
      return {
        unfit: `stream ${stream} was set back: it ends at ${log.state.last_seq}, durable ${durable} is at ${seen}`,
      };
    }
    const heard = filtersOf(info);
    if (heard.join() !== this.#filters.join()) {
      return { unfit: `durable ${durable} hears [${heard.join(', ')}], wanted is [${this.#filters.join(', ')}]` };
    }
    return { info };
  }

  /** Keeps a pull open while there is room for what it may bring. Ends when stopped; throws when the durable stalls. */
  async #pull(binding: Binding): Promise<void> {
    const capacity = 2 * this.options.batch;
    while (!this.#stopped && binding.valid) {
      const room = capacity - this.#held.size;
      if (room < Math.ceil(this.options.batch / 2)) {
        await new Promise<void>((resolve) => (this.#roomMade = resolve));
        continue;
      }
      binding.pull = await binding.consumer.fetch({
        max_messages: room,
        expires: PULL_EXPIRES_MS,
        idle_heartbeat: HEARTBEAT_MS,
        bind: true,
      });
      if (this.#stopped || !binding.valid) binding.pull.stop();
      for await (const raw of binding.pull) this.#receive(binding, raw);
    }
  }

  #receive(binding: Binding, raw: JsMsg): void {
    if (!binding.valid) return;
    if (this.#stopped) return raw.nak(GIVE_BACK_MS);
    // A redelivery of what is still in hand here: the one in hand will be answered.
    if (this.#held.has(raw.seq)) return;
    const held: Held = { raw, binding, decision: null };
    this.#held.set(raw.seq, held);
    this.#queue.push(held);
    this.#gather();
  }

  /** Starts the next batch after the messages that arrived together were all queued. */
  #gather(): void {
    if (this.#gathering || this.#busy) return;
    this.#gathering = true;
    setImmediate(() => {
      this.#gathering = false;
      if (this.#stopped || this.#queue.length === 0) return;
      this.#queue.sort((a, b) => a.raw.seq - b.raw.seq);
      const batch = this.#queue.splice(0, this.options.batch);
      this.#busy = this.#handle(batch).finally(() => {
        this.#busy = null;
        if (this.#queue.length > 0) this.#gather();
      });
    });
  }

  async #handle(batch: readonly Held[]): Promise<void> {
    let failure: string | null = null;
    try {
      await this.options.handle(batch.map((held) => deliveryOf(held)));
    } catch (error) {
      failure = messageOf(error);
    }
    const undecided = batch.filter((held) => failure !== null || held.decision === null);
    if (undecided.length > 0) {
      const why = failure ?? 'it neither acknowledged nor refused them';
      this.host.incident('BATCH_NOT_HANDLED', `durable ${this.options.durable}: ${undecided.length} messages: ${why}`);
    }
    for (const held of batch) {
      if (this.#held.get(held.raw.seq) === held) this.#held.delete(held.raw.seq);
      if (!held.binding.valid) continue;
      if (failure !== null || held.decision === null) held.raw.nak(redeliveryDelay(held.raw.info.deliveryCount));
      else if (held.decision.kind === 'ack') held.raw.ack();
      else held.raw.nak(held.decision.delayMs);
    }
    this.#roomMade?.();
  }

  /** Tells the server that everything held here is still being worked on, the queue behind the batch as well. */
  #beat(): void {
    for (const held of this.#held.values()) if (held.binding.valid) held.raw.working();
  }

  #unbind(trouble: string): void {
    this.#trouble = trouble;
    if (this.#heart) clearInterval(this.#heart);
    this.#heart = null;
    if (!this.#binding) return;
    this.#binding.valid = false;
    this.#binding.pull?.stop();
    this.#binding = null;
    this.#queue = [];
    this.#held = new Map();
    this.#roomMade?.();
  }

  async #pause(ms: number): Promise<void> {
    await pause(ms, undefined, { signal: this.#stopping.signal, ref: false }).catch(() => undefined);
  }
}

/** 250 ms after the first delivery, doubling to at most 30 s. */
const redeliveryDelay = (deliveries: number): number =>
  Math.min(REDELIVER_MS * 2 ** Math.min(deliveries - 1, 20), REDELIVER_MS_MAX);

/** What the handler gets. Its answers are kept until it has resolved: a handler that throws has handled nothing. */
function deliveryOf(held: Held): Delivery {
  return {
    message: messageOfRaw(held.raw),
    streamSequence: held.raw.seq,
    ack: () => {
      held.decision ??= { kind: 'ack' };
    },
    nak: (delayMs) => {
      held.decision ??= { kind: 'nak', delayMs: Math.max(1, Math.ceil(delayMs)) };
    },
    working: () => {
      if (held.binding.valid && held.decision === null) held.raw.working();
    },
  };
}

/** The suffix that keeps a republication from being swallowed as a duplicate; see `JetStreamBus.publish`. */
export const AGAIN = '.again.';

function messageOfRaw(raw: JsMsg): BusMessage {
  const headers: Record<string, string> = {};
  let id = `${raw.info.stream}.${raw.seq}`;
  for (const [name, values] of raw.headers ?? []) {
    if (name === 'Nats-Msg-Id') id = (values[0] ?? id).split(AGAIN)[0] ?? id;
    else if (!name.startsWith('Nats-')) headers[name] = values[0] ?? '';
  }
  return { id, subject: raw.subject, body: raw.string(), headers };
}
