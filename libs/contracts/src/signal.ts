import { z } from 'zod';
import { event, type EventOf } from './define.js';
import { CycleRef } from './orchestrator.js';
import { ROWS_INLINE_MAX, Sha256, Slug, TickerSymbol } from './values.js';

/** One symbol's score: a cross-sectional z-score rounded to 1e-9, or the reason why there is none. */
export const Score = z.object({
  symbol: TickerSymbol,
  score: z.number().nullable(),
  reason: z.enum(['INSUFFICIENT_HISTORY']).optional(),
});
export type Score = z.infer<typeof Score>;

/** One chunk of one strategy's scores for a cycle; `chunk` counts from 0 to `chunks` − 1. */
export const ScoresComputed = event(
  'signal.scores.computed',
  1,
  'strategyId',
  z.object({
    ...CycleRef,
    strategyId: Slug,
    pricingPackId: Sha256,
    chunk: z.int().min(0),
    chunks: z.int().min(1),
    /** The strategy's own annualised volatility, for weighting strategies; null where it cannot be told. */
    volatility: z.number().nullable(),
    scores: z.array(Score).max(ROWS_INLINE_MAX),
  }),
);
export type ScoresComputed = EventOf<typeof ScoresComputed>;
