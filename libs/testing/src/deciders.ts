import { deepStrictEqual, fail } from 'node:assert/strict';
import type { Decision, EventType, Fact, Family } from '@ballast/contracts';

/** A pure rule: state and message in, new state, facts and tasks out. */
export interface Decider<S, M> {
  /** The state before anything was heard. */
  readonly initial: S;
  readonly decide: (state: S, message: M) => Decision<S>;
}

/** Any part of a value, at any depth; lists are whole. */
export type PartOf<T> = T extends readonly (infer E)[]
  ? readonly PartOf<E>[]
  : T extends object
    ? { readonly [K in keyof T]?: PartOf<T[K]> }
    : T;

/** What a decision must have: facts and tasks one by one and none besides; of each, the fields that are named. */
export interface Expected<S> {
  readonly state?: PartOf<S>;
  readonly facts?: readonly ExpectedFact[];
  readonly tasks?: readonly PartOf<Decision<S>['tasks'][number]>[];
}

export interface ExpectedFact {
  readonly type: string;
  readonly data: unknown;
}

/** Expects a fact of a type, with the fields that matter. */
export const says = <F extends Family, D>(type: EventType<F, D>, data: PartOf<D> = {} as PartOf<D>): ExpectedFact => ({
  type: type.type,
  data,
});

/**
 * Given what was heard, when one more message comes, then this is decided:
 * `spec.given(opened, sealed).when(valued).then({ facts: [says(PlanProposed, { planHash })] })`.
 * What is given is decided too, so that the state is one that the rule itself has made.
 */
export function deciderSpec<S, M>({ initial, decide }: Decider<S, M>) {
  return {
    given: (...heard: readonly M[]) => {
      const state = heard.reduce((known, message) => decide(known, message).state, initial);
      return {
        state,
        when: (message: M) => {
          const decision = decide(state, message);
          return {
            decision,
            /** @throws AssertionError that names the first field that differs. */
            then: (expected: Expected<S>): void => {
              if (expected.state !== undefined) matches(decision.state, expected.state, 'state');
              if (expected.facts !== undefined) matches(decision.facts.map(shown), expected.facts, 'facts');
              if (expected.tasks !== undefined) matches(decision.tasks, expected.tasks, 'tasks');
            },
          };
        },
      };
    },
  };
}

const shown = ({ type, data }: Fact): ExpectedFact => ({ type: type.type, data });

/** Compares the fields that are expected; a list must be as long as the one that is expected. */
function matches(actual: unknown, expected: unknown, path: string): void {
  if (Array.isArray(expected)) {
    if (!Array.isArray(actual)) fail(`${path}: expected a list, found ${JSON.stringify(actual)}`);
    if (actual.length !== expected.length) {
      fail(`${path}: expected ${expected.length} entries, found ${actual.length}: ${JSON.stringify(actual, null, 1)}`);
    }
    expected.forEach((each, i) => matches(actual[i], each, `${path}[${i}]`));
    return;
  }
  if (typeof expected === 'object' && expected !== null && typeof actual === 'object' && actual !== null) {
    for (const [name, value] of Object.entries(expected)) {
      matches((actual as Readonly<Record<string, unknown>>)[name], value, `${path}.${name}`);
    }
    return;
  }
  deepStrictEqual(actual, expected, `${path}: expected ${JSON.stringify(expected)}, found ${JSON.stringify(actual)}`);
}
