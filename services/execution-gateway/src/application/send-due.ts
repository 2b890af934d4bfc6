import { wake } from '@ballast/contracts';
import { addMilliseconds } from '@ballast/kernel/calendar';
import type { ChildOrder } from '../domain/child-order.js';
import { decideDue, type DueInputs } from '../domain/due.js';
import type { ParentOrder } from '../domain/schedule.js';
import { modeFault } from '../domain/verdict.js';
import { SlicesDue } from '../messages.js';
import { accountBy, holdingsOf, readHalt } from '../persistence/accounts.js';
import { childrenOf, markArriving, putChildren, saveArrivals, saveTerms } from '../persistence/orders.js';
import { watchBy } from '../persistence/watch.js';
import { passGate } from './gate.js';
import { lookSoon, paceOf } from './look.js';
import type { SliceLateness } from './slice-lateness.js';
import { haltByRule, takeNews, type Desk, type ExecutionContext } from './take-news.js';

/** How long a slice waits for the market before it is looked at again. */
export const LOOK_AGAIN_MS = 15_000;

/** Slices that are due, of some parents, with what was seen of the market for them. */
export interface Due {
  readonly account: string;
  readonly children: readonly ChildOrder[];
  readonly parents: readonly ParentOrder[];
  readonly market: DueInputs['market'];
}

/**
 * Sends slices that are due, in this transaction; or voids them, spreads them, lets them wait. Out: how many were decided
 * about; the others wait for the account's books.
 */
export async function sendDue(
  ctx: ExecutionContext,
  desk: Desk & { readonly lateness: SliceLateness },
  { account, market, ...fallen }: Due,
): Promise<number> {
  // The halt row is held until the commit, so that no halt can slip in between.
  const halt = await readHalt(ctx.tx, account, 'share');
  const known = await accountBy(ctx.tx, account);
  const watch = await watchBy(ctx.tx, account);
  const { due, parents, stops } = await passGate(ctx, desk, {
    watch,
    halt,
    due: fallen.children,
    parents: fallen.parents,
  });
  const gated = fallen.children.filter((order) => !due.includes(order));
  // What waits for the account's books does not wait for the market, too: it is looked at again as soon as they are there.
  if (market !== null)
    putChildren(
      ctx,
      gated.map((order) => ({ ...order, deferredUntil: null })),
    );
  if (due.length === 0) return 0;
  const closing = parents.some(({ purpose }) => purpose === 'flatten');
  const dueIds = due.map((order) => order.clientOrderId);
  const parentOrderIds = parents.map(({ parentOrderId }) => parentOrderId);
  const outcome = decideDue({
    now: ctx.now,
    account,
    halt,
    modeFault: modeFault(known, desk.config),
    stops,
    venue: desk.venue.rules,
    holdings: closing ? await holdingsOf(ctx.tx, account, dueIds) : { positions: [], working: [] },
    due,
    parents,
    family: await childrenOf(ctx.tx, parentOrderIds),
    lateRatioMax: desk.config.EXECUTION_TWAP_LATE_RATIO_MAX,
    market,
  });
  putChildren(ctx, outcome.changed);
  markArriving(ctx, [...outcome.arriving, ...outcome.arrived.map(({ parentOrderId }) => parentOrderId)]);
  if (outcome.arrived.length > 0) saveArrivals(ctx, outcome.arrived);
  ctx.later(outcome.tasks);
  outcome.alarms.forEach((alarm) => ctx.alert(alarm));
  if (outcome.exceeded) await haltByRule(ctx, account, 'children would exceed their parent order');
  const leaving = outcome.moves.filter(({ news }) => news.name === 'due').map(({ order }) => order);
  saveTerms(
    ctx,
    leaving.filter((order) => order.terms !== null && market !== null),
  );
  desk.lateness.observe(leaving, ctx.now);
  await takeNews(ctx, desk, outcome.moves);
  if (leaving.length > 0) await lookSoon(ctx, watch, paceOf(desk.config));
  auditWaits(ctx, account, due, outcome.changed);
  return due.length;
}

/** Says which slices wait for the market, and for what. */
function auditWaits(
  ctx: ExecutionContext,
  account: string,
  due: readonly ChildOrder[],
  changed: readonly ChildOrder[],
): void {
  const dueIds = new Set(due.map((order) => order.clientOrderId));
  const waits = changed.filter((order) => dueIds.has(order.clientOrderId));
  if (waits.length === 0) return;
  ctx.audit({
    act: 'slices.wait',
    subject: account,
    detail: {
      account,
      count: waits.length,
      waits: waits.map(({ clientOrderId, symbol, code, reason }) => ({ clientOrderId, symbol, code, reason })),
    },
  });
}

/** Lets slices wait until they are looked at again, and wakes the account then. */
export function lookAgain(ctx: ExecutionContext, account: string, children: readonly ChildOrder[]): void {
  const at = addMilliseconds(ctx.now, LOOK_AGAIN_MS);
  putChildren(
    ctx,
    children.map((order) => ({ ...order, deferredUntil: at })),
  );
  ctx.later([wake(SlicesDue, account, { account, dueAt: at }, at)]);
}
