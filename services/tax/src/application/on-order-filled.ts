import { fact, LotsUpdated, OrderFilled, type Fact } from '@ballast/contracts';
import { On, type InboxContext } from '@ballast/platform';
import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { fillOf, type Fill } from '../domain/fill.js';
import {
  changedOutcomes,
  lotChanges,
  lotRow,
  reliefRow,
  takeFills,
  type OpenLot,
  type Outcome,
} from '../domain/lots.js';
import { fillsOf, isLate, openLots, rememberFill, saveLots, saveOutcomes } from '../persistence/queries.js';

/** The most lots or pieces that a fact can list. */
const LISTED_MAX = 1_000;

/**
 * Something was bought or sold: a lot opens, or lots are relieved. A fill that is heard
 * late has its symbol worked out again, and every sale that it changed is told anew.
 */
@Controller()
export class OnOrderFilled {
  @On(OrderFilled)
  async handle(@Payload() event: OrderFilled, @Ctx() ctx: InboxContext<'tax'>): Promise<void> {
    const fill = fillOf(event.data);
    if (!(await rememberFill(ctx.tx, fill))) return;
    const before = (await openLots(ctx.tx, fill.account, [fill.symbol])).get(fill.symbol) ?? [];
    const { lots, outcomes } = await this.#take(ctx, before, fill);
    saveLots(ctx, lotChanges(before, lots));
    saveOutcomes(ctx, outcomes);
    ctx.emit(outcomes.map((outcome) => lotsUpdated(outcome, lots)));
    alertCut(ctx, fill, lots, outcomes);
  }

  async #take(ctx: InboxContext<'tax'>, before: readonly OpenLot[], fill: Fill) {
    if (!(await isLate(ctx.tx, fill))) return takeFills(before, [fill]);
    const { fills, known } = await fillsOf(ctx.tx, fill);
    const taken = takeFills([], fills);
    return { lots: taken.lots, outcomes: changedOutcomes(known, taken.outcomes) };
  }
}

const lotsUpdated = ({ fill, pieces }: Outcome, lots: readonly OpenLot[]): Fact<'tax'> =>
  fact(LotsUpdated, {
    ...{ portfolioId: fill.portfolioId, account: fill.account, symbol: fill.symbol, executionId: fill.executionId },
    lots: lots.slice(0, LISTED_MAX).map(lotRow),
    relieved: pieces.slice(0, LISTED_MAX).map(reliefRow),
  });

/** The service has every lot; a fact that cannot list them all must not pass for the whole. */
function alertCut(ctx: InboxContext<'tax'>, fill: Fill, lots: readonly OpenLot[], outcomes: readonly Outcome[]): void {
  const most = Math.max(lots.length, ...outcomes.map(({ pieces }) => pieces.length));
  if (most <= LISTED_MAX) return;
  ctx.alert({
    code: 'LOTS_LIST_CUT',
    severity: 'warning',
    message: `tax.lots.updated of ${fill.account}/${fill.symbol} lists the first ${LISTED_MAX} of ${most} rows`,
    numbers: { rows: String(most), rowsMax: String(LISTED_MAX) },
    nextStep: `read all lots with GET /api/v1/lots?book=${fill.portfolioId}&symbol=${fill.symbol}`,
  });
}
