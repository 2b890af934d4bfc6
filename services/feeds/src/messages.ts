import { Instant, local, SessionDate, Sha256, Slug, TickerSymbol, Uuid, work } from '@ballast/contracts';
import { z } from 'zod';

/** Where the bars of an import come from. */
const ImportInput = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('file'),
    /** Null where only sectors or actions are brought. */
    path: z.string().nullable(),
    sectorsPath: z.string().nullable(),
    actionsPath: z.string().nullable(),
  }),
  z.object({
    kind: z.literal('vendor'),
    vendor: z.string(),
    symbols: z.array(TickerSymbol).min(1),
    from: SessionDate,
    to: SessionDate,
  }),
  z.object({
    kind: z.literal('synthetic'),
    seed: z.int().min(0),
    symbols: z.int().min(1),
    sessions: z.int().min(1),
    until: SessionDate,
  }),
]);
export type ImportInput = z.infer<typeof ImportInput>;

const ImportOrder = z.object({
  source: Slug,
  /** Whether bars that are known may be given other values; what they were before is kept. */
  replace: z.boolean(),
  /** Whether the prices jump at splits, as they were traded, or were adjusted for them. */
  priceBasis: z.enum(['raw', 'split_adjusted']),
  input: ImportInput,
});
const ImportRequest = ImportOrder.extend({ importId: Uuid });
export type ImportRequest = z.infer<typeof ImportRequest>;

/** Somebody asked for an import. */
export const StartImport = local('command.start-import', ImportOrder);
export type StartImport = z.infer<typeof ImportOrder>;

const Report = z.object({
  rows: z.int(),
  accepted: z.int(),
  refused: z.int(),
  refusedByCode: z.record(z.string(), z.int()),
  firstRefused: z.array(z.object({ row: z.int(), code: z.string(), message: z.string() })),
  duplicatesDropped: z.int(),
  missingVolumes: z.int(),
  symbols: z.int(),
  /** Symbols that were spelled with their exchange and are kept without it, the first of them. */
  respelled: z.array(z.object({ from: z.string(), to: TickerSymbol, rows: z.int() })),
});
export type Report = z.infer<typeof Report>;

const ImportAnswer = z.discriminatedUnion('kind', [
  /** All of it stands in staging and can be moved into the history. */
  z.object({
    kind: z.literal('staged'),
    contentHash: Sha256,
    report: Report,
    from: SessionDate,
    to: SessionDate,
    /** Bars on days that had none, bars that change, and the rest of the accepted ones. */
    added: z.int(),
    restated: z.int(),
    unchanged: z.int(),
    /** Corporate actions that were read. */
    actions: z.int(),
  }),
  /** The same content was imported before, and the history still holds it. */
  z.object({ kind: z.literal('known'), contentHash: Sha256, importId: Uuid }),
  z.object({
    kind: z.literal('refused'),
    code: z.string(),
    reason: z.string(),
    nextStep: z.string(),
    report: Report.nullable(),
  }),
]);
export type ImportAnswer = z.infer<typeof ImportAnswer>;

/** Reads, checks and stages the bars of an import. It can be done again: staging begins with an empty table. */
export const ImportHistory = work('import-history', ImportRequest, ImportAnswer, {
  atMostOnce: false,
});

const CheckRequest = z.object({ source: Slug, importId: Uuid });
export type CheckRequest = z.infer<typeof CheckRequest>;

/** What checking every symbol of a source came to. */
const CheckAnswer = z.object({
  symbols: z.int(),
  rows: z.int(),
  average: z.number(),
  lowest: z.number(),
  /** Symbols whose score is below what can be traded, and the first of them. */
  below: z.object({ count: z.int(), first: z.array(TickerSymbol) }),
  missingSessions: z.int(),
  findings: z.record(z.string(), z.int()),
  /** How it compares with the history that is kept to check it; null where there is none to compare with. */
  reconciliation: z
    .object({
      against: z.string(),
      ...{ compared: z.int(), differing: z.int(), status: z.enum(['green', 'red']) },
      first: z.array(z.object({ symbol: z.string(), date: SessionDate, own: z.number(), other: z.number() })),
    })
    .nullable(),
});
export type CheckAnswer = z.infer<typeof CheckAnswer>;

/** Checks the whole history of a source after an import changed it. */
export const CheckSource = work('check-source', CheckRequest, CheckAnswer, { atMostOnce: false });

const Text = z.object({
  sourceId: Slug,
  title: z.string().min(1).max(500),
  body: z.string().min(1).max(200_000),
  publishedAt: Instant,
});

/** Somebody brought a text of a policy maker. */
export const SubmitText = local('command.submit-text', Text);
export type SubmitText = z.infer<typeof Text>;
