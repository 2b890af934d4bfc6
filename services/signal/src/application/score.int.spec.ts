import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { AlertRaised, CycleOpened, ScoresComputed, SnapshotSealed, uuid5, type DataOf } from '@ballast/contracts';
import { encodePack } from '@ballast/platform';
import { benchOf, type Bench } from '@ballast/testing';
import { signal } from '../module.js';

const SYMBOLS = Array.from({ length: 1_200 }, (_, s) => `S${String(s).padStart(4, '0')}`);
const SESSIONS = 90;
const dates = Array.from({ length: SESSIONS }, (_, d) => new Date(Date.UTC(2024, 0, 1 + d)).toISOString().slice(0, 10));

let bench: Bench;
let packId: string;
beforeAll(async () => {
  bench = await benchOf(signal);
  const close = Float64Array.from(
    SYMBOLS.flatMap((_, s) => dates.map((_, d) => 20 + (s % 50) + Math.sin((d * (s + 3)) / 7))),
  );
  const all = (value: number) => new Float64Array(close.length).fill(value);
  packId = await bench.packs.put(
    encodePack({
      ...{
        symbols: SYMBOLS,
        dates,
        open: close,
        high: close,
        low: close,
        close,
        volume: all(1_000),
        adjustment: all(1),
      },
      ...{ sector: SYMBOLS.map(() => null), adv: SYMBOLS.map(() => 1_000), quality: SYMBOLS.map(() => 1) },
      ...{ source: 'test', synthetic: true, asOf: dates.at(-1)! },
    }),
  );
});
afterAll(() => bench.close());

const opened = (cycleId: string, strategies: string[]): DataOf<typeof CycleOpened> => ({
  ...{ cycleId, portfolioId: 'main', trigger: 'operator', asOf: dates.at(-1)!, mode: 'paper', strategies, seed: 1 },
  ...{ patternId: 'daily-rebalance', universe: { universeId: 'default' }, configHash: 'a'.repeat(64) },
  tradeSession: { date: '2024-04-01', open: '2024-04-01T13:30:00.000Z', close: '2024-04-01T20:00:00.000Z' },
  deadlines: { decideBy: '2024-04-01T14:00:00.000Z', completeBy: '2024-04-01T21:00:00.000Z' },
  openedAt: '2024-03-31T20:00:00.000Z',
});
const sealed = (cycleId: string): DataOf<typeof SnapshotSealed> => ({
  ...{
    cycleId,
    portfolioId: 'main',
    universeId: 'default',
    asOf: dates.at(-1)!,
    packId,
    pricingPackId: 'b'.repeat(64),
  },
  ...{ symbols: SYMBOLS.length, sessions: SESSIONS, marks: { count: SYMBOLS.length, hash: 'c'.repeat(64) } },
  regime: { trend: 'unknown', volatility: 'unknown', trendScore: null, realisedVolatility: null },
  quality: { average: 1, lowest: 1, below: [] },
  staleness: { lastSession: dates.at(-1)!, sessionsBehind: 0 },
  source: { name: 'test', synthetic: true },
  sealedAt: '2024-03-31T20:00:00.000Z',
});
const saidOf = async (cycleId: string) => (await bench.said(ScoresComputed)).filter((each) => each.cycleId === cycleId);

describe('scores', () => {
  const [first, second, third] = [uuid5('first'), uuid5('second'), uuid5('third')];
  const strategies = ['momentum', 'low-volatility', 'mean-reversion'];

  it('are said once both halves were heard, a chunk a thousand symbols', async () => {
    await bench.hear(CycleOpened, opened(first, strategies));
    expect(await saidOf(first)).toEqual([]);
    await bench.hear(SnapshotSealed, sealed(first));
    const said = await saidOf(first);
    expect(said.map(({ strategyId, chunk, chunks, scores }) => [strategyId, chunk, chunks, scores.length])).toEqual([
      ['low-volatility', 0, 2, 1_000],
      ['low-volatility', 1, 2, 200],
      ['mean-reversion', 0, 2, 1_000],
      ['mean-reversion', 1, 2, 200],
      ['momentum', 0, 2, 1_000],
      ['momentum', 1, 2, 200],
    ]);
    expect(said[0]!.scores[0]).toEqual({ symbol: 'S0000', score: expect.any(Number) });
    expect(said[0]!.volatility).toBeGreaterThan(0);
    // 90 sessions are too few for 12-1 momentum, and nothing is made up for them.
    expect(said[4]).toMatchObject({
      volatility: null,
      scores: expect.arrayContaining([{ symbol: 'S0000', score: null, reason: 'INSUFFICIENT_HISTORY' }]),
    });
    expect((await bench.audited()).filter((act) => act === 'scores.computed')).toHaveLength(3);
  });

  it('are the same whichever half comes first', async () => {
    await bench.hear(SnapshotSealed, sealed(second));
    await bench.hear(CycleOpened, opened(second, strategies));
    const told = (cycleId: string) => async () => (await saidOf(cycleId)).map((each) => ({ ...each, cycleId: '' }));
    expect(await told(second)()).toEqual(await told(first)());
  });

  it('are none for a strategy that nobody knows, and a person is told', async () => {
    await bench.hear(CycleOpened, opened(third, ['hope']));
    await bench.hear(SnapshotSealed, sealed(third));
    expect(await saidOf(third)).toMatchObject([
      { strategyId: 'hope', chunk: 0, chunks: 1, volatility: null, scores: [] },
    ]);
    expect(await bench.said(AlertRaised.signal)).toMatchObject([
      { code: 'UNKNOWN_STRATEGY', numbers: { strategyId: 'hope' } },
    ]);
  });

  it('can be asked for, as a whole and of one symbol', async () => {
    const { body } = await bench.get(`/api/v1/signals/${first}`);
    const { body: again } = await bench.get(`/api/v1/signals/${second}`);
    const hashes = (answer: unknown) =>
      (answer as { strategies: { scoresHash: string }[] }).strategies.map((each) => each.scoresHash);
    expect(body).toMatchObject({
      packId,
      strategies: [{ strategyId: 'low-volatility', symbols: 1_200, scored: 1_200 }, {}, { scored: 0 }],
    });
    expect(hashes(again)).toEqual(hashes(body));
    const one = (await bench.get(`/api/v1/signals/${first}?symbol=S0007`)).body;
    expect(one).toMatchObject({
      symbol: 'S0007',
      strategies: [{ score: { score: expect.any(Number), rank: expect.any(Number) } }, {}, { score: { rank: null } }],
    });
    expect((await bench.get(`/api/v1/signals/${first}?symbol=NOPE`)).body).toMatchObject({
      strategies: [{ score: null }, {}, {}],
    });
    expect(await bench.get(`/api/v1/signals/${uuid5('none')}`)).toMatchObject({
      status: 404,
      body: { code: 'SCORES_NOT_FOUND' },
    });
  });
});
