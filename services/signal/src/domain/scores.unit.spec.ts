import { describe, expect, it } from '@jest/globals';
import { ScoresComputed } from '@ballast/contracts';
import type { Score } from '@ballast/kernel/features';
import { chunkFacts, NO_VIEW } from './chunks.js';
import { comparablePanel, STRATEGY_IDS, viewOf } from './strategies.js';

const SESSIONS = 300;

/** Closes that drift at a pace of their own and sway, so that every strategy has something to tell apart. */
function pack(drifts: Record<string, number>) {
  const symbols = Object.keys(drifts).sort();
  const dates = Array.from({ length: SESSIONS }, (_, d) => `day ${String(d).padStart(3, '0')}`);
  const close = Float64Array.from(
    symbols.flatMap((symbol, s) =>
      dates.map((_, d) => 50 * Math.exp(drifts[symbol]! * d + 0.01 * (s + 1) * Math.sin(d * (s + 2)))),
    ),
  );
  const whole = new Float64Array(close.length).fill(1);
  return { symbols, dates, close, volume: whole.map(() => 1_000), adjustment: whole };
}
const PACK = pack({ DOWN: -0.002, FLAT: 0, UP: 0.002, YOUNG: 0.001 });
PACK.close.fill(Number.NaN, 3 * SESSIONS, 3 * SESSIONS + 200);

const scoreOf = (scores: readonly Score[], symbol: string) => scores.find((each) => each.symbol === symbol)!.score;

describe('the view of a strategy', () => {
  it.each(STRATEGY_IDS.map((id) => [id]))(
    'of %s scores each symbol of the pack in its order, rounded, the same each time',
    (id) => {
      const view = viewOf(id, comparablePanel(PACK))!;
      expect(view.scores.map(({ symbol }) => symbol)).toEqual(PACK.symbols);
      for (const { score } of view.scores) {
        if (score !== null) expect(Math.round(score * 1e9) / 1e9).toBe(score);
      }
      expect(view.volatility).toBeGreaterThan(0);
      expect(viewOf(id, comparablePanel(PACK))).toEqual(view);
    },
  );

  it('of momentum likes what rose and says where history is missing', () => {
    const { scores } = viewOf('momentum', comparablePanel(PACK))!;
    expect(scoreOf(scores, 'UP')).toBeGreaterThan(scoreOf(scores, 'FLAT')!);
    expect(scoreOf(scores, 'FLAT')).toBeGreaterThan(scoreOf(scores, 'DOWN')!);
    expect(scores[3]).toEqual({ symbol: 'YOUNG', score: null, reason: 'INSUFFICIENT_HISTORY' });
  });

  it('of low volatility likes what sways least', () => {
    const { scores } = viewOf('low-volatility', comparablePanel(PACK))!;
    expect(scoreOf(scores, 'DOWN')).toBeGreaterThan(scoreOf(scores, 'UP')!);
  });

  it.each(['buy-and-hope', 'constructor', ''])('of the unknown "%s" is none', (id) => {
    expect(viewOf(id, comparablePanel(PACK))).toBeNull();
  });
});

describe('a panel whose prices can be compared', () => {
  it('has its closes adjusted, and the arrays of the pack where nothing is', () => {
    expect(comparablePanel(PACK).close).toBe(PACK.close);
    const split = PACK.adjustment.map((_, i) => (i < 100 ? 0.5 : 1));
    const { close } = comparablePanel({ ...PACK, adjustment: split });
    expect([close[99], close[100]]).toEqual([PACK.close[99]! / 2, PACK.close[100]]);
  });
});

describe('chunks', () => {
  const ref = {
    cycleId: 'b1a57000-0000-5000-8000-000000000001',
    portfolioId: 'main',
    strategyId: 'momentum',
    pricingPackId: 'a'.repeat(64),
  };
  const many = (count: number): Score[] => Array.from({ length: count }, (_, i) => ({ symbol: `S${i}`, score: i }));

  it.each([
    [1, [1]],
    [1_000, [1_000]],
    [1_001, [1_000, 1]],
    [2_500, [1_000, 1_000, 500]],
  ])('of %i symbols are of %j', (count, sizes) => {
    const parts = chunkFacts(ref, { scores: many(count), volatility: 0.2 }).map(({ data }) =>
      ScoresComputed.schema.parse(data),
    );
    expect(parts.map(({ scores }) => scores.length)).toEqual(sizes);
    expect(parts.map(({ chunk, chunks }) => [chunk, chunks])).toEqual(sizes.map((_, i) => [i, sizes.length]));
    expect(parts.flatMap(({ scores }) => scores)).toEqual(many(count));
  });

  it('are one, and empty, where nobody knows the strategy, so that nobody waits for it', () => {
    expect(chunkFacts(ref, NO_VIEW).map(({ data }) => ScoresComputed.schema.parse(data))).toEqual([
      { ...ref, chunk: 0, chunks: 1, volatility: null, scores: [] },
    ]);
  });
});
