import { readFile } from 'node:fs/promises';
import { register } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { PlantedFault } from './planted-faults.js';

/** The repository, seen from where this file is built to. */
const ROOT = new URL('../../../../', import.meta.url);

/**
 * Has one snippet of one built file replaced whenever that file is loaded from now on in this process.
 * @throws Error where the snippet is not there exactly once: the fault is stale and finds nothing.
 */
export async function plantFault({ name, file, find, replace }: PlantedFault): Promise<void> {
  const url = new URL(file, ROOT);
  const source = await readFile(url, 'utf8');
  const times = source.split(find).length - 1;
  if (times !== 1) {
    throw new Error(
      `the planted fault "${name}" is stale: its snippet is ${times} times in ${fileURLToPath(url)}; ` +
        'adapt it in services/embedded/src/sim/planted-faults.ts',
    );
  }
  const planted = { url: pathToFileURL(fileURLToPath(url)).href, source: source.replace(find, () => replace) };
  register(new URL('./plant-hook.js', import.meta.url), { data: planted });
}
