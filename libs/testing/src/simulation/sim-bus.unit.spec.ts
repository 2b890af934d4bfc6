import { rng } from '@ballast/kernel/random';
import { SimulatedClock, type BusMessage, type Delivery } from '@ballast/platform';
import { describe, expect, it } from '@jest/globals';
import { CALM } from './chaos.js';
import { SimBus } from './sim-bus.js';
import type { SimDurable } from './sim-durable.js';

const message = (id: string, key = 'k'): BusMessage => ({
  id,
  subject: `a.thing.done.v1.${key}`,
  body: '{}',
  headers: {},
});
const random = rng(1);

async function busWith(handle: (batch: readonly Delivery[]) => Promise<void>) {
  const clock = new SimulatedClock('2024-03-04T15:00:00.000Z');
  const bus = new SimBus(rng(1), clock);
  const options = { durable: 'tax', filters: ['a.thing.>'], batch: 100, handle };
  const subscription = await bus.subscribe(options);
  const [durable] = bus.durables() as [SimDurable];
  const deliver = (chaos = CALM) =>
    durable.deliver(durable.ready(bus.log, clock.now()), bus.log, clock.now(), random, chaos);
  return { bus, clock, durable, deliver, subscription, options };
}

const heardBy = (heard: string[]) => (batch: readonly Delivery[]) => {
  for (const delivery of batch) {
    heard.push(delivery.message.id);
    delivery.ack();
  }
  return Promise.resolve();
};

describe('the simulated bus', () => {
  it('hands over what was published once, and nothing again that was acknowledged', async () => {
    const heard: string[] = [];
    const { bus, deliver } = await busWith(heardBy(heard));
    expect(await bus.publish([message('1'), message('2')])).toEqual([1, 2]);
    await deliver();
    await deliver();
    expect(heard).toEqual(['1', '2']);
    expect(await bus.settled()).toBe(true);
  });

  it('recognises a repetition within two minutes, but not one that was asked for', async () => {
    const { bus, clock } = await busWith(heardBy([]));
    await bus.publish([message('1')]);
    expect(await bus.publish([message('1')])).toEqual([1]);
    expect(await bus.publish([message('1')], { again: true })).toEqual([2]);
    clock.advanceTo('2024-03-04T15:02:01.000Z');
    expect(await bus.publish([message('1')])).toEqual([3]);
  });

  it('refuses a publication after storing its beginning, or stores it and says nothing', async () => {
    const { bus } = await busWith(heardBy([]));
    bus.chaos = { ...CALM, publishRefused: 1 };
    await expect(bus.publish([message('1'), message('2')])).rejects.toMatchObject({ code: 'PUBLISH_NOT_ACKNOWLEDGED' });
    expect(bus.log.length).toBeLessThan(2);
    bus.chaos = { ...CALM, publishAckLost: 1 };
    await expect(bus.publish([message('3'), message('4')])).rejects.toThrow('the acknowledgement is lost');
    expect(bus.everStored.has('4')).toBe(true);
  });

  it('hands over again what was refused, after its delay, and what the bus did not hear the answer to', async () => {
    const heard: string[] = [];
    let refuse = true;
    const { bus, clock, durable, deliver } = await busWith((batch) => {
      if (!refuse) return heardBy(heard)(batch);
      batch.forEach((delivery) => delivery.nak(200));
      return Promise.resolve();
    });
    await bus.publish([message('1')]);
    expect(await deliver()).toBe('1 refused');
    expect(durable.ready(bus.log, clock.now())).toEqual([]);
    clock.advanceTo(durable.nextDue(bus.log, clock.now())!);
    refuse = false;
    await deliver({ ...CALM, deliveryAckLost: 1 });
    clock.advanceTo('2024-03-04T15:00:06.000Z');
    await deliver();
    expect(heard).toEqual(['1', '1']);
  });

  it('makes a durable anew that has seen more than the stream still holds', async () => {
    const heard: string[] = [];
    const { bus, deliver, durable } = await busWith(heardBy(heard));
    await bus.publish([message('1'), message('2'), message('3')]);
    await deliver();
    bus.setBack(1);
    await bus.publish([message('4')]);
    await deliver();
    expect(heard).toEqual(['1', '2', '3', '1', '4']);
    expect(durable.neverHanded(bus.log)).toEqual([]);
  });

  it('keeps what a process had in hand when it died', async () => {
    const heard: string[] = [];
    const { bus, deliver, subscription, options, clock } = await busWith(async (batch) => {
      heard.push(...batch.map((delivery) => delivery.message.id));
      await subscription.stop();
      batch.forEach((delivery) => delivery.ack());
    });
    await bus.publish([message('1')]);
    expect(await deliver()).toBe('never answered');
    await bus.subscribe({ ...options, handle: heardBy(heard) });
    clock.advanceTo('2024-03-04T15:00:06.000Z');
    await deliver();
    expect(heard).toEqual(['1', '1']);
  });

  it('chooses in stream order per key, and an overtaking one only where chaos wants it', async () => {
    const { bus, clock, durable } = await busWith(heardBy([]));
    await bus.publish([message('1', 'x'), message('2', 'x'), message('3', 'y'), message('4', 'x')]);
    const ready = durable.ready(bus.log, clock.now());
    for (let i = 0; i < 200; i++) {
      const ofX = durable.choose(ready, random, CALM).filter((stored) => stored.message.subject.endsWith('x'));
      expect(ofX.map((stored) => stored.sequence)).toEqual([1, 2, 4].slice(0, ofX.length));
    }
    const overtaken = Array.from({ length: 200 }, () => durable.choose(ready, random, { ...CALM, overtake: 1 }));
    expect(overtaken.some((batch) => batch.length === 1 && batch[0]!.sequence === 4)).toBe(true);
  });

  it('passes signals to whoever hears their topic then', async () => {
    const { bus } = await busWith(heardBy([]));
    const heard: unknown[] = [];
    await bus.signal('heads.tax', { n: 1 });
    await bus.onSignal('heads.tax', (body) => void heard.push(body));
    expect(await bus.passSignal()).toEqual([]);
    expect(heard).toEqual([{ n: 1 }]);
  });
});
