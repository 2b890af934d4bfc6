import type { Instant } from '@ballast/contracts';
import type { Rng } from '@ballast/kernel/random';
import type { Clock } from '@ballast/platform';
import type { Chaos } from './chaos.js';
import type { Holds } from './holds.js';
import type { SimBus } from './sim-bus.js';
import type { SimDurable, Stored } from './sim-durable.js';
import type { Life, SimulatedService } from './simulated-service.js';
import type { Step } from './step.js';

/** What the steps of the machinery work on. */
export interface Machine {
  readonly clock: Clock;
  readonly bus: SimBus;
  readonly holds: Holds;
  readonly services: readonly SimulatedService[];
  readonly counts: { setBacks: number };
  readonly random: Rng;
  readonly chaos: Chaos;
  kill(service: SimulatedService): void;
}

/** Weights of what breaks something, per unit of breakage. */
const CRASH = 0.02;
const SET_BACK = 0.03;
const RECREATE = 0.006;
const DAMAGE = 0.02;
const RECONCILE = 0.03;

/** What the services could do now by themselves. */
export function serviceSteps(machine: Machine): Step[] {
  const now = machine.clock.now();
  return machine.services.flatMap((service) =>
    service.life ? livingSteps(machine, service, service.life, now) : [startStep(service)],
  );
}

const startStep = (service: SimulatedService): Step => ({
  label: `start ${service.name}`,
  weight: 1,
  touches: [service.name],
  take: () => service.start(),
});

function livingSteps(machine: Machine, service: SimulatedService, life: Life, now: Instant): Step[] {
  const { name, backlog } = service;
  const { relay, tasks, reconciler } = life.running;
  const touches = [name];
  const steps: Step[] = [];
  if (backlog.unpublished) {
    steps.push({
      label: `relay ${name}`,
      weight: 3,
      touches,
      take: async () => {
        const { published, blocked } = await relay.step();
        return blocked ? 'held back by an older transaction' : `${published} published`;
      },
    });
  }
  if (backlog.timer !== null && backlog.timer <= now) {
    steps.push({ label: `timer ${name}`, weight: 3, touches, take: async () => void (await tasks.fireTimers(1)) });
  }
  if (backlog.work !== null && backlog.work <= now) {
    steps.push({ label: `work ${name}`, weight: 3, touches, take: () => beginWork(machine, life) });
  }
  steps.push(
    rare(`heads ${name}`, RECONCILE * machine.chaos.breakage, touches, async () => {
      const back = await relay.checkStream();
      await reconciler.tellHeads();
      return back ? 'its stream had gone back' : undefined;
    }),
  );
  steps.push(
    rare(`kill ${name}`, (CRASH * machine.chaos.breakage) / machine.services.length, touches, () => {
      machine.kill(service);
      return Promise.resolve();
    }),
  );
  return steps.filter((step) => step.weight > 0);
}

const rare = (label: string, weight: number, touches: readonly string[], take: Step['take']): Step => ({
  label,
  weight,
  rare: true,
  touches,
  take,
});

/** Begins one piece of work and goes on until it is done or waits for the world. */
async function beginWork(machine: Machine, life: Life): Promise<string | undefined> {
  const waits = machine.holds.next();
  const work: Promise<void> = life.running.tasks.doWork(1).then(
    () => void life.inHand.delete(work),
    (error: unknown) => {
      life.inHand.delete(work);
      throw error;
    },
  );
  life.inHand.add(work);
  return untilItWaits(work, waits);
}

/** Resolves when the work is done or waits (again); what it throws later is thrown by the step that let it go on. */
export async function untilItWaits(
  work: Promise<void>,
  waits: Promise<{ label: string }>,
): Promise<string | undefined> {
  work.catch(() => undefined);
  const hold = await Promise.race([work.then(() => undefined), waits]);
  return hold && `waits for ${hold.label}`;
}

/** What the bus could do now, and what could happen to it. */
export function busSteps(machine: Machine, random: Rng): Step[] {
  const { bus, clock } = machine;
  const steps = bus.durables().flatMap((durable) => deliverStep(machine, durable, clock.now(), random));
  if (bus.signals.length > 0) {
    const { topic, body } = bus.signals[0]!;
    steps.push({
      label: `signal ${topic} ${body.slice(0, 60)}`,
      weight: 2,
      touches: machine.services.map((service) => service.name),
      take: async () => {
        const failures = await bus.passSignal();
        return failures.length > 0 ? `${failures.length} of its listeners failed` : undefined;
      },
    });
  }
  for (const hold of machine.holds.held) {
    const late = hold.by <= clock.now();
    steps.push({
      label: `world goes on with ${hold.label}`,
      weight: late ? 6 : 1,
      touches: [hold.service],
      take: () => goOn(machine, hold),
    });
  }
  return [...steps, ...damages(machine, random)];
}

async function goOn(machine: Machine, hold: { service: string; release: () => void }): Promise<string | undefined> {
  const service = machine.services.find(({ name }) => name === hold.service);
  const inHand = [...(service?.life?.inHand ?? [])];
  const waits = machine.holds.next();
  hold.release();
  return untilItWaits(Promise.race(inHand), waits);
}

function deliverStep(machine: Machine, durable: SimDurable, now: Instant, random: Rng): Step[] {
  const { bus } = machine;
  const ready = durable.ready(bus.log, now);
  if (ready.length === 0) return [];
  const batch = durable.choose(ready, random, machine.chaos);
  return [
    {
      label: `deliver ${durable.name} ← ${describe(batch)}`,
      weight: 4,
      touches: [durable.name],
      take: () => durable.deliver(batch, bus.log, machine.clock.now(), random, machine.chaos),
    },
  ];
}

const describe = (batch: readonly Stored[]): string =>
  batch.length > 4
    ? `${batch.length} messages from ${batch[0]!.sequence}`
    : batch.map(({ sequence, message }) => `${message.subject}@${sequence}`).join(' ');

function damages(machine: Machine, random: Rng): Step[] {
  const { bus, chaos } = machine;
  const last = bus.log.at(-1)?.sequence ?? 0;
  if (last === 0 || chaos.breakage === 0) return [];
  const to = Math.max(0, last - 1 - random.int(12));
  const damaged = bus.log[random.int(bus.log.length)]!.sequence;
  const act = (label: string, weight: number, what: () => void): Step =>
    rare(label, weight * chaos.breakage, [], () => {
      machine.counts.setBacks++;
      what();
      return Promise.resolve();
    });
  return [
    act(`the stream loses what came after ${to}`, SET_BACK, () => bus.setBack(to)),
    act('the stream is made anew', RECREATE, () => bus.recreate()),
    act(`message ${damaged} of the stream is damaged`, DAMAGE, () => bus.damage(damaged)),
  ];
}
