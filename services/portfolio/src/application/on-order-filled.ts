import { OrderFilled } from '@ballast/contracts';
import { decimal, formatDecimal } from '@ballast/kernel/money';
import { Fault, On, PACKS, type InboxContext, type PackStore } from '@ballast/platform';
import { Controller, Inject } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { fillOf, type Fill } from '../domain/fill.js';
import { applyFills, cashChange } from '../domain/position.js';
import { filled } from '../domain/working-order.js';
import { commitAwaited } from './commit-ledger.js';
import {
  beforeFill,
  pendingFills,
  rememberFill,
  saveFilledPosition,
  saveOrder,
  type BeforeFill,
} from '../persistence/queries.js';

/** Something was bought or sold: position and cash move at once; the ledger takes it after the reconciliation. */
@Controller()
export class OnOrderFilled {
  constructor(@Inject(PACKS) private readonly packs: PackStore) {}

  @On(OrderFilled)
  async handle(@Payload() event: OrderFilled, @Ctx() ctx: InboxContext<'portfolio'>): Promise<void> {
    const fill = fillOf(event.data);
    const before = await beforeFill(ctx.tx, fill);
    if (!before.isOpen) {
      throw new Fault(
        'BOOK_UNKNOWN',
        `a fill of ${fill.symbol} came for book "${fill.portfolioId}", which is not open; open it, then replay the message`,
      );
    }
    if (!(await rememberFill(ctx.tx, fill))) return;
    await movePosition(ctx, before, fill);
    saveOrder(ctx, filled(before.order, event.data));
    if (before.awaited) await commitAwaited(ctx, this.packs, fill.portfolioId);
  }
}

/** Works the position out again from the ledger's with all fills since, in the ledger's order. */
async function movePosition(ctx: InboxContext<'portfolio'>, before: BeforeFill, fill: Fill): Promise<void> {
  const { portfolioId, symbol } = fill;
  const { holding, realised } = applyFills(symbol, before.posted, await pendingFills(ctx.tx, portfolioId, symbol));
  saveFilledPosition(
    ctx,
    fill,
    { ...holding, pendingRealised: formatDecimal(realised) },
    {
      cash: formatDecimal(cashChange(fill)),
      realised: formatDecimal(realised.minus(decimal(before.pendingRealised))),
      fees: fill.fees,
    },
  );
}
