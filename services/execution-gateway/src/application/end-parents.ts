import { wake } from '@ballast/contracts';
import { afterSlices, followUp } from '../domain/ending.js';
import type { EndedParent } from '../domain/completion.js';
import { BenchmarksDue } from '../messages.js';
import { hasWanted, markWanted } from '../persistence/benchmarks.js';
import { insertChildren, markEnding, parentsBy } from '../persistence/orders.js';
import type { Desk, ExecutionContext } from './take-news.js';

/**
 * Of parents whose children have all ended, those that are complete. Of the others some wait for the end of their horizon,
 * some are worked on after it, and of some it is asked first what the market did meanwhile.
 */
export async function completeOf(
  ctx: ExecutionContext,
  desk: Desk,
  ended: readonly EndedParent[],
): Promise<readonly EndedParent[]> {
  const complete: EndedParent[] = [];
  for (const parent of ended) {
    const next = afterSlices(parent, desk.config.EXECUTION_TWAP_END, ctx.now);
    if (next.kind === 'complete') complete.push(parent);
    else if (next.kind === 'follow') {
      if (!(await follow(ctx, desk, parent, next.quantity))) complete.push(parent);
    }
  }
  await askForBenchmarks(
    ctx,
    complete.filter((parent) => isUnasked(parent)),
  );
  return complete.filter((parent) => parent.benchmark === 'answered' || parent.firstSubmittedAt === null);
}

const isUnasked = ({ benchmark, firstSubmittedAt }: EndedParent): boolean =>
  benchmark === 'none' && firstSubmittedAt !== null;

/** Works on what a horizon left over. False where nothing of it fits before the close. */
async function follow(ctx: ExecutionContext, desk: Desk, ended: EndedParent, quantity: string): Promise<boolean> {
  const rule = desk.config.EXECUTION_TWAP_END;
  const [parent] = await parentsBy(ctx.tx, [ended.parentOrderId]);
  if (!parent || rule === 'cancel') return false;
  const { children, tasks } = followUp(parent, ended, quantity, rule, {
    now: ctx.now,
    lateRatioMax: desk.config.EXECUTION_TWAP_LATE_RATIO_MAX,
    quantityMax: desk.venue.rules.quantityMax,
  });
  if (children.length === 0) return false;
  markEnding(ctx, [parent.parentOrderId], 'followed');
  insertChildren(ctx, children);
  ctx.later(tasks);
  ctx.audit({
    act: 'schedule.followed',
    subject: parent.parentOrderId,
    cycleId: parent.cycleId,
    portfolioId: parent.portfolioId,
    detail: {
      ...{ account: parent.account, symbol: parent.symbol, rule, quantity },
      slices: children.map((child) => ({ slice: child.slice, quantity: child.quantity, dueAt: child.dueAt })),
    },
  });
  return true;
}

/** Wants the market's figures of parents; those of one account that end together are asked about together. */
async function askForBenchmarks(ctx: ExecutionContext, parents: readonly EndedParent[]): Promise<void> {
  for (const account of [...new Set(parents.map((parent) => parent.account))].sort()) {
    const waits = await hasWanted(ctx.tx, account);
    markWanted(
      ctx,
      parents.filter((parent) => parent.account === account).map(({ parentOrderId }) => parentOrderId),
    );
    if (!waits) ctx.later([wake(BenchmarksDue, account, { account }, ctx.now)]);
  }
}
