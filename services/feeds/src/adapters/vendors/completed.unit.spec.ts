import { describe, expect, it } from '@jest/globals';
import { completedOnly } from './completed.js';

describe('bars of a vendor', () => {
  const dates = ['2017-06-29', '2017-06-30', '2017-07-03'];
  const bars = dates.map((date) => ({ date, symbol: 'A' }));

  it.each([
    ['in the session', '2017-06-30T19:59:00.000Z', ['2017-06-29']],
    ['after its close', '2017-06-30T20:00:00.000Z', ['2017-06-29', '2017-06-30']],
    ['at the weekend', '2017-07-02T12:00:00.000Z', ['2017-06-29', '2017-06-30']],
  ])('are those of sessions that are over: %s', (_, now, kept) => {
    expect(completedOnly(bars, now).map(({ date }) => date)).toEqual(kept);
  });

  it('without a date go on, to be refused by name', () => {
    expect(completedOnly([{ symbol: 'A' }], '2017-06-30T12:00:00.000Z')).toHaveLength(1);
  });
});
