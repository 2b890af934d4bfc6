import { readdir } from 'node:fs/promises';
import { homedir } from 'node:os';
import { basename, join, parse, relative } from 'node:path';
import type { Command } from 'commander';
import { CliError, EXIT } from '../errors.js';
import { print } from '../output/document.js';
import { embedded } from '../session.js';
import { addCommand, checked, confirm, type Cli, type OutputOption } from './command.js';
import { hostRuns } from './status.js';

interface ResetFlags extends OutputOption {
  readonly yes?: boolean;
}

/** What every data folder has from its first start on. */
const MARKER = 'version.json';

/** `ballast reset`: deletes the data folder with all books. */
export function resetCommand(program: Command, cli: Cli): void {
  const { io } = cli;
  addCommand(program, 'reset', "Delete the data folder with every book in it; asks to type the folder's name.", [
    'reset',
    'reset --yes',
  ])
    .option('--yes', 'delete without asking')
    .action(async (raw: ResetFlags) => {
      const { format } = checked('reset', raw, () => null);
      const { resetHome, resolveHome, runningHost } = await embedded();
      const home = resolveHome(io.env);
      const host = await runningHost(home);
      if (host) throw hostRuns(home, host.pid);
      const there = await requireHome(home, io.cwd);
      if (there) {
        const name = basename(home);
        const what = `${home} will be deleted: every book, ledger, order and pack in it.`;
        await confirm(io, what, name, raw.yes === true ? name : undefined, '--yes');
        await resetHome(home);
      }
      const result = { home, deleted: there };
      print(io, format, result, () => (there ? `deleted ${home}\n` : `there is nothing at ${home}\n`));
    });
}

/**
 * Makes sure that what would be deleted is a data folder and nothing else. False where there is nothing.
 * @throws CliError NOT_A_HOME.
 */
export async function requireHome(home: string, cwd: string): Promise<boolean> {
  const entries = await readdir(home).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
  if (entries === null) return false;
  const holdsUs = !relative(home, cwd).startsWith('..');
  const reason = !entries.includes(MARKER)
    ? `it has no ${MARKER}, so Ballast did not make it`
    : holdsUs
      ? 'the working directory is inside it'
      : home === homedir() || home === parse(home).root
        ? 'it is a home or root directory'
        : null;
  if (reason === null) return true;
  throw new CliError({
    code: 'NOT_A_HOME',
    what: `${home} is not deleted: ${reason}.`,
    where: [{ field: 'BALLAST_HOME', message: `expected a data folder of Ballast, with ${join(home, MARKER)}` }],
    nextStep: 'Check BALLAST_HOME; delete the folder by hand if it is the right one.',
    exit: EXIT.failure,
  });
}
