import { DATA_VERSION } from '@ballast/embedded/home';
import { bytes } from '../output/format.js';

/** What one check found, and what to do about it. */
export interface Finding {
  readonly check: string;
  readonly state: 'ok' | 'warn' | 'fail';
  readonly detail: string;
  /** Null where there is nothing to do. */
  readonly nextStep: string | null;
}

const ok = (check: string, detail: string): Finding => ({ check, state: 'ok', detail, nextStep: null });

/** The oldest Node that Ballast runs on. */
const OLDEST_NODE = [20, 19] as const;

const DISK_FAIL_BYTES = 512 * 1_024 ** 2;
const DISK_WARN_BYTES = 2 * 1_024 ** 3;

/** Judges the version of Node, `20.20.2`. */
export function nodeFinding(version: string): Finding {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [oldestMajor, oldestMinor] = OLDEST_NODE;
  if (major > oldestMajor || (major === oldestMajor && minor >= oldestMinor)) return ok('Node', version);
  return {
    check: 'Node',
    state: 'fail',
    detail: `${version} is older than ${OLDEST_NODE.join('.')}`,
    nextStep: 'Install a newer Node, or run through npm after "npm ci", which brings one.',
  };
}

/** What is to be known of a data folder. */
export interface FolderFacts {
  readonly path: string;
  readonly exists: boolean;
  /** Whether this user can write to it, or to where it would be made. */
  readonly writable: boolean;
  /** The text of its version.json; null where there is none. */
  readonly versionFile: string | null;
  /** Files with secrets that other users can read. */
  readonly readableSecrets: readonly string[];
}

/** Judges the data folder: can it be written, are its secrets closed, is its layout known. */
export function folderFindings(facts: FolderFacts): Finding[] {
  const { path, exists, writable, readableSecrets } = facts;
  if (!writable) {
    return [
      {
        check: 'data folder',
        state: 'fail',
        detail: `${path} cannot be written`,
        nextStep: 'Allow this user to write there, or set BALLAST_HOME to another folder.',
      },
    ];
  }
  if (!exists) return [ok('data folder', `${path} is made on first start`)];
  const secrets: Finding =
    readableSecrets.length === 0
      ? ok('secrets', 'readable by their owner only')
      : {
          check: 'secrets',
          state: 'warn',
          detail: `other users can read ${readableSecrets.join(', ')}`,
          nextStep: `chmod 600 ${readableSecrets.join(' ')}`,
        };
  return [ok('data folder', path), versionFinding(facts), secrets];
}

function versionFinding({ path, versionFile }: FolderFacts): Finding {
  const check = 'data version';
  if (versionFile === null) {
    return {
      check,
      state: 'warn',
      detail: `${path} has no version.json, so it was never started`,
      nextStep: 'Nothing, if it is a new folder; otherwise check BALLAST_HOME.',
    };
  }
  const version = versionOf(versionFile);
  if (version === null) {
    return {
      check,
      state: 'fail',
      detail: `the version.json of ${path} cannot be read: ${versionFile.slice(0, 60)}`,
      nextStep: 'Restore the file from a copy, or take another BALLAST_HOME.',
    };
  }
  if (version <= DATA_VERSION) return ok(check, String(version));
  return {
    check,
    state: 'fail',
    detail: `the folder is of version ${version}, and this program knows ${DATA_VERSION}`,
    nextStep: 'Use the newer program, or another BALLAST_HOME.',
  };
}

function versionOf(text: string): number | null {
  try {
    const parsed: unknown = JSON.parse(text);
    if (typeof parsed !== 'object' || parsed === null || !('dataVersion' in parsed)) return null;
    return Number.isInteger(parsed.dataVersion) ? Number(parsed.dataVersion) : null;
  } catch {
    // No JSON is no version, which the caller says in words.
    return null;
  }
}

/** Judges the free space below the data folder, in bytes. */
export function diskFinding(free: number): Finding {
  const detail = `${bytes(free)} free`;
  if (free >= DISK_WARN_BYTES) return ok('disk', detail);
  const fail = free < DISK_FAIL_BYTES;
  return {
    check: 'disk',
    state: fail ? 'fail' : 'warn',
    detail,
    nextStep: `Free some space; ${bytes(fail ? DISK_FAIL_BYTES : DISK_WARN_BYTES)} or more are needed for a database, a stream and packs.`,
  };
}

/** Judges a server that an environment variable names: does anything listen there. */
export function serverFinding(check: string, variable: string, address: string, refusal: string | null): Finding {
  if (refusal === null) return ok(check, `${variable} answers at ${address}`);
  return {
    check,
    state: 'fail',
    detail: `nothing answers at ${address} (${refusal})`,
    nextStep: `Start it, correct ${variable}, or unset it to use the one that Ballast brings.`,
  };
}

/** Judges the nats-server that would be started; without one, messages stay within the process. */
export function natsFinding(found: { readonly version: string; readonly via: string } | null, why: string): Finding {
  if (found) return ok('NATS', `nats-server ${found.version} (${found.via})`);
  return {
    check: 'NATS',
    state: 'warn',
    detail: why,
    nextStep: 'The first start tries to fetch one, and goes on without; or install nats-server 2.10 or newer.',
  };
}

/** Judges the Postgres that npm brings for this platform. */
export function postgresFinding(name: string, installed: boolean): Finding {
  if (installed) return ok('Postgres', `${name}, brought by npm`);
  return {
    check: 'Postgres',
    state: 'fail',
    detail: `the package ${name} is not installed`,
    nextStep: 'Run "npm ci" with optional packages, or set DATABASE_URL to a Postgres of version 15 or newer.',
  };
}

/** Judges the port that `npm start` listens on. */
export function portFinding(port: number, refusal: string | null, ours: boolean): Finding {
  if (ours) return ok('port', `${port} is the running host's`);
  if (refusal === null) return ok('port', `${port} of loopback is free`);
  const taken = refusal === 'EADDRINUSE';
  return {
    check: 'port',
    state: taken ? 'warn' : 'fail',
    detail: taken ? `${port} is taken by another program` : `loopback cannot be listened on (${refusal})`,
    nextStep: taken
      ? 'Start with "npm start -- --port 0" for a free one; "ballast cycle run" always takes a free one.'
      : 'Check the network settings of this machine or container: 127.0.0.1 must be there.',
  };
}
