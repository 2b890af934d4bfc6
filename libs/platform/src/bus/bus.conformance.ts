import { EVENT_BYTES_MAX } from '@ballast/contracts';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Bus, BusMessage, Delivery, SubscribeOptions, Subscription } from './bus.js';

/** What a bus under test is, and where the adapters are allowed to differ. */
export interface BusUnderTest {
  readonly bus: Bus;
  /** `stored`: publish resolves once the log has the message. `committed`: once every durable has handled it. */
  readonly publishResolves: 'stored' | 'committed';
  /** Whether the bus itself refuses a body above the hard cap. */
  readonly refusesTooLarge: boolean;
  close(): Promise<void>;
}

let counter = 0;

/** A message of its own id; the payload says which one it is. */
export function message(subject: string, n: number, body?: string): BusMessage {
  counter++;
  const id = `00000000-0000-5000-8000-${String(counter).padStart(12, '0')}`;
  return { id, subject, body: body ?? JSON.stringify({ n }), headers: { traceparent: `00-trace-${n}` } };
}

/** Publishes as the relay does: what was not acknowledged is published again until it is. */
export async function relay(bus: Bus, messages: readonly BusMessage[]): Promise<void> {
  for (let attempt = 0; ; attempt++) {
    try {
      await bus.publish(messages, { again: attempt > 0 });
      return;
    } catch (error) {
      if (attempt === 100) throw error;
      await nextTurn();
    }
  }
}

const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** What handlers saw; a test awaits until a condition on it holds. */
export class Seen<T> {
  readonly items: T[] = [];
  #changed: (() => void)[] = [];

