import { Instant, local, SessionDate, Slug, TickerSymbol, Uuid, work } from '@ballast/contracts';
import { z } from 'zod';
import { CALENDAR_MARKETS, HORIZON_DAYS } from './domain/calendar/day.js';
import { KnownOn } from './domain/reference/columns.js';
import { MARKETS, REFERENCE_KINDS } from './domain/reference/fact.js';

/** Vendors who are asked for reference facts, and the kinds of them that they tell. */
export const REFERENCE_VENDOR_NAMES = ['fmp'] as const;
export const VENDOR_KINDS = ['earnings', 'sector'] as const;
export type VendorKind = (typeof VENDOR_KINDS)[number];

const VendorInput = z.object({
  name: z.enum(REFERENCE_VENDOR_NAMES),
  /** Null: those of the history that cycles read. */
  symbols: z.array(TickerSymbol).nullable(),
  /** The days of reports; sectors are those of today. */
  from: SessionDate,
  to: SessionDate,
});
export type VendorInput = z.infer<typeof VendorInput>;

const ReferenceOrder = z.object({
  kind: z.enum(REFERENCE_KINDS),
  market: z.enum(MARKETS),
  source: Slug,
  /** Null where a vendor is asked. */
  path: z.string().nullable(),
  vendor: VendorInput.nullable().default(null),
  /** `lean-map`: one file, or a folder with one a company. */
  format: z.enum(['csv', 'lean-map']),
  knownOn: KnownOn.nullable(),
  validFrom: SessionDate.nullable(),
  scope: z.string().nullable(),
});
const ReferenceRequest = ReferenceOrder.extend({ importId: Uuid, knownOn: KnownOn });
export type ReferenceRequest = z.infer<typeof ReferenceRequest>;

/** Somebody asked for an import of reference facts. */
export const StartReferenceImport = local('command.start-reference-import', ReferenceOrder);
export type StartReferenceImport = z.infer<typeof ReferenceOrder>;

const FaultyRow = z.object({ file: z.string().nullable(), row: z.int(), code: z.string(), message: z.string() });

const ReferenceAnswer = z.discriminatedUnion('kind', [
  /** What is new stands in staging; with `added` 0 there is nothing new. */
  z.object({
    kind: z.literal('staged'),
    rows: z.int(),
    /** Facts; a row that is known as it happened can be two. */
    added: z.int(),
    unchanged: z.int(),
    duplicates: z.int(),
    /** Symbols of which a vendor knows nothing, and the first of them. */
    untold: z.object({ count: z.int(), first: z.array(z.string()) }).optional(),
  }),
  z.object({
    kind: z.literal('refused'),
    code: z.string(),
    reason: z.string(),
    nextStep: z.string(),
    refused: z.int(),
    firstRefused: z.array(FaultyRow),
  }),
]);
export type ReferenceAnswer = z.infer<typeof ReferenceAnswer>;

/** Reads or fetches, checks and stages reference facts. It can be done again: staging begins with an empty table. */
export const ImportReference = work('import-reference', ReferenceRequest, ReferenceAnswer, { atMostOnce: false });

/** Feeds has started with rules of the operator's own contracts. */
export const RightsLoaded = local(
  'command.rights-loaded',
  z.object({ file: z.string(), rulesHash: z.string(), sources: z.array(z.string()) }),
);
export type RightsLoaded = z.infer<typeof RightsLoaded.schema>;

/** Somebody asked for an export, and it was permitted or refused. */
export const ExportDecided = local(
  'command.export-decided',
  z.object({
    exportId: Uuid,
    what: z.string(),
    query: z.record(z.string(), z.unknown()),
    sources: z.array(z.string()),
    /** The sources whose rules forbid it; none where it was permitted. */
    blocked: z.array(z.string()),
  }),
);
export type ExportDecided = z.infer<typeof ExportDecided.schema>;

const Market = z.enum(CALENDAR_MARKETS);

/** Feeds has started: the calendars are looked after as the configuration says. */
export const ArmCalendar = local('command.arm-calendar', z.object({}));
export type ArmCalendar = z.infer<typeof ArmCalendar.schema>;

/** A market's calendar is to be looked at. */
export const CalendarDue = local('timer.calendar-due', z.object({ market: Market, dueAt: Instant }));
export type CalendarDue = z.infer<typeof CalendarDue.schema>;

/** Somebody wants a market's calendar asked for now. */
export const RefreshNow = local('command.refresh-calendar', z.object({ market: Market }));
export type RefreshNow = z.infer<typeof RefreshNow.schema>;

const CalendarRequest = z.object({ market: Market, from: SessionDate, until: SessionDate });
export type CalendarRequest = z.infer<typeof CalendarRequest>;

const CalendarAnswer = z.discriminatedUnion('kind', [
  /** What the vendor says of each day that its list reaches; none where it reaches no further than we know. */
  z.object({
    kind: z.literal('read'),
    source: z.string(),
    days: z.array(z.object({ date: SessionDate, word: z.string() })).max(HORIZON_DAYS + 1),
  }),
  z.object({ kind: z.literal('refused'), code: z.string(), reason: z.string(), nextStep: z.string() }),
]);
export type CalendarAnswer = z.infer<typeof CalendarAnswer>;

/** Asks a vendor for the calendar of a market. */
export const RefreshCalendar = work('refresh-calendar', CalendarRequest, CalendarAnswer, { atMostOnce: false });
