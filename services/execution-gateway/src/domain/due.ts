import { perform, type Instant, type Task } from '@ballast/contracts';
import { decimal, formatDecimal, sum } from '@ballast/kernel/money';
import { AskQuotes } from '../messages.js';
import { committedQuantity, type Alarm, type ChildOrder, type News } from './child-order.js';
import { roomOf, takeRoom, type Holdings, type Room } from './closing.js';
import type { Halt } from './halt.js';
import { checkMarket, isChecked, type MarketRules, type MarketView } from './market-check.js';
import { draftOf, PLAIN_TERMS, termsFault, type VenueRules } from './order-terms.js';
import type { ParentOrder } from './schedule.js';
import { holdBack, spreadOver, type Spread } from './spread.js';

/** What is read in the sending transaction. */
export interface DueInputs {
  readonly now: Instant;
  readonly account: string;
  /** The account's halt; null where the account is not known here. */
  readonly halt: Pick<Halt, 'halted' | 'epoch' | 'by' | 'reason'> | null;
  /** Why this gateway may not trade the account; null where it may. */
  readonly modeFault: string | null;
  /** Why the account's monitor lets nothing of a parent leave, by the parent's id. */
  readonly stops: ReadonlyMap<string, Stop>;
  /** What the account holds, the due children not counted as working; looked at where positions are being closed. */
  readonly holdings: Holdings;
  /** What the venue takes. */
  readonly venue: VenueRules;
  /** The planned children that are due, by due time and client order id. */
  readonly due: readonly ChildOrder[];
  readonly parents: readonly ParentOrder[];
  /** Every child of those parents, the due ones included. */
  readonly family: readonly ChildOrder[];
  /** By how much of its planned quantity a slice may grow when it takes over from others. */
  readonly lateRatioMax: string;
  /** What was seen of the market, by parent, and what it must be like; null where nothing was looked at. */
  readonly market: { readonly rules: MarketRules; readonly views: ReadonlyMap<string, MarketView> } | null;
}

/** Why a slice is void. */
interface Stop {
  readonly code: string;
  readonly reason: string;
}

export interface DueOutcome {
  /** What happens to which child; a child may first have grown. */
  readonly moves: readonly { readonly order: ChildOrder; readonly news: News }[];
  /** Planned children that go on waiting and are not what they were: they grew, or are due and wait for the market. */
  readonly changed: readonly ChildOrder[];
  readonly tasks: readonly Task[];
  /** Parents whose first slice leaves now: their arrival price is being asked for. */
  readonly arriving: readonly string[];
  /** The same, where the market was looked at: their arrival price is known. */
  readonly arrived: readonly { readonly parentOrderId: string; readonly price: string }[];
  readonly alarms: readonly Alarm[];
  /** A parent's children would exceed it: the account must stop. */
  readonly exceeded: boolean;
}

/**
 * Decides about slices that fell due: each leaves, or is void with a reason. Nothing leaves of a halted account but what
 * flattens it under this very halt and only shrinks what it holds; nothing of an account that is not ours to trade, after
 * the session, or where the parent's children would exceed it; nothing that the venue's rules do not take; nothing into a
 * market that is not as it must be. A slice later than one interval does not leave, whether it was late or waited: what it
 * had is spread over those to come under a cap, and what finds no room is void (never a burst).
 */
export function decideDue(inputs: DueInputs): DueOutcome {
  const moves: { order: ChildOrder; news: News }[] = [];
  const changed: ChildOrder[] = [];
  const asked: { parentOrderId: string; symbol: string }[] = [];
  const arrived: { parentOrderId: string; price: string }[] = [];
  const alarms: Alarm[] = [];
  let room = roomOf(inputs.holdings);
  for (const parent of inputs.parents) {
    const due = inputs.due.filter((order) => order.parentOrderId === parent.parentOrderId);
    const family = inputs.family.filter((order) => order.parentOrderId === parent.parentOrderId);
    const closed = closes(parent, due, room);
    const stop = barred(parent, inputs) ?? endOfSession(parent, inputs.now) ?? excess(parent, family) ?? closed.stop;
    if (stop) {
      moves.push(...due.map((order) => ({ order, news: { name: 'cancel_requested' as const, ...stop } })));
      if (stop.code === 'EXCEEDS_PARENT') alarms.push(excessAlarm(parent, stop.reason));
      continue;
    }
    room = closed.left;
    const refused = due.flatMap((order) => refusalOf(order, inputs));
    const gone = new Set(refused.map(({ order }) => order.clientOrderId));
    const stays = (order: ChildOrder): boolean => !gone.has(order.clientOrderId);
    const spread = leave(parent, due.filter(stays), family.filter(stays), inputs);
    moves.push(...refused, ...spread.moves);
    changed.push(...spread.changed);
    const leaves = spread.moves.some(({ news }) => news.name === 'due');
    if (!leaves || family.some((order) => order.submittedAt !== null)) continue;
    const { parentOrderId, symbol } = parent;
    if (spread.mid === null) asked.push({ parentOrderId, symbol });
    else arrived.push({ parentOrderId, price: spread.mid });
  }
  const { account } = inputs;
  return {
    moves,
    changed,
    tasks: asked.length === 0 ? [] : [perform(AskQuotes, account, { account, parents: asked })],
    arriving: asked.map(({ parentOrderId }) => parentOrderId),
    arrived,
    alarms,
    exceeded: alarms.length > 0,
  };
}

