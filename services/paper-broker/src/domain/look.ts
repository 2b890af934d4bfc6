import { D } from '@ballast/kernel/money';
import { addMilliseconds } from '@ballast/kernel/calendar';
import type { Instant } from '@ballast/kernel/calendar';
import { afterEvent } from './follow.js';
import { pauseAt } from './luld.js';
import { fillPrice, hoursOf, isRecorded, nextCrossing } from './market.js';
import type { MarketSession } from './market.js';
import { isDormant, remainingQty } from './order.js';
import type { Order } from './order.js';
import type { Rules } from './rules.js';
import type { SymbolBook } from './symbol-book.js';
import type { TapeEvent } from './tape.js';
import { takingOf } from './taking.js';
import { isAllowed, viewOf } from './view.js';
import type { View } from './view.js';

/** How long the rest of an order that fills in two pieces waits. */
export const REMAINDER_DELAY_MS = 1_000;
/** How long an order waits for a price that it moved itself to come back: what a quote of a path holds. */
const DECAY_LOOK_MS = 60_000;

/** When something can happen to an order next, as far as the tape tells; the end of its hours where it tells nothing. */
export function nextLook(order: Order, book: SymbolBook, session: MarketSession, now: Instant, rules: Rules): Instant {
  const end = hoursOf(session, order).to;
  if (book.haltedAt !== null) return end;
  const rest = addMilliseconds(now, REMAINDER_DELAY_MS);
  const justSplit = rules.partialFills && order.filledAt === now && order.fillCount === 1;
  if (justSplit && rest < session.close) return rest;
  const isPlain = rules.depth === null && rules.luldTier === null && rules.impact === null;
  if (isPlain && !isDormant(order) && !isRecorded(session, order.symbol))
    return nextCrossing(session, order, now, rules.spreadBp) ?? end;
  const view = viewOf(order, book, session, now, rules);
  if (view.pause) return earlier(view.pause.to, end);
  return foresee(order, view, now, earlier(comesBack(order, view, now, rules) ?? end, end), rules);
}

/** When an order that crosses the quote and was not filled looks again: once what was taken, or the price, has come back. */
function comesBack(order: Order, view: View, now: Instant, rules: Rules): Instant | null {
  const crosses = !isDormant(order) && view.quote !== null && fillPrice(order, view.quote) !== null;
  if (!crosses) return null;
  if (rules.depth !== null) return view.window.to;
  return rules.impact === null ? null : addMilliseconds(now, DECAY_LOOK_MS);
}

/** The first event up to `until` that sets the order off or brings it a fill. */
function foresee(order: Order, view: View, now: Instant, until: Instant, rules: Rules): Instant {
  let seen = order;
  for (const event of view.tape?.events(now, until) ?? []) {
    if (event.at >= until) break;
    const pause = view.luld && pauseAt(view.luld, event.at);
    if (pause) return earlier(pause.to, until);
    if (!isDormant(seen) && canTake(seen, event, view)) return event.at;
    const [next, came] = afterEvent(seen, event, event.at, rules.depth !== null);
    if (came.greaterThan(0) || next.triggeredAt !== seen.triggeredAt) return event.at;
    seen = next;
  }
  return until;
}

/** Whether an order would get anything of a quote to come: a share, or what is left where that is less. */
function canTake(order: Order, event: TapeEvent, view: View): boolean {
  if (event.kind !== 'quote') return false;
  if (order.rests) {
    const price = fillPrice(order, event.quote);
    return price !== null && isAllowed(view.luld, order.side, price, event.at);
  }
  const least = D.min(remainingQty(order), 1);
  return takingOf(order, least, { ...view, quote: event.quote }, event.at) !== null;
}

const earlier = (a: Instant, b: Instant): Instant => (a < b ? a : b);
