import { fact, ROWS_INLINE_MAX, ScoresComputed, type Fact, type Score } from '@ballast/contracts';
import type { StrategyView } from './strategies.js';

/** Which cycle and prices scores are for. */
export interface ScoresRef {
  readonly cycleId: string;
  readonly portfolioId: string;
  readonly strategyId: string;
  readonly pricingPackId: string;
}

/** What is said of a strategy that nobody knows: it scores nothing, and the plan can go on without it. */
export const NO_VIEW: StrategyView = { scores: [], volatility: null };

/** The scores of a strategy as facts of at most 1,000 symbols each; always at least one, so that nobody waits for it. */
export function chunkFacts(ref: ScoresRef, { scores, volatility }: StrategyView): Fact<'signal'>[] {
  const chunks = Math.max(1, Math.ceil(scores.length / ROWS_INLINE_MAX));
  return Array.from({ length: chunks }, (_, chunk) => {
    const part: Score[] = scores.slice(chunk * ROWS_INLINE_MAX, (chunk + 1) * ROWS_INLINE_MAX);
    return fact(ScoresComputed, { ...ref, chunk, chunks, volatility, scores: part });
  });
}
