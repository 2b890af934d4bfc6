import type { DataOf, OrderFilled } from '@ballast/contracts';
import { compareText } from '@ballast/kernel/ordering';

/** A fill as lots see it; quantities and money as decimal text, `filledAt` is the venue's time. */
export type Fill = Pick<
  DataOf<typeof OrderFilled>,
  'venue' | 'executionId' | 'portfolioId' | 'account' | 'symbol' | 'side' | 'quantity' | 'price' | 'fees' | 'filledAt'
>;

/** Of a fact, what lots need of it. */
export function fillOf(data: DataOf<typeof OrderFilled>): Fill {
  const { venue, executionId, portfolioId, account, symbol, side, quantity, price, fees, filledAt } = data;
  return { venue, executionId, portfolioId, account, symbol, side, quantity, price, fees, filledAt };
}

/** Names the lot that a buy opens, or the sale that relieves lots. */
export const fillName = ({ venue, executionId }: Pick<Fill, 'venue' | 'executionId'>): string =>
  `${venue}:${executionId}`;

type Placed = Pick<Fill, 'filledAt' | 'executionId' | 'venue'>;

/** Fills in the one order in which lots are worked out: venue time, execution id, venue. */
export const inVenueOrder = <F extends Placed>(fills: readonly F[]): F[] =>
  [...fills].sort(
    (a, b) =>
      compareText(a.filledAt, b.filledAt) || compareText(a.executionId, b.executionId) || compareText(a.venue, b.venue),
  );
