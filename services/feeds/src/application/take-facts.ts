import type { Instant } from '@ballast/contracts';
import type { InboxContext } from '@ballast/platform';
import { parseFacts, type What } from '../domain/facts/catalog.js';
import { revise, type FactKind, type MarketFact, type Revised } from '../domain/facts/market-fact.js';
import { REFUSED_KEPT_MAX } from '../domain/collect-bars.js';
import { factsSaid } from '../domain/facts/said.js';
import { ImportRefused } from '../domain/import-refused.js';
import { insertFacts, isSynthetic, lastRevisions } from '../persistence/fact-queries.js';
import { takeText } from './take-text.js';

/** The words of a source, fetched or brought. */
export interface Told {
  readonly what: What;
  readonly source: string;
  readonly subject: string | null;
  readonly synthetic: boolean;
  readonly body: string;
  readonly fetchedAt: Instant;
}

/** What the words came to. */
export interface FactsReport {
  readonly rows: number;
  readonly added: number;
  readonly revised: number;
  readonly unchanged: number;
  readonly duplicates: number;
  readonly refused: number;
  readonly firstRefused: readonly { row: number; code: string; message: string }[];
  /** The first and the last day of what is new; null where nothing is. */
  readonly from: string | null;
  readonly to: string | null;
  /** What a person has to know of the whole; null where there is nothing. */
  readonly note: string | null;
}

/** Either all of it was taken, or nothing. */
export type Taken =
  | { readonly kind: 'taken'; readonly report: FactsReport }
  | { readonly kind: 'refused'; readonly code: string; readonly reason: string; readonly nextStep: string };

/**
 * Reads the words of a source, keeps what is new in them and says it, all in the transaction of the message.
 * @param tolerated the part of the rows that may be refused.
 */
export async function takeFacts(ctx: InboxContext<'feeds'>, told: Told, tolerated: number): Promise<Taken> {
  try {
    const { what, source, subject, synthetic, body, fetchedAt } = told;
    const { facts, rows, refused, duplicates, note } = parseFacts(
      what,
      body,
      { source, subject, fetchedAt },
      tolerated,
    );
    if ((await isSynthetic(ctx.tx, source)) === !synthetic) throw otherOrigin(source, synthetic);
    const revised = await reviseAll(ctx, source, facts, synthetic);
    const taken = revised.flatMap((each) => each.taken);
    insertFacts(ctx, taken);
    for (const revision of taken) if (revision.kind === 'text') await takeText(ctx, textOf(revision, ctx.now));
    ctx.emit(factsSaid(taken));
    const dates = taken.map(({ date }) => date).sort();
    const count = (of: 'added' | 'revised' | 'unchanged'): number => revised.reduce((all, each) => all + each[of], 0);
    const report = {
      ...{ rows, added: count('added'), revised: count('revised'), unchanged: count('unchanged'), duplicates },
      ...{ refused: refused.length, firstRefused: refused.slice(0, REFUSED_KEPT_MAX) },
      ...{ from: dates[0] ?? null, to: dates.at(-1) ?? null, note },
    };
    return { kind: 'taken', report };
  } catch (error) {
    if (!(error instanceof ImportRefused)) throw error;
    return { kind: 'refused', code: error.code, reason: error.message, nextStep: error.nextStep };
  }
}

async function reviseAll(
  ctx: InboxContext<'feeds'>,
  source: string,
  facts: readonly MarketFact[],
  synthetic: boolean,
): Promise<Revised[]> {
  const byKind = new Map<FactKind, MarketFact[]>();
  for (const fact of facts) {
    const ofKind = byKind.get(fact.kind);
    if (ofKind) ofKind.push(fact);
    else byKind.set(fact.kind, [fact]);
  }
  const all: Revised[] = [];
  for (const [kind, ofKind] of byKind) {
    const keys = ofKind.map(({ naturalKey }) => naturalKey);
    all.push(revise(ofKind, await lastRevisions(ctx.tx, source, kind, keys), ctx.now, synthetic));
  }
  return all;
}

/** A text as its own event says it. A publisher that gives no date is known to have published by now. */
function textOf({ source, publishedAt, content }: MarketFact, now: Instant) {
  const { title, body, url } = content as { title: string; body: string; url: string | null };
  return {
    ...{ sourceId: source, title: title === '' ? body.slice(0, 200) : title, body },
    ...{ publishedAt: publishedAt ?? now, publishedAtStated: publishedAt !== null, fetchedAt: now },
    ...(url === null ? {} : { url }),
  };
}

const otherOrigin = (source: string, synthetic: boolean): ImportRefused =>
  new ImportRefused(
    'SOURCE_OF_ANOTHER_KIND',
    `the source ${source} is ${synthetic ? 'real' : 'synthetic'}, and real and synthetic facts are never mixed`,
    'Give another "source".',
  );
