import { canonicalJson } from '@ballast/contracts';
import { isJson, resolvePointer, type Json } from './json.js';

/** Words of JSON Schema that say nothing about what is valid. */
const ANNOTATIONS = new Set(['$schema', '$id', '$defs', '$comment', 'title', 'description', 'examples', 'deprecated']);
/** Words that are compared by descending into them. */
const STRUCTURE = new Set(['properties', 'required', 'items', 'additionalProperties', 'anyOf', 'oneOf', 'allOf']);

interface Sides {
  readonly old: { readonly document: Json; readonly node: unknown };
  readonly new: { readonly document: Json; readonly node: unknown };
}

/**
 * What a change of a published version's JSON Schema would break. A version may only gain
 * optional fields: what it once allowed stays valid for new readers, and what it now says
 * stays readable for old ones, so that even a wider enum or a lower bound is a new version.
 * @returns one sentence a difference, with the place of the field; empty where nothing breaks.
 */
export function breakingChanges(oldSchema: Json, newSchema: Json): string[] {
  return compare('data', {
    old: { document: oldSchema, node: oldSchema },
    new: { document: newSchema, node: newSchema },
  });
}

function compare(path: string, sides: Sides): string[] {
  const before = dereferenced(sides.old.document, sides.old.node);
  const after = dereferenced(sides.new.document, sides.new.node);
  if (!isJson(before) || !isJson(after)) {
    return canonicalJson(before) === canonicalJson(after) ? [] : [`${path}: ${show(before)} became ${show(after)}`];
  }
  const down = (step: string, pick: (node: Json) => unknown): string[] =>
    compare(`${path}${step}`, {
      old: { document: sides.old.document, node: pick(before) },
      new: { document: sides.new.document, node: pick(after) },
    });
  return [
    ...keywordChanges(path, before, after),
    ...fieldChanges(path, before, after, down),
    ...(['anyOf', 'oneOf', 'allOf'] as const).flatMap((word) => alternativeChanges(path, word, before, after, down)),
    ...(['items', 'additionalProperties'] as const).flatMap((word) =>
      before[word] === undefined && after[word] === undefined
        ? []
        : down(word === 'items' ? '[]' : '.*', (node) => node[word]),
    ),
  ];
}

function keywordChanges(path: string, before: Json, after: Json): string[] {
  const words = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
  return words
    .filter((word) => !ANNOTATIONS.has(word) && !STRUCTURE.has(word))
    .filter((word) => text(word, before[word]) !== text(word, after[word]))
    .map((word) => `${path}: ${word} changed from ${show(before[word])} to ${show(after[word])}`);
}

function fieldChanges(
  path: string,
  before: Json,
  after: Json,
  down: (step: string, pick: (node: Json) => unknown) => string[],
): string[] {
  const fields = (node: Json): Json => (isJson(node['properties']) ? node['properties'] : {});
  const required = (node: Json): string[] => (node['required'] as string[] | undefined) ?? [];
  const names = Object.keys(fields(before));
  return [
    ...names
      .filter((name) => !(name in fields(after)))
      .map((name) => `${path}.${name}: the field was removed, and old readers ask for it`),
    ...required(after)
      .filter((name) => !required(before).includes(name))
      .map((name) => `${path}.${name}: is required now, and events that were said without it are no longer valid`),
    ...required(before)
      .filter((name) => name in fields(after) && !required(after).includes(name))
      .map((name) => `${path}.${name}: is no longer required, and old readers rely on it`),
    ...names.filter((name) => name in fields(after)).flatMap((name) => down(`.${name}`, (node) => fields(node)[name])),
  ];
}

function alternativeChanges(
  path: string,
  word: 'anyOf' | 'oneOf' | 'allOf',
  before: Json,
  after: Json,
  down: (step: string, pick: (node: Json) => unknown) => string[],
): string[] {
  const list = (node: Json): unknown[] => (node[word] as unknown[] | undefined) ?? [];
  if (list(before).length !== list(after).length) {
    return [`${path}: ${word} has ${list(after).length} alternatives instead of ${list(before).length}`];
  }
  return list(before).flatMap((_, i) => down(`<${i}>`, (node) => list(node)[i]));
}

/** Follows references; what stands beside one counts too. */
function dereferenced(document: Json, node: unknown): unknown {
  if (!isJson(node) || typeof node['$ref'] !== 'string') return node;
  const { $ref, ...beside } = node;
  const target = dereferenced(document, resolvePointer(document, $ref as string));
  if (!isJson(target)) throw new RangeError(`the reference ${String($ref)} points nowhere`);
  return { ...target, ...beside };
}

/** The order of an enum's values or of a list of types means nothing. */
function text(word: string, value: unknown): string {
  if ((word === 'enum' || word === 'type') && Array.isArray(value)) return value.map(canonicalJson).sort().join();
  return value === undefined ? '' : canonicalJson(value);
}

const show = (value: unknown): string => (value === undefined ? 'nothing' : canonicalJson(value));
