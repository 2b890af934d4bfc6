import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  CycleOpened,
  PlanDeclined,
  PlanProposed,
  PositionValued,
  ScoresComputed,
  SnapshotSealed,
  uuid5,
  type DataOf,
} from '@ballast/contracts';
import { packRows } from '@ballast/platform';
import { benchOf, type Bench } from '@ballast/testing';
import { allocator } from '../module.js';

const HASH = 'a'.repeat(64);
const symbols = ['AAPL', 'MSFT', 'XOM'];

let bench: Bench;
beforeAll(async () => {
  bench = await benchOf(allocator, { env: { ALLOCATOR_NAMES_PER_STRATEGY: '2' } });
});
afterAll(() => bench.close());

const opened = (cycleId: string): DataOf<typeof CycleOpened> => ({
  cycleId,
  portfolioId: 'main',
  trigger: 'operator',
  asOf: '2024-03-01',
  mode: 'paper',
  patternId: 'daily-rebalance',
  seed: 1,
  universe: { universeId: 'default' },
  strategies: ['momentum', 'low-volatility'],
  configHash: HASH,
  tradeSession: { date: '2024-03-04', open: '2024-03-04T14:30:00.000Z', close: '2024-03-04T21:00:00.000Z' },
  deadlines: { decideBy: '2024-03-04T15:10:00.000Z', completeBy: '2024-03-04T21:30:00.000Z' },
  openedAt: '2024-03-04T15:00:00.000Z',
});

const sealed = async (cycleId: string): Promise<DataOf<typeof SnapshotSealed>> => ({
  cycleId,
  portfolioId: 'main',
  universeId: 'default',
  asOf: '2024-03-01',
  packId: HASH,
  pricingPackId: HASH,
  symbols: 3,
  sessions: 300,
  marks: (await packRows(
    bench.packs,
    symbols.map((symbol) => ({
      symbol,
      exchange: 'NYSE',
      price: '100',
      sector: 'Technology',
      adv: '1000000',
      quality: 1,
    })),
  )) as never,
  regime: { trend: 'up', volatility: 'normal', trendScore: 0.1, realisedVolatility: 0.15 },
  quality: { average: 1, lowest: 1, below: [] },
  staleness: { lastSession: '2024-03-01', sessionsBehind: 0 },
  source: { name: 'spec', synthetic: true },
  sealedAt: '2024-03-04T15:00:00.000Z',
});

const valued = async (cycleId: string, equity: string): Promise<DataOf<typeof PositionValued>> => ({
  cycleId,
  portfolioId: 'main',
  account: 'main',
  asOf: '2024-03-01',
  cash: equity,
  equity,
  positions: (await packRows(bench.packs, [])) as never,
  unpriced: [],
  working: (await packRows(bench.packs, [])) as never,
  ledgerSequence: 1,
  ledgerCommitHash: HASH,
});

const scored = (
  cycleId: string,
  strategyId: string,
  scores: readonly (number | null)[],
): DataOf<typeof ScoresComputed> => ({
  cycleId,
  portfolioId: 'main',
  strategyId,
  pricingPackId: HASH,
  chunk: 0,
  chunks: 1,
  volatility: 0.2,
  scores: symbols.map((symbol, i) => ({ symbol, score: scores[i] ?? null })),
});

/** What the bench hears of a cycle, one thunk a message, so that a spec can choose the order. */
const parts = (cycleId: string, equity = '100000', scores: (number | null)[] = [2, 1, 0]) => [
  () => bench.hear(CycleOpened, opened(cycleId)),
  async () => bench.hear(SnapshotSealed, await sealed(cycleId)),
  async () => bench.hear(PositionValued, await valued(cycleId, equity)),
  () => bench.hear(ScoresComputed, scored(cycleId, 'momentum', scores)),
  () => bench.hear(ScoresComputed, scored(cycleId, 'low-volatility', scores)),
];

describe('a rebalance', () => {
  it('proposes one plan once its last part is there, whichever that is', async () => {
    const plans: DataOf<typeof PlanProposed>[] = [];
    for (const [i, order] of [
      [0, 1, 2, 3, 4],
      [4, 3, 2, 1, 0],
      [2, 0, 4, 1, 3],
    ].entries()) {
      const cycle = parts(uuid5('order', i));
      for (const part of order) expect((await cycle[part]!()).status).toBe('handled');
      plans.push((await bench.said(PlanProposed)).at(-1)!);
      expect(await bench.said(PlanProposed)).toHaveLength(i + 1);
    }
    const withoutNames = plans.map(({ cycleId: _, planHash: __, ...rest }) => rest);
    expect(withoutNames[1]).toEqual(withoutNames[0]);
    expect(withoutNames[2]).toEqual(withoutNames[0]);
    expect(plans[0]).toMatchObject({
      method: 'inverse_volatility',
      infeasibleCap: true,
      residualCash: '0.216',
      strategies: [
        { strategyId: 'low-volatility', weight: '0.4' },
        { strategyId: 'momentum', weight: '0.4' },
      ],
    });
    expect(plans[0]!.trades.inline?.map(({ symbol, side, quantity }) => `${side} ${quantity} ${symbol}`)).toEqual([
      'buy 392 AAPL',
      'buy 392 MSFT',
    ]);
    expect(await bench.audited()).toContain('plan.proposed');
  });

  it('declines where no strategy has a score or there is no equity, and says why', async () => {
    for (const part of parts(uuid5('no scores'), '100000', [null, null, null])) await part();
    for (const part of parts(uuid5('no equity'), '0')) await part();
    expect((await bench.said(PlanDeclined)).map(({ code }) => code)).toEqual(['NO_SCORES', 'NO_EQUITY']);
  });

  it('answers which plan a cycle led to, and what to do where there is none', async () => {
    expect(await bench.get(`/api/v1/plans/${uuid5('order', 0)}`)).toMatchObject({
      status: 200,
      body: { portfolioId: 'main' },
    });
    expect(await bench.get(`/api/v1/plans/${uuid5('nobody')}`)).toMatchObject({
      status: 404,
      body: { code: 'PLAN_NOT_FOUND', nextStep: expect.stringContaining('ballast cycle get') },
    });
  });
});
