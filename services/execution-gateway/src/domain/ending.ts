import { wake, type Instant, type Task } from '@ballast/contracts';
import { Decimal, decimal, formatDecimal } from '@ballast/kernel/money';
import { extendTwap, incrementOf, planTwap } from '@ballast/kernel/twap';
import { SlicesDue } from '../messages.js';
import type { ChildOrder, News } from './child-order.js';
import type { EndedParent } from './completion.js';
import { MARKET_CODES } from './market-check.js';
import { isEnd } from './order-machine.js';
import { childOf, type ParentOrder } from './schedule.js';

/** What becomes of what a horizon left over: nothing, one last order, or slices up to the close. */
export const END_RULES = ['cancel', 'cross', 'extend'] as const;
export type EndRule = (typeof END_RULES)[number];

/** Why an order ended that the end of its horizon took back. */
export const HORIZON_ENDED = 'HORIZON_ENDED';

/**
 * Why slices are void whose quantity the end rule may still work. Whatever else ended an order (a person, a halt, a rule,
 * the venue) has the last word: what it ended is never sent again.
 */
export const CARRIED_CODES: readonly string[] = ['LATE', HORIZON_ENDED, ...MARKET_CODES];

/** Takes back what of a family is still open when its horizon is over; what waited says what for. */
export function endHorizon(
  family: readonly ChildOrder[],
  { horizonEndAt }: Pick<ParentOrder, 'horizonEndAt'>,
): { readonly order: ChildOrder; readonly news: News }[] {
  const over = `its horizon ended at ${horizonEndAt}`;
  return family
    .filter((order) => !isEnd(order.state) && !order.cancelRequested)
    .map((order) => {
      const waited = order.state === 'planned' && order.code !== null;
      const code = waited ? order.code! : HORIZON_ENDED;
      return { order, news: { name: 'cancel_requested', code, reason: waited ? `${order.reason}; ${over}` : over } };
    });
}

/** What comes after all children of a parent have ended. */
export type AfterSlices =
  /** It has come to its end. */
  | { readonly kind: 'complete' }
  /** Something is left for the end of its horizon. */
  | { readonly kind: 'wait' }
  /** So many shares are left, and its horizon is over. */
  | { readonly kind: 'follow'; readonly quantity: string };

/** Decides whether a parent without open children is done. What was lost for good is worked by no rule. */
export function afterSlices(parent: EndedParent, rule: EndRule, now: Instant): AfterSlices {
  const left = decimal(parent.quantity).minus(parent.filledQuantity).minus(parent.lostQuantity);
  const open = rule !== 'cancel' && parent.horizonEndAt !== null && parent.ending !== 'followed';
  if (!open || left.lessThanOrEqualTo(0) || now >= parent.sessionClose) return { kind: 'complete' };
  return parent.ending === 'open' ? { kind: 'wait' } : { kind: 'follow', quantity: formatDecimal(left) };
}

/**
 * The children that work what a horizon left over: one order now (`cross`), or slices at the pace of the plan, none larger
 * than a late slice may grow, up to the close (`extend`). What finds no room before the close is left.
 */
export function followUp(
  parent: ParentOrder,
  ended: Pick<EndedParent, 'lastSlice' | 'largestPlanned'>,
  quantity: string,
  rule: Exclude<EndRule, 'cancel'>,
  { now, lateRatioMax, quantityMax }: { now: Instant; lateRatioMax: string; quantityMax: string | null },
): { readonly children: readonly ChildOrder[]; readonly tasks: readonly Task[] } {
  const { sessionClose } = parent;
  const qty = decimal(quantity);
  const grown = decimal(ended.largestPlanned).times(decimal(lateRatioMax).plus(1));
  const freeze = quantityMax === null ? {} : { freezeQuantity: decimal(quantityMax) };
  const firstIndex = ended.lastSlice + 1;
  const { slices } =
    rule === 'cross'
      ? planTwap({ qty, slices: 1, horizonMs: 1, startAt: now, sessionClose, ...freeze })
      : extendTwap({
          ...{ qty, from: now, sessionClose, intervalMs: Math.max(MIN_INTERVAL_MS, parent.intervalMs) },
          largest: quantityMax === null ? grown : Decimal.min(grown, quantityMax),
          increment: incrementOf(decimal(parent.quantity), {}),
        });
  const children = slices.map((each) =>
    childOf(parent, null, firstIndex + each.i, formatDecimal(each.qty), each.dueAt),
  );
  const { account } = parent;
  const dueTimes = [...new Set(children.map(({ dueAt }) => dueAt))].sort();
  return { children, tasks: dueTimes.map((dueAt) => wake(SlicesDue, account, { account, dueAt }, dueAt)) };
}

/** Slices nearer together than this are no schedule. */
const MIN_INTERVAL_MS = 1000;