  add(item: T): void {
    this.items.push(item);
    for (const wake of this.#changed.splice(0)) wake();
  }

  async until(holds: (items: readonly T[]) => boolean): Promise<void> {
    while (!holds(this.items)) await new Promise<void>((resolve) => this.#changed.push(resolve));
  }
}

/** A gate that handlers wait at. */
export function gate(): { readonly passed: Promise<void>; open(): void } {
  let open!: () => void;
  const passed = new Promise<void>((resolve) => (open = resolve));
  return { passed, open };
}

/** Subscribes with a handler that acknowledges everything and remembers it. */
export async function hear(
  bus: Bus,
  durable: string,
  filters: readonly string[],
  options: Partial<SubscribeOptions> = {},
): Promise<{ heard: Seen<Delivery>; subscription: Subscription }> {
  const heard = new Seen<Delivery>();
  const handle = (batch: readonly Delivery[]): Promise<void> => {
    for (const delivery of batch) {
      delivery.ack();
      heard.add(delivery);
    }
    return Promise.resolve();
  };
  return { heard, subscription: await bus.subscribe({ durable, filters, batch: 10, handle, ...options }) };
}

const bodies = (deliveries: readonly Delivery[]): number[] =>
  deliveries.map(({ message: { body } }) => (JSON.parse(body) as { n: number }).n);
const range = (count: number): number[] => Array.from({ length: count }, (_, i) => i);

/** The law that every bus keeps, run against one adapter. */
export function busConformance(name: string, factory: () => Promise<BusUnderTest>): void {
  describe(`${name} keeps the law of the bus`, () => {
    let under: BusUnderTest;
    let bus: Bus;
    beforeEach(async () => {
      under = await factory();
      bus = under.bus;
    });
    afterEach(() => under.close());

    it('delivers each message with its id, subject, body and headers, and its place in the stream', async () => {
      const { heard } = await hear(bus, 'risk-guardrails', ['risk.plan.>']);
      const sent = message('risk.plan.approved.v1.main', 7);
      const [sequence] = await bus.publish([sent]);
      await heard.until((all) => all.length === 1);
      expect(heard.items[0]?.message).toEqual(sent);
      expect(heard.items[0]?.streamSequence).toBe(sequence);
    });

    it('keeps the order of publication, in batches of at most the size asked for', async () => {
      const sizes: number[] = [];
      const heard = new Seen<Delivery>();
      await bus.subscribe({
        durable: 'tax',
        filters: ['tax.lots.>'],
        batch: 7,
        handle: async (batch) => {
          sizes.push(batch.length);
          await nextTurn();
          for (const delivery of batch) {
            delivery.ack();
            heard.add(delivery);
          }
        },
      });
      const sequences = await bus.publish(range(100).map((n) => message(`tax.lots.updated.v1.k${n % 3}`, n)));
      await heard.until((all) => all.length === 100);
      expect(bodies(heard.items)).toEqual(range(100));
      expect([...sequences].sort((a, b) => a - b)).toEqual(sequences);
      expect(Math.max(...sizes)).toBeLessThanOrEqual(7);
    });

    it('hands every durable what its filters match and nothing else', async () => {
      const plans = await hear(bus, 'a', ['risk.plan.>']);
      const orders = await hear(bus, 'b', ['execution.order.>', 'execution.halt.>']);
      const oneKey = await hear(bus, 'c', ['execution.*.*.v1.main']);
      await relay(bus, [
        message('risk.plan.approved.v1.main', 1),
        message('execution.order.filled.v1.main', 2),
        message('execution.halt.changed.v1.other', 3),
        message('risk.approval.requested.v1.main', 4),
        message('execution.schedule.planned.v1.main', 5),
      ]);
      await plans.heard.until((all) => all.length === 1);
      await orders.heard.until((all) => all.length === 2);
      await oneKey.heard.until((all) => all.length === 2);
      await settledOf(bus);
      expect(bodies(plans.heard.items)).toEqual([1]);
      expect(bodies(orders.heard.items)).toEqual([2, 3]);
      expect(bodies(oneKey.heard.items)).toEqual([2, 5]);
    });

    it('delivers again what was refused with a delay, after what followed it', async () => {
      const attempts = new Seen<number>();
      let refusals = 0;
      await bus.subscribe({
        durable: 'risk-guardrails',
        filters: ['risk.plan.>'],
        batch: 10,
        handle: async (batch) => {
          await nextTurn();
          for (const delivery of batch) {
            const [n = -1] = bodies([delivery]);
            if (n === 1 && refusals++ === 0) delivery.nak(200);
            else delivery.ack();
            attempts.add(n);
          }
        },
      });
      await relay(bus, [message('risk.plan.approved.v1.main', 1), message('risk.plan.approved.v1.main', 2)]);
      await attempts.until((all) => all.filter((n) => n === 1).length >= 2 && all.includes(2));
      expect(attempts.items.slice(0, 3)).toEqual([1, 2, 1]);
      await settledOf(bus);
    });

    it('delivers again all of a batch whose handler threw, even what it had acknowledged before', async () => {
      const attempts = new Seen<number>();
      let thrown = 0;
      await bus.subscribe({
        durable: 'risk-guardrails',
        filters: ['risk.plan.>'],
        batch: 10,
        handle: async (batch) => {
          await nextTurn();
          for (const delivery of batch) {
            delivery.ack();
            attempts.add(bodies([delivery])[0] ?? -1);
          }
          if (thrown++ === 0) throw new Error('the database is away');
        },
      });
      await relay(bus, [message('risk.plan.approved.v1.main', 1)]);
      await attempts.until((all) => all.length >= 2);
      await settledOf(bus);
      expect(attempts.items).toEqual([1, 1]);
    });

    it('acknowledges nothing before the handler resolved', async () => {
      const held = gate();
      const taken = new Seen<number>();
      await bus.subscribe({
        durable: 'risk-guardrails',
        filters: ['risk.plan.>'],
        batch: 10,
        handle: async (batch) => {
          for (const delivery of batch) delivery.ack();
          taken.add(batch.length);
          await held.passed;
        },
      });
      const published = relay(bus, [message('risk.plan.approved.v1.main', 1)]);
      await taken.until((all) => all.length === 1);
      await nextTurn();
      expect(await bus.settled()).toBe(false);
      held.open();
      await published;
      await settledOf(bus);
    });

    it(`publish resolves when the message is stored (JetStream) or committed everywhere (LocalBus), not before`, async () => {
      const held = gate();
      const taken = new Seen<number>();
      await bus.subscribe({
        durable: 'risk-guardrails',
        filters: ['risk.plan.>'],
        batch: 10,
        handle: async (batch) => {
          taken.add(batch.length);
          await held.passed;
          for (const delivery of batch) delivery.ack();
        },
      });
      let resolved = false;
      const publishing = bus.publish([message('risk.plan.approved.v1.main', 1)]).then((sequences) => {
        resolved = true;
        return sequences;
      });
      await taken.until((all) => all.length === 1);
      if (under.publishResolves === 'stored') {
        const [sequence] = await publishing;
        expect((await bus.streamState())?.lastSequence).toBe(sequence);
      } else {
        await nextTurn();
        expect(resolved).toBe(false);
      }
      held.open();
      await publishing;
    });

    it('shares no object between the sender and those who hear', async () => {
      const first = await hear(bus, 'a', ['risk.plan.>']);
      const second = await hear(bus, 'b', ['risk.plan.>']);
      const headers = { traceparent: 'before' };
      const sent: BusMessage = { ...message('risk.plan.approved.v1.main', 1), headers };
      const published = bus.publish([sent]);
      headers.traceparent = 'after';
      await published;
      await first.heard.until((all) => all.length === 1);
      await second.heard.until((all) => all.length === 1);
      const [one, two] = [first.heard.items[0]?.message, second.heard.items[0]?.message];
      expect(one?.headers).not.toBe(headers);
      expect(one?.headers).toEqual({ traceparent: 'before' });
      expect(two?.headers).toEqual({ traceparent: 'before' });
    });

    it('lets one durable go on while another is stuck', async () => {
      const held = gate();
      const free = await hear(bus, 'free', ['risk.plan.>']);
      await bus.subscribe({
        durable: 'stuck',
        filters: ['risk.plan.>'],
        batch: 10,
        handle: async (batch) => {
          await held.passed;
          for (const delivery of batch) delivery.ack();
        },
      });
      // A LocalBus's publish waits for the stuck one; the free one hears each message all the same.
      const published = range(3).map((n) => relay(bus, [message('risk.plan.approved.v1.main', n)]));
      await free.heard.until((all) => all.length === 3);
      expect(bodies(free.heard.items)).toEqual([0, 1, 2]);
      expect(await bus.settled()).toBe(false);
      held.open();
      await Promise.all(published);
      await settledOf(bus);
    });

    it('finishes the batch in hand when stopped, and hears nothing more', async () => {
      const held = gate();
      const taken = new Seen<number>();
      let finished = false;
      const subscription = await bus.subscribe({
        durable: 'risk-guardrails',
        filters: ['risk.plan.>'],
        batch: 1,
        handle: async (batch) => {
          taken.add(bodies(batch)[0] ?? -1);
          await held.passed;
          for (const delivery of batch) delivery.ack();
          finished = true;
        },
      });
      const publishing = bus
        .publish([message('risk.plan.approved.v1.main', 1), message('risk.plan.approved.v1.main', 2)])
        .catch((error: unknown) => error);
      await taken.until((all) => all.length === 1);
      const stopping = subscription.stop();
      await nextTurn();
      expect(finished).toBe(false);
      held.open();
      await stopping;
      expect(finished).toBe(true);
      expect(taken.items).toEqual([1]);
      await publishing;
      // The second message is still there for whoever binds the durable next.
      const next = await hear(bus, 'risk-guardrails', ['risk.plan.>']);
      if (under.publishResolves === 'committed') await relay(bus, [message('risk.plan.approved.v1.main', 2)]);
      await next.heard.until((all) => bodies(all).includes(2));
      expect(bodies(next.heard.items)).toEqual([2]);
    });

    it('refuses to bind a durable twice in one process', async () => {
      await hear(bus, 'risk-guardrails', ['risk.plan.>']);
      await expect(hear(bus, 'risk-guardrails', ['risk.plan.>'])).rejects.toThrow('already bound');
    });

    it('passes a body of the hard cap', async () => {
      const { heard } = await hear(bus, 'risk-guardrails', ['risk.plan.>']);
      const body = 'x'.repeat(EVENT_BYTES_MAX);
      await bus.publish([message('risk.plan.approved.v1.main', 1, body)]);
      await heard.until((all) => all.length === 1);
      expect(heard.items[0]?.message.body).toHaveLength(EVENT_BYTES_MAX);
    });

    it('refuses a body one byte above the hard cap by a named error', async () => {
      if (!under.refusesTooLarge) return console.warn(`skipped: ${name} does not look at the size of a body`);
      // A character of two bytes: the cap counts bytes, not characters.
      const body = `${'x'.repeat(EVENT_BYTES_MAX - 1)}é`;
      const refused = bus.publish([message('risk.plan.approved.v1.main', 1, body)]);
      await expect(refused).rejects.toMatchObject({ name: 'Fault', code: 'MESSAGE_TOO_LARGE' });
    });

    it('is settled when everything was acknowledged', async () => {
      const { heard } = await hear(bus, 'risk-guardrails', ['risk.plan.>']);
      await relay(
        bus,
        range(20).map((n) => message('risk.plan.approved.v1.main', n)),
      );
      await relay(bus, [message('risk.approval.requested.v1.main', 1)]);
      await heard.until((all) => all.length === 20);
      await settledOf(bus);
    });

    it('brings a signal to every listener of its topic, the sender included, and to no other', async () => {
      const [first, second, other] = [new Seen<unknown>(), new Seen<unknown>(), new Seen<unknown>()];
      await bus.onSignal('halt', (body) => first.add(body));
      const subscription = await bus.onSignal('halt', (body) => second.add(body));
      await bus.onSignal('republish', (body) => other.add(body));
      await bus.signal('halt', { account: 'main', epoch: 3 });
      await first.until((all) => all.length === 1);
      await second.until((all) => all.length === 1);
      await subscription.stop();
      await bus.signal('halt', { account: 'main', epoch: 4 });
      await bus.signal('republish', {});
      await first.until((all) => all.length === 2);
      await other.until((all) => all.length === 1);
      expect(first.items).toEqual([
        { account: 'main', epoch: 3 },
        { account: 'main', epoch: 4 },
      ]);
      expect(second.items).toEqual([{ account: 'main', epoch: 3 }]);
    });

    it('says that it is up', async () => {
      expect((await bus.health()).up).toBe(true);
    });
  });
}

/** Resolves when the bus is settled; asks again after each turn, as simulated time does. */
export async function settledOf(bus: Bus): Promise<void> {
  while (!(await bus.settled())) await nextTurn();
}
