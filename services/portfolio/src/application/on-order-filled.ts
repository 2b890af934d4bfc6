import { OrderFilled } from '@ballast/contracts';
import { decimal, formatDecimal } from '@ballast/kernel/money';
import { Fault, On, PACKS, type InboxContext, type PackStore } from '@ballast/platform';
import { Controller, Inject } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { fillOf, type Fill } from '../domain/fill.js';
import { applyFills, cashChange } from '../domain/position.js';
import { filled } from '../domain/working-order.js';
import { commitLedger } from './commit-ledger.js';
import {
  beforeFill,
  countFills,
  findAccount,
  pendingFills,
  rememberFill,
  saveFilledPosition,
  saveOrder,
  takeAwaited,
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
    if (before.awaited) await this.#commitAwaited(ctx, fill.portfolioId);
  }

  /** A reconciled cycle waited for this fill: its ledger commit can be made once the last one is here. */
  async #commitAwaited(ctx: InboxContext<'portfolio'>, portfolioId: string): Promise<void> {
    for (const settled of await takeAwaited(ctx.tx, portfolioId, await countFills(ctx.tx, portfolioId))) {
      await commitLedger(ctx, this.packs, (await findAccount(ctx.tx, portfolioId))!, settled);
    }
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
