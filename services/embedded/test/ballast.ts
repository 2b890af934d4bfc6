import { spawn, type ChildProcess } from 'node:child_process';
import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll } from '@jest/globals';
import { resolveNatsServer, startPostgres } from '@ballast/platform';
import pg from 'pg';

const BIN = resolve('bin/ballast.mjs');

/** What a system test hands to the product instead of what surrounds the test itself. */
type Environment = Readonly<Record<string, string | undefined>>;

/** How a command ended and everything it said. */
export interface Ended {
  readonly exit: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly out: string;
  readonly err: string;
}

const running = new Set<BallastProcess>();
const homes = new Set<string>();

/** One `ballast …` command as a process of its own, as a person would have started it. */
export class BallastProcess {
  #out = '';
  #err = '';
  readonly #child: ChildProcess;
  readonly #waiting = new Set<() => void>();
  readonly ended: Promise<Ended>;

  constructor(
    readonly args: readonly string[],
    env: Environment,
  ) {
    const child = spawn(process.execPath, [BIN, ...args], { stdio: ['ignore', 'pipe', 'pipe'], env: { ...env } });
    this.#child = child;
    running.add(this);
    child.stdout.setEncoding('utf8').on('data', (text: string) => (this.#out += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.#err += text;
      for (const look of this.#waiting) look();
    });
    this.ended = new Promise((done) => {
      // Not "close": a server that a killed process leaves behind would hold nothing of ours, but might one day.
      child.once('exit', (exit, signal) => {
        running.delete(this);
        setImmediate(() => done({ exit, signal, out: this.#out, err: this.#err }));
      });
    });
  }

  get pid(): number {
    return this.#child.pid!;
  }

  get err(): string {
    return this.#err;
  }

  /** Resolves with what matched as soon as standard error says it. @throws Error where the process ends without. */
  async said(pattern: RegExp): Promise<RegExpExecArray> {
    let look = (): void => undefined;
    const found = new Promise<RegExpExecArray>((done) => {
      look = () => {
        const match = pattern.exec(this.#err);
        if (match) done(match);
      };
      look();
    });
    this.#waiting.add(look);
    const silent = this.ended.then(({ exit, signal, err }) => {
      const match = pattern.exec(err);
      if (match) return match;
      throw new Error(`"${this.args.join(' ')}" ended (${signal ?? exit}) and never said ${pattern}:\n${err}`);
    });
    try {
      return await Promise.race([found, silent]);
    } finally {
      this.#waiting.delete(look);
      silent.catch(() => undefined);
    }
  }

  kill(signal: NodeJS.Signals): Promise<Ended> {
    this.#child.kill(signal);
    return this.ended;
  }
}

/** The environment of a command: ours without what would lead it to another system than the one of `home`. */
export function environmentOf(home: string, more: Environment = {}): Environment {
  const foreign = /^(BALLAST_|OTEL_|NODE_OPTIONS$|JEST_|DATABASE_URL$|NATS_|ORCHESTRATOR_|EXECUTION_|RISK_|FEEDS_)/;
  const ours = Object.entries(process.env).filter(([name]) => !foreign.test(name));
  return { ...Object.fromEntries(ours), BALLAST_HOME: home, NO_COLOR: '1', ...natsServer, ...more };
}

/** Where a nats-server is, fetched once a machine, so that no test waits for the network. */
const found = await resolveNatsServer({
  env: process.env,
  home: process.env['BALLAST_HOME'] ?? join(tmpdir(), 'ballast-test-cache'),
  log: (line) => console.warn(line),
});
if (!found.found && process.env['BALLAST_REQUIRE_NATS'] === '1') throw new Error(found.reason);
const natsServer: Environment = found.found ? { NATS_SERVER_BIN: found.path } : { BALLAST_OFFLINE: '1' };

/** Null where there is a nats-server; else why there is none, for tests that have to skip. */
export const noNats: string | null = found.found ? null : found.reason;

/** Starts a command; what is still running when its file has ended is killed. */
export const start = (home: string, args: readonly string[], env: Environment = {}): BallastProcess =>
  new BallastProcess(args, environmentOf(home, env));

/** Runs a command to its end. */
export const ballast = (home: string, args: readonly string[], env: Environment = {}): Promise<Ended> =>
  start(home, args, env).ended;

/** Runs a command that must succeed, and returns the one JSON document that it wrote. */
export async function json<T>(home: string, args: readonly string[], env: Environment = {}): Promise<T> {
  const { exit, out, err } = await ballast(home, args, env);
  if (exit !== 0) throw new Error(`"ballast ${args.join(' ')}" ended with ${exit}:\n${err}`);
  return JSON.parse(out) as T;
}

/** A data folder for one system, removed with all that ran on it when the file has ended. */
export async function makeHome(): Promise<string> {
  const home = await mkdtemp(join(tmpdir(), 'ballast-system-'));
  // As root, Postgres runs as another user, who must get through to its folder.
  await chmod(home, 0o755);
  homes.add(home);
  return home;
}

/** The Postgres of a data folder: the one that a host runs now, or one that we start until `stop`. */
export async function openDatabase(home: string, database: string): Promise<Database> {
  const { postgres: password } = JSON.parse(await readFile(join(home, 'secrets.json'), 'utf8')) as { postgres: string };
  const server = await startPostgres({ home: join(home, 'postgres'), password });
  const url = new URL(server.url);
  url.pathname = `/${database}`;
  const client = new pg.Client({ connectionString: url.href });
  // A host that stops ends its Postgres, and our connection with it; whoever asks on then is told by the query.
  client.on('error', () => undefined);
  await client.connect();
  return {
    rows: async <T extends object>(sql: string, values: readonly unknown[] = []) =>
      (await client.query<T>(sql, [...values])).rows,
    close: async () => {
      await client.end();
      if (!server.adopted) await server.stop();
    },
  };
}

/** A connection as superuser: tests look at, and tamper with, what no role of the product may. */
export interface Database {
  rows<T extends object>(sql: string, values?: readonly unknown[]): Promise<T[]>;
  close(): Promise<void>;
}

/** Ends a process by its id, and resolves when it has gone. */
export async function endProcess(pid: number, signal: NodeJS.Signals): Promise<void> {
  if (isAlive(pid)) process.kill(pid, signal);
  await gone(pid);
}

/** Resolves when a process that is not our child has gone. */
export const gone = (pid: number): Promise<true> => eventually(() => Promise.resolve(!isAlive(pid)));

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
    throw error;
  }
}

/** The processes that a process has started, with their command lines. */
export async function childrenOf(pid: number): Promise<{ pid: number; command: string }[]> {
  const pids = (await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8')).trim().split(' ').filter(Boolean);
  return Promise.all(
    pids.map(async (each) => ({
      pid: Number(each),
      command: (await readFile(`/proc/${each}/cmdline`, 'utf8')).replaceAll('\0', ' '),
    })),
  );
}

/** Between two looks at something that cannot call back: another process's table, its answer over HTTP. */
const aMoment = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 20));

/** Asks until the answer is there; the test's own time limit bounds it. */
export async function eventually<T>(ask: () => Promise<T | null | false>): Promise<T> {
  for (;;) {
    const answer = await ask();
    if (answer !== null && answer !== false) return answer;
    await aMoment();
  }
}

async function pidIn(file: string, pattern: RegExp): Promise<number | null> {
  const text = await readFile(file, 'utf8').catch(() => '');
  const pid = pattern.exec(text)?.[1];
  return pid === undefined ? null : Number(pid);
}

afterAll(async () => {
  await Promise.all([...running].map((each) => each.kill('SIGKILL')));
  for (const home of homes) {
    // A host that was killed leaves its Postgres and its nats-server to the next start; here none comes.
    const servers = [
      await pidIn(join(home, 'postgres/data/postmaster.pid'), /^(\d+)\n/),
      ...(await Promise.all(
        ['main', 'realtime', 'processes'].map((store) =>
          pidIn(join(home, 'nats', store, 'nats-server.pid'), /"pid":(\d+)/),
        ),
      )),
    ];
    for (const pid of servers) if (pid !== null) await endProcess(pid, 'SIGINT');
    await rm(home, { recursive: true, force: true });
  }
}, 60_000);
