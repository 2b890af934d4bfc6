import { AlertRaised, fact, type Decision } from '@ballast/contracts';
import { describe, expect, it } from '@jest/globals';
import { deciderSpec, says } from './deciders.js';

interface Tally {
  readonly heard: number;
  readonly last: string | null;
}

/** Raises an alert at every third message. */
const decide = (state: Tally, message: string): Decision<Tally> => ({
  state: { heard: state.heard + 1, last: message },
  facts:
    (state.heard + 1) % 3 === 0
      ? [
          fact(AlertRaised.feeds, {
            code: 'THIRD',
            severity: 'info',
            message,
            numbers: {},
            nextStep: 'Nothing.',
            at: '2026-11-20T14:30:00.000Z',
          }),
        ]
      : [],
  tasks: [],
});
const spec = deciderSpec<Tally, string>({ initial: { heard: 0, last: null }, decide });

describe('deciderSpec', () => {
  it('folds what is given and compares the fields that are named', () => {
    spec
      .given('a', 'b')
      .when('c')
      .then({
        state: { heard: 3 },
        facts: [says(AlertRaised.feeds, { code: 'THIRD', message: 'c' })],
        tasks: [],
      });
    spec
      .given()
      .when('a')
      .then({ state: { heard: 1, last: 'a' }, facts: [] });
    expect(spec.given('a').state).toEqual({ heard: 1, last: 'a' });
  });

  it.each<[string, () => void, RegExp]>([
    [
      'a field that differs',
      () =>
        spec
          .given()
          .when('a')
          .then({ state: { heard: 2 } }),
      /state\.heard: expected 2, found 1/,
    ],
    [
      'a fact too few',
      () =>
        spec
          .given()
          .when('a')
          .then({ facts: [says(AlertRaised.feeds)] }),
      /facts: expected 1 entries, found 0/,
    ],
    ['a fact too many', () => spec.given('a', 'b').when('c').then({ facts: [] }), /facts: expected 0 entries, found 1/],
    [
      'a fact of another type',
      () =>
        spec
          .given('a', 'b')
          .when('c')
          .then({ facts: [says(AlertRaised.tax)] }),
      /facts\[0\]\.type: expected "tax\.alert\.raised\.v1"/,
    ],
    [
      'a field deep in a fact',
      () =>
        spec
          .given('a', 'b')
          .when('c')
          .then({ facts: [says(AlertRaised.feeds, { message: 'd' })] }),
      /facts\[0\]\.data\.message: expected "d", found "c"/,
    ],
  ])('fails on %s, and says where', (_, run, message) => {
    expect(run).toThrow(message);
  });
});
