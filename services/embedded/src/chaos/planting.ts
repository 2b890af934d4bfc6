import { writeFile } from 'node:fs/promises';
import { plantedSources, type Edit } from '../sim/plant.js';

/** Names the file with the sources that a planted process loads, and the point at which it ends itself: `label#times`. */
export const SOURCES_VARIABLE = 'BALLAST_CHAOS_SOURCES';
export const KILL_VARIABLE = 'BALLAST_CHAOS_KILL';

const PRELOAD = new URL('./preload.js', import.meta.url).href;

/** How a program is started so that what was planted is in it and nowhere else. */
export interface Planted {
  readonly env: Readonly<Record<string, string>>;
}

/**
 * Writes the changed sources where the program's preload finds them.
 * @param where the file that keeps the edits, for whoever must adapt a stale one.
 */
export async function plant(edits: readonly Edit[], file: string, where: string): Promise<Planted> {
  await writeFile(file, JSON.stringify(await plantedSources(edits, where)));
  return { env: { NODE_OPTIONS: `--import ${PRELOAD}`, [SOURCES_VARIABLE]: file } };
}

/** Both programs that read the machine's clock do it in one place each. */
const CLOCKS = {
  gateway: 'libs/platform/dist/clock/clock.js',
  venue: 'services/paper-broker/dist/adapters/clock.js',
} as const;

/** Lets a program live at another time: a run can be made at any hour, and its session is always open. */
export const shiftedClock = (program: keyof typeof CLOCKS, offsetMs: number): Edit => ({
  name: `clock of the ${program}`,
  file: CLOCKS[program],
  find: 'Date.now()',
  replace: `(Date.now() + ${offsetMs})`,
});
