import type { DataOf, OrderFilled } from '@ballast/contracts';
import { compareText } from '@ballast/kernel/ordering';

/** A fill as the book keeps it; quantities and money as decimal text, `filledAt` is the venue's time. */
export type Fill = Pick<
  DataOf<typeof OrderFilled>,
  | 'venue'
  | 'executionId'
  | 'clientOrderId'
  | 'parentOrderId'
  | 'cycleId'
  | 'portfolioId'
  | 'symbol'
  | 'side'
  | 'quantity'
  | 'price'
  | 'fees'
  | 'filledAt'
>;

/** Of a fact, what the book keeps of it. */
export function fillOf(data: DataOf<typeof OrderFilled>): Fill {
  const { venue, executionId, clientOrderId, parentOrderId, cycleId, portfolioId } = data;
  const { symbol, side, quantity, price, fees, filledAt } = data;
  return {
    ...{ venue, executionId, clientOrderId, parentOrderId, cycleId, portfolioId },
    ...{ symbol, side, quantity, price, fees, filledAt },
  };
}

/** Fills in the one order in which a ledger takes them: venue time, execution id, venue. */
export function inVenueOrder<F extends Pick<Fill, 'filledAt' | 'executionId' | 'venue'>>(fills: readonly F[]): F[] {
  return [...fills].sort(
    (a, b) =>
      compareText(a.filledAt, b.filledAt) || compareText(a.executionId, b.executionId) || compareText(a.venue, b.venue),
  );
}
