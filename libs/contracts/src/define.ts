import { z } from 'zod';
import type { Envelope } from './envelope.js';

/** One family a service: only its owner may say these facts. */
export const FAMILIES = {
  orchestrator: 'orchestrator',
  feeds: 'feeds',
  signal: 'signal',
  policy: 'policy-analyst',
  allocator: 'allocator',
  tax: 'tax',
  risk: 'risk-guardrails',
  execution: 'execution-gateway',
  portfolio: 'portfolio',
  console: 'console',
} as const;

export type Family = keyof typeof FAMILIES;
export type ServiceName = (typeof FAMILIES)[Family];

/** A kind of fact: its name on the bus, who may say it, what orders it, what it carries. */
export interface EventType<F extends Family = Family, D = unknown> {
  /** `<family>.<noun>.<past verb>.v<N>`. */
  readonly type: string;
  readonly family: F;
  readonly noun: string;
  readonly verb: string;
  readonly version: number;
  /** The fields of `data` whose values, joined by `/`, are the key; order holds per (noun, key). */
  readonly key: readonly string[];
  readonly schema: z.ZodType<D>;
}

/** The data of an event type. */
export type DataOf<E> = E extends EventType<Family, infer D> ? D : never;

/** What a handler of an event type receives. */
export type EventOf<E> = Envelope<DataOf<E>>;

type FamilyOf<Name extends string> = Name extends `${infer F}.${string}` ? (F extends Family ? F : never) : never;

/**
 * Defines an event type.
 * @param name `<family>.<noun>.<past verb>`; the family decides who may say it.
 * @param version starts at 1; a published version may only gain optional fields.
 * @param key the fields of the data that make the key, e.g. `portfolioId`.
 * @param schema what the data looks like.
 */
export function event<const Name extends `${Family}.${string}.${string}`, S extends z.ZodObject>(
  name: Name,
  version: number,
  key: (keyof z.infer<S> & string) | readonly (keyof z.infer<S> & string)[],
  schema: S,
): EventType<FamilyOf<Name>, z.infer<S>> {
  const [family, noun, verb] = name.split('.') as [FamilyOf<Name>, string, string];
  const fields = typeof key === 'string' ? [key] : (key as readonly string[]);
  return Object.freeze({
    type: `${name}.v${version}`,
    family,
    noun,
    verb,
    version,
    key: Object.freeze([...fields]),
    schema: schema as unknown as z.ZodType<z.infer<S>>,
  });
}

/** The key of some data of a type, e.g. `main` or `main/AAPL`. */
export function keyOf<D>(type: EventType<Family, D>, data: D): string {
  return type.key.map((field) => String((data as Record<string, unknown>)[field])).join('/');
}
