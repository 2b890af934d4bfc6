import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { keyOf, type EventType } from './define.js';
import { EnvelopeSchema, EVENT_BYTES_MAX, type Envelope } from './envelope.js';
import { hashOf } from './identity.js';
import { ownerOf, REGISTRY, subjectOf, subjectToken } from './registry.js';
import { upcast } from './upcast.js';

const FOLDER = 'libs/contracts/samples';
const files = existsSync(FOLDER) ? readdirSync(FOLDER).sort() : [];
const samples = files.map((file) => [file, readFileSync(`${FOLDER}/${file}`, 'utf8')] as const);

describe('the golden examples', () => {
  it('are there for every version of every type; "npm run gen" makes what is missing', () => {
    const missing = [...REGISTRY.keys()].map((type) => `${type}.json`).filter((file) => !files.includes(file));
    expect(missing).toEqual([]);
  });

  it.each(samples)('%s: an envelope whose data the newest version of its type takes', (file, text) => {
    const old = EnvelopeSchema.parse(JSON.parse(text)) as Envelope;
    expect(`${old.type}.json`).toBe(file);
    const sample = upcast(old);
    const type = REGISTRY.get(sample.type)!;
    const parsed = type.schema.safeParse(sample.data);
    expect(parsed.error?.issues ?? []).toEqual([]);
    expect(parsed.data).toEqual(sample.data);
  });

  it.each(samples)('%s: says its key, its subject and its speaker', (_, text) => {
    const sample = JSON.parse(text) as Envelope;
    const type = REGISTRY.get(sample.type) as EventType;
    expect(sample.subject).toBe(keyOf(type, sample.data));
    expect(sample.source).toBe(`/ballast/${ownerOf(type.family)}`);
    expect(subjectOf(type, sample.subject)).toBe(`${sample.type}.${subjectToken(sample.subject)}`);
    expect(subjectOf(type, sample.subject).split('.')).toHaveLength(5);
    expect(Buffer.byteLength(text)).toBeLessThan(EVENT_BYTES_MAX);
  });

  it.each(samples)('%s: counts and hashes the rows of its lists as the pack store would', (_, text) => {
    for (const { count, hash, inline } of rowsIn(JSON.parse(text))) {
      expect(count).toBe(inline.length);
      expect(hash).toBe(hashOf(inline));
    }
  });
});

interface InlineRows {
  readonly count: number;
  readonly hash: string;
  readonly inline: readonly unknown[];
}

/** Every list of rows below a value. */
function rowsIn(value: unknown): InlineRows[] {
  if (typeof value !== 'object' || value === null) return [];
  const below = Object.values(value).flatMap(rowsIn);
  return 'inline' in value && 'hash' in value ? [value as InlineRows, ...below] : below;
}
