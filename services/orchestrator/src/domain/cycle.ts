import {
  CycleAborted,
  CycleClosed,
  fact,
  type CycleOpened,
  type DataOf,
  type Fact,
  type Instant,
  type Mode,
  type SessionDate,
} from '@ballast/contracts';

type Opened = DataOf<typeof CycleOpened>;

/** How far a cycle came; the last two are ends. */
export type Status = 'opened' | 'sealed' | 'planned' | 'judged' | 'executing' | 'closed' | 'aborted';

/**
 * What can be heard of a cycle, each with the moment at which its service said it. `planned` also stands for a
 * declined plan, `executing` for the first parent order cut into slices, `executed` for the last one that ended.
 */
export type Stage =
  | 'opened'
  | 'sealed'
  | 'valued'
  | 'planned'
  | 'assessed'
  | 'approval_requested'
  | 'judged'
  | 'executing'
  | 'executed'
  | 'reconciled'
  | 'posted';

export type Counts = DataOf<typeof CycleClosed>['decisions'];

/** A stage that said it cannot do its part. */
export interface Refusal {
  readonly stage: 'sealed' | 'executing';
  readonly code: string;
  readonly reason: string;
}

/** Everything that is kept of a cycle. Instants are ISO text in UTC. */
export interface Cycle {
  readonly cycleId: string;
  readonly portfolioId: string;
  readonly account: string;
  readonly mode: Mode;
  readonly patternId: string;
  readonly trigger: Opened['trigger'];
  readonly eventId: string | null;
  readonly asOf: SessionDate;
  readonly seed: number;
  readonly strategies: readonly string[];
  readonly configHash: string;
  readonly tradeSession: Opened['tradeSession'];
  readonly decideBy: Instant;
  readonly completeBy: Instant;
  readonly openedAt: Instant;
  readonly endedAt: Instant | null;
  readonly status: Status;
  readonly stages: Readonly<Partial<Record<Stage, Instant>>>;
  readonly plan: 'proposed' | 'declined' | null;
  readonly verdict: 'approved' | 'trimmed' | 'vetoed' | null;
  readonly refusal: Refusal | null;
  /** Null until the decisions were written. */
  readonly decisions: Counts | null;
  /** How many trades were approved; null until the verdict. */
  readonly parentsExpected: number | null;
  readonly parentsPlanned: number;
  readonly parentsCompleted: number;
  readonly packId: string | null;
  readonly pricingPackId: string | null;
  readonly planHash: string | null;
  readonly approvedHash: string | null;
  readonly ledgerCommitHash: string | null;
  readonly ledgerSequence: number;
  readonly outcome: DataOf<typeof CycleClosed>['outcome'] | null;
  /** Why it was aborted, or its plan declined. */
  readonly code: string | null;
  readonly reason: string | null;
  readonly abortedStage: string | null;
  /** Facts that came after the end, by type; they changed nothing. */
  readonly lateFacts: Readonly<Record<string, number>>;
}

/** What one fact adds to a cycle. */
export interface Heard {
  readonly stage: Stage;
  readonly at: Instant;
  readonly learnt?: Partial<
    Pick<
      Cycle,
      | 'plan'
      | 'verdict'
      | 'refusal'
      | 'parentsExpected'
      | 'packId'
      | 'pricingPackId'
      | 'planHash'
      | 'approvedHash'
      | 'code'
      | 'reason'
    >
  >;
  readonly ledger?: { readonly hash: string; readonly sequence: number };
}

export type Taken =
  | { readonly kind: 'taken'; readonly cycle: Cycle }
  /** It came after the end, or says again what another fact said before. */
  | { readonly kind: 'ignored'; readonly why: 'late' | 'repeated' };

export const isEnded = ({ status }: Pick<Cycle, 'status'>): boolean => status === 'closed' || status === 'aborted';

/** Stages of which there are several facts in a cycle. */
const MANY: ReadonlySet<Stage> = new Set(['executing', 'executed', 'posted']);

const earlier = (a: Instant | undefined, b: Instant): Instant => (a !== undefined && a < b ? a : b);
const later = (a: Instant | undefined, b: Instant): Instant => (a !== undefined && a > b ? a : b);

/**
 * Takes one fact into a cycle. Facts may come in any order, and the cycle that they add up to does not depend on
 * it. In: the cycle, what was heard. Out: the cycle after it, or why the fact changes nothing.
 */
