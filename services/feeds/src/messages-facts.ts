import { Instant, local, SessionDate, Slug, Uuid, work } from '@ballast/contracts';
import { z } from 'zod';
import { WHATS } from './domain/facts/catalog.js';
import { DAILY_REFERENCE, type DailyReference } from './domain/facts/daily.js';

/** What one answer of a source may have, in characters; the largest real one has less than a tenth of it. */
export const BODY_LENGTH_MAX = 8_000_000;

const What = z.enum(WHATS);

/** What somebody wants to have fetched, or read from a file. */
const CollectionOrder = z.object({
  what: What,
  /** Whose word it is. */
  source: Slug,
  /** The day that it is about; of series the first, of option chains the expiry. Null leaves it to the kind. */
  date: SessionDate.nullable(),
  /** The symbol or the series. */
  subject: z.string().nullable(),
  synthetic: z.boolean(),
  /** The file on the machine that feeds runs on; null where the source is asked. */
  path: z.string().nullable(),
});

const CollectionRequest = CollectionOrder.extend({
  collectionId: Uuid,
  /** The day in India when it was asked for: windows of days end or begin with it. */
  today: SessionDate,
});
export type CollectionRequest = z.infer<typeof CollectionRequest>;

/** Somebody asked for a collection. */
export const StartCollection = local('command.start-collection', CollectionOrder);
export type StartCollection = z.infer<typeof CollectionOrder>;

const CollectionAnswer = z.discriminatedUnion('kind', [
  /** The words of the source: they are read in the inbox, so that what was read can be read again. */
  z.object({ kind: z.literal('fetched'), body: z.string().max(BODY_LENGTH_MAX) }),
  z.object({ kind: z.literal('refused'), code: z.string(), reason: z.string(), nextStep: z.string() }),
]);
export type CollectionAnswer = z.infer<typeof CollectionAnswer>;

/** Fetches what a source says, or reads it from a file. Reading twice changes nothing in the world. */
export const CollectFacts = work('collect-facts', CollectionRequest, CollectionAnswer, { atMostOnce: false });

const Daily = z.object({
  what: z.enum([...WHATS, ...(Object.keys(DAILY_REFERENCE) as DailyReference[])]),
  subject: z.string().nullable(),
});

/** Feeds has started: what is collected every day is as the configuration says. */
export const ArmCollections = local('command.arm-collections', z.object({}));
export type ArmCollections = z.infer<typeof ArmCollections.schema>;

/** Something is to be collected. */
export const CollectionDue = local('timer.collection-due', Daily.extend({ dueAt: Instant }));
export type CollectionDue = z.infer<typeof CollectionDue.schema>;

const BroughtFacts = z.object({
  what: What,
  source: Slug,
  subject: z.string().nullable(),
  synthetic: z.boolean(),
  body: z.string(),
});

/** Somebody brought the words of a source by hand. */
export const BringFacts = local('command.bring-facts', BroughtFacts);
export type BringFacts = z.infer<typeof BroughtFacts>;
