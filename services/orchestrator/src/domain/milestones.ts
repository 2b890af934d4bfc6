import type { Cycle, Stage } from './cycle.js';

/** A point on a cycle's way that its audit trail has an entry for. */
export interface Milestone {
  readonly act: string;
  readonly detail: Readonly<Record<string, unknown>>;
}

/** Stages in the order of the way; entries of one message are written in it. `executed` is told by its count. */
const HEARD: readonly Exclude<Stage, 'opened' | 'executed'>[] = [
  'sealed',
  'valued',
  'planned',
  'assessed',
  'approval_requested',
  'judged',
  'executing',
  'reconciled',
  'posted',
];

/** Every approved trade has become a parent order, and every parent order has ended. */
const isExecuted = ({ parentsExpected, parentsCompleted }: Cycle): boolean =>
  parentsExpected !== null && parentsExpected > 0 && parentsCompleted >= parentsExpected;

/** What a cycle passed between two of its states. In any order of facts the whole way has the same entries. */
export function milestonesBetween(before: Cycle, after: Cycle): Milestone[] {
  const heard = HEARD.filter((stage) => before.stages[stage] === undefined && after.stages[stage] !== undefined);
  return [
    ...heard.map((stage) => ({
      act: `cycle.${stage}`,
      detail: { saidAt: after.stages[stage], ...detailOf(stage, after) },
    })),
    ...(isExecuted(after) && !isExecuted(before)
      ? [{ act: 'cycle.executed', detail: { saidAt: after.stages.executed, parents: after.parentsCompleted } }]
      : []),
    ...(after.decisions && !before.decisions ? [{ act: 'cycle.decided', detail: { ...after.decisions } }] : []),
    ...endOf(before, after),
  ];
}

function detailOf(stage: Stage, cycle: Cycle): Record<string, unknown> {
  const { packId, pricingPackId, plan, planHash, code, reason, verdict, approvedHash, parentsExpected } = cycle;
  switch (stage) {
    case 'sealed':
      return { packId, pricingPackId };
    case 'planned':
      return plan === 'declined' ? { plan, code, reason } : { plan, planHash };
    case 'judged':
      return { verdict, approvedHash, trades: parentsExpected };
    case 'valued':
    case 'posted':
      return { ledgerCommitHash: cycle.ledgerCommitHash, ledgerSequence: cycle.ledgerSequence };
    default:
      return {};
  }
}

function endOf(before: Cycle, after: Cycle): Milestone[] {
  if (before.status === after.status) return [];
  const { outcome, decisions, ledgerCommitHash, code, reason, abortedStage } = after;
  if (after.status === 'closed') return [{ act: 'cycle.closed', detail: { outcome, decisions, ledgerCommitHash } }];
  if (after.status === 'aborted') return [{ act: 'cycle.aborted', detail: { code, reason, stage: abortedStage } }];
  return [];
}
