import {
  CycleOpened,
  hashOf,
  LedgerPosted,
  OrderRequested,
  PlanProposed,
  PositionValued,
  SnapshotSealed,
  uuid5,
  type DataOf,
  type FlattenRequested,
  type HaltRaised,
  type Mark,
  type Position,
  type Rows,
  type Trade,
} from '@ballast/contracts';

/** Rows that travel inside their event. */
export const inline = <T>(rows: T[]) => ({ count: rows.length, hash: hashOf(rows), inline: rows }) satisfies Rows<T>;

export const cycle = (n: number): string => uuid5('spec', 'cycle', n);

export const CLOSE = '2024-03-04T21:00:00.000Z';

export const openedFact = (n: number): DataOf<typeof CycleOpened> => ({
  ...{
    cycleId: cycle(n),
    portfolioId: 'main',
    trigger: 'operator',
    asOf: '2024-03-01',
    mode: 'paper',
    patternId: 'daily',
  },
  ...{ seed: 1, universe: { universeId: 'all' }, strategies: ['momentum'], configHash: hashOf('config') },
  tradeSession: { date: '2024-03-04', open: '2024-03-04T14:30:00.000Z', close: CLOSE },
  deadlines: { decideBy: '2024-03-04T15:30:00.000Z', completeBy: CLOSE },
  openedAt: '2024-03-04T15:00:00.000Z',
});

export const markOf = (symbol: string, price = '10'): Mark => ({
  ...{ symbol, price, exchange: 'XNYS', sector: 'Tech', adv: '1000000', quality: 1 },
});

/** A snapshot of three names at 10, all of one sector, unless told otherwise. */
export const sealedFact = (
  n: number,
  marks: DataOf<typeof SnapshotSealed>['marks'] = inline(['AAA', 'BBB', 'CCC'].map((s) => markOf(s))),
) =>
  ({
    ...{ cycleId: cycle(n), portfolioId: 'main', universeId: 'all', asOf: '2024-03-01', marks, symbols: marks.count },
    ...{ packId: hashOf('pack'), pricingPackId: hashOf(['pack', n]), sessions: 300 },
    regime: { trend: 'unknown', volatility: 'unknown', trendScore: null, realisedVolatility: null },
    quality: { average: 1, lowest: 1, below: [] },
    staleness: { lastSession: '2024-03-01', sessionsBehind: 0 },
    source: { name: 'spec', synthetic: true },
    sealedAt: '2024-03-04T15:00:00.000Z',
  }) satisfies DataOf<typeof SnapshotSealed>;

/** A book of 100,000 that holds what is given, at 10 a share. */
export function valuedFact(n: number, held: Record<string, string> = {}): DataOf<typeof PositionValued> {
  const positions = Object.entries(held).map(([symbol, quantity]): Position => ({
    ...{ symbol, quantity, averageCost: '10', price: '10', unrealised: '0' },
    marketValue: String(Number(quantity) * 10),
  }));
  return {
    ...{ cycleId: cycle(n), portfolioId: 'main', account: 'main', asOf: '2024-03-01', cash: '50000', equity: '100000' },
    ...{
      positions: inline(positions),
      unpriced: [],
      working: inline([]),
      ledgerSequence: n,
      ledgerCommitHash: hashOf(n),
    },
  };
}

export const postedFact = (n: number, sequence: number, held: Record<string, string>): DataOf<typeof LedgerPosted> => ({
  ...{
    portfolioId: 'main',
    cycleId: cycle(n),
    fromSequence: 1,
    toSequence: sequence,
    ledgerCommitHash: hashOf(sequence),
  },
  ...{ cash: '80000', realised: '0', fees: '0' },
  positions: inline(Object.entries(held).map(([symbol, quantity]) => ({ symbol, quantity, averageCost: '10' }))),
});

export const tradeOf = (symbol: string, side: Trade['side'], quantity: string): Trade => ({
  ...{ symbol, exchange: 'XNYS', side, quantity, referencePrice: '10', contributors: [] },
  notional: String(Number(quantity) * 10),
});

export const planFact = (n: number, trades: DataOf<typeof PlanProposed>['trades']): DataOf<typeof PlanProposed> => ({
  ...{ cycleId: cycle(n), portfolioId: 'main', pricingPackId: hashOf(['pack', n]), planHash: hashOf(['plan', n]) },
  ...{
    method: 'equal_weight',
    strategies: [],
    excluded: [],
    residualCash: '0',
    infeasibleCap: false,
    equity: '100000',
  },
  ...{ targets: inline([]), trades },
});

export const wishFact = (
  n: number,
  symbol: string,
  side: Trade['side'],
  quantity: string,
): DataOf<typeof OrderRequested> => ({
  ...{
    requestId: uuid5('spec', 'request', n),
    portfolioId: 'main',
    symbol,
    side,
    quantity,
    notional: null,
    by: 'ada',
    reason: 'a test',
  },
});

export const flattenFact = (n: number, haltEpoch: number): DataOf<typeof FlattenRequested> => ({
  ...{ requestId: uuid5('spec', 'flatten', n), portfolioId: 'main', haltEpoch, by: 'ada', reason: 'a test' },
});

export const haltFact = (epoch: number): DataOf<typeof HaltRaised> => ({
  ...{ account: 'main', epoch, by: 'ada', reason: 'a test', door: 'http', at: '2024-03-04T15:00:00.000Z' },
});
