import { describe, expect, it } from '@jest/globals';
import { isCurrent, nextSlot } from './schedule.js';

describe('the schedule', () => {
  it.each([
    ['before the close', '2026-11-16T15:00:00.000Z', '2026-11-16', '2026-11-16T21:15:00.000Z'],
    ['between close and slot', '2026-11-16T21:10:00.000Z', '2026-11-16', '2026-11-16T21:15:00.000Z'],
    ['at the slot', '2026-11-16T21:15:00.000Z', '2026-11-17', '2026-11-17T21:15:00.000Z'],
    ['on a Saturday', '2026-11-21T12:00:00.000Z', '2026-11-23', '2026-11-23T21:15:00.000Z'],
    ['before a half day', '2026-11-27T12:00:00.000Z', '2026-11-27', '2026-11-27T18:15:00.000Z'],
    ['after midnight in UTC', '2026-11-17T02:00:00.000Z', '2026-11-17', '2026-11-17T21:15:00.000Z'],
  ])('%s has its next slot', (_, now, asOf, dueAt) => {
    expect(nextSlot(now)).toEqual({ asOf, dueAt });
  });

  it('gives a slot up once a later session has closed', () => {
    const slot = { asOf: '2026-11-16', dueAt: '2026-11-16T21:15:00.000Z' };
    expect(isCurrent(slot, slot.dueAt)).toBe(true);
    expect(isCurrent(slot, '2026-11-17T20:59:59.999Z')).toBe(true);
    expect(isCurrent(slot, '2026-11-17T21:00:00.000Z')).toBe(false);
  });
});
