import {
  CycleOpened,
  fact,
  hashOf,
  sha256,
  wake,
  type DataOf,
  type Fact,
  type Instant,
  type Mode,
  type SessionDate,
  type Task,
} from '@ballast/contracts';
import { addMilliseconds } from '@ballast/kernel/calendar';
import { CompleteDeadline, DecideDeadline, type ExecuteRequest } from '../messages.js';
import type { Cycle } from './cycle.js';
import { PATTERNS, type Pattern } from './patterns.js';
import { asOfFault, lastCompletedSession, tradeSessionAfter } from './sessions.js';

type Opened = DataOf<typeof CycleOpened>;

/** What is known when a cycle is asked for. */
export interface Ground {
  /** Null where no account of this name was opened. */
  readonly book: {
    readonly account: string;
    readonly mode: Mode;
    readonly ledgerCommitHash: string | null;
    readonly ledgerSequence: number;
    readonly reconciliation: { readonly status: string; readonly reason: string | null; readonly at: Instant } | null;
  } | null;
  readonly open: { readonly cycleId: string; readonly asOf: SessionDate; readonly status: string } | null;
  /** The latest `asOf` of the portfolio's closed cycles. */
  readonly lastClosedAsOf: SessionDate | null;
  readonly historyKnown: boolean;
  /** What was said last of the prices that a cycle would get; null where nothing was. */
  readonly pack: { readonly status: string; readonly reason: string; readonly readyAt: Instant | null } | null;
}

export interface OpeningRules {
  readonly decideSecondsMax: number;
  /** All of the configuration, for its hash. */
  readonly config: Readonly<Record<string, unknown>>;
}

/** Why a cycle is not opened, as a caller over HTTP is told. */
export interface Refused {
  readonly status: number;
  readonly code: string;
  readonly title: string;
  readonly detail: string;
  readonly nextStep: string;
  readonly errors?: readonly { readonly field: string; readonly code: string; readonly message: string }[];
  readonly extra: Readonly<Record<string, unknown>>;
}

export type Opening =
  | { readonly kind: 'refused'; readonly refusal: Refused }
  | {
      readonly kind: 'opened';
      readonly cycle: Cycle;
      readonly universe: Opened['universe'];
      readonly facts: readonly Fact<'orchestrator'>[];
      readonly tasks: readonly Task[];
    };

/** After the close a slice may still be in flight, and the books are compared: so long a cycle may take. */
const AFTER_CLOSE_MS = 30 * 60_000;

/** A first import of some thousand symbols takes seconds; whoever was refused looks again after this. */
const WARMING_MS = 30_000;

/**
 * Opens a cycle, or says why not. In: the id it would have, the portfolio, the request, what is known, the
 * moment. Out: a refusal, or the new cycle with its fact and its two deadlines. Checks in the order in which a
 * person would want to hear of them: what was asked for, then the book, then what stands in its way.
 */
export function open(
  cycleId: string,
  portfolioId: string,
  request: ExecuteRequest,
  ground: Ground,
  now: Instant,
  rules: OpeningRules,
): Opening {
  const pattern = PATTERNS.get(request.patternId);
  if (!pattern) return { kind: 'refused', refusal: patternNotFound(request.patternId, ground) };
  const refusal =
    requestFault(request, pattern, ground, now) ?? bookFault(portfolioId, ground) ?? groundFault(request, ground, now);
  if (refusal) return { kind: 'refused', refusal };
  const book = ground.book!;
  const tradeSession = tradeSessionAfter(request.asOf, now);
  const completeBy = addMilliseconds(tradeSession.close, AFTER_CLOSE_MS);
  const decideAt = addMilliseconds(now, rules.decideSecondsMax * 1_000);
  const decideBy = decideAt < completeBy ? decideAt : completeBy;
  const opened: Opened = {
    cycleId,
    portfolioId,
    trigger: request.trigger,
    ...(request.eventId === undefined ? {} : { eventId: request.eventId }),
    asOf: request.asOf,
    mode: book.mode,
    patternId: pattern.patternId,
    seed: seedOf(cycleId),
    universe: universeOf(request.universe),
    strategies: strategiesOf(request, pattern),
    configHash: hashOf({ config: rules.config, pattern }),
    tradeSession: { date: tradeSession.date, open: tradeSession.open, close: tradeSession.close },
    deadlines: { decideBy, completeBy },
    openedAt: now,
    ...(request.override ? { packOverride: request.override } : {}),
  };
  return {
    kind: 'opened',
    cycle: cycleOf(opened, book),
    universe: opened.universe,
    facts: [fact(CycleOpened, opened)],
    tasks: [
      wake(DecideDeadline, cycleId, { cycleId }, decideBy),
      wake(CompleteDeadline, cycleId, { cycleId }, completeBy),
    ],
  };
}

