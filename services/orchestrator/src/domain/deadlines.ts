import type { Instant } from '@ballast/contracts';
import { abort, isEnded, type Cycle, type Ended } from './cycle.js';

/** A stage that has not spoken, who should have, and since when it is waited for. */
export interface Silence {
  readonly stage: string;
  readonly who: string;
  readonly what: string;
  readonly since: Instant;
}

/** The latest of some moments; those that are not known do not count. */
const latest = (first: Instant, ...others: readonly (Instant | undefined)[]): Instant =>
  others.reduce<Instant>((last, each) => (each !== undefined && each > last ? each : last), first);

/** The first stage of the way that a cycle still waits for. */
export function silenceOf(cycle: Cycle): Silence {
  const { stages, openedAt } = cycle;
  const { sealed, valued, planned, approval_requested: asked, judged, executed, executing } = stages;
  if (sealed === undefined) return { stage: 'sealed', who: 'feeds', what: 'sealed no prices', since: openedAt };
  if (valued === undefined) return { stage: 'valued', who: 'portfolio', what: 'valued nothing', since: sealed };
  if (planned === undefined) {
    return {
      stage: 'planned',
      who: 'allocator',
      what: `proposed no plan from the scores of ${cycle.strategies.join(', ')}`,
      since: latest(sealed, valued),
    };
  }
  if (judged === undefined) {
    return asked === undefined
      ? { stage: 'judged', who: 'risk-guardrails', what: 'gave no verdict', since: planned }
      : { stage: 'approval', who: 'a person', what: 'neither granted nor declined the approval', since: asked };
  }
  const expected = cycle.parentsExpected ?? 0;
  if (cycle.parentsPlanned < expected) {
    const what = `scheduled ${cycle.parentsPlanned} of ${expected} approved trades`;
    return { stage: 'executing', who: 'execution-gateway', what, since: judged };
  }
  if (cycle.parentsCompleted < expected) {
    const what = `completed ${cycle.parentsCompleted} of ${expected} parent orders`;
    return { stage: 'executed', who: 'execution-gateway', what, since: latest(judged, executing, executed) };
  }
  if (stages.reconciled === undefined) {
    const what = 'did not reconcile the books';
    return { stage: 'reconciled', who: 'execution-gateway', what, since: latest(judged, executed) };
  }
  return { stage: 'posted', who: 'portfolio', what: 'posted nothing to the ledger', since: stages.reconciled };
}

/**
 * A deadline of a cycle has passed. The one for deciding is met by a verdict or a declined plan, even where
 * something that was said before it has not been heard yet; the one for completing only by the end.
 * Out: the aborted cycle, or null where the deadline was met.
 */
export function overdue(cycle: Cycle, deadline: 'decide' | 'complete', now: Instant): Ended | null {
  if (isEnded(cycle)) return null;
  if (deadline === 'decide' && (cycle.verdict !== null || cycle.plan === 'declined')) return null;
  if (cycle.refusal) return abort(cycle, cycle.refusal, now);
  const { stage, who, what, since } = silenceOf(cycle);
  const limit = deadline === 'decide' ? `decided by ${cycle.decideBy}` : `completed by ${cycle.completeBy}`;
  const reason = `The cycle had to be ${limit}, and since ${since} ${who} ${what}.`;
  return abort(cycle, { stage, code: 'STAGE_SILENT', reason }, now);
}
