import { describe, expect, it } from '@jest/globals';
import { KernelError } from '@ballast/kernel/money';
import { CliError, EXIT, exitOfStatus, reportOf, usageError } from './errors.js';

class Fault extends Error {
  override readonly name = 'Fault';
  constructor(
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

describe('exit codes', () => {
  it.each([
    [400, EXIT.usage],
    [401, EXIT.failure],
    [403, EXIT.blocked],
    [404, EXIT.failure],
    [409, EXIT.blocked],
    [422, EXIT.usage],
    [429, EXIT.unavailable],
    [500, EXIT.failure],
    [502, EXIT.unavailable],
    [503, EXIT.unavailable],
  ])('of status %i', (status, exit) => {
    expect(exitOfStatus(status)).toBe(exit);
  });

  it.each([
    [new Fault('PORT_IN_USE', 'taken'), EXIT.unavailable],
    [new Fault('POSTGRES_MISSING', 'gone'), EXIT.unavailable],
    [new Fault('HOME_NEWER', 'newer'), EXIT.unavailable],
    [new Fault('ASOF_BEFORE_LEDGER', 'time does not go back'), EXIT.blocked],
    [new Fault('PACK_CORRUPT', 'edited'), EXIT.failure],
    [Object.assign(new Error('away'), { name: 'Retryable', code: 'X' }), EXIT.unavailable],
    [new KernelError('INVALID_INPUT', 'cases is missing'), EXIT.usage],
    [usageError('cycle run', [{ field: '--days', message: 'is wrong' }]), EXIT.usage],
    [new Error('a bug'), EXIT.failure],
    ['thrown text', EXIT.failure],
  ])('of %s', (error, exit) => {
    expect(reportOf(error)).toMatchObject({ exit });
  });
});

describe('reportOf', () => {
  it('passes on what a service answered to the host, whole', () => {
    const error = Object.assign(new Fault('CYCLE_OPEN', 'a cycle is open'), {
      status: 409,
      problem: { code: 'CYCLE_OPEN', detail: 'Cycle 1 is open.', nextStep: 'Follow it.', errors: [{ field: 'asOf' }] },
    });
    expect(reportOf(error)).toEqual({
      code: 'CYCLE_OPEN',
      what: 'Cycle 1 is open.',
      where: [{ field: 'asOf', message: 'is wrong' }],
      nextStep: 'Follow it.',
      exit: EXIT.blocked,
    });
  });

  it('reads the problems that services throw in this process', () => {
    const error = Object.assign(new Error('X: y'), {
      name: 'Problem',
      status: 503,
      code: 'PACK_WARMING',
      detail: 'No prices yet.',
      nextStep: 'Wait.',
    });
    expect(reportOf(error)).toEqual({
      code: 'PACK_WARMING',
      what: 'No prices yet.',
      where: [],
      nextStep: 'Wait.',
      exit: EXIT.unavailable,
    });
  });

  it('gives every error a next step, also one that nobody thought of', () => {
    expect(reportOf(new Error('a bug'))).toMatchObject({ code: 'UNEXPECTED', nextStep: expect.any(String) });
    expect(reportOf(new CliError({ code: 'A', what: 'b', nextStep: 'c', exit: EXIT.declined })).exit).toBe(3);
  });
});