/** The first 31 bits of the hash of the cycle's id: the same cycle draws the same numbers. */
export const seedOf = (cycleId: string): number => parseInt(sha256(cycleId).slice(0, 8), 16) >>> 1;

/** Names a universe by what it asks for, so that the same request is the same universe. */
export function universeOf(universe: ExecuteRequest['universe']): Opened['universe'] {
  if (universe?.symbols) {
    const symbols = [...new Set(universe.symbols)].sort();
    return { universeId: `symbols-${hashOf(symbols).slice(0, 12)}`, symbols };
  }
  if (universe?.size !== undefined) return { universeId: `top-${universe.size}`, size: universe.size };
  return { universeId: 'all' };
}

const strategiesOf = (request: ExecuteRequest, pattern: Pattern): string[] =>
  [...new Set(request.strategies ?? pattern.strategies)].sort();

const cycleOf = (opened: Opened, book: NonNullable<Ground['book']>): Cycle => ({
  cycleId: opened.cycleId,
  portfolioId: opened.portfolioId,
  account: book.account,
  mode: opened.mode,
  patternId: opened.patternId,
  trigger: opened.trigger,
  eventId: opened.eventId ?? null,
  asOf: opened.asOf,
  seed: opened.seed,
  strategies: opened.strategies,
  configHash: opened.configHash,
  tradeSession: opened.tradeSession,
  decideBy: opened.deadlines.decideBy,
  completeBy: opened.deadlines.completeBy,
  openedAt: opened.openedAt,
  endedAt: null,
  status: 'opened',
  stages: { opened: opened.openedAt },
  plan: null,
  verdict: null,
  refusal: null,
  decisions: null,
  parentsExpected: null,
  parentsPlanned: 0,
  parentsCompleted: 0,
  packId: null,
  pricingPackId: null,
  planHash: null,
  approvedHash: null,
  ledgerCommitHash: book.ledgerCommitHash,
  ledgerSequence: book.ledgerSequence,
  outcome: null,
  code: null,
  reason: null,
  abortedStage: null,
  lateFacts: {},
});

/** What every answer about executing carries, as far as it is known. */
const known = (ground: Ground, more: Record<string, unknown> = {}): Record<string, unknown> => ({
  pricing_pack_id: null,
  ledger_commit_hash: ground.book?.ledgerCommitHash ?? null,
  ...more,
});

const patternNotFound = (patternId: string, ground: Ground): Refused => ({
  status: 404,
  code: 'PATTERN_NOT_FOUND',
  title: 'There is no such pattern',
  detail: `Nobody defined a pattern "${patternId}".`,
  nextStep: `Use one of: ${[...PATTERNS.keys()].join(', ')}.`,
  errors: [{ field: 'patternId', code: 'PATTERN_NOT_FOUND', message: `"${patternId}" is not known` }],
  extra: known(ground),
});

function requestFault(request: ExecuteRequest, pattern: Pattern, ground: Ground, now: Instant): Refused | null {
  const wrong = asOfFault(request.asOf, now);
  if (wrong) {
    return {
      status: 400,
      code: 'INVALID_ASOF_DATE',
      title: 'The date cannot be decided about',
      detail: wrong,
      nextStep: `Use the date of a session that has closed; the last one is ${lastCompletedSession(now).date}.`,
      errors: [{ field: 'asOf', code: 'INVALID_ASOF_DATE', message: wrong }],
      extra: known(ground),
    };
  }
  const strangers = (request.strategies ?? []).filter((each) => !pattern.strategies.includes(each));
  if (strangers.length === 0) return null;
  return {
    status: 400,
    code: 'STRATEGY_NOT_FOUND',
    title: 'The pattern has no such strategy',
    detail: `Nobody scores for: ${strangers.join(', ')}.`,
    nextStep: `Name some of: ${pattern.strategies.join(', ')}; or leave "strategies" out for all of them.`,
    errors: strangers.map((each) => ({
      field: 'strategies',
      code: 'STRATEGY_NOT_FOUND',
      message: `"${each}" is not a strategy of ${pattern.patternId}`,
    })),
    extra: known(ground),
  };
}

