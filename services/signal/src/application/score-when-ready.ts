import { packRows, type InboxContext, type PackCache, type PackStore } from '@ballast/platform';
import { chunkFacts, NO_VIEW, type ScoresRef } from '../domain/chunks.js';
import { comparablePanel, STRATEGY_IDS, viewOf, type StrategyView } from '../domain/strategies.js';
import type { ScoringEntity } from '../persistence/entities/scoring.entity.js';
import { StrategyScoreEntity } from '../persistence/entities/strategy-score.entity.js';

/**
 * Computes the scores of a cycle once it is known which strategies it asks for and which pack it looks at, whichever
 * came first. Each of the two is heard once, so that the second of them is the only one that finds both.
 */
export async function scoreWhenReady(
  ctx: InboxContext<'signal'>,
  scoring: ScoringEntity,
  packs: PackStore,
  cache: PackCache,
): Promise<void> {
  const { cycleId, portfolioId, strategies, packId, pricingPackId } = scoring;
  if (strategies === null || packId === null || pricingPackId === null) return;
  const panel = comparablePanel(await cache.get(packId));
  for (const strategyId of [...new Set(strategies)].sort()) {
    const ref: ScoresRef = { cycleId, portfolioId, strategyId, pricingPackId };
    const view = viewOf(strategyId, panel);
    if (view === null) alertUnknown(ctx, ref);
    await say(ctx, ref, packId, view ?? NO_VIEW, packs);
  }
}

async function say(
  ctx: InboxContext<'signal'>,
  ref: ScoresRef,
  packId: string,
  view: StrategyView,
  packs: PackStore,
): Promise<void> {
  const { cycleId, portfolioId, strategyId, pricingPackId } = ref;
  const { volatility } = view;
  const scores = await packRows(packs, view.scores);
  const scored = view.scores.filter(({ score }) => score !== null).length;
  await ctx.tx.insert(StrategyScoreEntity, {
    cycleId,
    strategyId,
    packId,
    pricingPackId,
    scored,
    volatility,
    scoresHash: scores.hash,
    scores,
    computedAt: ctx.now,
  } as never);
  ctx.emit(chunkFacts(ref, view));
  ctx.audit({
    act: 'scores.computed',
    subject: strategyId,
    cycleId,
    portfolioId,
    detail: { pricingPackId, symbols: scores.count, scored, volatility, scoresHash: scores.hash },
  });
}

function alertUnknown(ctx: InboxContext<'signal'>, { cycleId, strategyId }: ScoresRef): void {
  ctx.alert({
    code: 'UNKNOWN_STRATEGY',
    severity: 'warning',
    message: `cycle ${cycleId} asks for the strategy "${strategyId}", which nobody knows; it has no scores`,
    numbers: { strategyId },
    nextStep: `Use some of ${STRATEGY_IDS.join(', ')}.`,
  });
}
