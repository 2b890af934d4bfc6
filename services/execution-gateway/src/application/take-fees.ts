import { fact, FeeCharged } from '@ballast/contracts';
import { addMilliseconds } from '@ballast/kernel/calendar';
import type { VenueFee } from '../messages.js';
import type { VenueAccountEntity } from '../persistence/entities/venue-account.entity.js';
import { lastFeeAt, rememberFee } from '../persistence/fees.js';
import type { ExecutionContext } from './take-news.js';

/** How far before the last fee that is known it is asked: venues book some of a day's fees days later. */
const OVERLAP_MS = 7 * 86_400_000;

type Owner = Pick<VenueAccountEntity, 'account' | 'portfolioId' | 'openedAt'>;

/** Says each fee that is new, once, by the venue's name for it. */
export async function takeFees(
  ctx: ExecutionContext,
  venue: string,
  { account, portfolioId }: Owner,
  fees: readonly VenueFee[],
): Promise<void> {
  for (const { at: bookedAt, ...fee } of fees) {
    const charged = { account, portfolioId, venue, ...fee, bookedAt };
    if (await rememberFee(ctx.tx, charged, ctx.now)) ctx.emit([fact(FeeCharged, charged)]);
  }
}

/** From when fees of an account are to be asked for. */
export async function feesFrom(ctx: ExecutionContext, { account, openedAt }: Owner): Promise<string> {
  const last = await lastFeeAt(ctx.tx, account);
  return addMilliseconds(last ?? openedAt, -OVERLAP_MS);
}
