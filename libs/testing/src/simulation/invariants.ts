import type { SimBus } from './sim-bus.js';
import type { SimDatabase } from './sim-database.js';
import { Violation } from './violation.js';

/** A fact as its sender's outbox has it. */
export interface SentFact {
  readonly service: string;
  readonly event_id: string;
  readonly noun: string;
  readonly key: string;
  readonly key_seq: number;
  readonly subject: string;
}

/** A message as its receiver's inbox has it. */
export interface HeardFact {
  readonly event_id: string;
  readonly noun: string;
  readonly key: string;
  readonly key_seq: number;
  readonly turn: number | null;
}

/** Every committed fact is in the inbox of every service that hears its noun. */
export function everyFactReached(
  sent: readonly SentFact[],
  subscribers: readonly { name: string; hears: (subject: string) => boolean; inbox: ReadonlySet<string> }[],
): void {
  for (const fact of sent) {
    for (const { name, hears, inbox } of subscribers) {
      if (hears(fact.subject) && !inbox.has(fact.event_id)) {
        throw new Violation('every fact reaches its subscribers', `${told(fact)} never reached the inbox of ${name}`);
      }
    }
  }
}

const told = (fact: SentFact): string =>
  `${fact.subject} (number ${fact.key_seq} of its key, ${fact.event_id}) of ${fact.service}`;

/** Messages of a (noun, key) are handled in the order of their numbers, without a hole. */
export function handledInOrder(service: string, heard: readonly HeardFact[]): void {
  const last = new Map<string, number>();
  const handled = heard.filter((each) => each.turn !== null).sort((a, b) => a.turn! - b.turn!);
  for (const { noun, key, key_seq, event_id } of handled) {
    const before = last.get(`${noun} ${key}`) ?? 0;
    if (key_seq !== before + 1) {
      throw new Violation(
        'handled in order',
        `${service} handled number ${key_seq} of ${noun} ${key} (${event_id}) after number ${before}`,
      );
    }
    last.set(`${noun} ${key}`, key_seq);
  }
}

/** What the relay's cursor has passed has been stored by the bus at some time: nothing is stepped over. */
export function nothingSteppedOver(
  service: string,
  passed: readonly SentFact[],
  everStored: ReadonlySet<string>,
): void {
  const missed = passed.find((fact) => !everStored.has(fact.event_id));
  if (missed) {
    throw new Violation(
      'the relay steps over nothing',
      `the cursor of ${service} has passed ${told(missed)}, which was never stored`,
    );
  }
}

/** Everything that the stream holds was handed to every durable that hears it. */
export function everythingHanded(bus: SimBus): void {
  for (const durable of bus.durables()) {
    const [missed] = durable.neverHanded(bus.log);
    if (missed) {
      throw new Violation(
        'the bus hands out everything',
        `${durable.name} was never handed ${missed.message.subject}, message ${missed.sequence} of the stream`,
      );
    }
  }
}

/** Reads from the tables what the relays have passed, and checks it. */
export async function checkRelays(database: SimDatabase, services: readonly string[], bus: SimBus): Promise<void> {
  for (const service of services) {
    const passed = await database.rows<SentFact>(
      service,
      `select '${service}' as service, event_id, noun, key, key_seq, subject from outbox, relay_cursor c
        where (outbox.tx, outbox.seq) <= (c.tx, c.seq) order by outbox.tx, outbox.seq`,
    );
    nothingSteppedOver(service, passed, bus.everStored);
  }
}

/** The laws of the machinery, after a run has come to rest. @throws Violation */
export async function checkMachinery(database: SimDatabase, services: readonly string[], bus: SimBus): Promise<void> {
  const sent: SentFact[] = [];
  const subscribers: Parameters<typeof everyFactReached>[1][number][] = [];
  for (const name of services) {
    await checkNothingHeld(database, name);
    sent.push(
      ...(await database.rows<SentFact>(
        name,
        `select '${name}' as service, event_id, noun, key, key_seq, subject from outbox order by tx, seq`,
      )),
    );
    const heard = await database.rows<HeardFact>(
      name,
      `select event_id, noun, key, key_seq, turn from inbox where source = 'bus'`,
    );
    handledInOrder(name, heard);
    const durable = bus.durables().find((each) => each.name === name);
    const inbox = new Set(heard.map((each) => each.event_id));
    subscribers.push({ name, hears: (subject) => durable?.hears(subject) ?? false, inbox });
  }
  await checkRelays(database, services, bus);
  everythingHanded(bus);
  everyFactReached(sent, subscribers);
}

/** No message is parked, and none still waits for an earlier one. */
async function checkNothingHeld(database: SimDatabase, service: string): Promise<void> {
  const [held] = await database.rows<{
    type: string;
    key: string;
    state: string;
    event_id: string;
    error: string | null;
  }>(
    service,
    `select type, key, state, event_id, error from inbox left join dead_letter using (event_id)
      where state <> 'handled' or code is not null order by state, position limit 1`,
  );
  if (!held) return;
  throw new Violation(
    'nothing is parked',
    `${service} has ${held.state} ${held.type} ${held.key} (${held.event_id})${held.error ? `: ${held.error}` : ''}`,
  );
}
