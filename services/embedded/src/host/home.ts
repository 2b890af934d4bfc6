import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';

/** What the data folder's layout is; a program that knows only older ones must not touch it. */
export const DATA_VERSION = 1;

/** What a running host tells whoever looks for it. */
export interface RunInfo {
  readonly pid: number;
  /** Where the system answers; empty while it starts. */
  readonly url: string;
  readonly services: Readonly<Record<string, string>>;
  /** The book that it runs cycles for, which commands look into unless told. */
  readonly book: string;
  readonly startedAt: string;
}

/** Where the data folder is: `BALLAST_HOME`, else `.ballast` in the working directory. */
export const resolveHome = (env: Readonly<Record<string, string | undefined>>): string =>
  resolve(env['BALLAST_HOME'] ?? '.ballast');

/** The file in which a host says that it runs on a data folder. */
export const runFile = (path: string): string => join(path, 'run.json');

/** The host that runs on a folder now; null where none does. */
export async function runningHost(path: string): Promise<RunInfo | null> {
  const text = await readFile(runFile(path), 'utf8').catch(() => null);
  if (text === null) return null;
  const info = JSON.parse(text) as RunInfo;
  return isAlive(info.pid) ? info : null;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
