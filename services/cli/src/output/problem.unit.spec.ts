import { describe, expect, it } from '@jest/globals';
import { ProblemAnswer } from '../client.js';
import { CliError, EXIT, reportOf } from '../errors.js';
import { renderProblem } from './problem.js';

describe('renderProblem', () => {
  it('shows code, what, where and next step of a refusal over HTTP', () => {
    const answer = new ProblemAnswer(400, {
      code: 'INVALID_ASOF_DATE',
      title: 'The date cannot be decided about',
      detail: 'NYSE did not trade on 2017-07-04.',
      nextStep: 'Use 2017-07-03.',
      errors: [{ field: 'asOf', code: 'INVALID_ASOF_DATE', message: 'NYSE did not trade on 2017-07-04.' }],
    });
    expect(renderProblem(reportOf(answer))).toBe(`\
error INVALID_ASOF_DATE: NYSE did not trade on 2017-07-04.
  where: asOf: NYSE did not trade on 2017-07-04.
  next:  Use 2017-07-03.
`);
  });

  it('leaves out what an error does not have', () => {
    const error = new CliError({ code: 'X', what: 'It broke.', nextStep: null, exit: EXIT.failure });
    expect(renderProblem(error)).toBe('error X: It broke.\n');
  });
});
