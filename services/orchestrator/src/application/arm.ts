import { wake } from '@ballast/contracts';
import type { InboxContext } from '@ballast/platform';
import { nextSlot } from '../domain/schedule.js';
import { ScheduleDue } from '../messages.js';
import { ScheduleEntity } from '../persistence/entities/schedule.entity.js';

/** Sets the timer of the next slot, and keeps which one it is. */
export async function arm(ctx: InboxContext<'orchestrator'>, portfolioId: string): Promise<void> {
  const slot = { portfolioId, ...nextSlot(ctx.now) };
  await ctx.tx.upsert(ScheduleEntity, slot, ['portfolioId']);
  ctx.later([wake(ScheduleDue, portfolioId, slot, slot.dueAt)]);
}
