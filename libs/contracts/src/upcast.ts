import type { Envelope } from './envelope.js';

/** Brings an event of version N to N + 1; pure, and never loses what it cannot translate. */
export type Upcaster = (old: Envelope) => Envelope;

/** Upcasters by the type they take; empty while every type is at its first version. */
export const UPCASTERS: ReadonlyMap<string, Upcaster> = new Map();

/** Brings an event to its newest version, one step at a time. */
export function upcast(envelope: Envelope, upcasters: ReadonlyMap<string, Upcaster> = UPCASTERS): Envelope {
  let current = envelope;
  for (let step = upcasters.get(current.type); step; step = upcasters.get(current.type)) current = step(current);
  return current;
}
