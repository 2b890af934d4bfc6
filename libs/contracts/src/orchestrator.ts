import { z } from 'zod';
import { event, type EventOf } from './define.js';
import { Instant, Mode, SessionDate, Sha256, Slug, TickerSymbol, Uuid } from './values.js';

/** What every fact about a cycle carries, so that it can be found and ordered. */
export const CycleRef = { cycleId: Uuid, portfolioId: Slug };

/** What to look at: named symbols, or the `size` most liquid of what the history holds. */
export const Universe = z.object({
  universeId: Slug,
  symbols: z.array(TickerSymbol).min(1).max(10_000).optional(),
  size: z.int().min(1).max(10_000).optional(),
});

/** A cycle was opened: what is decided about (`asOf`), when it may trade, and until when each stage may speak. */
export const CycleOpened = event(
  'orchestrator.cycle.opened',
  1,
  'portfolioId',
  z.object({
    ...CycleRef,
    trigger: z.enum(['schedule', 'operator', 'event']),
    eventId: z.string().optional(),
    asOf: SessionDate,
    mode: Mode,
    patternId: Slug,
    seed: z.int().min(0),
    universe: Universe,
    strategies: z.array(Slug).min(1),
    configHash: Sha256,
    tradeSession: z.object({ date: SessionDate, open: Instant, close: Instant }),
    deadlines: z.object({ decideBy: Instant, completeBy: Instant }),
    openedAt: Instant,
    /** Somebody answers for prices that are not to be relied on by the rules; absent where nobody had to. */
    packOverride: z.object({ by: z.string(), reason: z.string() }).optional(),
  }),
);
export type CycleOpened = EventOf<typeof CycleOpened>;

/** A cycle ended as it should: traded, found nothing to trade, or was refused by risk. */
export const CycleClosed = event(
  'orchestrator.cycle.closed',
  1,
  'portfolioId',
  z.object({
    ...CycleRef,
    outcome: z.enum(['executed', 'no_trades', 'vetoed', 'declined']),
    decisions: z.object({ BUY: z.int(), SELL: z.int(), HOLD: z.int(), REJECT: z.int() }),
    ledgerCommitHash: Sha256,
    closedAt: Instant,
  }),
);
export type CycleClosed = EventOf<typeof CycleClosed>;

/** A cycle ended early: a stage was silent past its deadline, or could not do its part. */
export const CycleAborted = event(
  'orchestrator.cycle.aborted',
  1,
  'portfolioId',
  z.object({
    ...CycleRef,
    code: z.string(),
    reason: z.string(),
    stage: z.string(),
    abortedAt: Instant,
  }),
);
export type CycleAborted = EventOf<typeof CycleAborted>;
