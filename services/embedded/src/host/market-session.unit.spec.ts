import { describe, expect, it } from '@jest/globals';
import { sessionToTrade } from './market-session.js';

describe('the session whose prices the venue needs', () => {
  it.each([
    ['before the session opens', '2026-11-20T10:00:00.000Z', '2026-11-20'],
    ['at the moment it opens', '2026-11-20T14:30:00.000Z', '2026-11-20'],
    ['while it is open', '2026-11-20T20:59:59.999Z', '2026-11-20'],
    ['from its close on', '2026-11-20T21:00:00.000Z', '2026-11-23'],
    ['over a weekend', '2026-11-22T12:00:00.000Z', '2026-11-23'],
    ['over a holiday', '2026-11-26T15:00:00.000Z', '2026-11-27'],
    ['after an early close', '2026-11-27T18:00:00.000Z', '2026-11-30'],
  ])('%s', (_, now, date) => {
    expect(sessionToTrade(now).date).toBe(date);
  });
});
