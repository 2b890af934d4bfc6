import { describe, expect, it } from '@jest/globals';
import type { Cycle } from './cycle.js';
import { NOW, openedCycle } from './cycle.fixture.js';
import { reconciliationFault } from './reconciliation.js';
import { healthOf, stagesOf } from './view.js';

const ended = (status: 'closed' | 'aborted', endedAt: string): Cycle => ({ ...openedCycle(), status, endedAt });

describe('stages', () => {
  it('are in order of time, each with how long it took', () => {
    const cycle = {
      ...ended('closed', '2026-11-16T22:00:05.000Z'),
      stages: { valued: '2026-11-16T22:00:03.000Z', sealed: '2026-11-16T22:00:01.000Z', opened: NOW },
    };
    expect(stagesOf(cycle).map(({ stage, sinceOpenedMs, tookMs }) => [stage, sinceOpenedMs, tookMs])).toEqual([
      ['opened', 0, 0],
      ['sealed', 1_000, 1_000],
      ['valued', 3_000, 2_000],
      ['closed', 5_000, 2_000],
    ]);
  });
});

describe('health', () => {
  const good = ended('closed', '2026-11-16T22:00:04.000Z');
  const bad = ended('aborted', '2026-11-16T22:10:00.000Z');

  it.each([
    ['no cycle', [], 'unknown'],
    ['an open one', [openedCycle()], 'unknown'],
    ['a good one', [good], 'healthy'],
    ['a good one after a bad one', [good, bad], 'degraded'],
    ['a bad one after a good one', [openedCycle(), bad, good], 'failing'],
  ] as [string, Cycle[], string][])('after %s', (_, cycles, status) => {
    expect(healthOf(cycles).status).toBe(status);
  });

  it('counts and averages', () => {
    expect(healthOf([openedCycle(), good, bad])).toMatchObject({
      cycles: 3,
      open: 1,
      closed: 1,
      aborted: 1,
      averageDurationMs: 302_000,
    });
  });
});

describe('a reconciliation', () => {
  it('says what differs, and how much more there is', () => {
    const breaks = ['A', 'B', 'C', 'D'].map((subject) => ({
      kind: 'position' as const,
      subject,
      ours: '1',
      venue: null,
    }));
    expect(reconciliationFault('broken', breaks)).toBe(
      'position A is 1 here and nothing there, position B is 1 here and nothing there, position C is 1 here and nothing there, and 1 more',
    );
    expect(reconciliationFault('unavailable', [])).toBe('the venue could not be asked');
    expect(reconciliationFault('green', [])).toBeNull();
  });
});
