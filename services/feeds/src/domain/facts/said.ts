import {
  DealReported,
  fact,
  FACTS_BYTES_MAX,
  FACTS_PER_EVENT_MAX,
  FilingReported,
  FlowReported,
  HeadlinePublished,
  MacroReleased,
  MeetingAnnounced,
  type DataOf,
  type Fact,
} from '@ballast/contracts';
import type { FactRevision } from './market-fact.js';

type Row = { readonly naturalKey: string } & Readonly<Record<string, unknown>>;

/**
 * The events that say revisions: one for each source and day, of series one for each source and series, as many of them as
 * the bounds of one event ask for. Chains of options and holidays are kept and not said, and texts have an event of their
 * own.
 * @param revisions of one collection, in order.
 */
export function factsSaid(revisions: readonly FactRevision[]): Fact<'feeds'>[] {
  const groups = new Map<string, FactRevision[]>();
  for (const revision of revisions) {
    const { kind, source, date, symbol } = revision;
    const key = [kind, source, kind === 'macro' ? symbol : date].join(' ');
    const group = groups.get(key);
    if (group) group.push(revision);
    else groups.set(key, [revision]);
  }
  return [...groups.values()].flatMap((group) => chunksOf(group).flatMap((rows) => eventOf(group[0]!, rows)));
}

function eventOf(first: FactRevision, rows: readonly Row[]): Fact<'feeds'>[] {
  const { kind, source, market, synthetic, knownAt, date } = first;
  // The schema of the event looks at every row again when it is said.
  const facts = rows as never;
  const ofDay = { source, market, synthetic, knownAt, date, facts };
  switch (kind) {
    case 'flow':
      return [fact(FlowReported, ofDay)];
    case 'deal':
      return [fact(DealReported, ofDay)];
    case 'filing':
      return [fact(FilingReported, ofDay)];
    case 'meeting':
      return [fact(MeetingAnnounced, ofDay)];
    case 'headline':
      return [fact(HeadlinePublished, ofDay)];
    case 'macro': {
      const said: DataOf<typeof MacroReleased> = { source, market, synthetic, knownAt, series: first.symbol!, facts };
      return [fact(MacroReleased, said)];
    }
    case 'text':
    case 'option_chain':
    case 'holiday':
      return [];
  }
}

/** Rows as they travel, cut so that each list fits an event. A row that is large by itself travels alone. */
function chunksOf(group: readonly FactRevision[]): Row[][] {
  const chunks: Row[][] = [];
  let bytes = Infinity;
  for (const revision of group) {
    const row = rowOf(revision);
    const length = Buffer.byteLength(JSON.stringify(row));
    const last = chunks.at(-1);
    if (last === undefined || last.length === FACTS_PER_EVENT_MAX || bytes + length > FACTS_BYTES_MAX) {
      chunks.push([row]);
      bytes = length;
    } else {
      last.push(row);
      bytes += length;
    }
  }
  return chunks;
}

function rowOf({ kind, naturalKey, revision, changed, publishedAt, date, content }: FactRevision): Row {
  const identity = { naturalKey, revision, changed: [...changed], publishedAt };
  return kind === 'macro' ? { ...identity, date, ...content } : { ...identity, ...content };
}
