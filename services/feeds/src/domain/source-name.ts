const LENGTH_MAX = 48;

/** The name of a source where nobody gave one: the file's own, in small letters, without its endings. */
export function sourceNameOf(path: string): string {
  const file = path.split(/[/\\]/).at(-1) ?? '';
  const name = file
    .toLowerCase()
    .replace(/\.gz$/, '')
    .replace(/\.[a-z0-9]+$/, '')
    .replace(/[^a-z0-9_-]+/g, '-')
    .replace(/^[_-]+/, '')
    .slice(0, LENGTH_MAX);
  return name === '' ? 'history' : name;
}
