import type { DataOf, PlanProposed, ScoresComputed } from '@ballast/contracts';
import type { EntityManager } from 'typeorm';
import type { StrategyScores } from '../domain/rebalance.js';
import { PlanEntity } from './entities/plan.entity.js';
import { RebalanceEntity } from './entities/rebalance.entity.js';
import { ScoreChunkEntity } from './entities/score-chunk.entity.js';

/** What one message adds. */
type Part = Partial<Pick<RebalanceEntity, 'strategies' | 'snapshot' | 'valuation' | 'status'>>;

/** Adds a part to what is known of a cycle, and returns all of it; parts may come in any order. */
export async function rememberPart(
  tx: EntityManager,
  cycle: { cycleId: string; portfolioId: string },
  part: Part,
): Promise<RebalanceEntity> {
  const { cycleId, portfolioId } = cycle;
  const known = await tx.findOneBy(RebalanceEntity, { cycleId });
  const blank = {
    cycleId,
    portfolioId,
    strategies: null,
    snapshot: null,
    valuation: null,
    status: 'gathering' as const,
  };
  const rebalance = Object.assign(known ?? tx.create(RebalanceEntity, blank), part);
  if (!known || Object.keys(part).length > 0) await tx.save(RebalanceEntity, rebalance);
  return rebalance;
}

/** Keeps one chunk of scores. */
export async function rememberChunk(tx: EntityManager, data: DataOf<typeof ScoresComputed>): Promise<void> {
  const { cycleId, strategyId, chunk, chunks, volatility, scores } = data;
  await tx.insert(ScoreChunkEntity, { cycleId, strategyId, chunk, chunks, volatility, scores });
}

/** The strategies whose scores are complete. */
export async function completeScores(tx: EntityManager, cycleId: string): Promise<StrategyScores[]> {
  const rows = await tx.find(ScoreChunkEntity, { where: { cycleId }, order: { strategyId: 'ASC', chunk: 'ASC' } });
  const byStrategy = new Map<string, ScoreChunkEntity[]>();
  for (const row of rows) byStrategy.set(row.strategyId, [...(byStrategy.get(row.strategyId) ?? []), row]);
  return [...byStrategy]
    .filter(([, chunks]) => chunks.length === chunks[0]!.chunks)
    .map(([strategyId, chunks]) => ({
      strategyId,
      volatility: chunks[0]!.volatility,
      scores: chunks.flatMap((chunk) => chunk.scores),
    }));
}

/** Keeps the plan that answers for the cycle, and lets go of what it was made from. */
export async function savePlan(tx: EntityManager, plan: DataOf<typeof PlanProposed>, now: string): Promise<void> {
  const { cycleId, portfolioId, planHash } = plan;
  await tx.insert(PlanEntity, { cycleId, portfolioId, planHash, plan, proposedAt: now } as never);
}

/** Ends a rebalance; its scores are in the inbox and in the signal service, and are not kept twice. */
export async function endRebalance(
  tx: EntityManager,
  cycleId: string,
  status: RebalanceEntity['status'],
): Promise<void> {
  await tx.update(RebalanceEntity, { cycleId }, { status });
  await tx.delete(ScoreChunkEntity, { cycleId });
}
