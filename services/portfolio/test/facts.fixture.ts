import {
  FeeCharged,
  hashOf,
  OrderFilled,
  ReconciliationCompleted,
  SnapshotSealed,
  uuid5,
  type DataOf,
  type Mark,
  type Rows,
} from '@ballast/contracts';

/** A name that looks like an order's, told apart by a number. */
export const orderName = (n: number): string => n.toString(16).padStart(32, '0');

/** Rows that travel inside their event. */
export const inline = <T>(rows: T[]) => ({ count: rows.length, hash: hashOf(rows), inline: rows }) satisfies Rows<T>;

export const cycle = (n: number): string => uuid5('spec', 'cycle', n);

type Filled = DataOf<typeof OrderFilled>;

/** What the gateway says of a fill of book `main`; ten AAA at 5 unless told otherwise. */
export function filledFact(executionId: string, order: number, more: Partial<Filled> = {}): Filled {
  return {
    ...{ cycleId: cycle(1), portfolioId: 'main', account: 'main', parentOrderId: uuid5('spec', 'parent', order) },
    ...{
      symbol: 'AAA',
      side: 'buy',
      clientOrderId: orderName(order),
      slice: 0,
      attempt: 0,
      venue: 'paper',
      executionId,
    },
    ...{ quantity: '10', price: '5', fees: '0', cumulativeQuantity: '10', leavesQuantity: '0' },
    filledAt: '2024-03-04T15:00:00.000Z',
    ...more,
  };
}

/** What the gateway says of a fee of book `main`; thirty cents for the day of the fills unless told otherwise. */
export const feeFact = (
  activityId: string,
  more: Partial<DataOf<typeof FeeCharged>> = {},
): DataOf<typeof FeeCharged> => ({
  ...{ account: 'main', portfolioId: 'main', venue: 'paper', activityId, code: 'TAF', amount: '0.3' },
  ...{ date: '2024-03-04', description: 'trading activity fee', bookedAt: '2024-03-04T21:00:00.000Z' },
  ...more,
});

export const submittedFact = (order: number, quantity: string, more: Partial<Filled> = {}) => {
  const {
    venue: _v,
    executionId: _e,
    price: _p,
    fees: _f,
    cumulativeQuantity: _c,
    leavesQuantity: _l,
    filledAt: _a,
    ...ref
  } = filledFact('none', order, more);
  return {
    ...{ ...ref, quantity, orderType: 'market' as const, timeInForce: 'day' as const },
    ...{ limitPrice: null, approvedHash: hashOf('approved') },
  };
};

export const reconciledFact = (n: number, portfolioId = 'main'): DataOf<typeof ReconciliationCompleted> => ({
  ...{ reconciliationId: uuid5('spec', 'reconciliation', n, portfolioId), account: portfolioId, portfolioId },
  ...{ cycleId: cycle(n), fills: 0, status: 'green', breaks: [], at: '2024-03-04T21:00:00.000Z' },
});

export function sealedFact(
  n: number,
  prices: Record<string, string>,
  portfolioId = 'main',
): DataOf<typeof SnapshotSealed> {
  const marks = Object.entries(prices).map(([symbol, price]): Mark => ({
    symbol,
    price,
    exchange: 'XNYS',
    sector: null,
    adv: '1000000',
    quality: 1,
  }));
  return {
    ...{ cycleId: cycle(n), portfolioId, universeId: 'all', asOf: '2024-03-01', marks: inline(marks) },
    ...{ packId: hashOf('pack'), pricingPackId: hashOf(['pack', n]), symbols: marks.length, sessions: 300 },
    regime: { trend: 'unknown', volatility: 'unknown', trendScore: null, realisedVolatility: null },
    quality: { average: 1, lowest: 1, below: [] },
    staleness: { lastSession: '2024-03-01', sessionsBehind: 0 },
    source: { name: 'spec', synthetic: true },
    sealedAt: `2024-03-04T1${n}:00:00.000Z`,
  };
}
