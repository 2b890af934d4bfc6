import type { Provider, Type } from '@nestjs/common';
import type { EntitySchema } from 'typeorm';
import type { z } from 'zod';
import type { WorkType } from '@ballast/contracts';
import type { Work } from '../task/runs.js';

/** Injection tokens of what the platform gives to a service. Classes (Door, DataSource …) are injected by type. */
export const CONFIG = Symbol('CONFIG');
export const CLOCK = Symbol('CLOCK');
export const BUS = Symbol('BUS');
export const PACKS = Symbol('PACKS');

/** One service, as its wiring list says. */
export interface ServiceDefinition<S extends z.ZodObject = z.ZodObject> {
  /** The name of the service, its durable and its trace resource, e.g. `risk-guardrails`. */
  readonly name: string;
  /** zod over the environment; injected as CONFIG. */
  readonly config: S;
  // eslint-disable-next-line @typescript-eslint/no-unsafe-function-type -- TypeORM's own word for "a class"
  readonly entities: readonly (Function | EntitySchema)[];
  // eslint-disable-next-line @typescript-eslint/no-unsafe-function-type -- TypeORM's own word for "a class"
  readonly migrations: readonly Function[];
  /** Handlers of messages and of HTTP. */
  readonly controllers: readonly Type[];
  /** Adapters to the world, and what runners and controllers inject. */
  readonly providers?: readonly Provider[];
  /** What the service does to the world. */
  readonly runners?: readonly Type<AnyRunner>[];
  /**
   * HTTP paths, by their beginning, that a front door of several services hands to
   * this one, e.g. `/v1/execute`; with a method before it only requests of that method, and `:name`
   * for any one segment: `POST /api/v1/orders/:id/cancel`. `/ops` is everybody's and not listed.
   */
  readonly paths?: readonly string[];
  /** Long-lived listeners to the world (a venue's stream); started last, stopped first. */
  readonly listeners?: readonly Type<Listener>[];
}

/** A runner of whatever kind of work. */
export interface AnyRunner {
  readonly work: WorkType;
  run(work: Work<never>): Promise<unknown>;
}

/** Listens to the world and brings what it hears to the inbox. */
export interface Listener {
  start(): Promise<void>;
  stop(): Promise<void>;
}

/** Freezes the wiring list of a service, typed. */
export function defineService<S extends z.ZodObject>(definition: ServiceDefinition<S>): ServiceDefinition<S> {
  return Object.freeze(definition);
}
