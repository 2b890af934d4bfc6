import { readdirSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { FAMILIES, type Family } from './define.js';
import * as contracts from './index.js';
import { EVENT_SUBJECTS, eventType, familyFilter, familyOf, ownerOf, REGISTRY } from './registry.js';

const families = Object.keys(FAMILIES) as Family[];
const types = [...REGISTRY.values()];
const byType = types.map((type) => [type.type, type] as const);

/** Every event type that contracts exports, whether alone or one a family. */
const exported = Object.values(contracts)
  .flatMap((value) =>
    typeof value === 'object' && value !== null && !('schema' in value) ? Object.values(value) : [value],
  )
  .filter((value): value is contracts.EventType => typeof value === 'object' && value !== null && 'noun' in value);

describe('the registry', () => {
  it('has every event type that contracts exports, and no other', () => {
    expect(exported.map((type) => type.type).sort()).toEqual([...REGISTRY.keys()].sort());
    expect(exported.every((type) => REGISTRY.get(type.type) === type)).toBe(true);
  });

  it.each(byType)('%s is named <family>.<noun>.<past verb>.v<N> and belongs to a service', (name, type) => {
    expect(name).toBe(`${type.family}.${type.noun}.${type.verb}.v${type.version}`);
    expect(name).toMatch(/^[a-z]+\.[a-z]+\.[a-z]+\.v[1-9]\d*$/);
    expect(families).toContain(type.family);
    expect(familyOf(ownerOf(type.family))).toBe(type.family);
  });

  it.each(byType)('%s has a key made of fields that its data always carries as text', (_, type) => {
    const { properties, required, $defs } = contractsSchema(type);
    for (const field of type.key) {
      expect(required).toContain(field);
      const { $ref, type: kind } = properties[field]!;
      expect($ref ? $defs[$ref.replace('#/$defs/', '')]!.type : kind).toBe('string');
    }
  });

  it('orders all facts of one noun by one key, because their numbers are shared', () => {
    const keys = new Map<string, Set<string>>();
    for (const { family, noun, key } of types) {
      const name = `${family}.${noun}`;
      keys.set(name, (keys.get(name) ?? new Set()).add(key.join('/')));
    }
    const torn = [...keys].filter(([, each]) => each.size > 1).map(([name]) => name);
    expect(torn).toEqual([]);
  });

  it('lets every family raise alerts, park messages and record audit entries', () => {
    for (const family of families) {
      for (const what of ['alert.raised', 'message.parked', 'audit.recorded'])
        expect(eventType(`${family}.${what}.v1`).family).toBe(family);
    }
  });

  it('says which types it knows when it is asked for another', () => {
    expect(() => eventType('tax.lots.lost.v1')).toThrow('no event type "tax.lots.lost.v1"');
  });

  it('has a file a family and a subject a family', () => {
    const files = readdirSync('libs/contracts/src').map((file) => file.replace(/\.ts$/, ''));
    expect(families.filter((family) => !files.includes(family))).toEqual([]);
    expect(EVENT_SUBJECTS).toEqual(families.map(familyFilter));
    expect(familyOf('paper-broker')).toBeNull();
  });
});

interface Shape {
  readonly properties: Readonly<Record<string, { readonly $ref?: string; readonly type?: string }>>;
  readonly required: readonly string[];
  readonly $defs: Readonly<Record<string, { readonly type: string }>>;
}

const contractsSchema = (type: contracts.EventType): Shape =>
  JSON.parse(JSON.stringify(type.schema.toJSONSchema({ io: 'input' }))) as Shape;
