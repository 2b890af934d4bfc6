import { Trade } from '@ballast/contracts';
import { z } from 'zod';
import type { Client, Json } from './client.js';

const Plan = z.object({
  residualCash: z.string().optional(),
  trades: z.object({ count: z.int(), inline: z.array(Trade).optional() }),
});

/** What of a plan people are shown. `trades` is null where there are too many to ride inside the answer. */
export interface PlanView {
  readonly residualCash: string | undefined;
  readonly trades: readonly Trade[] | null;
}

/** Reads the plan of a cycle; null where it has none, or where the answer has another shape. */
export async function readPlan(client: Client, cycleId: string): Promise<PlanView | null> {
  const answer: Json | null = await client.find(`/api/v1/plans/${cycleId}`);
  const plan = Plan.safeParse(answer);
  if (!plan.success) return null;
  const { residualCash, trades } = plan.data;
  return { residualCash, trades: trades.inline ?? (trades.count === 0 ? [] : null) };
}
