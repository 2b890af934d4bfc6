/** A JSON object whose fields nobody has looked at yet. */
export type Json = Readonly<Record<string, unknown>>;

/** Tells whether a value is a JSON object: not null, not a list. */
export const isJson = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** What a reference within a document, such as `#/$defs/Uuid`, points at; undefined where it points nowhere. */
export function resolvePointer(document: unknown, reference: string): unknown {
  if (!reference.startsWith('#')) return undefined;
  return reference
    .slice(1)
    .split('/')
    .slice(1)
    .map((token) => token.replaceAll('~1', '/').replaceAll('~0', '~'))
    .reduce<unknown>((node, token) => {
      if (Array.isArray(node)) return node[Number(token)];
      return isJson(node) ? node[token] : undefined;
    }, document);
}

/** Every `$ref` below a value, in the order of the document. */
export function referencesOf(node: unknown): string[] {
  if (Array.isArray(node)) return node.flatMap(referencesOf);
  if (!isJson(node)) return [];
  return Object.entries(node).flatMap(([name, value]) =>
    name === '$ref' && typeof value === 'string' ? [value] : referencesOf(value),
  );
}