export function hear(cycle: Cycle, heard: Heard): Taken {
  if (isEnded(cycle)) return { kind: 'ignored', why: 'late' };
  const { stage, at, learnt, ledger } = heard;
  const before = cycle.stages[stage];
  if (before !== undefined && !MANY.has(stage)) return { kind: 'ignored', why: 'repeated' };
  const moment = stage === 'executing' ? earlier(before, at) : later(before, at);
  const counted = {
    parentsPlanned: cycle.parentsPlanned + (stage === 'executing' ? 1 : 0),
    parentsCompleted: cycle.parentsCompleted + (stage === 'executed' ? 1 : 0),
  };
  const head =
    ledger && ledger.sequence >= cycle.ledgerSequence
      ? { ledgerCommitHash: ledger.hash, ledgerSequence: ledger.sequence }
      : {};
  const next = { ...cycle, ...learnt, ...counted, ...head, stages: { ...cycle.stages, [stage]: moment } };
  return { kind: 'taken', cycle: { ...next, status: statusOf(next) } };
}

/**
 * A stage refused its part. A verdict that was refused because it came before says nothing new: the first of its
 * kind is being executed, and a copy must not be able to stop it.
 */
export function refuse(cycle: Cycle, refusal: Refusal): Taken {
  if (isEnded(cycle)) return { kind: 'ignored', why: 'late' };
  if (cycle.refusal || refusal.code === 'VERDICT_REPLAYED') return { kind: 'ignored', why: 'repeated' };
  return { kind: 'taken', cycle: { ...cycle, refusal } };
}

/** The decisions were written: the cycle is judged. */
export function decided(cycle: Cycle, decisions: Counts): Cycle {
  const next = { ...cycle, decisions };
  return { ...next, status: statusOf(next) };
}

/** Whether all is there from which the decisions follow: prices, holdings, and a verdict on the plan or no plan. */
export function readyToDecide(cycle: Cycle): boolean {
  const { sealed, valued } = cycle.stages;
  if (cycle.decisions || sealed === undefined || valued === undefined) return false;
  return cycle.plan === 'declined' || (cycle.plan === 'proposed' && cycle.verdict !== null);
}

/** The stage reached without a gap before it, so that it is the same in whatever order the facts came. */
function statusOf(cycle: Cycle): Status {
  if (cycle.stages.sealed === undefined) return 'opened';
  if (cycle.plan === null) return 'sealed';
  if (!cycle.decisions) return 'planned';
  return cycle.stages.executing === undefined ? 'judged' : 'executing';
}

export interface Ended {
  readonly cycle: Cycle;
  readonly fact: Fact<'orchestrator'>;
}

/** Ends a cycle where what was heard ends it; null where it goes on. */
export function settle(cycle: Cycle, now: Instant): Ended | null {
  if (cycle.refusal?.stage === 'sealed') return abort(cycle, cycle.refusal, now);
  if (!cycle.decisions) return null;
  if (cycle.refusal) return abort(cycle, cycle.refusal, now);
  if (cycle.plan === 'declined') return close(cycle, cycle.decisions, 'declined', now);
  if (cycle.verdict === 'vetoed') return close(cycle, cycle.decisions, 'vetoed', now);
  if (cycle.stages.reconciled === undefined || cycle.stages.posted === undefined) return null;
  return close(cycle, cycle.decisions, cycle.parentsExpected === 0 ? 'no_trades' : 'executed', now);
}

function close(cycle: Cycle, decisions: Counts, outcome: NonNullable<Cycle['outcome']>, now: Instant): Ended {
  const { cycleId, portfolioId, ledgerCommitHash } = cycle;
  return {
    cycle: { ...cycle, status: 'closed', outcome, endedAt: now },
    // Decisions need the valuation, and the valuation names the head of the ledger: it is known here.
    fact: fact(CycleClosed, {
      cycleId,
      portfolioId,
      outcome,
      decisions,
      ledgerCommitHash: ledgerCommitHash!,
      closedAt: now,
    }),
  };
}

/** Ends a cycle early. In: the cycle, the stage with a code and a reason, the moment. */
export function abort(
  cycle: Cycle,
  why: { readonly stage: string; readonly code: string; readonly reason: string },
  now: Instant,
): Ended {
  const { stage, code, reason } = why;
  const { cycleId, portfolioId } = cycle;
  return {
    cycle: { ...cycle, status: 'aborted', code, reason, abortedStage: stage, endedAt: now },
    fact: fact(CycleAborted, { cycleId, portfolioId, code, reason, stage, abortedAt: now }),
  };
}

/** Counts a fact that came after the end. Out: the cycle, and whether it is the first of its type. */
export function noteLate(cycle: Cycle, type: string): { readonly cycle: Cycle; readonly first: boolean } {
  const count = (cycle.lateFacts[type] ?? 0) + 1;
  return { cycle: { ...cycle, lateFacts: { ...cycle.lateFacts, [type]: count } }, first: count === 1 };
}
