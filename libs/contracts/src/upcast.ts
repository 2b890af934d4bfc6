import { OrderRequested, OrderRequestedV1 } from './console.js';
import type { EventType, Family } from './define.js';
import type { Envelope } from './envelope.js';

/** Brings an event of version N to N + 1; pure, and never loses what it cannot translate. */
export type Upcaster = (old: Envelope) => Envelope;

const leads = <F extends Family, Old, New>(
  from: EventType<F, Old>,
  to: EventType<F, New>,
  data: (old: Old) => New,
): readonly [string, Upcaster] => [from.type, (old) => ({ ...old, type: to.type, data: data(old.data as Old) })];

/** Upcasters by the type they take. */
export const UPCASTERS: ReadonlyMap<string, Upcaster> = new Map([
  leads(OrderRequestedV1, OrderRequested, (old) => ({ ...old, notional: null })),
]);

/** Brings an event to its newest version, one step at a time. */
export function upcast(envelope: Envelope, upcasters: ReadonlyMap<string, Upcaster> = UPCASTERS): Envelope {
  let current = envelope;
  for (let step = upcasters.get(current.type); step; step = upcasters.get(current.type)) current = step(current);
  return current;
}
