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
import { addMilliseconds, millisecondsBetween, nextSessionOpening, sessionAt } from '@ballast/kernel/calendar';
import { decimal, formatDecimal } from '@ballast/kernel/money';
import { planTwap } from '@ballast/kernel/twap';
import { SlicesDue } from '../messages.js';
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
  /** A slice that is later than this is spread over those to come. */
  readonly intervalMs: number;
  /** No slice leaves at or after this moment. */
  readonly sessionClose: Instant;
  readonly plannedAt: Instant;
}

export interface SchedulePlan {
  readonly parents: readonly ParentOrder[];
  readonly children: readonly ChildOrder[];
}

/** How parents are worked: by slices over time, or whole as soon as the session is open. */
export type WorkRules =
  | { readonly algorithm: 'twap'; readonly slices: number; readonly horizonMinutes: number }
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
  const facts = [];
  for (const trade of [...trades].sort((a, b) => (a.symbol + a.side < b.symbol + b.side ? -1 : 1))) {
    const qty = decimal(trade.quantity);
    if (qty.isZero()) continue;
    const whole = rules.algorithm === 'at_once' || trade.terms !== undefined;
    const slices = whole ? 1 : rules.slices;
    const leaves = trade.side === 'buy' ? buysAt : startAt;
    const from = leavesNow(trade, venue, now) ? now : leaves;
    // What leaves at once is never too late for its session.
    const horizonMs = whole
      ? millisecondsBetween(from < startAt ? from : startAt, session.close)
      : rules.horizonMinutes * 60_000;
    const plan = planTwap({ qty, slices, horizonMs, startAt: from, sessionClose: session.close });
    // A single slice has no neighbours to measure by: the usual interval counts.
    const usual = Math.floor(horizonMs / slices);
    const intervalMs = plan.slices.length > 1 ? Math.floor(plan.horizonMs / plan.slices.length) : usual;
    const parent = parentOf(approved, trade, intervalMs, session.close, now);
    parents.push(parent);
    for (const { i, qty: quantity, dueAt } of plan.slices) {
      children.push(childOf(parent, trade.terms ?? null, i, formatDecimal(quantity), dueAt));
      dueTimes.add(dueAt);
    }
    facts.push(
      fact(SchedulePlanned, {
        ...approvedRef(parent),
        algorithm: whole ? 'at_once' : rules.algorithm,
        quantity: parent.quantity,
        referencePrice: parent.referencePrice,
        approvedHash: parent.approvedHash,
        slices: plan.slices.map((each) => ({ slice: each.i, quantity: formatDecimal(each.qty), dueAt: each.dueAt })),
      }),
    );
  }
  const { account } = approved;
  const tasks = [...dueTimes].sort().map((dueAt) => wake(SlicesDue, account, { account, dueAt }, dueAt));
  return { state: { parents, children }, facts, tasks };
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
  intervalMs: number,
  sessionClose: Instant,
  plannedAt: Instant,
): ParentOrder {
  return {
    parentOrderId: parentOrderIdOf({ cycleId, account, symbol, side }),
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
    intervalMs,
    sessionClose,
    plannedAt,
  };
}

function childOf(
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
