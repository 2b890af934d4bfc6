import type { Instant } from '@ballast/contracts';

/** One thing that may happen next. Its whole effect is committed when `take` resolves. */
export interface Step {
  /** What the trace says of it. */
  readonly label: string;
  /** How likely it is chosen, against the others. */
  readonly weight: number;
  /** True for what only breaks or repeats things: such steps alone do not keep a run going. */
  readonly rare?: true;
  /** The services whose tables it may change. */
  readonly touches: readonly string[];
  /** Does it; what it returns is added to the trace. */
  take(): Promise<string | void>;
}

/** A part of the world beside the services: a venue, people, a second writer. */
export interface Actor {
  readonly name: string;
  /** What it could do now, in an order that depends on nothing but what happened before. */
  steps(): readonly Step[];
  /** When it next has something to do by itself; null where it waits for others. */
  nextDue(): Instant | null;
  /** A service ended: whatever it had open here is broken. */
  serviceEnded?(service: string): void;
  /** Nothing goes wrong any more from now on; what is withheld is given. */
  heal?(): void;
}
