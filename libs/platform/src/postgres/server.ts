import { execFile } from 'node:child_process';
import { chmod, chown, mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { Fault, messageOf, Retryable } from '../errors.js';
import { canEnter, postgresPrograms, type PostgresPrograms } from './binaries.js';

const run = promisify(execFile);

export interface PostgresOptions {
  /** The folder of the cluster and of its log; made where it is missing. */
  readonly home: string;
  /** The superuser's password; the same for the life of the cluster. */
  readonly password: string;
  /** False only in tests: a crash of the machine may then lose or corrupt the data. */
  readonly durable?: boolean;
}

export interface PostgresServer {
  /** `postgres://` of the superuser, to the database `postgres`. */
  readonly url: string;
  /** Whether it was running already, left over by a host that was killed. */
  readonly adopted: boolean;
  stop(): Promise<void>;
}

const SUPERUSER = 'postgres';

/**
 * Starts the Postgres that npm brought, on a free loopback port, and resolves once it
 * takes connections. It is started through pg_ctl and not as a child: a host that is
 * killed leaves it running, and the next start finds it by its own pid file and goes on
 * with it. (The library's own launcher hooks the process's signals and ends it before
 * the services have drained.)
 * @throws Fault POSTGRES_MISSING, POSTGRES_CORRUPT; Retryable POSTGRES_DID_NOT_START with the end of its log.
 */
export async function startPostgres(options: PostgresOptions): Promise<PostgresServer> {
  const home = resolve(options.home);
  const programs = await postgresPrograms(home);
  const data = join(home, 'data');
  await makeFolder(home, programs);
  if (!(await isCluster(data))) await initialise(data, options, programs);
  const running = await runningPort(data, programs);
  const port = running ?? (await start(home, data, options, programs));
  return {
    url: `postgres://${SUPERUSER}:${encodeURIComponent(options.password)}@127.0.0.1:${port}/postgres`,
    adopted: running !== null,
    stop: () => stopServer(data, programs),
  };
}

/** Ends the server that a host which was killed left on a cluster, so that its folder can be deleted. */
export async function stopLeftOverPostgres(home: string): Promise<void> {
  const data = join(resolve(home), 'data');
  if (!(await isCluster(data))) return;
  const programs = await postgresPrograms(resolve(home));
  if ((await runningPort(data, programs)) !== null) await stopServer(data, programs);
}

const stopServer = (data: string, programs: PostgresPrograms): Promise<void> =>
  pgCtl(programs, ['stop', '-D', data, '-m', 'fast', '-w']);

async function makeFolder(home: string, { identity }: PostgresPrograms): Promise<void> {
  await mkdir(home, { recursive: true });
  if (identity) {
    if (!(await canEnter(dirname(home)))) {
      throw new Fault(
        'POSTGRES_FOLDER_CLOSED',
        `Postgres runs as another user here, who may not enter ${dirname(home)}. Set BALLAST_HOME to a folder that everybody may pass through, such as /var/lib/ballast.`,
      );
    }
    await chown(home, identity.uid, identity.gid);
  }
  await chmod(home, 0o700);
}

const isCluster = (data: string): Promise<boolean> =>
  stat(join(data, 'PG_VERSION')).then(
    () => true,
    () => false,
  );

async function initialise(data: string, options: PostgresOptions, programs: PostgresPrograms): Promise<void> {
  const passwordFile = join(options.home, 'password.txt');
  await writeFile(passwordFile, options.password, { mode: 0o600 });
  const { identity } = programs;
  if (identity) await chown(passwordFile, identity.uid, identity.gid);
  try {
    // A half-made cluster of a start that was killed is none yet.
    await rm(data, { recursive: true, force: true });
    await run(
      programs.initdb,
      [
        '-D',
        data,
        '-U',
        SUPERUSER,
        '--auth=scram-sha-256',
        `--pwfile=${passwordFile}`,
        '--encoding=UTF8',
        '--locale=C',
        '--no-sync',
      ],
      { ...identity, env: { PATH: process.env['PATH'] }, cwd: options.home },
    );
  } catch (error) {
    throw new Retryable(
      'POSTGRES_DID_NOT_START',
      `the database cluster in ${data} could not be made: ${messageOf(error)}`,
      { cause: error },
    );
  } finally {
    await rm(passwordFile, { force: true });
  }
}

/** The port of the server that runs on this cluster; null where none does. */
async function runningPort(data: string, programs: PostgresPrograms): Promise<number | null> {
  const alive = await pgCtl(programs, ['status', '-D', data]).then(
    () => true,
    () => false,
  );
  if (!alive) return null;
  const [, , , port] = (await readFile(join(data, 'postmaster.pid'), 'utf8')).split('\n');
  return Number(port);
}

async function start(
  home: string,
  data: string,
  options: PostgresOptions,
  programs: PostgresPrograms,
): Promise<number> {
  const log = join(home, 'postgres.log');
  // Between the choice of a free port and its use another process may take it; then the next one is tried.
  for (let attempt = 0; ; attempt++) {
    const port = await freePort();
    const settings = {
      listen_addresses: '127.0.0.1',
      port,
      unix_socket_directories: '',
      max_connections: 200,
      ...(options.durable === false ? { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' } : {}),
    };
    const flags = Object.entries(settings)
      .map(([name, value]) => `-c ${name}='${value}'`)
      .join(' ');
    try {
      await pgCtl(programs, ['start', '-D', data, '-l', log, '-w', '-t', '60', '-s', '-o', flags]);
      return port;
    } catch (error) {
      const lines = (await readFile(log, 'utf8').catch(() => '')).trim().split('\n').slice(-5).join('\n');
      if (attempt < 3 && /could not bind|Address already in use/.test(lines)) continue;
      if (/database files are incompatible with server|was initialized by PostgreSQL version/.test(lines)) {
        throw new Fault(
          'POSTGRES_CORRUPT',
          `${data} is of another Postgres version: ${lines}\nKeep the folder, and start with another BALLAST_HOME.`,
        );
      }
      throw new Retryable('POSTGRES_DID_NOT_START', `Postgres did not start: ${messageOf(error)}\n${lines}`, {
        cause: error,
      });
    }
  }
}

async function pgCtl({ pgCtl: program, identity }: PostgresPrograms, args: readonly string[]): Promise<void> {
  await run(program, [...args], { ...identity, env: { PATH: process.env['PATH'] }, cwd: '/' });
}

/** A port on loopback that nobody listens on now. */
export function freePort(): Promise<number> {
  return new Promise((found, failed) => {
    const probe = createServer();
    probe.once('error', failed);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => found(typeof address === 'object' && address ? address.port : 0));
    });
  });
}
