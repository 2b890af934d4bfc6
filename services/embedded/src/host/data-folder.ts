import { randomBytes } from 'node:crypto';
import { chmod, mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sha256 } from '@ballast/contracts';
import { canEnter, Fault, stopLeftOverNats, stopLeftOverPostgres } from '@ballast/platform';
import { DATA_VERSION, runFile, runningHost, type RunInfo } from './home.js';

/** The data folder of one system: its database, stream, packs, keys and secrets. */
export interface Home {
  readonly path: string;
  readonly postgres: string;
  readonly nats: string;
  readonly packs: string;
  readonly keys: string;
  readonly logs: string;
  /** Exists while orders of every account are to stay halted. */
  readonly haltFile: string;
  readonly secrets: Secrets;
}

/** Made on first start, readable by the owner only. */
export interface Secrets {
  readonly apiToken: string;
  readonly postgres: string;
  readonly venue: string;
  /** One seed from which each service's database and bus passwords are made. */
  readonly services: string;
}

/**
 * Opens the data folder, making it on first start.
 * @throws Fault HOME_NEWER where a newer program wrote it.
 */
export async function openHome(path: string): Promise<Home> {
  await mkdir(path, { recursive: true, mode: 0o755 });
  await checkVersion(path);
  const secrets = await readSecrets(path);
  const folder = async (name: string): Promise<string> => {
    await mkdir(join(path, name), { recursive: true, mode: 0o700 });
    return join(path, name);
  };
  await writeFile(join(path, 'token'), secrets.apiToken, { mode: 0o600 });
  return {
    path,
    postgres: await postgresFolder(path),
    nats: await folder('nats'),
    packs: await folder('packs'),
    keys: await folder('keys'),
    logs: await folder('logs'),
    haltFile: join(path, 'HALT'),
    secrets,
  };
}

/** The password of one service for one thing, from the seed that is kept. */
export const servicePassword = (secrets: Secrets, what: 'postgres' | 'nats', service: string): string =>
  sha256(`${secrets.services}\n${what}\n${service}`).slice(0, 40);

/**
 * Postgres does not run as root. Where root's folder is closed to others, the cluster
 * alone lives below /var/lib/ballast, under a name made from the folder's path.
 */
async function postgresFolder(path: string): Promise<string> {
  if (process.getuid?.() !== 0 || (await canEnter(path))) return join(path, 'postgres');
  const open = join('/var/lib/ballast', sha256(path).slice(0, 12));
  await mkdir(open, { recursive: true, mode: 0o755 });
  return join(open, 'postgres');
}

async function checkVersion(path: string): Promise<void> {
  const file = join(path, 'version.json');
  const text = await readFile(file, 'utf8').catch(() => null);
  if (text === null) {
    await writeFile(file, JSON.stringify({ dataVersion: DATA_VERSION }));
    return;
  }
  const { dataVersion } = JSON.parse(text) as { dataVersion: number };
  if (dataVersion > DATA_VERSION) {
    throw new Fault(
      'HOME_NEWER',
      `the data folder ${path} is of version ${dataVersion}, and this program knows ${DATA_VERSION}. Use the newer program, or another BALLAST_HOME.`,
    );
  }
}

async function readSecrets(path: string): Promise<Secrets> {
  const file = join(path, 'secrets.json');
  const text = await readFile(file, 'utf8').catch(() => null);
  if (text !== null) return JSON.parse(text) as Secrets;
  const random = (): string => randomBytes(24).toString('hex');
  const secrets: Secrets = { apiToken: random(), postgres: random(), venue: random(), services: random() };
  // Written whole or not at all: a half-written file would lock us out of our own database.
  await writeFile(`${file}.new`, JSON.stringify(secrets), { mode: 0o600 });
  await rename(`${file}.new`, file);
  return secrets;
}

/** The book that a system in real time runs cycles for. */
export const PAPER_BOOK = 'paper';

export const portfolioOf = (env: Readonly<Record<string, string | undefined>>): string =>
  env['ORCHESTRATOR_PORTFOLIO'] ?? PAPER_BOOK;

/**
 * Says that this process is the host of a folder now.
 * @throws Fault HOST_RUNNING where another living process is.
 */
export async function claimHome(path: string, info: RunInfo): Promise<void> {
  const other = await runningHost(path);
  if (other && other.pid !== process.pid) {
    throw new Fault(
      'HOST_RUNNING',
      `a host (process ${other.pid}) runs on ${path} since ${other.startedAt}; stop it first, or use another BALLAST_HOME`,
    );
  }
  await writeFile(runFile(path), JSON.stringify(info, null, 2), { mode: 0o600 });
}

export async function releaseHome(path: string): Promise<void> {
  await rm(runFile(path), { force: true });
}

/**
 * Deletes a data folder and the database that belongs to it. What a host that was killed
 * has left running on them is stopped first, or it would go on writing to deleted files.
 * @throws Fault HOST_RUNNING while a host runs.
 */
export async function resetHome(path: string): Promise<void> {
  const other = await runningHost(path);
  if (other) throw new Fault('HOST_RUNNING', `a host (process ${other.pid}) runs on ${path}; stop it first`);
  const there = await stat(path).catch(() => null);
  if (!there) return;
  const nats = join(path, 'nats');
  const stores = await readdir(nats).catch(() => []);
  for (const store of stores) await stopLeftOverNats(join(nats, store));
  const postgres = await postgresFolder(path);
  await stopLeftOverPostgres(postgres);
  await rm(postgres, { recursive: true, force: true });
  await chmod(path, 0o755);
  await rm(path, { recursive: true, force: true });
}
