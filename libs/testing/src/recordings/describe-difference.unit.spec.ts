import type { Difference, Handled } from '@ballast/platform';
import { describe, expect, it } from '@jest/globals';
import { describeDifference, RECORD_AGAIN } from './describe-difference.js';

const handled = (said: Handled['said'], more: Partial<Handled> = {}): Handled => ({ resultHash: 'x', said, ...more });

function lines(expected: Handled, found: Handled): string[] {
  const about = { turn: 12, type: 'signal.scores.computed.v1', eventId: 'e-1' };
  const difference: Difference = { ...about, expected, found };
  const [first, ...rest] = describeDifference('allocator', difference).split('\n');
  expect(first).toBe(
    'allocator handles its message 12, signal.scores.computed.v1 (e-1), otherwise than it is recorded:',
  );
  expect(rest.pop()).toBe(RECORD_AGAIN);
  return rest.map((line) => line.trim());
}

const plan = (data: object): Handled['said'][number] => ({ subject: 'allocator.plan.proposed.v1.main', data });

describe('a difference', () => {
  it('names each value that differs by its path, with both values', () => {
    const was = plan({ method: 'a', trades: [{ quantity: '12' }, { quantity: '7' }], gone: 1 });
    const is = plan({ method: 'a', trades: [{ quantity: '13' }], come: null });
    expect(lines(handled([was]), handled([is]))).toEqual([
      'allocator.plan.proposed.v1.main: trades.0.quantity: was "12", is "13"',
      'allocator.plan.proposed.v1.main: trades.1: was {"quantity":"7"}, is not there',
      'allocator.plan.proposed.v1.main: gone: was 1, is not there',
      'allocator.plan.proposed.v1.main: come: was not there, is null',
    ]);
  });

  it('says which facts were said and are not, or others in their place', () => {
    const audit = { subject: 'allocator.audit.recorded.v1.main', data: {} };
    expect(lines(handled([plan({}), audit]), handled([]))).toEqual([
      'it said allocator.plan.proposed.v1.main, allocator.audit.recorded.v1.main, and says nothing',
    ]);
    expect(lines(handled([audit]), handled([plan({})]))).toEqual([
      'fact 1: was allocator.audit.recorded.v1.main, is allocator.plan.proposed.v1.main',
    ]);
  });

  it('says why a message is not handled any more', () => {
    expect(lines(handled([plan({})]), handled([], { resultHash: null, failure: 'MESSAGE_INVALID: cash' }))).toEqual([
      'it was handled, and is not now: MESSAGE_INVALID: cash',
    ]);
  });

  it('of nothing but tasks or an answer is said to be that', () => {
    expect(lines(handled([plan({})]), handled([plan({})]))).toEqual([
      'its facts are the same, but not the tasks that it leaves, or its answer',
    ]);
  });

  it('of very many values is cut, and so are long values', () => {
    const many = (value: string): Handled => handled([plan(Array.from({ length: 30 }, () => value))]);
    const shown = lines(many('a'), many('b'.repeat(500)));
    expect(shown).toHaveLength(21);
    expect(shown.at(-1)).toBe('and 10 more');
    expect(shown[0]!.length).toBeLessThan(200);
  });
});
