import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { format, resolveConfig } from 'prettier';

/** One generated file. `path` is relative to the repository, with `/`. */
export interface Output {
  readonly path: string;
  readonly content: string;
  /** True where a file that is there already is left as it is: golden examples are history. */
  readonly keep?: boolean;
}

/** Text as the repository's formatter writes it, so that formatting never undoes a generated file. `.sql` has no formatter. */
export async function formatted(root: string, path: string, text: string): Promise<string> {
  if (path.endsWith('.sql')) return text;
  const file = join(root, path);
  return format(text, { ...(await resolveConfig(file)), filepath: file });
}

/** Tells whether the file on disk is what would be generated. */
export function isCurrent(root: string, output: Output): boolean {
  const file = join(root, output.path);
  if (!existsSync(file)) return false;
  return output.keep === true || readFileSync(file, 'utf8') === output.content;
}

/** Writes a generated file, and its folder where it is missing. */
export function write(root: string, output: Output): void {
  const file = join(root, output.path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, output.content);
}
