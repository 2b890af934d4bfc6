import type { DataOf, FeeCharged } from '@ballast/contracts';
import { compareText } from '@ballast/kernel/ordering';

/** A fee as the book keeps it; `amount` is what it takes from the cash, `bookedAt` the venue's time. */
export type Fee = Pick<
  DataOf<typeof FeeCharged>,
  'venue' | 'activityId' | 'portfolioId' | 'code' | 'amount' | 'date' | 'description' | 'bookedAt'
>;

/** Of a fact, what the book keeps of it. */
export function feeOf(data: DataOf<typeof FeeCharged>): Fee {
  const { venue, activityId, portfolioId, code, amount, date, description, bookedAt } = data;
  return { venue, activityId, portfolioId, code, amount, date, description, bookedAt };
}

/** Fees in the one order in which a ledger takes them: venue time, activity id, venue. */
export function inBookedOrder(fees: readonly Fee[]): Fee[] {
  return [...fees].sort(
    (a, b) =>
      compareText(a.bookedAt, b.bookedAt) || compareText(a.activityId, b.activityId) || compareText(a.venue, b.venue),
  );
}
