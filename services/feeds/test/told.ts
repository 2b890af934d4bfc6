import type { ImportRefused } from '../src/domain/import-refused.js';
import type { Parse, ParsedFacts } from '../src/domain/facts/parsed.js';

export const CONTEXT = { source: 'spec', subject: null, fetchedAt: '2026-11-20T10:00:00.000Z' };

/** What a parser makes of a text: a line a fact, a line a refused row, or why all of it was refused. */
export function told(parse: Parse, body: string, subject: string | null = null): string[] {
  let parsed: ParsedFacts;
  try {
    parsed = parse(body, { ...CONTEXT, subject });
  } catch (error) {
    const { code, nextStep } = error as ImportRefused;
    // Every refusal tells a person what to do.
    return [nextStep.length > 10 ? code : `${code} without a next step`];
  }
  const { facts, refused, duplicates } = parsed;
  return [
    ...facts.map(({ naturalKey, content }) => `${naturalKey} ${JSON.stringify(content)}`),
    ...refused.map(({ row, code }) => `row ${row} ${code}`),
    ...(duplicates === 0 ? [] : [`${duplicates} again`]),
  ];
}
