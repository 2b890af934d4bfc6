import { z } from 'zod';
import type { EventType, Family } from './define.js';
import { keyOf } from './define.js';
import type { Instant } from './values.js';

/** Something a service says has happened. Ids, sequence numbers and times are added by the outbox. */
export interface Fact<F extends Family = Family> {
  readonly type: EventType<F, unknown>;
  readonly key: string;
  readonly data: unknown;
}

/** Says a fact: the type and its data; the key is read from the data. */
export function fact<F extends Family, D>(type: EventType<F, D>, data: D): Fact<F> {
  return { type: type as EventType<F, unknown>, key: keyOf(type, data), data };
}

/** A message that never leaves its service: a command, a timer that fell due, an answer from the world. */
export interface LocalType<D = unknown> {
  readonly type: string;
  readonly schema: z.ZodType<D>;
}

/** Defines a local message; `name` is unique within the service, e.g. `command.halt-on`. */
export function local<S extends z.ZodType>(name: string, schema: S): LocalType<z.infer<S>> {
  return Object.freeze({ type: `local.${name}`, schema: schema as unknown as z.ZodType<z.infer<S>> });
}

/**
 * What became of a piece of work: the world's answer; `unknown` where an
 * at-most-once call may or may not have happened; `failed` where the retries ran out.
 */
export type Outcome<A> =
  | { readonly status: 'done'; readonly answer: A }
  | { readonly status: 'unknown'; readonly reason: string }
  | { readonly status: 'failed'; readonly reason: string };

/** A kind of thing done to the world: what is asked, what comes back, whether it may be asked twice. */
export interface WorkType<R = unknown, A = unknown> {
  readonly kind: string;
  readonly request: z.ZodType<R>;
  readonly answer: z.ZodType<A>;
  /** True where a second call could do the thing twice: an expired lock is answered `unknown`, never run again. */
  readonly atMostOnce: boolean;
  /** The message by which the outcome enters the inbox. */
  readonly answered: LocalType<{ request: R; outcome: Outcome<A> }>;
}

/** Defines a kind of work, e.g. `work('place-order', Request, Answer, { atMostOnce: true })`. */
export function work<R extends z.ZodType, A extends z.ZodType>(
  kind: string,
  request: R,
  answer: A,
  options: { atMostOnce: boolean },
): WorkType<z.infer<R>, z.infer<A>> {
  const outcome = z.discriminatedUnion('status', [
    z.object({ status: z.literal('done'), answer }),
    z.object({ status: z.literal('unknown'), reason: z.string() }),
    z.object({ status: z.literal('failed'), reason: z.string() }),
  ]);
  return Object.freeze({
    kind,
    request: request as unknown as z.ZodType<z.infer<R>>,
    answer: answer as unknown as z.ZodType<z.infer<A>>,
    atMostOnce: options.atMostOnce,
    answered: local(`answer.${kind}`, z.object({ request, outcome })) as unknown as LocalType<{
      request: z.infer<R>;
      outcome: Outcome<z.infer<A>>;
    }>,
  });
}

/** Something to be done later: work on the world, or a timer whose message comes back to the inbox. */
export interface Task {
  readonly kind: string;
  /** The local type that a timer comes back as; absent for work. */
  readonly wakes?: string;
  readonly key: string;
  readonly body: unknown;
  /** When it falls due; absent means at once. */
  readonly dueAt?: Instant;
}

/** Asks for work on the world. `key` orders the answers, e.g. a client order id. */
export function perform<R, A>(type: WorkType<R, A>, key: string, request: R, dueAt?: Instant): Task {
  return { kind: type.kind, key, body: request, ...(dueAt === undefined ? {} : { dueAt }) };
}

/** Sets a timer: at `dueAt` the message enters the inbox. */
export function wake<D>(type: LocalType<D>, key: string, body: D, dueAt: Instant): Task {
  return { kind: 'timer', wakes: type.type, key, body, dueAt };
}

/** What a pure rule returns: the new state, what to say, what to do. */
export interface Decision<S, F extends Family = Family> {
  readonly state: S;
  readonly facts: readonly Fact<F>[];
  readonly tasks: readonly Task[];
}
