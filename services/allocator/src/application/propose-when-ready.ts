import { Mark, Position, Target, Trade, WorkingOrder } from '@ballast/contracts';
import { packRows, unpackRows, type InboxContext, type PackStore } from '@ballast/platform';
import type { AllocatorConfig } from '../config.js';
import { planFact, propose, type Inputs, type StrategyScores } from '../domain/rebalance.js';
import type { RebalanceEntity } from '../persistence/entities/rebalance.entity.js';
import { completeScores, endRebalance, savePlan } from '../persistence/queries.js';

/**
 * Makes the plan of a cycle once its last part has come, whichever that is. The
 * parts arrive in any order, and the plan does not depend on it.
 */
export async function proposeWhenReady(
  ctx: InboxContext<'allocator'>,
  rebalance: RebalanceEntity,
  packs: PackStore,
  config: AllocatorConfig,
): Promise<void> {
  const { cycleId, portfolioId, status } = rebalance;
  if (status !== 'gathering' || !rebalance.strategies || !rebalance.snapshot || !rebalance.valuation) return;
  const strategies = await completeScores(ctx.tx, cycleId);
  if (rebalance.strategies.some((wanted) => !strategies.some((each) => each.strategyId === wanted))) return;
  const proposal = propose(await inputsOf(rebalance, strategies, packs), {
    method: config.ALLOCATOR_METHOD,
    strategyCap: Number(config.ALLOCATOR_STRATEGY_CAP),
    cashBuffer: config.ALLOCATOR_CASH_BUFFER,
    namesPerStrategy: config.ALLOCATOR_NAMES_PER_STRATEGY,
    tradeNotionalMin: config.ALLOCATOR_TRADE_NOTIONAL_USD_MIN,
  });
  if (proposal.kind === 'declined') {
    await endRebalance(ctx.tx, cycleId, 'declined');
    ctx.emit([proposal.fact]);
    ctx.audit({
      act: 'plan.declined',
      subject: cycleId,
      cycleId,
      portfolioId,
      detail: proposal.fact.data as Record<string, unknown>,
    });
    return;
  }
  const { plan } = proposal;
  const targets = await packRows<Target>(packs, plan.targets);
  const trades = await packRows<Trade>(packs, plan.trades);
  await savePlan(ctx.tx, { ...plan.data, targets: targets as never, trades: trades as never }, ctx.now);
  await endRebalance(ctx.tx, cycleId, 'proposed');
  ctx.emit([planFact(plan, targets, trades)]);
  ctx.audit({
    act: 'plan.proposed',
    subject: plan.data.planHash,
    cycleId,
    portfolioId,
    detail: {
      trades: trades.count,
      targets: targets.count,
      residualCash: plan.data.residualCash,
      excluded: plan.data.excluded,
    },
  });
}

async function inputsOf(
  rebalance: RebalanceEntity,
  strategies: readonly StrategyScores[],
  packs: PackStore,
): Promise<Inputs> {
  const { cycleId, portfolioId } = rebalance;
  const snapshot = rebalance.snapshot!;
  const valuation = rebalance.valuation!;
  return {
    cycleId,
    portfolioId,
    pricingPackId: snapshot.pricingPackId,
    equity: valuation.equity,
    strategies: strategies.filter((each) => rebalance.strategies!.includes(each.strategyId)),
    marks: await unpackRows(packs, snapshot.marks, Mark),
    positions: await unpackRows(packs, valuation.positions, Position),
    working: await unpackRows(packs, valuation.working, WorkingOrder),
  };
}
