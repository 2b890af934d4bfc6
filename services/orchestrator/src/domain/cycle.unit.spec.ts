import { CycleAborted, CycleClosed } from '@ballast/contracts';
import { describe, expect, it } from '@jest/globals';
import { decided, hear, noteLate, readyToDecide, refuse, settle, type Cycle, type Heard } from './cycle.js';
import { HASH, openedCycle } from './cycle.fixture.js';
import { milestonesBetween } from './milestones.js';

const at = (minute: number): string => `2026-11-17T15:${String(minute).padStart(2, '0')}:00.000Z`;
const B = 'b'.repeat(64);

const SEALED: Heard = { stage: 'sealed', at: at(1), learnt: { packId: HASH, pricingPackId: B } };
const VALUED: Heard = { stage: 'valued', at: at(2), ledger: { hash: B, sequence: 3 } };
const PLANNED: Heard = { stage: 'planned', at: at(3), learnt: { plan: 'proposed', planHash: B } };
const DECLINED: Heard = {
  stage: 'planned',
  at: at(3),
  learnt: { plan: 'declined', code: 'NO_SCORES', reason: 'nothing scored' },
};
const approved = (trades: number): Heard => ({
  stage: 'judged',
  at: at(4),
  learnt: { verdict: 'approved', approvedHash: B, parentsExpected: trades },
});
const VETOED: Heard = { stage: 'judged', at: at(4), learnt: { verdict: 'vetoed', parentsExpected: 0 } };
const SCHEDULED: Heard = { stage: 'executing', at: at(5) };
const COMPLETED: Heard = { stage: 'executed', at: at(6) };
const RECONCILED: Heard = { stage: 'reconciled', at: at(7) };
const POSTED: Heard = { stage: 'posted', at: at(8), ledger: { hash: 'c'.repeat(64), sequence: 9 } };

const COUNTS = { BUY: 1, SELL: 0, HOLD: 2, REJECT: 0 };

/** Takes facts in as the handler does: the decisions are written as soon as they can be. */
function after(...heard: Heard[]): Cycle {
  return heard.reduce((cycle, each) => {
    const taken = hear(cycle, each);
    if (taken.kind === 'ignored') throw new Error(`${each.stage} was ignored as ${taken.why}`);
    return readyToDecide(taken.cycle) ? decided(taken.cycle, COUNTS) : taken.cycle;
  }, openedCycle());
}

describe('the way of a cycle', () => {
  it.each<[string, Heard[], Cycle['status']]>([
    ['nothing', [], 'opened'],
    ['prices', [SEALED], 'sealed'],
    ['prices and holdings', [SEALED, VALUED], 'sealed'],
    ['a plan', [SEALED, VALUED, PLANNED], 'planned'],
    ['a verdict', [SEALED, VALUED, PLANNED, approved(1)], 'judged'],
    ['the first parent order', [SEALED, VALUED, PLANNED, approved(1), SCHEDULED], 'executing'],
    ['a plan before its prices', [VALUED, PLANNED], 'opened'],
    ['a verdict before its plan', [SEALED, VALUED, approved(1)], 'sealed'],
    ['a verdict before the holdings', [SEALED, PLANNED, approved(1)], 'planned'],
    ['a parent order before the verdict', [SEALED, VALUED, PLANNED, SCHEDULED], 'planned'],
  ])('after %s', (_, heard, status) => {
    expect(after(...heard).status).toBe(status);
    expect(settle(after(...heard), at(30))).toBeNull();
  });

  it.each<[string, Heard[]]>([
    ['reconciled first', [RECONCILED, POSTED]],
    ['posted first', [POSTED, RECONCILED]],
  ])('closes as executed with the head of the ledger, %s', (_, last) => {
    const cycle = after(SEALED, VALUED, PLANNED, approved(1), SCHEDULED, COMPLETED, ...last);
    const ended = settle(cycle, at(30))!;
    expect(ended.cycle).toMatchObject({ status: 'closed', outcome: 'executed', endedAt: at(30) });
    expect(CycleClosed.schema.parse(ended.fact.data)).toMatchObject({
      outcome: 'executed',
      decisions: COUNTS,
      ledgerCommitHash: 'c'.repeat(64),
    });
  });

  it.each<[string, Heard[]]>([
    ['without the ledger', [RECONCILED]],
    ['without the reconciliation', [POSTED]],
  ])('does not close %s', (_, last) => {
    expect(settle(after(SEALED, VALUED, PLANNED, approved(0), ...last), at(30))).toBeNull();
  });

  it('closes with nothing to trade where nothing was approved', () => {
    const cycle = after(SEALED, VALUED, PLANNED, approved(0), RECONCILED, POSTED);
    expect(settle(cycle, at(30))?.cycle.outcome).toBe('no_trades');
  });

  it.each<[string, Heard[], string]>([
    ['a veto', [SEALED, VALUED, PLANNED, VETOED], 'vetoed'],
    ['a veto heard before the plan', [VETOED, PLANNED, VALUED, SEALED], 'vetoed'],
    ['a declined plan', [SEALED, VALUED, DECLINED], 'declined'],
    ['a declined plan heard first', [DECLINED, VALUED, SEALED], 'declined'],
  ])('closes at once after %s, with the ledger as it was valued', (_, heard, outcome) => {
    const ended = settle(after(...heard), at(30))!;
    expect(ended.fact.data).toMatchObject({ outcome, ledgerCommitHash: B });
  });

  it('keeps the newest head of the ledger, whichever was heard last', () => {
    const cycle = after(SEALED, PLANNED, POSTED, VALUED);
    expect(cycle).toMatchObject({ ledgerCommitHash: 'c'.repeat(64), ledgerSequence: 9 });
  });

  it('counts parent orders and keeps the first start and the last end', () => {
    const cycle = after({ ...SCHEDULED, at: at(9) }, SCHEDULED, { ...COMPLETED, at: at(12) }, COMPLETED);
    expect(cycle).toMatchObject({
      parentsPlanned: 2,
      parentsCompleted: 2,
      stages: { executing: at(5), executed: at(12) },
    });
  });
});

