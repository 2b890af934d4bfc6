import { FeeCharged } from '@ballast/contracts';
import { Fault, On, PACKS, type InboxContext, type PackStore } from '@ballast/platform';
import { Controller, Inject } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { feeOf } from '../domain/fee.js';
import { chargeFee, rememberFee } from '../persistence/fees.js';
import { findAccount } from '../persistence/queries.js';
import { commitAwaited } from './commit-ledger.js';

/** The venue booked a fee: cash moves at once; the ledger takes it after the next reconciliation, as it takes fills. */
@Controller()
export class OnFeeCharged {
  constructor(@Inject(PACKS) private readonly packs: PackStore) {}

  @On(FeeCharged)
  async handle(@Payload() event: FeeCharged, @Ctx() ctx: InboxContext<'portfolio'>): Promise<void> {
    const fee = feeOf(event.data);
    if (!(await findAccount(ctx.tx, fee.portfolioId))) {
      throw new Fault(
        'BOOK_UNKNOWN',
        `a fee of ${fee.amount} came for book "${fee.portfolioId}", which is not open; open it, then replay the message`,
      );
    }
    if (!(await rememberFee(ctx.tx, fee))) return;
    await chargeFee(ctx.tx, fee);
    await commitAwaited(ctx, this.packs, fee.portfolioId);
  }
}
