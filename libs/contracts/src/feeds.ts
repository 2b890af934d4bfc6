import { z } from 'zod';
import { event, type EventOf } from './define.js';
import { CycleRef } from './orchestrator.js';
import {
  DecimalString,
  Instant,
  NonNegativeDecimal,
  rowsOf,
  SessionDate,
  Sha256,
  Slug,
  TickerSymbol,
  Uuid,
} from './values.js';

/** What a symbol is worth as of the cycle, with what the checks need to know of it. */
export const Mark = z.object({
  symbol: TickerSymbol,
  exchange: z.string(),
  price: DecimalString,
  sector: z.string().nullable(),
  /** Average daily volume over the last 20 completed sessions, in shares; null where it cannot be told. */
  adv: NonNegativeDecimal.nullable(),
  quality: z.number().min(0).max(1),
});
export type Mark = z.infer<typeof Mark>;

export const Regime = z.object({
  trend: z.enum(['up', 'down', 'flat', 'unknown']),
  volatility: z.enum(['low', 'normal', 'high', 'unknown']),
  trendScore: z.number().nullable(),
  realisedVolatility: z.number().nullable(),
});

/** The prices of a cycle are fixed: the history pack and the marks, named by their hash. */
export const SnapshotSealed = event(
  'feeds.snapshot.sealed',
  1,
  'universeId',
  z.object({
    ...CycleRef,
    universeId: Slug,
    asOf: SessionDate,
    /** The Arrow file of the history. */
    packId: Sha256,
    /** Hash over the history pack and the marks. */
    pricingPackId: Sha256,
    symbols: z.int().min(1),
    sessions: z.int().min(1),
    marks: rowsOf(Mark),
    regime: Regime,
    quality: z.object({
      average: z.number(),
      lowest: z.number(),
      /** The first symbols that score below what can be traded. */
      below: z.array(TickerSymbol).max(1_000),
      /** Sessions without a bar, over all symbols. */
      missingSessions: z.int().min(0).optional(),
      /** Bars that were kept out of the pack because they cannot be what was traded. */
      quarantined: z
        .object({
          count: z.int().min(0),
          first: z.array(z.object({ symbol: TickerSymbol, date: SessionDate, code: z.string() })).max(50),
        })
        .optional(),
    }),
    staleness: z.object({ lastSession: SessionDate, sessionsBehind: z.int().min(0) }),
    source: z.object({ name: z.string(), synthetic: z.boolean() }),
    sealedAt: Instant,
  }),
);
export type SnapshotSealed = EventOf<typeof SnapshotSealed>;

/** No prices can be given for a cycle; it must not go on. */
export const SnapshotRefused = event(
  'feeds.snapshot.refused',
  1,
  'universeId',
  z.object({
    ...CycleRef,
    universeId: Slug,
    code: z.enum(['NO_HISTORY', 'STALE_HISTORY', 'UNKNOWN_SYMBOLS', 'HISTORY_TOO_SHORT']),
    reason: z.string(),
  }),
);
export type SnapshotRefused = EventOf<typeof SnapshotRefused>;

/** Whether the prices that cycles would be given now can be relied on, said whenever something has happened to them. */
export const PackAssessed = event(
  'feeds.pack.assessed',
  1,
  'pack',
  z.object({
    /** There is one pack that cycles read. */
    pack: z.literal('current'),
    source: z.string().nullable(),
    /** `warming`: prices are on their way; `error`: they are not to be relied on, `reason` says why. */
    status: z.enum(['warming', 'fresh', 'stale', 'error']),
    reason: z.string(),
    estimatedReady: Instant.nullable(),
    /** How the history compares with the one that is kept to check it; null where there is none. */
    reconciliation: z
      .object({ against: z.string(), status: z.enum(['green', 'red']), compared: z.int(), differing: z.int() })
      .nullable(),
    at: Instant,
  }),
);
export type PackAssessed = EventOf<typeof PackAssessed>;

/** A history was taken in whole. */
export const HistoryImported = event(
  'feeds.history.imported',
  1,
  'source',
  z.object({
    importId: Uuid,
    source: z.string(),
    synthetic: z.boolean(),
    symbols: z.int(),
    rows: z.int(),
    refused: z.int(),
    from: SessionDate,
    to: SessionDate,
  }),
);
export type HistoryImported = EventOf<typeof HistoryImported>;

/** A text of a policy maker came in. */
export const TextReceived = event(
  'feeds.text.received',
  1,
  'sourceId',
  z.object({
    textId: Sha256,
    sourceId: Slug,
    title: z.string(),
    body: z.string().max(200_000),
    publishedAt: Instant,
    /** False where the publisher gives no date: then `publishedAt` is when the text was first seen, which is later. */
    publishedAtStated: z.boolean().optional(),
    /** Where it was read. */
    url: z.string().max(2_000).optional(),
    /** When feeds took it in. */
    fetchedAt: Instant.optional(),
  }),
);
export type TextReceived = EventOf<typeof TextReceived>;
