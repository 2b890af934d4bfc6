import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';

/** How a run ended. */
export interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

const ENTRY = resolve('services/embedded/dist/chaos/main.js');

/** Runs the chaos as a person would, from what was built. @throws Error where nothing was built. */
export function runChaos(...args: readonly string[]): Promise<Ended> {
  if (!existsSync(ENTRY)) throw new Error(`${ENTRY} is missing: build first, with "npm run build"`);
  return new Promise((ended) => {
    execFile(process.execPath, [ENTRY, ...args], { maxBuffer: 64 * 1024 * 1024 }, (error, stdout, stderr) =>
      ended({ code: error ? Number(error.code ?? 1) : 0, stdout, stderr }),
    );
  });
}