/** What of a parent leaves, waits and is spread, with the middle of the quote where the market was looked at. */
function leave(
  parent: ParentOrder,
  due: readonly ChildOrder[],
  family: readonly ChildOrder[],
  { now, venue, market, lateRatioMax }: DueInputs,
): Spread & { readonly mid: string | null } {
  const freeze = venue.quantityMax === null ? {} : { freezeQuantity: decimal(venue.quantityMax) };
  const takeOver = { capFraction: Number(lateRatioMax), ...freeze };
  if (market === null || !isChecked(parent)) return { ...spreadOver(parent, due, family, now, takeOver), mid: null };
  const view = market.views.get(parent.parentOrderId) ?? { quote: null, volume: null };
  const verdict = checkMarket(parent, family, view, market.rules, venue, now);
  if (!verdict.open) return { ...spreadOver(parent, due, family, now, takeOver, verdict), mid: null };
  const spread = spreadOver(parent, due, family, now, takeOver);
  const { participationRatioMax } = market.rules;
  const held =
    participationRatioMax === null
      ? spread
      : holdBack(parent, family, spread, { volume: view.volume, maxRatio: participationRatioMax, takeOver });
  return { ...limited(held, verdict.limitPrice), mid: verdict.mid };
}

/** Lets what leaves trade at no worse a price: it leaves as a limit order of the day. */
function limited(spread: Spread, limitPrice: string | null): Spread {
  if (limitPrice === null) return spread;
  const terms = { type: 'limit', timeInForce: 'day', limitPrice } as const;
  const moves = spread.moves.map((move) =>
    move.news.name === 'due' ? { ...move, order: { ...move.order, terms } } : move,
  );
  return { ...spread, moves };
}

/** Why nothing of a parent may leave its account: it is not known, halted, not for this gateway, or stopped by its monitor. */
function barred({ parentOrderId, purpose, haltEpoch }: ParentOrder, inputs: DueInputs): Stop | null {
  const { account, halt, modeFault, stops } = inputs;
  if (halt === null) return { code: 'ACCOUNT_UNKNOWN', reason: `account "${account}" is not known here` };
  const { halted, epoch, by, reason } = halt;
  if (purpose === 'flatten') {
    if (!halted || epoch !== haltEpoch) {
      const now = `the account is ${halted ? 'halted' : 'not halted'} at epoch ${epoch}`;
      return { code: 'HALT_EPOCH_OLD', reason: `it closes positions under halt epoch ${haltEpoch}; ${now}` };
    }
  } else if (halted) return { code: 'HALTED', reason: `halted at epoch ${epoch} by ${by}: ${reason}` };
  if (modeFault !== null) return { code: 'MODE_MISMATCH', reason: modeFault };
  return stops.get(parentOrderId) ?? null;
}

/** The room to close that a parent leaves. Fills that came late may have taken it: a flatten must not turn a position. */
function closes({ purpose }: ParentOrder, due: readonly ChildOrder[], room: Room): { stop: Stop | null; left: Room } {
  const taken = purpose === 'flatten' ? takeRoom(room, due) : { left: room };
  if ('left' in taken) return { stop: null, left: taken.left };
  return { stop: { code: 'NOT_REDUCING', reason: taken.grows }, left: room };
}

function endOfSession({ sessionClose }: ParentOrder, now: Instant): Stop | null {
  if (now < sessionClose) return null;
  return { code: 'SESSION_ENDED', reason: `the session closed at ${sessionClose}` };
}

/** What the venue's rules, looked at before anything is sent, have against an order. */
function refusalOf(order: ChildOrder, { venue, now }: DueInputs): { order: ChildOrder; news: News }[] {
  const { side, quantity, terms } = order;
  const fault = termsFault(draftOf({ side, quantity, terms: terms ?? PLAIN_TERMS }), venue, now);
  return fault ? [{ order, news: { name: 'refused', ...fault } }] : [];
}

function excess(parent: ParentOrder, family: readonly ChildOrder[]): Stop | null {
  const committed = sum(family.map((order) => decimal(committedQuantity(order))));
  if (committed.lessThanOrEqualTo(parent.quantity)) return null;
  return { code: 'EXCEEDS_PARENT', reason: `its children add up to ${formatDecimal(committed)} of ${parent.quantity}` };
}

const excessAlarm = (parent: ParentOrder, reason: string): Alarm => ({
  code: 'EXCEEDS_PARENT',
  severity: 'critical',
  message: `${parent.symbol}: ${reason}; nothing more of it leaves and the account was halted`,
  numbers: { parentOrderId: parent.parentOrderId, quantity: parent.quantity },
  nextStep: 'find how the children came to exceed their parent before the halt is lifted',
});
