import {
  fact,
  parentOrderIdOf,
  SchedulePlanned,
  wake,
  type Decision,
  type Instant,
  type OrderTerms,
  type Purpose,
  type Side,
  type Trade,
} from '@ballast/contracts';
import {
  addMilliseconds,
  millisecondsBetween,
  nextSessionOpening,
  sessionAt,
  type Session,
} from '@ballast/kernel/calendar';
import { decimal, formatDecimal } from '@ballast/kernel/money';
import { planTwap, type TwapOptions } from '@ballast/kernel/twap';
import { HorizonEnded, SlicesDue } from '../messages.js';
import type { ChildOrder } from './child-order.js';
import { clientOrderIdOf } from './identity.js';
import { draftOf, termsFault, type VenueRules } from './order-terms.js';

/** One trade of a verdict, worked by slices. */
export interface ParentOrder {
  readonly parentOrderId: string;
  readonly cycleId: string;
  readonly portfolioId: string;
  readonly account: string;
  readonly symbol: string;
  readonly side: Side;
  readonly quantity: string;
  readonly referencePrice: string;
  readonly approvedHash: string;
  /** What the permit lets it do: trade, or close positions while the account is halted at exactly `haltEpoch`. */
  readonly purpose: Purpose;
  readonly haltEpoch: number;
  readonly algorithm: Algorithm;
  /** A slice that is later than this is spread over those to come. */
  readonly intervalMs: number;
  /** No slice leaves at or after this moment. */
  readonly sessionClose: Instant;
  /** When it is ended by rule; null where nothing but its orders ends it. */
  readonly horizonEndAt: Instant | null;
  /** Where its horizon stands: before its end, at it, or after it with slices that follow. */
  readonly ending: 'open' | 'ended' | 'followed';
  /** The middle of the quote when its first slice left; null before that, and where there was none. */
  readonly arrivalPrice: string | null;
  readonly plannedAt: Instant;
}

export type Algorithm = 'twap' | 'at_once';

export interface SchedulePlan {
  readonly parents: readonly ParentOrder[];
  readonly children: readonly ChildOrder[];
}

/** How parents are worked: by slices over time, or whole as soon as the session is open. */
export type WorkRules =
  | {
      readonly algorithm: 'twap';
      readonly slices: number;
      readonly horizonMinutes: number;
      /** Fewer slices come out where they would be nearer together; ms. */
      readonly minIntervalMs?: number;
      /** By how much of its interval a slice may leave later, and by how much of its size it may differ; 0 to 1. */
      readonly jitter?: { readonly time: number; readonly size: number };
    }
  | { readonly algorithm: 'at_once' };

/** What a verdict says that its parents need. */
export interface Approved {
  readonly cycleId: string;
  readonly portfolioId: string;
  readonly account: string;
  readonly approvedHash: string;
  readonly purpose: Purpose;
  readonly haltEpoch: number;
}

/** How much later buys leave than the sells of the same plan, so that what is sold can pay for what is bought. */
const SELLS_LEAD_MS = 2_000;

/** How long before the close a horizon is ended that would last to it, so that the venue still takes cancels and one more order. */
const END_LEAD_MS = 10_000;

/**
 * Cuts each trade into slices with absolute due times: from now where the NYSE session is open, else from the next
 * session's opening; buys a little after the sells of the same plan. Trades are taken by symbol and side, whatever their order; a trade of nothing makes no parent.
 * One timer an (account, due instant), because thousands of parents fall due together. A trade with terms of its own is
 * not cut: it leaves whole, when its terms say so ({@link leavesNow}).
 */
export function planSchedules(
  approved: Approved,
  trades: readonly Trade[],
  rules: WorkRules,
  venue: VenueRules,
  now: Instant,
): Decision<SchedulePlan, 'execution'> {
  const session = sessionAt(now) ?? nextSessionOpening(now);
  const startAt = now > session.open ? now : session.open;
  const buysAt = buysStart(trades, startAt, session.close);
  const parents: ParentOrder[] = [];
  const children: ChildOrder[] = [];
  const dueTimes = new Set<Instant>();
  const endTimes = new Set<Instant>();
  const facts = [];
  for (const trade of [...trades].sort((a, b) => (a.symbol + a.side < b.symbol + b.side ? -1 : 1))) {
    if (decimal(trade.quantity).isZero()) continue;
    const leaves = trade.side === 'buy' ? buysAt : startAt;
    const from = leavesNow(trade, venue, now) ? now : leaves;
    const { parent, slices } = scheduleTrade(approved, trade, rules, { venue, session, startAt, from, now });
    parents.push(parent);
    if (parent.horizonEndAt !== null) endTimes.add(parent.horizonEndAt);
    for (const child of slices) {
      children.push(child);
      dueTimes.add(child.dueAt);
    }
    facts.push(
      fact(SchedulePlanned, {
        ...approvedRef(parent),
        algorithm: parent.algorithm,
        quantity: parent.quantity,
        referencePrice: parent.referencePrice,
        approvedHash: parent.approvedHash,
        slices: slices.map(({ slice, quantity, dueAt }) => ({ slice, quantity, dueAt })),
      }),
    );
  }
  const { account } = approved;
  const tasks = [
    ...[...dueTimes].sort().map((dueAt) => wake(SlicesDue, account, { account, dueAt }, dueAt)),
    ...[...endTimes].sort().map((endedAt) => wake(HorizonEnded, account, { account, endedAt }, endedAt)),
  ];
  return { state: { parents, children }, facts, tasks };
}

/** When and where a trade is worked: `from` is when its first slice leaves, `startAt` when the plan's first may. */
interface Circumstances {
  readonly venue: VenueRules;
  readonly session: Session;
  readonly startAt: Instant;
  readonly from: Instant;
  readonly now: Instant;
}

