import { describe, expect, it } from '@jest/globals';
import { breakingChanges } from './compatibility.js';
import type { Json } from './json.js';

const published = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'spec.thing.said.v1',
  type: 'object',
  properties: {
    id: { $ref: '#/$defs/Uuid' },
    side: { type: 'string', enum: ['buy', 'sell'] },
    count: { type: 'integer', minimum: 0, maximum: 10 },
    note: { type: 'string' },
    price: { anyOf: [{ type: 'string', pattern: '^[0-9]+$' }, { type: 'null' }] },
    rows: { type: 'array', maxItems: 1000, items: { type: 'object', properties: { symbol: { type: 'string' } } } },
    numbers: { type: 'object', additionalProperties: { type: 'string' } },
  },
  required: ['id', 'side', 'count', 'price'],
  $defs: { Uuid: { type: 'string', format: 'uuid' }, Slug: { type: 'string', pattern: '^[a-z]+$' } },
};

/** The published schema with a change. */
const changed = (change: (schema: typeof published) => void): Json => {
  const copy = structuredClone(published);
  change(copy);
  return copy;
};
const put = (where: object, name: string, value: unknown): void => void Object.assign(where, { [name]: value });

describe('breakingChanges', () => {
  it.each<[string, Json]>([
    ['nothing changed', changed(() => undefined)],
    ['an optional field was added', changed((schema) => put(schema.properties, 'venue', { type: 'string' }))],
    [
      'an optional field was added to the rows of a list',
      changed((schema) => put(schema.properties.rows.items.properties, 'sector', { type: 'string' })),
    ],
    ['words for people changed', changed((schema) => put(schema, 'description', 'Said when it is done.'))],
    ['the values of an enum stand in another order', changed((schema) => schema.properties.side.enum.reverse())],
    ['the required fields stand in another order', changed((schema) => schema.required.reverse())],
    [
      'a definition was put in place of its reference',
      changed((schema) => put(schema.properties, 'id', { type: 'string', format: 'uuid' })),
    ],
    ['a definition that nothing uses changed', changed((schema) => (schema.$defs.Slug.pattern = '^x$'))],
  ])('%s: nothing breaks', (_, schema) => {
    expect(breakingChanges(published, schema)).toEqual([]);
  });

  it.each<[string, Json, string[]]>([
    [
      'a field was removed',
      changed((schema) => Reflect.deleteProperty(schema.properties, 'note')),
      ['data.note: the field was removed, and old readers ask for it'],
    ],
    [
      'a field became required',
      changed((schema) => schema.required.push('note')),
      ['data.note: is required now, and events that were said without it are no longer valid'],
    ],
    [
      'a new field is required',
      changed((schema) => {
        put(schema.properties, 'venue', { type: 'string' });
        schema.required.push('venue');
      }),
      ['data.venue: is required now, and events that were said without it are no longer valid'],
    ],
    [
      'a required field became optional',
      changed((schema) => (schema.required = ['id', 'side', 'price'])),
      ['data.count: is no longer required, and old readers rely on it'],
    ],
    [
      'a type changed',
      changed((schema) => (schema.properties.note.type = 'integer')),
      ['data.note: type changed from "string" to "integer"'],
    ],
    [
      'an enum lost a value',
      changed((schema) => (schema.properties.side.enum = ['buy'])),
      ['data.side: enum changed from ["buy","sell"] to ["buy"]'],
    ],
    [
      'an enum gained a value, which old readers refuse',
      changed((schema) => schema.properties.side.enum.push('short')),
      ['data.side: enum changed from ["buy","sell"] to ["buy","sell","short"]'],
    ],
    [
      'a pattern changed',
      changed((schema) => put(schema.properties.price.anyOf[0]!, 'pattern', '^[0-9]+([.][0-9]+)?$')),
      ['data.price<0>: pattern changed from "^[0-9]+$" to "^[0-9]+([.][0-9]+)?$"'],
    ],
    [
      'a field is no longer nullable',
      changed((schema) => schema.properties.price.anyOf.pop()),
      ['data.price: anyOf has 1 alternatives instead of 2'],
    ],
    [
      'a minimum was raised',
      changed((schema) => (schema.properties.count.minimum = 1)),
      ['data.count: minimum changed from 0 to 1'],
    ],
    [
      'a maximum was dropped',
      changed((schema) => Reflect.deleteProperty(schema.properties.count, 'maximum')),
      ['data.count: maximum changed from 10 to nothing'],
    ],
    [
      'a list may be shorter only',
      changed((schema) => (schema.properties.rows.maxItems = 10)),
      ['data.rows: maxItems changed from 1000 to 10'],
    ],
    [
      'a field of a list was removed',
      changed((schema) => Reflect.deleteProperty(schema.properties.rows.items.properties, 'symbol')),
      ['data.rows[].symbol: the field was removed, and old readers ask for it'],
    ],
    [
      'the values of a record changed',
      changed((schema) => (schema.properties.numbers.additionalProperties.type = 'number')),
      ['data.numbers.*: type changed from "string" to "number"'],
    ],
    [
      'fields that are not named are refused now',
      changed((schema) => put(schema, 'additionalProperties', false)),
      ['data.*: nothing became false'],
    ],
    [
      'a shared definition changed',
      changed((schema) => (schema.$defs.Uuid.format = 'date')),
      ['data.id: format changed from "uuid" to "date"'],
    ],
  ])('%s', (_, schema, expected) => {
    expect(breakingChanges(published, schema)).toEqual(expected);
  });

  it('refuses a schema whose reference points nowhere', () => {
    const broken = changed((schema) => (schema.properties.id.$ref = '#/$defs/Nobody'));
    expect(() => breakingChanges(published, broken)).toThrow('#/$defs/Nobody');
  });
});