function bookFault(portfolioId: string, ground: Ground): Refused | null {
  if (ground.book) return null;
  return {
    status: 404,
    code: 'BOOK_NOT_FOUND',
    title: 'There is no such book',
    detail: `No account was opened for the portfolio "${portfolioId}".`,
    nextStep: `Open it with its first cash: "ballast cycle run --book ${portfolioId} --cash 1000000".`,
    errors: [{ field: 'portfolioId', code: 'BOOK_NOT_FOUND', message: `"${portfolioId}" was not opened` }],
    extra: known(ground),
  };
}

/** What stands in the way of a request that is right in itself. */
function groundFault(request: ExecuteRequest, ground: Ground, now: Instant): Refused | null {
  const { book, open, lastClosedAsOf } = ground;
  if (open) {
    return {
      status: 409,
      code: 'CYCLE_OPEN',
      title: 'A cycle of this portfolio is open',
      detail: `Cycle ${open.cycleId} as of ${open.asOf} is ${open.status}; a portfolio has one open cycle at a time.`,
      nextStep: `Follow it with "ballast cycle watch ${open.cycleId}", and ask again with a new Idempotency-Key when it has ended.`,
      extra: known(ground, { cycleId: open.cycleId }),
    };
  }
  const { reconciliation } = book!;
  // Books that could not be compared are as unknown as books that differ: neither may carry new risk.
  if (reconciliation && reconciliation.status !== 'green') {
    return {
      status: 500,
      code: 'RECONCILIATION_FAILED',
      title: 'Our books and those of the venue are not known to agree',
      detail: `The last reconciliation of ${book!.account} at ${reconciliation.at} is ${reconciliation.status}: ${reconciliation.reason ?? 'no reason was given'}.`,
      nextStep: `Settle the difference, reconcile again (POST /api/v1/execution/reconcile), and ask with a new Idempotency-Key once it is green.`,
      extra: known(ground),
    };
  }
  if (lastClosedAsOf !== null && request.asOf < lastClosedAsOf) {
    return {
      status: 409,
      code: 'ASOF_BEFORE_LEDGER',
      title: 'The ledger is past this date',
      detail: `The last closed cycle decided as of ${lastClosedAsOf}; its ledger cannot be taken back to ${request.asOf}.`,
      nextStep: `Use ${lastClosedAsOf} or later, another book ("--book NAME"), or an empty system ("--fresh").`,
      extra: known(ground, { ledger_as_of: lastClosedAsOf }),
    };
  }
  if (ground.historyKnown) return request.override ? null : packFault(request, ground, now);
  const ready = addMilliseconds(now, WARMING_MS);
  return {
    status: 503,
    code: 'PACK_WARMING',
    title: 'There are no prices yet',
    detail: 'No price history has been taken in, so no pack can be sealed.',
    nextStep: `Import one ("ballast cycle run --data FILE", or none for a synthetic market), then ask again after ${ready}.`,
    extra: known(ground, { estimated_ready: ready }),
  };
}

/**
 * What is wrong with the prices, by the words of whoever brings them. An import that runs leaves the history before it
 * whole, and a schedule has no one who could ask again, so that it goes on with that one.
 */
function packFault(request: ExecuteRequest, ground: Ground, now: Instant): Refused | null {
  const { pack } = ground;
  const goOn = 'say "override" with your name and a reason to go on with the prices that are there';
  if (pack?.status === 'error') {
    return {
      status: 500,
      code: 'RECONCILIATION_FAILED',
      title: 'The prices are not to be relied on',
      detail: `The pricing pack is in error: ${pack.reason}.`,
      nextStep: `Look at GET /health/pack and mend what it names, or ${goOn}.`,
      extra: known(ground),
    };
  }
  if (pack?.status !== 'warming' || request.trigger === 'schedule') return null;
  const ready = pack.readyAt !== null && pack.readyAt > now ? pack.readyAt : addMilliseconds(now, WARMING_MS);
  return {
    status: 503,
    code: 'PACK_WARMING',
    title: 'Prices are on their way',
    detail: `${pack.reason}.`,
    nextStep: `Ask again after ${ready}, or ${goOn}.`,
    extra: known(ground, { estimated_ready: ready }),
  };
}
