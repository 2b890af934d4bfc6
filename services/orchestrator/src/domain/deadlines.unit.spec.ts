import { describe, expect, it } from '@jest/globals';
import type { Cycle } from './cycle.js';
import { NOW, openedCycle } from './cycle.fixture.js';
import { overdue, silenceOf } from './deadlines.js';

const at = (minute: number): string => `2026-11-16T22:${String(minute).padStart(2, '0')}:00.000Z`;
const LATER = '2026-11-17T21:30:00.000Z';

const cycle = (stages: Cycle['stages'], more: Partial<Cycle> = {}): Cycle => ({
  ...openedCycle(),
  ...more,
  stages: { opened: NOW, ...stages },
});

const decidedUpon = { sealed: at(1), valued: at(2), planned: at(3), judged: at(4) };

describe('silence', () => {
  it.each<[string, Cycle, string, RegExp, string]>([
    ['feeds', cycle({}), 'sealed', /sealed no prices/, NOW],
    ['portfolio', cycle({ sealed: at(1) }), 'valued', /valued nothing/, at(1)],
    ['allocator', cycle({ sealed: at(1), valued: at(2) }), 'planned', /momentum/, at(2)],
    ['risk-guardrails', cycle({ sealed: at(1), valued: at(2), planned: at(3) }), 'judged', /verdict/, at(3)],
    [
      'a person',
      cycle({ sealed: at(1), valued: at(2), planned: at(3), approval_requested: at(4) }),
      'approval',
      /approval/,
      at(4),
    ],
    [
      'execution-gateway',
      cycle(decidedUpon, { parentsExpected: 3, parentsPlanned: 1 }),
      'executing',
      /1 of 3 approved/,
      at(4),
    ],
    [
      'execution-gateway',
      cycle(
        { ...decidedUpon, executing: at(5), executed: at(7) },
        { parentsExpected: 3, parentsPlanned: 3, parentsCompleted: 2 },
      ),
      'executed',
      /2 of 3 parent orders/,
      at(7),
    ],
    ['execution-gateway', cycle(decidedUpon, { parentsExpected: 0 }), 'reconciled', /reconcile/, at(4)],
    ['portfolio', cycle({ ...decidedUpon, reconciled: at(8) }, { parentsExpected: 0 }), 'posted', /ledger/, at(8)],
  ])('of %s', (who, state, stage, what, since) => {
    const silence = silenceOf(state);
    expect(silence).toMatchObject({ who, stage, since });
    expect(silence.what).toMatch(what);
  });
});

describe('deadlines', () => {
  it('abort a cycle without a verdict, naming who was silent and since when', () => {
    const ended = overdue(cycle({ sealed: at(1), valued: at(2) }), 'decide', at(10))!;
    expect(ended.cycle).toMatchObject({ status: 'aborted', code: 'STAGE_SILENT', abortedStage: 'planned' });
    expect(ended.cycle.reason).toContain(`since ${at(2)} allocator proposed no plan`);
    expect(ended.cycle.reason).toContain('decided by 2026-11-16T22:10:00.000Z');
  });

  it.each<[string, Partial<Cycle>]>([
    ['a verdict', { verdict: 'approved', plan: 'proposed' }],
    ['a verdict whose plan was not heard yet', { verdict: 'trimmed' }],
    ['a declined plan', { plan: 'declined' }],
    ['the end', { status: 'closed' }],
  ])('for deciding is met by %s', (_, more) => {
    expect(overdue(cycle({}, more), 'decide', at(10))).toBeNull();
  });

  it('for completing is met only by the end', () => {
    const executing = cycle(
      { ...decidedUpon, executing: at(5) },
      { verdict: 'approved', parentsExpected: 1, parentsPlanned: 1 },
    );
    expect(overdue(executing, 'complete', LATER)?.cycle).toMatchObject({ status: 'aborted', abortedStage: 'executed' });
    expect(overdue({ ...executing, status: 'aborted' }, 'complete', LATER)).toBeNull();
  });

  it('give a refusal that could not be acted on as the reason', () => {
    const refusal = { stage: 'executing', code: 'HASH_MISMATCH', reason: 'another list' } as const;
    expect(overdue(cycle({}, { refusal }), 'decide', at(10))?.cycle.code).toBe('HASH_MISMATCH');
  });
});
