import { fact, Mark, PositionValued, SnapshotSealed, type Position, type WorkingOrder } from '@ballast/contracts';
import { On, packRows, PACKS, unpackRows, type InboxContext, type PackStore } from '@ballast/platform';
import { Controller, Inject } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { UNPRICED_MAX, valueBook, workingOrders, type Valuation } from '../domain/valuation.js';
import type { AccountEntity } from '../persistence/entities/account.entity.js';
import { findAccount, heldNames, openOrders, rememberMarks } from '../persistence/queries.js';
import { alertUnknownBook } from './alert-unknown-book.js';

/** The marks of a cycle are fixed: the book is valued at them. */
@Controller()
export class OnSnapshotSealed {
  constructor(@Inject(PACKS) private readonly packs: PackStore) {}

  @On(SnapshotSealed)
  async handle(@Payload() event: SnapshotSealed, @Ctx() ctx: InboxContext<'portfolio'>): Promise<void> {
    const { portfolioId, cycleId, asOf } = event.data;
    const account = await findAccount(ctx.tx, portfolioId);
    if (!account) return alertUnknownBook(ctx, portfolioId, `the snapshot of cycle ${cycleId}`);
    await rememberMarks(ctx.tx, event.data);
    const marks = await unpackRows(this.packs, event.data.marks, Mark);
    const valuation = valueBook(account.cash, await heldNames(ctx.tx, portfolioId), marks);
    if (valuation.unpriced.length > 0) alertUnpriced(ctx, cycleId, valuation);
    // Too many to be named one by one: the cycle must not go on with a part of the book.
    if (valuation.unpriced.length > UNPRICED_MAX) return;
    const working = workingOrders(await openOrders(ctx.tx, portfolioId));
    ctx.emit([await this.#valuedFact({ cycleId, asOf }, account, valuation, working)]);
    ctx.audit({
      ...{ act: 'position.valued', subject: cycleId, cycleId, portfolioId },
      detail: {
        ...{ cash: valuation.cash, equity: valuation.equity, positions: valuation.positions.length },
        ...{ unpriced: valuation.unpriced.length, working: working.length },
      },
    });
  }

  async #valuedFact(
    cycle: { cycleId: string; asOf: string },
    account: AccountEntity,
    valuation: Valuation,
    working: readonly WorkingOrder[],
  ) {
    const { portfolioId, ledgerSequence, ledgerHash } = account;
    const { cash, equity, unpriced } = valuation;
    return fact(PositionValued, {
      ...{ ...cycle, portfolioId, account: portfolioId, cash, equity, unpriced, ledgerSequence },
      ledgerCommitHash: ledgerHash,
      positions: (await packRows<Position>(this.packs, valuation.positions)) as never,
      working: (await packRows<WorkingOrder>(this.packs, working)) as never,
    });
  }
}

function alertUnpriced(ctx: InboxContext<'portfolio'>, cycleId: string, { unpriced, equity }: Valuation): void {
  const some = unpriced.slice(0, 10).map(({ symbol, quantity }) => `${quantity} ${symbol}`);
  ctx.alert({
    code: 'POSITION_UNPRICED',
    severity: unpriced.length > UNPRICED_MAX ? 'critical' : 'warning',
    message: `${unpriced.length} positions have no mark in cycle ${cycleId}, and equity leaves them out: ${some.join(', ')}`,
    numbers: { count: String(unpriced.length), countMax: String(UNPRICED_MAX), equityWithout: equity },
    nextStep: 'import prices for these symbols, or include them in the universe; no trade touches them until then',
  });
}
