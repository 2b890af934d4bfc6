import { readFile } from 'node:fs/promises';
import { register } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';

/** The repository, seen from where this file is built to. */
const ROOT = new URL('../../../../', import.meta.url);

/** A change of one built file for the length of one process. */
export interface Edit {
  readonly name: string;
  /** The built file, from the root of the repository. */
  readonly file: string;
  /** The snippet that must be in it exactly once. */
  readonly find: string;
  readonly replace: string;
}

/**
 * The sources of built files as they are to be loaded, by URL.
 * @param where the file that keeps the edits, for whoever must adapt one.
 * @throws Error where a snippet is not there exactly once: the edit is stale and does nothing.
 */
export async function plantedSources(edits: readonly Edit[], where: string): Promise<Record<string, string>> {
  const sources: Record<string, string> = {};
  for (const { name, file, find, replace } of edits) {
    const path = fileURLToPath(new URL(file, ROOT));
    const { href } = pathToFileURL(path);
    const source = sources[href] ?? (await readFile(path, 'utf8'));
    const times = source.split(find).length - 1;
    if (times !== 1) {
      throw new Error(`the planted "${name}" is stale: its snippet is ${times} times in ${path}; adapt it in ${where}`);
    }
    sources[href] = source.replace(find, () => replace);
  }
  return sources;
}

/** Has sources loaded in the place of those of their files, from now on in this process. */
export const plantSources = (sources: Readonly<Record<string, string>>): void =>
  register(new URL('./plant-hook.js', import.meta.url), { data: sources });

/** Has one snippet of one built file replaced whenever that file is loaded from now on in this process. */
export async function plantFault(fault: Edit): Promise<void> {
  plantSources(await plantedSources([fault], 'services/embedded/src/sim/planted-faults.ts'));
}
