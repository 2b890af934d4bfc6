import { fact, ImpactAssessed, Trade, type DataOf, type Relief } from '@ballast/contracts';
import { packRows, unpackRows, type InboxContext, type PackStore } from '@ballast/platform';
import { assessImpact } from '../domain/impact.js';
import type { ImpactEntity } from '../persistence/entities/impact.entity.js';
import { openLots, rememberPart } from '../persistence/queries.js';

/** The most warnings that a fact can list. */
const WARNINGS_MAX = 1_000;

/** Says what a plan's sells would realise, once the plan and the session it would trade in are known. */
export async function assessWhenReady(ctx: InboxContext<'tax'>, known: ImpactEntity, packs: PackStore): Promise<void> {
  const { cycleId, portfolioId, plan, tradeDate } = known;
  if (!plan || !tradeDate || known.impact) return;
  const trades = await unpackRows(packs, plan.trades, Trade);
  const sold = trades.filter(({ side }) => side === 'sell').map(({ symbol }) => symbol);
  const { relief, totals, warnings } = assessImpact(trades, await openLots(ctx.tx, portfolioId, sold), tradeDate);
  const impact: DataOf<typeof ImpactAssessed> = {
    ...{ cycleId, portfolioId, planHash: plan.planHash, method: 'fifo', totals, washSales: 'not_assessed' },
    relief: (await packRows<Relief>(packs, relief)) as never,
    warnings: warnings.slice(0, WARNINGS_MAX),
  };
  await rememberPart(ctx.tx, known, { impact, plan: null, assessedAt: ctx.now });
  ctx.emit([fact(ImpactAssessed, impact)]);
  ctx.audit({
    ...{ act: 'impact.assessed', subject: plan.planHash, cycleId, portfolioId },
    detail: { ...totals, sells: sold.length, pieces: relief.length, warnings: warnings.length, tradeDate },
  });
}
