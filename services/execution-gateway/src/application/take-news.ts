import { uuid5 } from '@ballast/contracts';
import type { InboxContext } from '@ballast/platform';
import type { Venue } from '../adapters/ports.js';
import type { ExecutionConfig } from '../config.js';
import { decideOrder, type ChildOrder, type News, type Transition } from '../domain/child-order.js';
import { completeParent, reportOf } from '../domain/completion.js';
import { switchHalt } from '../domain/halt.js';
import { settlementOf, type Settlement } from '../domain/settlement.js';
import { askBooks } from '../domain/watch.js';
import { readHalt, saveHalt, takeEndedCycles } from '../persistence/accounts.js';
import {
  appendTransitions,
  bookFill,
  endedParents,
  markCompleted,
  overfilledParents,
  putChildren,
  sizeParent,
} from '../persistence/orders.js';
import { completeOf } from './end-parents.js';

export type ExecutionContext = InboxContext<'execution'>;

/** What the handlers of this service need beside the context. */
export interface Desk {
  readonly config: ExecutionConfig;
  readonly venue: Pick<Venue, 'name' | 'guarantees' | 'rules'>;
}

/** How orders without a clear answer are settled at the desk's venue. */
export const settlementAt = ({ venue, config }: Desk): Settlement =>
  settlementOf(venue.guarantees, config.EXECUTION_SETTLE_WINDOW_MS);

/**
 * Takes news into orders, in order: decides each, keeps what became of it, says it, and completes parents and cycles
 * that have come to their end. Fills that were booked before are dropped. Returns the orders as they are now.
 */
export async function takeNews(
  ctx: ExecutionContext,
  desk: Desk,
  moves: readonly { readonly order: ChildOrder; readonly news: News }[],
): Promise<ReadonlyMap<string, ChildOrder>> {
  const rules = { now: ctx.now, venue: desk.venue.name, settlement: settlementAt(desk) };
  const orders = new Map<string, ChildOrder>();
  const transitions: Transition[] = [];
  const successors: ChildOrder[] = [];
  const ended = new Set<string>();
  const lateFilled = new Set<string>();
  let overfilled: ChildOrder | undefined;
  for (const { order, news } of moves) {
    const known = orders.get(order.clientOrderId) ?? order;
    if (news.name === 'fill' && !(await bookFill(ctx, desk.venue.name, known, news.fill, ctx.now))) continue;
    const decision = decideOrder(known, news, rules);
    orders.set(order.clientOrderId, decision.state);
    if (decision.state.quantity !== known.quantity) sizeParent(ctx, decision.state);
    transitions.push(decision.transition);
    if (decision.successor) successors.push(decision.successor);
    if (decision.halts) overfilled = decision.state;
    if (decision.state.endedAt !== null) ended.add(order.parentOrderId);
    if (news.name === 'fill' && known.endedAt !== null) lateFilled.add(order.parentOrderId);
    ctx.emit(decision.facts);
    ctx.later(decision.tasks);
    decision.alarms.forEach((alarm) => ctx.alert(alarm));
  }
  putChildren(ctx, [...orders.values(), ...successors]);
  appendTransitions(ctx, transitions);
  if (overfilled) await haltByRule(ctx, overfilled.account, `order ${overfilled.clientOrderId} is over-filled`);
  await watchParents(ctx, [...lateFilled]);
  await completeParents(ctx, desk, [...ended]);
  return orders;
}

/** Halts an account because a rule was broken; what was halted stays so. */
export async function haltByRule(ctx: ExecutionContext, account: string, reason: string): Promise<void> {
  const halt = await readHalt(ctx.tx, account, 'update');
  if (!halt) return;
  const { state, facts } = switchHalt(halt, { on: true, by: 'execution-gateway', reason, door: 'rule' }, ctx.now);
  if (facts.length === 0) return;
  await saveHalt(ctx.tx, state);
  ctx.emit(facts);
  ctx.audit({ act: 'halt.raised', subject: account, detail: { epoch: state.epoch, reason, door: 'rule' } });
}

/** A parent can be over-filled though none of its children is: by a late fill of one whose quantity went to another. */
async function watchParents(ctx: ExecutionContext, parentOrderIds: readonly string[]): Promise<void> {
  if (parentOrderIds.length === 0) return;
  for (const { parentOrderId, symbol, quantity, filled } of await overfilledParents(ctx.tx, parentOrderIds)) {
    ctx.alert({
      code: 'PARENT_OVERFILLED',
      severity: 'critical',
      message: `${symbol}: ${filled} filled of a parent order of ${quantity}; the account was halted`,
      numbers: { parentOrderId, quantity, filled },
      nextStep: 'compare positions with the venue before the halt is lifted',
    });
    const [account] = await ctx.tx.query<{ account: string }[]>(
      `select account from parent_order where parent_order_id = $1`,
      [parentOrderId],
    );
    await haltByRule(ctx, account!.account, `parent order ${parentOrderId} is over-filled`);
  }
}

/** Completes those of some parents that have come to their end, and then those of their cycles that have. */
export async function completeParents(
  ctx: ExecutionContext,
  desk: Desk,
  parentOrderIds: readonly string[],
): Promise<void> {
  if (parentOrderIds.length === 0) return;
  const parents = await completeOf(ctx, desk, await endedParents(ctx.tx, parentOrderIds));
  if (parents.length === 0) return;
  markCompleted(
    ctx,
    parents.map((parent) => ({ parentOrderId: parent.parentOrderId, report: reportOf(parent) })),
    ctx.now,
  );
  ctx.emit(parents.map(completeParent));
  await completeCycles(ctx, [...new Set(parents.map((parent) => parent.cycleId))].sort());
}

/** Asks for the venue's books of cycles whose parents have all ended; a plan without trades has none from the start. */
export async function completeCycles(ctx: ExecutionContext, cycleIds: readonly string[]): Promise<void> {
  for (const { cycleId, portfolioId, account } of await takeEndedCycles(ctx.tx, cycleIds, ctx.now)) {
    const reconciliationId = uuid5('reconciliation', account, cycleId);
    ctx.later([askBooks({ reconciliationId, account, portfolioId, cycleId, purpose: 'cycle' }, ctx.now)]);
    ctx.audit({ act: 'cycle.executed', subject: cycleId, cycleId, portfolioId, detail: { account, reconciliationId } });
  }
}
