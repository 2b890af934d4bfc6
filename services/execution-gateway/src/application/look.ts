import { uuid5, wake } from '@ballast/contracts';
import { addMilliseconds } from '@ballast/kernel/calendar';
import type { ExecutionConfig } from '../config.js';
import { askBooks, type Pace, type Watch } from '../domain/watch.js';
import { LookDue } from '../messages.js';
import { saveWatch, watchBy } from '../persistence/watch.js';
import type { ExecutionContext } from './take-news.js';

/** How often this gateway looks at accounts. */
export const paceOf = ({
  EXECUTION_RECONCILE_WORKING_SECONDS: working,
  EXECUTION_RECONCILE_IDLE_SECONDS: idle,
}: ExecutionConfig): Pace => ({ workingMs: working * 1_000, idleMs: idle === 0 ? null : idle * 1_000 });

/** Looks at the venue's books of an account now, unless that is under way. */
export async function beginLook(ctx: ExecutionContext, account: string): Promise<void> {
  const watch = await watchBy(ctx.tx, account);
  if (watch?.lookId !== null) return;
  const reconciliationId = uuid5('reconciliation', account, 'watch', ctx.cause.id);
  await saveWatch(ctx.tx, account, { lookId: reconciliationId, nextLookAt: null });
  const { portfolioId } = watch;
  ctx.later([askBooks({ reconciliationId, account, portfolioId, cycleId: null, purpose: 'watch' }, ctx.now)]);
}

/** Sets the timer of the next look; the one that was set before is passed over when it fires. */
export async function lookAt(ctx: ExecutionContext, account: string, dueAt: string | null): Promise<void> {
  await saveWatch(ctx.tx, account, { nextLookAt: dueAt });
  if (dueAt !== null) ctx.later([wake(LookDue, account, { account, dueAt }, dueAt)]);
}

/** Orders have left: the account is looked at as one that has some open. */
export async function lookSoon(ctx: ExecutionContext, watch: Watch | null, pace: Pace): Promise<void> {
  if (!watch || watch.lookId !== null) return;
  const soon = addMilliseconds(ctx.now, pace.workingMs);
  if (watch.nextLookAt === null || watch.nextLookAt > soon) await lookAt(ctx, watch.account, soon);
}
