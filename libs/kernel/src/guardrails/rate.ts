import { millisecondsBetween } from '../calendar/index.js';
import type { Instant } from '../calendar/index.js';
import { KernelError } from '../money/index.js';
import { row } from './check.js';
import type { Outcome } from './check.js';
import type { BucketLevel } from './facts.js';
import type { TokenBucket } from './limits.js';
import { passed, refused, unknown } from './outcome.js';

/** The same order again, sent within the window or standing in the plan before (`duplicateWindowSeconds`). */
const duplicateIntent = row<number>({
  name: 'DUPLICATE_INTENT',
  severity: 'CRITICAL',
  unit: 'seconds',
  reads: ['orders'],
  limit: ({ duplicateWindowSeconds: seconds }) => positiveOr('duplicateWindowSeconds', seconds),
  rule: ({ trade, quantity, now, facts, portfolio }, seconds) => {
    const limit = String(seconds);
    if (now === null) return unknown('MISSING_TIME', 'the moment of the judgement is not known', limit);
    if (facts.sentOrders === undefined)
      return unknown('MISSING_ORDER_COUNT', 'which orders were sent before is not known', limit);
    return portfolio.orders.has({ ...trade, quantity })
      ? refused('DUPLICATE_ORDER', `the same order was asked for within ${limit} seconds`, { limit })
      : passed(`no such order was asked for within ${limit} seconds`, { limit });
  },
});

/** Orders that a bucket lets through now; null where that is not known, undefined where there is no such bucket. */
type Left = number | null | undefined;

/** Orders against the token buckets of the account and of the exchange's segment (`orderRate`); the emptier one counts. */
const orderRate = row<{ readonly account: Left; readonly segment: (name: string) => Left }>({
  name: 'ORDER_RATE',
  severity: 'CRITICAL',
  unit: 'orders',
  reads: ['orders'],
  limit: ({ orderRate: limit }, { now, facts }) => {
    if (limit === undefined) return undefined;
    const { account, segment } = limit;
    return {
      account: account && leftIn(account, facts?.accountBucket, now),
      segment: (name) => segment && leftIn(segment, facts?.segmentBuckets?.get(name), now),
    };
  },
  rule: ({ trade, portfolio: { orders } }, { account, segment }): Outcome => {
    const name = trade.segment ?? '';
    const wanted = trade.orders ?? 1;
    const ofSegment = segment(name);
    if (account === null || ofSegment === null || !isCount(wanted)) {
      return unknown('MISSING_ORDER_COUNT', 'how many orders were sent lately, or are wanted, is not known');
    }
    const lefts = [
      account === undefined ? Infinity : account - orders.orders,
      ofSegment === undefined ? Infinity : ofSegment - orders.ordersIn(name),
    ];
    const left = Math.floor(Math.min(...lefts));
    const says = `${wanted} orders are wanted and ${left} can be sent now`;
    const numbers = { observed: String(wanted), limit: String(left) };
    return wanted <= left ? passed(says, numbers) : refused('ORDER_RATE_EXCEEDED', says, numbers);
  },
});

/** Orders of the session, those of this plan included (`ordersPerDayMax`). */
const ordersPerDay = row<number>({
  name: 'ORDERS_PER_DAY',
  severity: 'CRITICAL',
  unit: 'orders',
  reads: ['orders'],
  limit: ({ ordersPerDayMax }) => {
    if (ordersPerDayMax !== undefined && !isCount(ordersPerDayMax)) {
      throw new KernelError(
        'INVALID_LIMIT',
        `ordersPerDayMax is ${ordersPerDayMax}; give a whole number of at least 0.`,
      );
    }
    return ordersPerDayMax;
  },
  rule: ({ trade, facts: { ordersToday }, portfolio }, max) => {
    const wanted = trade.orders ?? 1;
    if (!isCount(ordersToday) || !isCount(wanted)) {
      return unknown(
        'MISSING_ORDER_COUNT',
        'how many orders were sent today, or are wanted, is not known',
        String(max),
      );
    }
    const total = ordersToday + portfolio.orders.orders + wanted;
    const says = `it would be order ${total} of the day against a limit of ${max}`;
    const numbers = { observed: String(total), limit: String(max) };
    return total <= max ? passed(says, numbers) : refused('ORDERS_PER_DAY_EXCEEDED', says, numbers);
  },
});

/** What a bucket holds now, before the orders of the plan; null where it is not known. */
function leftIn(bucket: TokenBucket, level: BucketLevel | undefined, now: Instant | undefined): number | null {
  const capacity = positiveOr('orderRate.capacity', bucket.capacity)!;
  const perSecond = positiveOr('orderRate.perSecond', bucket.perSecond)!;
  if (now === undefined || level === undefined || !Number.isFinite(level.tokens)) return null;
  // A level from the future has not been refilled yet.
  const seconds = Math.max(0, millisecondsBetween(level.at, now) / 1000);
  return Math.min(capacity, level.tokens + seconds * perSecond);
}

const isCount = (value: number | undefined): value is number => Number.isInteger(value) && value! >= 0;

function positiveOr(name: string, value: number | undefined): number | undefined {
  if (value !== undefined && !(value > 0 && Number.isFinite(value))) {
    throw new KernelError('INVALID_LIMIT', `${name} is ${value}; give a number above zero.`);
  }
  return value;
}

export const RATE = { duplicateIntent, orderRate, ordersPerDay };
