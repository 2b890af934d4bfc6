import { spawn, execFile, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { watch } from 'node:fs';
import { mkdir, open, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { Fault, Retryable } from '../errors.js';

const run = promisify(execFile);

/** How long a server may take until its ports file is there; it takes about 20 ms, and longer to recover a large store. */
const READY_MS = 30_000;
/** How long a server may take to end after SIGTERM before it is killed. */
const STOP_MS = 5_000;

export interface NatsServerOptions {
  /** The program, e.g. from `resolveNatsServer`. */
  readonly bin: string;
  /** Holds JetStream's files and ours (`nats-server.conf`, `.log`, `.pid`); one server at a time. */
  readonly storeDir: string;
  /** More configuration text, e.g. the authorization block of `permissions.ts`. */
  readonly config?: string;
  /** The port on loopback; 0 (the default) takes a free one. */
  readonly port?: number;
  /** Syncs every write to disk before it is acknowledged: survives a power loss, about a tenth of the speed. */
  readonly syncAlways?: boolean;
}

export interface NatsServer {
  /** `nats://127.0.0.1:<port>`. */
  readonly url: string;
  readonly pid: number;
  /** Resolves with how the server ended, whenever it does. */
  readonly ended: Promise<string>;
  /** Ends the server and resolves when it has gone. */
  stop(): Promise<void>;
}

/**
 * Starts a nats-server with JetStream on loopback as a child process and resolves once it takes connections.
 *
 * It runs in its own process group, so that Ctrl-C reaches the host alone and the host can drain over the bus
 * first. It is killed when this process exits. A SIGKILL of this process cannot be seen here: the server lives
 * on, and the next start on the same `storeDir` finds it by its pid file, makes sure by its command line that it
 * is that server and by its parent that nobody uses it any more, and ends it.
 * @throws Fault `NATS_STORE_IN_USE` where another living process started the server of this store.
 * @throws Retryable `NATS_DID_NOT_START` with the end of its log.
 */
export async function startNatsServer(options: NatsServerOptions): Promise<NatsServer> {
  // Absolute, because the path on the command line is what a later start recognises the server by.
  const storeDir = resolve(options.storeDir);
  await mkdir(storeDir, { recursive: true });
  await stopLeftOverNats(storeDir);
  for (const name of await readdir(storeDir)) if (name.endsWith('.ports')) await rm(join(storeDir, name));
  const conf = confPath(storeDir);
  await writeFile(conf, configText({ ...options, storeDir }), { mode: 0o600 });

  const log = await open(join(storeDir, 'nats-server.log'), 'w');
  const child = spawn(options.bin, ['-c', conf], { detached: true, stdio: ['ignore', log.fd, log.fd] });
  const ended = endOf(child);
  const killWithParent = (): void => void child.kill('SIGKILL');
  process.once('exit', killWithParent);
  void ended.then(() => process.removeListener('exit', killWithParent));
  try {
    if (child.pid !== undefined) {
      await writeFile(pidPath(storeDir), JSON.stringify({ pid: child.pid, parent: process.pid }));
    }
    const url = await ready(storeDir, ended);
    // The child must not keep a host alive that has nothing else to do.
    child.unref();
    return {
      url,
      pid: child.pid ?? 0,
      ended,
      stop: async () => {
        child.kill('SIGTERM');
        const killer = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
        await ended;
        clearTimeout(killer);
        await rm(pidPath(storeDir), { force: true });
      },
    };
  } catch (error) {
    child.kill('SIGKILL');
    const lines = (await readFile(join(storeDir, 'nats-server.log'), 'utf8')).trim().split('\n').slice(-5).join('\n');
    throw new Retryable(
      'NATS_DID_NOT_START',
      `nats-server (${options.bin}) did not start: ${String(error)}\n${lines}`,
      {
        cause: error,
      },
    );
  } finally {
    await log.close();
  }
}

const confPath = (storeDir: string): string => join(storeDir, 'nats-server.conf');
const pidPath = (storeDir: string): string => join(storeDir, 'nats-server.pid');

function configText(options: NatsServerOptions): string {
  const quoted = (text: string): string => JSON.stringify(text);
  return [
    'host: 127.0.0.1',
    // The server itself chooses a free port at -1, so that no other process can take it in between.
    `port: ${options.port === undefined || options.port === 0 ? -1 : options.port}`,
    `ports_file_dir: ${quoted(options.storeDir)}`,
    'jetstream {',
    `  store_dir: ${quoted(options.storeDir)}`,
    ...(options.syncAlways === true ? ['  sync_interval: always'] : []),
    '}',
    options.config ?? '',
  ].join('\n');
}

/** Resolves, never rejects: with the exit code or signal, or with why the program could not be run. */
function endOf(child: ChildProcess): Promise<string> {
  return new Promise((settle) => {
    child.once('error', (error) => settle(error.message));
    child.once('exit', (code, signal) => settle(signal === null ? `exit code ${code ?? '?'}` : `signal ${signal}`));
  });
}

/** Waits for the ports file, which the server writes once it takes connections, and reads the address out of it. */
async function ready(storeDir: string, ended: Promise<string>): Promise<string> {
  const watcher = watch(storeDir);
  const deadline = new AbortController();
  const tooLate = pause(READY_MS, 'late' as const, { signal: deadline.signal, ref: false });
  const gone = ended.then((how) => ({ how }));
  try {
    for (;;) {
      const changed = once(watcher, 'change', { signal: deadline.signal });
      changed.catch(() => undefined);
      const url = await readPortsFile(storeDir);
      if (url !== null) return url;
      const event = await Promise.race([changed, gone, tooLate]);
      if (event === 'late') throw new Error(`it took no connections within ${READY_MS / 1000} s`);
      if ('how' in event) throw new Error(`it ended with ${event.how}`);
    }
  } finally {
    tooLate.catch(() => undefined);
    deadline.abort();
    watcher.close();
  }
}

async function readPortsFile(storeDir: string): Promise<string | null> {
  const name = (await readdir(storeDir)).find((entry) => entry.endsWith('.ports'));
  if (name === undefined) return null;
  const text = await readFile(join(storeDir, name), 'utf8');
  // The file is looked at while it is being written; what is not whole yet is read again at its next change.
  const port = /"nats":\s*\[\s*"nats:\/\/[^"]*:(\d+)"/.exec(text)?.[1];
  return port === undefined ? null : `nats://127.0.0.1:${port}`;
}

/**
 * Ends a server that a host which was killed left behind on a store.
 * @param storeDir the absolute path of the store.
 * @throws Fault `NATS_STORE_IN_USE` where its host still lives.
 */
export async function stopLeftOverNats(storeDir: string): Promise<void> {
  const text = await readFile(pidPath(storeDir), 'utf8').catch(() => null);
  if (text === null) return;
  const found = /"pid":(\d+),"parent":(\d+)/.exec(text);
  const pid = Number(found?.[1]);
  const running = found ? await describeProcess(pid) : null;
  // The pid may belong to somebody else by now; only our own configuration path on the command line proves it ours.
  if (running !== null && running.command.includes('nats-server') && running.command.includes(confPath(storeDir))) {
    if (running.parent === Number(found?.[2])) {
      throw new Fault(
        'NATS_STORE_IN_USE',
        `process ${running.parent} runs a nats-server (pid ${pid}) on ${storeDir}; stop it, or use another BALLAST_HOME`,
      );
    }
    process.kill(pid, 'SIGTERM');
    await goneWithin(pid, STOP_MS);
  }
  await rm(pidPath(storeDir), { force: true });
}

async function goneWithin(pid: number, ms: number): Promise<void> {
  const until = performance.now() + ms;
  // Not our child, so no event tells of its end: the process table is all there is to ask.
  while ((await describeProcess(pid)) !== null) {
    if (performance.now() > until) process.kill(pid, 'SIGKILL');
    await pause(20);
  }
}

/** The parent and the command line of a process; null where there is none, or where it is only waiting to be buried. */
async function describeProcess(pid: number): Promise<{ parent: number; command: string } | null> {
  if (process.platform === 'linux') {
    const [stat, command] = await Promise.all(
      ['stat', 'cmdline'].map((name) => readFile(`/proc/${pid}/${name}`, 'utf8').catch(() => null)),
    );
    // The second field is the program's name in brackets and may hold anything, so count from the last bracket.
    const [state, parent] = stat?.slice(stat.lastIndexOf(')') + 2).split(' ') ?? [];
    if (!stat || !command || state === 'Z') return null;
    return { parent: Number(parent), command: command.replaceAll('\0', ' ') };
  }
  const listed = await run('ps', ['-o', 'ppid=,args=', '-p', String(pid)]).catch(() => null);
  const fields = /^\s*(\d+)\s+(.+)$/m.exec(listed?.stdout ?? '');
  return fields ? { parent: Number(fields[1]), command: fields[2] ?? '' } : null;
}
