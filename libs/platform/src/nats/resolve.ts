import { execFile } from 'node:child_process';
import { access, constants } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { messageOf } from '../errors.js';
import { fetchFromDebian } from './debian.js';
import { fetchRelease, OFFICIAL_RELEASE, type Release } from './release.js';

const run = promisify(execFile);

/** The oldest server whose consumers take several filter subjects. */
export const OLDEST_NATS = '2.10.0';

/** Where a nats-server was found, or in plain words why none was. */
export type ResolvedNats =
  | {
      readonly found: true;
      readonly path: string;
      readonly version: string;
      readonly via: 'NATS_SERVER_BIN' | 'PATH' | 'cache' | 'release' | 'debian';
    }
  | { readonly found: false; readonly reason: string };

export interface ResolveOptions {
  /** The environment; `NATS_SERVER_BIN`, `PATH` and `BALLAST_OFFLINE` are read. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The data folder (`BALLAST_HOME`); a fetched server is kept in its `bin`. */
  readonly home: string;
  /** Forbids every fetch; `BALLAST_OFFLINE=1` in `env` does the same. */
  readonly offline?: boolean;
  /** Receives one line a fetch, and one for each candidate that was passed over. */
  readonly log: (line: string) => void;
  /** The release to fetch; the official one unless a test serves its own. */
  readonly release?: Release;
  /** Fetches through the machine's Debian mirror; replaced by tests. */
  readonly debian?: typeof fetchFromDebian;
}

/** Compares dotted versions by number: negative where `a` is older than `b`. A suffix like `-beta` is not looked at. */
export function compareVersions(a: string, b: string): number {
  const numbers = (version: string) => version.split(/[.-]/).slice(0, 3).map(Number);
  const [left, right] = [numbers(a), numbers(b)];
  for (let i = 0; i < 3; i++) {
    const difference = (left[i] ?? 0) - (right[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/**
 * Finds a nats-server that is new enough, fetching one where that is allowed: `NATS_SERVER_BIN`, PATH, the
 * cache in `<home>/bin`, the official release with its pinned checksum, Debian's package unpacked without
 * installing. Never throws: the caller falls back to LocalBus and says the reason.
 */
export async function resolveNatsServer(options: ResolveOptions): Promise<ResolvedNats> {
  const { env, log } = options;
  const binary = process.platform === 'win32' ? 'nats-server.exe' : 'nats-server';
  const bin = join(options.home, 'bin');
  const cached = join(bin, binary);
  const onPath = (env.PATH ?? '').split(delimiter).filter((folder) => folder !== '');

  const candidates: { path: string; via: 'NATS_SERVER_BIN' | 'PATH' | 'cache' }[] = [
    ...(env.NATS_SERVER_BIN ? [{ path: env.NATS_SERVER_BIN, via: 'NATS_SERVER_BIN' as const }] : []),
    ...onPath.map((folder) => ({ path: join(folder, binary), via: 'PATH' as const })),
    { path: cached, via: 'cache' },
  ];
  const refused: string[] = [];
  for (const { path, via } of candidates) {
    const looked = await inspect(path);
    if (looked.state === 'usable') return { found: true, path, version: looked.version, via };
    // A folder of PATH without the program is the ordinary case and not worth a line.
    if (looked.state === 'absent' && via !== 'NATS_SERVER_BIN') continue;
    refused.push(`${path} (${via}): ${looked.why}`);
    log(`nats-server passed over: ${path} (${via}): ${looked.why}`);
  }

  if (options.offline === true || env.BALLAST_OFFLINE === '1') {
    return { found: false, reason: explain([...refused, 'fetching one is forbidden (BALLAST_OFFLINE=1)']) };
  }
  const ways = [
    {
      via: 'release' as const,
      fetch: () => fetchRelease({ into: cached, release: options.release ?? OFFICIAL_RELEASE, log }),
    },
    { via: 'debian' as const, fetch: () => (options.debian ?? fetchFromDebian)({ into: cached, log }) },
  ];
  for (const { via, fetch } of ways) {
    try {
      await fetch();
      const looked = await inspect(cached);
      if (looked.state === 'usable') return { found: true, path: cached, version: looked.version, via };
      refused.push(`${via}: the fetched program is of no use: ${looked.why}`);
    } catch (error) {
      refused.push(`${via}: ${messageOf(error)}`);
    }
  }
  return { found: false, reason: explain(refused) };
}

const explain = (reasons: readonly string[]): string =>
  `no nats-server ${OLDEST_NATS} or newer could be had: ${reasons.join('; ')}. ` +
  'Install nats-server, or name one in NATS_SERVER_BIN, or a running one in NATS_URL.';

type Inspection =
  | { readonly state: 'usable'; readonly version: string }
  | { readonly state: 'absent' | 'unusable'; readonly why: string };

async function inspect(path: string): Promise<Inspection> {
  try {
    await access(path, constants.X_OK);
  } catch {
    // Absent and not executable are told apart by nobody further on: neither can be started.
    return { state: 'absent', why: 'there is no program that may be run' };
  }
  try {
    const { stdout } = await run(path, ['--version'], { timeout: 10_000 });
    const version = /v(\d+\.\d+\.\d+\S*)/.exec(stdout)?.[1];
    if (version === undefined) return { state: 'unusable', why: `it does not say its version: ${stdout.trim()}` };
    if (compareVersions(version, OLDEST_NATS) < 0) {
      return { state: 'unusable', why: `version ${version} is older than ${OLDEST_NATS}` };
    }
    return { state: 'usable', version };
  } catch (error) {
    return { state: 'unusable', why: messageOf(error) };
  }
}
