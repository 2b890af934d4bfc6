import { z } from 'zod';
import { event, type EventOf } from './define.js';
import { DecimalString, Instant, NonNegativeDecimal, SessionDate, Slug } from './values.js';

/**
 * Flows, deals, filings, meetings, headlines and series, as feeds took them in. One event carries the facts of one source
 * and one day (of a series: of one source and series), at most {@link FACTS_PER_EVENT_MAX} of them and at most
 * {@link FACTS_BYTES_MAX} bytes; what is more follows in further events of the same key. A day is what these sources
 * publish and what their readers decide on; an event a fact would be ninety messages for each day of bulk deals. Every
 * fact has its own identity all the same: `naturalKey` within (source, kind), and `revision`, which is 1 the first time
 * and one more whenever the source says something else of the same thing.
 */
export const FACTS_PER_EVENT_MAX = 250;

/** Half of what an event may have, because the envelope and the text of another language need room too. */
export const FACTS_BYTES_MAX = 128 * 1024;

/** A listed name as its exchange spells it; Indian ones have `&` and `_`. */
export const ListedSymbol = z
  .string()
  .regex(/^[A-Z0-9][A-Z0-9.&:_/-]{0,31}$/, 'a ticker in capitals, such as "M&M"')
  .meta({ id: 'ListedSymbol' });

/** What says which thing a fact is about, and which telling of it this is. */
const Identity = {
  naturalKey: z.string().min(1).max(400),
  revision: z.int().min(1),
  /** The fields that differ from the revision before; empty for the first. */
  changed: z.array(z.string()).max(50),
  /** When the source published it; null where it does not say. */
  publishedAt: Instant.nullable(),
};

/** Where the facts of an event come from, and since when they are known here. */
const Origin = {
  source: Slug,
  /** The exchange or the country that it is about. */
  market: z.string().min(1).max(16),
  synthetic: z.boolean(),
  /** When feeds took it in: nothing that was decided before can have looked at it. */
  knownAt: Instant,
};

const OfDay = { ...Origin, date: SessionDate };
const factsOf = <S extends z.ZodObject>(row: S) => z.array(row).min(1).max(FACTS_PER_EVENT_MAX);

/** What foreign or domestic institutions bought and sold of shares on a day; amounts in units of the currency. */
export const InstitutionalFlow = z.object({
  ...Identity,
  category: z.enum(['FII', 'DII']),
  currency: z.string(),
  buyValue: NonNegativeDecimal,
  sellValue: NonNegativeDecimal,
  netValue: DecimalString,
});

/** Institutional flows of a day were reported. */
export const FlowReported = event(
  'feeds.flow.reported',
  1,
  ['source', 'date'],
  z.object({ ...OfDay, facts: factsOf(InstitutionalFlow) }),
);
export type FlowReported = EventOf<typeof FlowReported>;

/** What one client bought or sold of one share on a day in bulk or block deals, all its prices together. */
export const LargeDeal = z.object({
  ...Identity,
  dealType: z.enum(['bulk', 'block']),
  symbol: ListedSymbol,
  securityName: z.string(),
  client: z.string(),
  side: z.enum(['buy', 'sell']),
  currency: z.string(),
  quantity: NonNegativeDecimal,
  /** Average price by quantity, rounded to six decimals where there is more than one part. */
  price: NonNegativeDecimal,
  /** Each line that the exchange lists, the lowest price first. */
  parts: z.array(z.object({ quantity: NonNegativeDecimal, price: NonNegativeDecimal })).max(100),
});

/** Bulk or block deals of a day were reported. */
export const DealReported = event(
  'feeds.deal.reported',
  1,
  ['source', 'date'],
  z.object({ ...OfDay, facts: factsOf(LargeDeal) }),
);
export type DealReported = EventOf<typeof DealReported>;