/** Makes one trade a parent with its slices: over the horizon, or whole where it has terms or the rules say so. */
function scheduleTrade(
  approved: Approved,
  trade: Trade,
  rules: WorkRules,
  { venue, session, startAt, from, now }: Circumstances,
): { readonly parent: ParentOrder; readonly slices: readonly ChildOrder[] } {
  const worked = rules.algorithm === 'at_once' || trade.terms !== undefined ? null : rules;
  const parentOrderId = parentOrderIdOf({ ...approved, ...trade });
  const slices = worked?.slices ?? 1;
  // What leaves at once is never too late for its session.
  const horizonMs = worked
    ? worked.horizonMinutes * 60_000
    : millisecondsBetween(from < startAt ? from : startAt, session.close);
  const plan = planTwap({
    ...{ qty: decimal(trade.quantity), slices, horizonMs, startAt: from, sessionClose: session.close },
    ...(worked ? stray(worked, parentOrderId) : {}),
    ...(venue.quantityMax === null ? {} : { freezeQuantity: decimal(venue.quantityMax) }),
  });
  // A single slice has no neighbours to measure by: the usual interval counts.
  const usual = Math.floor(horizonMs / slices);
  const lastDueAt = plan.slices.at(-1)?.dueAt ?? from;
  const parent = parentOf(approved, trade, {
    ...{ parentOrderId, sessionClose: session.close, plannedAt: now },
    algorithm: worked?.algorithm ?? 'at_once',
    intervalMs: plan.intervalMs < plan.horizonMs ? Math.floor(plan.intervalMs) : usual,
    horizonEndAt: worked ? endOf(addMilliseconds(from, plan.horizonMs), lastDueAt, session.close) : null,
  });
  return {
    parent,
    slices: plan.slices.map(({ i, qty, dueAt }) => childOf(parent, trade.terms ?? null, i, formatDecimal(qty), dueAt)),
  };
}

/** How a schedule strays from equal slices at equal distances; the seed of each parent is its own id. */
function stray(
  { jitter, minIntervalMs }: Extract<WorkRules, { algorithm: 'twap' }>,
  seed: string,
): Pick<TwapOptions, 'jitter' | 'minIntervalMs'> {
  const strays = jitter !== undefined && (jitter.time > 0 || jitter.size > 0);
  return {
    ...(strays ? { jitter: { seed, ...jitter } } : {}),
    ...(minIntervalMs === undefined ? {} : { minIntervalMs }),
  };
}

/** When a horizon is ended: in time before the close, and always after its last slice. */
function endOf(horizonEnd: Instant, lastDueAt: Instant, close: Instant): Instant {
  const lastMs = millisecondsBetween(lastDueAt, close);
  const latest = addMilliseconds(close, -Math.floor(Math.min(END_LEAD_MS, lastMs / 2)));
  return horizonEnd < latest ? horizonEnd : latest;
}

/**
 * Whether an order of a person leaves now though the session may be closed: one for an auction, which the venue takes
 * before; one for extended hours; and one that the venue refuses anyway, so that it is told now and not at the opening.
 */
function leavesNow({ side, quantity, terms }: Trade, venue: VenueRules, now: Instant): boolean {
  if (terms === undefined) return false;
  if (terms.extendedHours === true || terms.timeInForce === 'opg' || terms.timeInForce === 'cls') return true;
  return termsFault(draftOf({ side, quantity, terms }), venue, now) !== null;
}

/** When buys begin: with the sells where there are none to wait for, or no time left to wait. */
function buysStart(trades: readonly Trade[], startAt: Instant, close: Instant): Instant {
  const later = addMilliseconds(startAt, SELLS_LEAD_MS);
  return trades.some(({ side }) => side === 'sell') && later < close ? later : startAt;
}

const approvedRef = ({ cycleId, portfolioId, account, parentOrderId, symbol, side }: ParentOrder) => ({
  cycleId,
  portfolioId,
  account,
  parentOrderId,
  symbol,
  side,
});

function parentOf(
  { cycleId, portfolioId, account, approvedHash, purpose, haltEpoch }: Approved,
  { symbol, side, quantity, referencePrice }: Trade,
  worked: Pick<
    ParentOrder,
    'parentOrderId' | 'algorithm' | 'intervalMs' | 'horizonEndAt' | 'sessionClose' | 'plannedAt'
  >,
): ParentOrder {
  return {
    ...worked,
    cycleId,
    portfolioId,
    account,
    symbol,
    side,
    quantity,
    referencePrice,
    approvedHash,
    purpose,
    haltEpoch,
    ending: 'open',
    arrivalPrice: null,
  };
}

/** A child of a parent that is planned and has not left. */
export function childOf(
  parent: ParentOrder,
  terms: OrderTerms | null,
  slice: number,
  quantity: string,
  dueAt: Instant,
): ChildOrder {
  const { parentOrderId, cycleId, portfolioId, account, symbol, side, approvedHash } = parent;
  return {
    clientOrderId: clientOrderIdOf(parent, slice, 0),
    parentOrderId,
    cycleId,
    portfolioId,
    account,
    symbol,
    side,
    slice,
    attempt: 0,
    quantity,
    plannedQuantity: quantity,
    approvedHash,
    terms,
    dueAt,
    deferredUntil: null,
    state: 'planned',
    venueOrderId: null,
    filledQuantity: '0',
    filledNotional: '0',
    cancelRequested: false,
    missedAsks: 0,
    held: false,
    standingAt: null,
    code: null,
    reason: null,
    submittedAt: null,
    endedAt: null,
  };
}
