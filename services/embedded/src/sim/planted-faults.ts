import type { Edit } from './plant.js';

/** A bug that is put into one built file for the length of one process, to see that the simulator finds it. */
export interface PlantedFault extends Edit {
  /** A seed that finds it. */
  readonly knownSeed: number;
}

/** The faults, each of which the simulator has to find. A test runs every known seed with its fault and without. */
export const PLANTED_FAULTS: readonly PlantedFault[] = [
  {
    name: 'inbox-check-off',
    file: 'libs/platform/dist/inbox/batch.js',
    find: `if (seen || this.#fresh.has(message.eventId)) {
            this.outcomes.push(seen ?? { status: 'duplicate' });
            if (message.finishesTask)
                this.#finished.push(message);
            return;
        }
        const { noun, key, keySeq } = message;
        if (noun === null || keySeq === null)
            return this.settle(message, 'handle');
        const place = placeInOrder(this.#keys.of(noun, key).handled, keySeq);
        if (place === 'drop')`,
    replace: `const { noun, key, keySeq } = message;
        if (noun === null || keySeq === null)
            return this.settle(message, 'handle');
        const place = placeInOrder(this.#keys.of(noun, key).handled, keySeq);
        if (false)`,
    knownSeed: 3,
  },
  {
    name: 'relay-without-xmin',
    file: 'libs/platform/dist/outbox/relay.js',
    find: ' and tx < pg_snapshot_xmin(pg_current_snapshot())',
    replace: '',
    knownSeed: 37,
  },
  {
    name: 'resend-instead-of-ask',
    file: 'services/execution-gateway/dist/domain/child-order.js',
    find: 'return [perform(AskVenue, clientOrderId, { account, clientOrderId }, at)];',
    replace: `const terms = orderTerms(after);
        const { quantity, orderType, timeInForce, limitPrice } = terms;
        const again = { account, clientOrderId, symbol, side, quantity, orderType, timeInForce, limitPrice };
        return [perform(PlaceOrder, clientOrderId, again, at)];`,
    knownSeed: 19,
  },
  {
    name: 'halt-read-without-lock',
    file: 'services/execution-gateway/dist/persistence/accounts.js',
    find: ' for ${lock}`',
    replace: '`',
    knownSeed: 10,
  },
  {
    name: 'fill-applied-twice',
    file: 'services/execution-gateway/dist/persistence/orders.js',
    find: `if (booked.has(executionId))
        return false;`,
    replace: `if (booked.has(executionId))
        return true;`,
    knownSeed: 1,
  },
  {
    name: 'cursor-before-ack',
    file: 'libs/platform/dist/outbox/relay.js',
    find: 'const sequences = await bus.publish(rows.map(messageOf));',
    replace: `await this.#moveTo({ tx: rows.at(-1).tx, seq: rows.at(-1).seq, streamSequence: cursor.stream_seq });
        const sequences = await bus.publish(rows.map(messageOf));`,
    knownSeed: 3,
  },
  {
    name: 'durable-not-recreated',
    file: 'libs/platform/dist/bus/provision.js',
    find: 'export const isSetBack = (stream, durable) => stream.state.last_seq <',
    replace: 'export const isSetBack = (stream, durable) => false && stream.state.last_seq <',
    knownSeed: 4,
  },
];

/** @throws RangeError where there is no fault of that name. */
export function faultNamed(name: string): PlantedFault {
  const found = PLANTED_FAULTS.find((fault) => fault.name === name);
  if (found) return found;
  throw new RangeError(`no planted fault "${name}"; there are ${PLANTED_FAULTS.map((fault) => fault.name).join(', ')}`);
}
