import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { EmbeddedHost } from '@ballast/embedded';
import { Client } from './client.js';
import { CliError, EXIT } from './errors.js';
import type { Io } from './io.js';

/** A system that answers: one that ran already, or one that lives in this process for the time of the command. */
export interface Session {
  readonly client: Client;
  readonly home: string;
  /** Where each service answers by itself, for what all of them have (`/ops`, `/health`, `/metrics`). */
  readonly services: Readonly<Record<string, string>>;
  /** Null where a running host was found; then its clock and its data are not ours to move. */
  readonly own: EmbeddedHost | null;
}

export interface SessionOptions {
  /** Whose timeline is opened where no host runs: a book in simulated time has its own. */
  readonly book: string;
  /** Begins that book anew. */
  readonly fresh?: boolean;
  /** Calls to the venue under way at once. */
  readonly workers?: number;
  /** Whether the command makes sense only on a system that goes on working after it. */
  readonly needsRunning?: boolean;
  /** Shows what the host says while it starts; otherwise it is shown only where the start fails. */
  readonly verbose?: boolean;
}

/**
 * The embedded host loads all services, so only commands that need it pay for it.
 * @throws CliError NOT_BUILT where it is not there.
 */
export const embedded = (): Promise<typeof import('@ballast/embedded')> => built(() => import('@ballast/embedded'));

/**
 * What finds a running host, without loading any service.
 * @throws CliError NOT_BUILT where it is not there.
 */
export const hostFinder = (): Promise<typeof import('@ballast/embedded/home')> =>
  built(() => import('@ballast/embedded/home'));

async function built<T>(load: () => Promise<T>): Promise<T> {
  try {
    return await load();
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'ERR_MODULE_NOT_FOUND') throw cause;
    throw new CliError(
      {
        code: 'NOT_BUILT',
        what: `A part of Ballast is missing (${cause instanceof Error ? cause.message : String(cause)}).`,
        nextStep: 'Run "npm ci", then "npm run build".',
        exit: EXIT.unavailable,
      },
      { cause },
    );
  }
}

/**
 * Finds the running host of the data folder or starts one in this process, hands it to
 * `use`, and stops again what it started, also on Ctrl-C.
 * @throws CliError HOST_NOT_RUNNING, HOST_STARTING, TOKEN_UNREADABLE; whatever the start of a host throws.
 */
export async function withSession<T>(
  io: Io,
  options: SessionOptions,
  use: (session: Session) => Promise<T>,
): Promise<T> {
  const { resolveHome, runningHost } = await hostFinder();
  const home = resolveHome(io.env);
  const running = await runningHost(home);
  if (running) {
    if (running.url === '') throw starting(home, running.pid);
    const client = new Client(running.url, await readToken(home));
    return use({ client, home, services: running.services, own: null });
  }
  if (options.needsRunning === true) throw notRunning(home);
  return withOwnHost(io, home, options, use);
}

async function withOwnHost<T>(
  io: Io,
  home: string,
  options: SessionOptions,
  use: (session: Session) => Promise<T>,
): Promise<T> {
  const { SERVICE_NAMES, startHost } = await embedded();
  const kept: string[] = [];
  const log = (line: string): void => {
    if (options.verbose === true) io.err(`${line}\n`);
    else kept.push(line);
  };
  const { book, fresh = false, workers } = options;
  // A clock that stands still: looking at a book must not let deadlines of an unfinished cycle pass.
  const host = await startHost({
    home,
    mode: 'simulated',
    book,
    fresh,
    log,
    env: io.env,
    ...(workers === undefined ? {} : { workers }),
  }).catch((error: unknown) => {
    for (const line of kept) io.err(`${line}\n`);
    throw error;
  });
  let stopping: Promise<void> | undefined;
  const stop = (): Promise<void> => (stopping ??= host.stop());
  let interrupt = (): void => undefined;
  const interrupted = new Promise<never>((_, reject) => {
    interrupt = () => {
      io.err('\nstopping; what was committed stays, and the same command goes on from there\n');
      void stop();
      reject(interruption());
    };
  });
  // Taken once: a second signal ends the process at once, as signals do.
  process.once('SIGINT', interrupt).once('SIGTERM', interrupt);
  try {
    const services = Object.fromEntries(SERVICE_NAMES.map((name) => [name, host.serviceUrl(name)]));
    const used = use({ client: new Client(host.url, host.token), home, services, own: host });
    // What `use` meets because the host stops under it is no news.
    return await Promise.race([used, interrupted]);
  } finally {
    process.off('SIGINT', interrupt).off('SIGTERM', interrupt);
    await stop();
  }
}

const interruption = (): CliError =>
  new CliError({
    code: 'INTERRUPTED',
    what: 'The command was stopped before it had ended.',
    nextStep: 'Run the same command again to go on.',
    exit: EXIT.interrupted,
  });

/** A client for one service of a session by itself. */
export async function serviceClient(session: Session, name: string): Promise<Client> {
  const url = session.services[name];
  if (url === undefined) {
    throw new CliError({
      code: 'SERVICE_UNKNOWN',
      what: `There is no service "${name}" in this system.`,
      nextStep: `Use one of: ${Object.keys(session.services).sort().join(', ')}.`,
      exit: EXIT.usage,
    });
  }
  return new Client(url, session.own ? session.own.token : await readToken(session.home));
}

async function readToken(home: string): Promise<string> {
  const file = join(home, 'token');
  try {
    return (await readFile(file, 'utf8')).trim();
  } catch (cause) {
    throw new CliError(
      {
        code: 'TOKEN_UNREADABLE',
        what: `The token of the running host cannot be read from ${file}.`,
        nextStep: 'Run the command as the user who started the host, with the same BALLAST_HOME.',
        exit: EXIT.unavailable,
      },
      { cause },
    );
  }
}

const starting = (home: string, pid: number): CliError =>
  new CliError({
    code: 'HOST_STARTING',
    what: `A host (process ${pid}) is starting on ${home}, or another command is using it.`,
    nextStep: 'Run the command again in a few seconds.',
    exit: EXIT.unavailable,
  });

const notRunning = (home: string): CliError =>
  new CliError({
    code: 'HOST_NOT_RUNNING',
    what: `No host runs on ${home}, and this command needs one that goes on working after it.`,
    nextStep: 'Start one with "npm start" in another terminal, then run the command again.',
    exit: EXIT.unavailable,
  });
