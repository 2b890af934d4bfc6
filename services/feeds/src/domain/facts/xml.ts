import { XMLParser } from 'fast-xml-parser';
import { ImportRefused } from '../import-refused.js';
import { emptyAnswer } from './parsed.js';

/** An element: its text as a string where it has nothing else, else its children and attributes by name. */
export type XmlNode = Readonly<Record<string, unknown>>;

/** How deep real documents go is far less; a deeper one wants to exhaust somebody. */
const DEPTH_MAX = 40;

const isNode = (value: unknown): value is XmlNode =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * Reads a whole XML document. Attributes are named `@name`, numbers stay text. A document type is refused before anything
 * is read: none of our sources has one, and entities that a document defines are how parsers are attacked.
 * @throws ImportRefused EMPTY_ANSWER, DOCTYPE_REFUSED, HTML_INSTEAD, BODY_UNREADABLE.
 */
export function readXml(body: string, what: string): XmlNode {
  const text = body.replace(/^\uFEFF/, '').trim();
  if (text === '') throw emptyAnswer(what);
  if (/^<!doctype html|^<html/i.test(text)) {
    throw new ImportRefused(
      'HTML_INSTEAD',
      `a page came instead of ${what}`,
      'The source takes us for a robot, or the address is wrong: ask again later, or bring the file by hand.',
    );
  }
  if (/<!(DOCTYPE|ENTITY)/i.test(text)) {
    throw new ImportRefused(
      'DOCTYPE_REFUSED',
      `the ${what} define a document type or entities`,
      'Give a document without them; nothing of it was read.',
    );
  }
  try {
    const parser = new XMLParser({
      ...{ ignoreAttributes: false, attributeNamePrefix: '@', parseTagValue: false, trimValues: true },
      ...{ processEntities: true, maxNestedTags: DEPTH_MAX, ignoreDeclaration: true, ignorePiTags: true },
    });
    const parsed: unknown = parser.parse(text, true);
    if (isNode(parsed) && Object.keys(parsed).length > 0) return parsed;
  } catch (error) {
    throw unreadable(what, error instanceof Error ? error.message : String(error));
  }
  throw unreadable(what, 'there is no element in it');
}

const unreadable = (what: string, why: string): ImportRefused =>
  new ImportRefused(
    'BODY_UNREADABLE',
    `the ${what} are no whole XML: ${why.slice(0, 200)}`,
    'Fetch or copy it again; nothing was taken.',
  );

/** The child elements of a name, however many there are. */
export function childrenOf(node: unknown, name: string): unknown[] {
  const found = isNode(node) ? node[name] : undefined;
  if (found === undefined || found === '') return [];
  return Array.isArray(found) ? found : [found];
}

/** The first child element of a name; undefined where there is none. */
export const childOf = (node: unknown, ...path: readonly string[]): unknown =>
  path.reduce<unknown>((at, name) => childrenOf(at, name)[0], node);

/** The text of an element, its attributes aside; empty where it has none. */
export function textOf(node: unknown): string {
  if (typeof node === 'string') return node;
  const text = isNode(node) ? node['#text'] : undefined;
  return typeof text === 'string' ? text : '';
}

/** An attribute of an element; empty where it has none. */
export const attributeOf = (node: unknown, name: string): string => textOf(isNode(node) ? node[`@${name}`] : undefined);
