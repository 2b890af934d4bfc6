import {
  CycleOpened,
  hashOf,
  OrderFilled,
  PlanProposed,
  ReconciliationCompleted,
  uuid5,
  type DataOf,
  type Rows,
  type Trade,
} from '@ballast/contracts';

/** Rows that travel inside their event. */
export const inline = <T>(rows: T[]) => ({ count: rows.length, hash: hashOf(rows), inline: rows }) satisfies Rows<T>;

export const cycle = (n: number): string => uuid5('spec', 'cycle', n);

type Filled = DataOf<typeof OrderFilled>;

/** What the gateway says of a fill of book `main`; ten AAA at 5 unless told otherwise. Each is an order of its own. */
export function filledFact(executionId: string, more: Partial<Filled> = {}): Filled {
  return {
    ...{ cycleId: cycle(1), portfolioId: 'main', account: 'main', parentOrderId: uuid5('spec', 'parent', executionId) },
    ...{ symbol: 'AAA', side: 'buy', clientOrderId: hashOf(executionId).slice(0, 32), slice: 0, attempt: 0 },
    ...{ venue: 'paper', executionId, quantity: '10', price: '5', fees: '0' },
    ...{ cumulativeQuantity: '10', leavesQuantity: '0', filledAt: '2024-03-04T15:00:00.000Z' },
    ...more,
  };
}

export const reconciledFact = (n: number): DataOf<typeof ReconciliationCompleted> => ({
  ...{
    reconciliationId: uuid5('spec', 'reconciliation', n),
    account: 'main',
    portfolioId: 'main',
    cycleId: cycle(n),
    fills: 0,
  },
  ...{ status: 'green', breaks: [], at: '2024-03-04T21:00:00.000Z' },
});

export const openedFact = (n: number, date: string): DataOf<typeof CycleOpened> => ({
  ...{
    cycleId: cycle(n),
    portfolioId: 'main',
    trigger: 'operator',
    asOf: date,
    mode: 'paper',
    patternId: 'daily',
    seed: 1,
  },
  ...{ universe: { universeId: 'all' }, strategies: ['momentum'], configHash: hashOf('config') },
  tradeSession: { date, open: `${date}T14:30:00.000Z`, close: `${date}T21:00:00.000Z` },
  deadlines: { decideBy: `${date}T14:25:00.000Z`, completeBy: `${date}T21:00:00.000Z` },
  openedAt: `${date}T14:00:00.000Z`,
});

export function planFact(
  n: number,
  sells: Record<string, [quantity: string, price: string]>,
): DataOf<typeof PlanProposed> {
  const trades = Object.entries(sells).map(([symbol, [quantity, referencePrice]]): Trade => ({
    ...{ symbol, exchange: 'XNYS', side: 'sell', quantity, referencePrice, contributors: [] },
    notional: String(Number(quantity) * Number(referencePrice)),
  }));
  return {
    ...{ cycleId: cycle(n), portfolioId: 'main', pricingPackId: hashOf('pack'), planHash: hashOf(['plan', n]) },
    ...{
      method: 'equal_weight',
      strategies: [],
      excluded: [],
      residualCash: '0',
      infeasibleCap: false,
      equity: '1000',
    },
    ...{ targets: inline([]), trades: inline(trades) },
  };
}