describe('refusals', () => {
  const aborted = (cycle: Cycle, ...refusal: Parameters<typeof refuse>[1][]) => {
    const taken = refusal.reduce<Cycle>((state, each) => {
      const result = refuse(state, each);
      return result.kind === 'taken' ? result.cycle : state;
    }, cycle);
    return settle(taken, at(30));
  };

  it('aborts at once where there are no prices', () => {
    const ended = aborted(after(), { stage: 'sealed', code: 'STALE_HISTORY', reason: 'three sessions behind' })!;
    expect(ended.cycle).toMatchObject({ status: 'aborted', code: 'STALE_HISTORY', abortedStage: 'sealed' });
    expect(CycleAborted.schema.parse(ended.fact.data)).toMatchObject({
      stage: 'sealed',
      reason: 'three sessions behind',
    });
  });

  const refused = { stage: 'executing', code: 'SIGNATURE_INVALID', reason: 'altered' } as const;

  it('aborts after the decisions are written where execution did not believe the verdict', () => {
    expect(aborted(after(SEALED, VALUED, PLANNED, approved(1)), refused)?.cycle.code).toBe('SIGNATURE_INVALID');
    expect(aborted(after(SEALED, VALUED, PLANNED), refused)).toBeNull();
  });

  it('lets a copy of a verdict stop nothing', () => {
    const cycle = after(SEALED, VALUED, PLANNED, approved(1), SCHEDULED);
    expect(refuse(cycle, { ...refused, code: 'VERDICT_REPLAYED' })).toEqual({ kind: 'ignored', why: 'repeated' });
  });

  it('keeps the first refusal', () => {
    const taken = refuse(after(), refused);
    if (taken.kind === 'ignored') throw new Error('not taken');
    expect(refuse(taken.cycle, { ...refused, code: 'VERDICT_EXPIRED' })).toEqual({ kind: 'ignored', why: 'repeated' });
  });
});

describe('facts that change nothing', () => {
  const closed = settle(after(SEALED, VALUED, PLANNED, VETOED), at(30))!.cycle;

  it('knows what comes after the end', () => {
    for (const each of [SEALED, PLANNED, SCHEDULED, POSTED]) {
      expect(hear(closed, each)).toEqual({ kind: 'ignored', why: 'late' });
    }
    expect(refuse(closed, { stage: 'sealed', code: 'X', reason: 'y' })).toEqual({ kind: 'ignored', why: 'late' });
  });

  it('counts late facts and tells the first of a type', () => {
    const first = noteLate(closed, 'risk.plan.approved.v1');
    const second = noteLate(first.cycle, 'risk.plan.approved.v1');
    expect([first.first, second.first]).toEqual([true, false]);
    expect(second.cycle).toMatchObject({ status: 'closed', lateFacts: { 'risk.plan.approved.v1': 2 } });
  });

  it('takes a plan and a verdict once', () => {
    const cycle = after(SEALED, VALUED, PLANNED, approved(1));
    expect(hear(cycle, PLANNED)).toEqual({ kind: 'ignored', why: 'repeated' });
    expect(hear(cycle, VETOED)).toEqual({ kind: 'ignored', why: 'repeated' });
  });
});

describe('milestones', () => {
  const acts = (...heard: Heard[]): string[] => {
    const entries: string[] = [];
    let cycle = openedCycle();
    for (const each of heard) {
      const taken = hear(cycle, each);
      if (taken.kind === 'ignored') throw new Error(taken.why);
      const next = readyToDecide(taken.cycle) ? decided(taken.cycle, COUNTS) : taken.cycle;
      const last = settle(next, at(30))?.cycle ?? next;
      entries.push(...milestonesBetween(cycle, last).map(({ act }) => act));
      cycle = last;
    }
    return entries;
  };
  const way = [
    'cycle.sealed',
    'cycle.valued',
    'cycle.planned',
    'cycle.judged',
    'cycle.decided',
    'cycle.executing',
    'cycle.executed',
    'cycle.reconciled',
    'cycle.posted',
    'cycle.closed',
  ];

  it('have one entry a stage', () => {
    expect(
      acts(SEALED, VALUED, PLANNED, approved(2), SCHEDULED, SCHEDULED, COMPLETED, COMPLETED, RECONCILED, POSTED),
    ).toEqual(way);
  });

  it('have the same entries where the verdict is heard last', () => {
    const entries = acts(SCHEDULED, COMPLETED, RECONCILED, POSTED, approved(1), PLANNED, VALUED, SEALED);
    expect([...entries].sort()).toEqual([...way].sort());
  });
});
