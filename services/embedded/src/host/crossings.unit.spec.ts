import { describe, expect, it } from '@jest/globals';
import { crossings } from './crossings.js';

const names = (...limits: string[]) => limits.map((limit) => ({ limit }));

describe('crossings of a limit', () => {
  it.each([
    ['nothing is near its limit', [], [], []],
    ['one has come', [], ['max_bytes'], ['max_bytes']],
    ['it is still there', ['max_bytes'], ['max_bytes'], []],
    ['another one has come beside it', ['max_bytes'], ['max_bytes', 'account_storage'], ['account_storage']],
    ['it has fallen back', ['max_bytes'], [], []],
  ])('%s', (_, before, now, told) => {
    const { crossed, full } = crossings(new Set(before), names(...now));
    expect(crossed.map(({ limit }) => limit)).toEqual(told);
    expect([...full]).toEqual(now);
  });

  it('tells of it again after it has fallen back', () => {
    const first = crossings(new Set(), names('max_bytes'));
    const back = crossings(first.full, []);
    expect(crossings(back.full, names('max_bytes')).crossed).toHaveLength(1);
  });
});
