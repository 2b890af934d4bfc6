import { PlanApproved, PlanTrimmed, REGISTRY } from '@ballast/contracts';
import { describe, expect, it } from '@jest/globals';
import { asyncApiFaults, asyncApiOf } from './asyncapi.js';
import { knownEvents } from './event-types.js';
import { isJson, referencesOf, resolvePointer, type Json } from './json.js';
import { brokenPromises } from './published.js';
import { GENERATED_END, GENERATED_START, withGenerated } from './readme.js';
import { saidIn } from './said.js';
import { sampleOf } from './samples.js';
import { jsonSchemaOf } from './schemas.js';
import { commentBefore, firstSentence } from './sources.js';

const events = knownEvents(process.cwd());

describe('knownEvents', () => {
  it('knows every type of the registry by its constant and comment', () => {
    expect(events.map(({ type }) => type.type)).toEqual([...REGISTRY.keys()].sort());
    const proposed = events.find(({ constant }) => constant === 'PlanProposed')!;
    expect(proposed.description).toMatch(/^The one plan of a cycle: /);
    expect(events.filter(({ everyFamily }) => everyFamily)).toHaveLength(30);
  });
});

describe('schemas and examples', () => {
  it.each([...REGISTRY.values()].map((type) => [type.type, type] as const))(
    '%s: the example is valid and always the same',
    (_, type) => {
      const sample = sampleOf(type);
      expect(type.schema.safeParse(sample.data).error?.issues ?? []).toEqual([]);
      expect(sampleOf(type)).toEqual(sample);
      const schema = jsonSchemaOf(type, 'Said.');
      expect(schema).toMatchObject({ $schema: 'https://json-schema.org/draft/2020-12/schema', title: type.type });
      expect(referencesOf(schema).filter((each) => resolvePointer(schema, each) === undefined)).toEqual([]);
      expect(JSON.stringify(schema)).not.toContain('"additionalProperties":false');
    },
  );
});

describe('asyncApiOf', () => {
  const document = asyncApiOf(events, [{ service: 'execution-gateway', hears: [PlanApproved] }], '1.2.3');
  /** The document with one place changed. */
  const broken = (path: readonly string[], value: unknown): Json => {
    const copy = structuredClone(document) as Record<string, unknown>;
    let node = copy;
    for (const step of path.slice(0, -1)) node = node[step] as Record<string, unknown>;
    node[path.at(-1)!] = value;
    return copy;
  };

  it('has a channel, a message and a speaker a type, and the listeners that are known', () => {
    const operations = document['operations'] as Json;
    expect(Object.keys(document['channels'] as Json)).toHaveLength(REGISTRY.size);
    expect(Object.keys(operations)).toHaveLength(REGISTRY.size + 1);
    expect(operations['risk-guardrails.says.risk.plan.approved.v1']).toMatchObject({ action: 'send' });
    expect(operations['execution-gateway.hears.risk.plan.approved.v1']).toMatchObject({ action: 'receive' });
    expect(isJson((document['channels'] as Json)['tax.lots.updated.v1'])).toBe(true);
    expect(asyncApiFaults(document, () => true)).toEqual([]);
  });

  it.each<[string, Json, boolean, RegExp]>([
    ['another version of the standard', broken(['asyncapi'], '2.6.0'), true, /asyncapi is 2\.6\.0/],
    ['a schema file that is not there', document, false, /schemas\/envelope\.json points nowhere/],
    [
      'a message that nobody defined',
      broken(['channels', 'tax.lots.updated.v1', 'messages', 'event', '$ref'], '#/components/messages/gone'),
      true,
      /#\/components\/messages\/gone points nowhere/,
    ],
    [
      'an address without its key',
      broken(['channels', 'tax.lots.updated.v1', 'address'], 'tax.lots.updated.v1'),
      true,
      /does not match key/,
    ],
    [
      'an operation on another channel',
      broken(['operations', 'tax.says.tax.lots.updated.v1', 'channel', '$ref'], '#/channels/risk.plan.vetoed.v1'),
      true,
      /a message is not of its channel/,
    ],
  ])('finds %s', (_, faulty, filesExist, fault) => {
    expect(asyncApiFaults(faulty, () => filesExist).join('\n')).toMatch(fault);
  });
});

describe('brokenPromises', () => {
  const file = 'libs/contracts/schemas/risk.plan.trimmed.v1.json';
  const now = jsonSchemaOf(PlanTrimmed, '');

  it('lets a version be that only gained an optional field', () => {
    const { origin: _, ...before } = now['properties'] as Json;
    const required = (now['required'] as string[]).filter((name) => name !== 'origin');
    const old = { ...now, properties: before, required };
    const gained = { ...now, required };
    expect(brokenPromises(new Map([[file, old]]), new Map([[file, gained]]))).toEqual([]);
    expect(brokenPromises(new Map([[file, old]]), new Map([[file, now]])).join()).toMatch(
      /data\.origin: is required now/,
    );
  });

  it('names a version that was taken away, and the way out', () => {
    expect(brokenPromises(new Map([[file, now]]), new Map())).toEqual([
      `${file}: the type was removed, and outboxes still hold its events. Define a new version beside it, and an upcaster.`,
    ]);
  });
});

describe('saidIn', () => {
  const said = (text: string) => saidIn([{ path: 'a.ts', text }], events, 'risk').map(({ constant }) => constant);

  it.each<[string, string[]]>([
    ['ctx.emit([fact(PlanVetoed, { ...data })]);', ['PlanVetoed']],
    [
      'return fact(trims.length > 0 ? PlanTrimmed : PlanApproved, { ...signed(a, b) });',
      ['PlanApproved', 'PlanTrimmed'],
    ],
    ['fact(\n    ApprovalRequested,\n    data,\n  )', ['ApprovalRequested']],
    ["import { PlanVetoed, type PlanTrimmed } from '@ballast/contracts';\nreturn fact(type, data);", ['PlanVetoed']],
    ['@On(PlanApproved)\n async handle() { artefact(PlanVetoed, 1); }', []],
    ['fact(PlanProposed, data)', []],
  ])('%s', (text, expected) => {
    expect(said(text)).toEqual(expected);
  });
});

describe('texts', () => {
  it('finds the comment that stands right before a declaration', () => {
    const text = `/** Another. */\nexport const A = 1;\n\n/**\n * What it is: {@link A}.\n * And more.\n */\n@Entity('b')\nexport class B {}\nexport class C {}\n`;
    expect(commentBefore(text, /export const A/)).toBe('Another.');
    expect(commentBefore(text, /export class B/)).toBe('What it is: `A`. And more.');
    expect(commentBefore(text, /export class C/)).toBe('');
  });

  it.each([
    ['One plan. And more.', 'One plan.'],
    ['Held since 2.5 days; then gone.', 'Held since 2.5 days.'],
    ['One plan of a cycle: what to hold.', 'One plan of a cycle.'],
    ['No end', 'No end'],
  ])('the first sentence of %j is %j', (text, sentence) => {
    expect(firstSentence(text)).toBe(sentence);
  });

  it('puts generated text between its markers, again and again', () => {
    const readme = `# a\n\nWords.\n\n${GENERATED_START}\n${GENERATED_END}\n\nMore.\n`;
    const once = withGenerated(readme, '## Table\n');
    expect(once).toBe(`# a\n\nWords.\n\n${GENERATED_START}\n\n## Table\n\n${GENERATED_END}\n\nMore.\n`);
    expect(withGenerated(once, '## Table\n')).toBe(once);
    expect(() => withGenerated('# a\n', 'x')).toThrow(GENERATED_START);
  });
});
