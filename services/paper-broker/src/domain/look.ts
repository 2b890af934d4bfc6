import { addMilliseconds } from '@ballast/kernel/calendar';
import type { Instant } from '@ballast/kernel/calendar';
import { afterEvent } from './follow.js';
import { pauseAt } from './luld.js';
import { fillPrice, hoursOf, isRecorded, nextCrossing } from './market.js';
import type { MarketSession } from './market.js';
import { isDormant } from './order.js';
import type { Order } from './order.js';
import type { Rules } from './rules.js';
import type { SymbolBook } from './symbol-book.js';
import type { TapeEvent } from './tape.js';
import { isAllowed, viewOf } from './view.js';
import type { View } from './view.js';

/** How long the rest of an order that fills in two pieces waits. */
export const REMAINDER_DELAY_MS = 1_000;

/** When something can happen to an order next, as far as the tape tells; the end of its hours where it tells nothing. */
export function nextLook(order: Order, book: SymbolBook, session: MarketSession, now: Instant, rules: Rules): Instant {
  const end = hoursOf(session, order).to;
  if (book.haltedAt !== null) return end;
  const rest = addMilliseconds(now, REMAINDER_DELAY_MS);
  const justSplit = rules.depth === null && order.filledAt === now && order.fillCount === 1;
  if (justSplit && rest < session.close) return rest;
  const isPlain = rules.depth === null && rules.luldTier === null && !isDormant(order);
  if (isPlain && !isRecorded(session, order.symbol)) return nextCrossing(session, order, now, rules.spreadBp) ?? end;
  const view = viewOf(order, book, session, now, rules);
  if (view.pause) return earlier(view.pause.to, end);
  // What crosses the quote and was not filled waits for what was taken to come back.
  const waits =
    rules.depth !== null && !isDormant(order) && view.quote !== null && fillPrice(order, view.quote) !== null;
  return foresee(order, book, view, now, waits ? earlier(view.window.to, end) : end, rules);
}

/** The first event up to `until` that sets the order off or brings it a fill. */
function foresee(order: Order, book: SymbolBook, view: View, now: Instant, until: Instant, rules: Rules): Instant {
  let seen = order;
  for (const event of view.tape?.events(now, until) ?? []) {
    if (event.at >= until) break;
    const pause = view.luld && pauseAt(view.luld, event.at);
    if (pause) return earlier(pause.to, until);
    if (!isDormant(seen) && crosses(seen, event, book, view, rules)) return event.at;
    const [next, came] = afterEvent(seen, event, event.at, rules.depth !== null);
    if (came.greaterThan(0) || next.triggeredAt !== seen.triggeredAt) return event.at;
    seen = next;
  }
  return until;
}

function crosses(order: Order, event: TapeEvent, book: SymbolBook, view: View, rules: Rules): boolean {
  if (event.kind !== 'quote') return false;
  const price = fillPrice(order, rules.impact.move(event.quote, book));
  return price !== null && isAllowed(view.luld, order.side, price, event.at);
}

const earlier = (a: Instant, b: Instant): Instant => (a < b ? a : b);