const FilingTransaction = z.object({
  security: z.string(),
  /** Whether it is an option, warrant or other right to the share. */
  derivative: z.boolean(),
  date: SessionDate.nullable(),
  /** The regulator's own code or words, such as "S" of the SEC or "Market Purchase" of NSE. */
  code: z.string().nullable(),
  direction: z.enum(['acquired', 'disposed']).nullable(),
  quantity: NonNegativeDecimal.nullable(),
  /** Price of one; null where it is missing or only a footnote speaks of it. */
  price: NonNegativeDecimal.nullable(),
  /** Value of the whole; null where it is not stated. */
  value: NonNegativeDecimal.nullable(),
  ownedAfter: NonNegativeDecimal.nullable(),
  ownedAfterPercent: NonNegativeDecimal.nullable(),
  ownership: z.enum(['direct', 'indirect']).nullable(),
  /** The ids of the footnotes that speak of it. */
  footnotes: z.array(z.string()).max(100),
});

const FilingHolding = z.object({
  security: z.string(),
  derivative: z.boolean(),
  quantity: NonNegativeDecimal.nullable(),
  ownership: z.enum(['direct', 'indirect']).nullable(),
  nature: z.string().nullable(),
  footnotes: z.array(z.string()).max(100),
});

/** What an insider or a large holder told a regulator: SEC forms 3, 4 and 5, NSE disclosures under PIT and SAST. */
export const InsiderFiling = z.object({
  ...Identity,
  regime: z.enum(['SEC_SECTION_16', 'NSE_PIT', 'NSE_SAST']),
  /** "4", "4/A", "7(2)", "29(2)" and their like. */
  form: z.string(),
  symbol: ListedSymbol.nullable(),
  issuer: z.object({ id: z.string().nullable(), name: z.string() }),
  owners: z
    .array(
      z.object({
        id: z.string().nullable(),
        name: z.string(),
        roles: z.array(z.string()).max(10),
        title: z.string().nullable(),
      }),
    )
    .min(1)
    .max(100),
  currency: z.string(),
  transactions: z.array(FilingTransaction).max(200),
  holdings: z.array(FilingHolding).max(200),
  footnotes: z.array(z.object({ id: z.string(), text: z.string() })).max(100),
  url: z.string().nullable(),
});

/** Filings of insiders and large holders were reported. */
export const FilingReported = event(
  'feeds.filing.reported',
  1,
  ['source', 'date'],
  z.object({ ...OfDay, facts: factsOf(InsiderFiling) }),
);
export type FilingReported = EventOf<typeof FilingReported>;

/** An announcement that a board will meet; `date` of the event is the day of the meeting. */
export const BoardMeeting = z.object({
  ...Identity,
  symbol: ListedSymbol,
  purpose: z.string(),
  description: z.string().nullable(),
  topics: z.array(z.enum(['results', 'dividend', 'bonus', 'split', 'buyback', 'fund_raising', 'other'])).max(10),
});

/** Meetings of boards were announced for a day. */
export const MeetingAnnounced = event(
  'feeds.meeting.announced',
  1,
  ['source', 'date'],
  z.object({ ...OfDay, facts: factsOf(BoardMeeting) }),
);
export type MeetingAnnounced = EventOf<typeof MeetingAnnounced>;

/** A headline, and the listed names that its source files it under. */
export const Headline = z.object({
  ...Identity,
  symbols: z.array(ListedSymbol).max(100),
  title: z.string(),
  url: z.string().nullable(),
  /** Who brought it, where its source is not the one who did. */
  publisher: z.string().max(200).optional(),
});

/** Headlines of a day were published. */
export const HeadlinePublished = event(
  'feeds.headline.published',
  1,
  ['source', 'date'],
  z.object({ ...OfDay, facts: factsOf(Headline) }),
);
export type HeadlinePublished = EventOf<typeof HeadlinePublished>;

/** One value of a series, in the units of the series. */
export const MacroObservation = z.object({
  ...Identity,
  /** The day or the first day of the period that the value is of. */
  date: SessionDate,
  /** Null where the source says that there is none. */
  value: DecimalString.nullable(),
  /** From which day to which the source gave this value; null where its vintage is not known, or it still does. */
  vintageFrom: SessionDate.nullable(),
  vintageTo: SessionDate.nullable(),
});

/** Values of a series were released. */
export const MacroReleased = event(
  'feeds.macro.released',
  1,
  ['source', 'series'],
  z.object({ ...Origin, series: z.string().min(1).max(64), facts: factsOf(MacroObservation) }),
);
export type MacroReleased = EventOf<typeof MacroReleased>;
