import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmod, copyFile, mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { Fault, messageOf, Retryable } from '../errors.js';

const run = promisify(execFile);

/** A published version of nats-server and what its archives must hash to. */
export interface Release {
  readonly version: string;
  /** The folder of the archives, without a slash at the end. */
  readonly baseUrl: string;
  /** Node's `<platform>-<arch>` to the archive's name and SHA-256 in hexadecimal. */
  readonly archives: Readonly<Record<string, { readonly name: string; readonly sha256: string } | undefined>>;
}

/** The version that Ballast pins, with the sums published by the project's container files. */
export const OFFICIAL_RELEASE: Release = {
  version: '2.12.15',
  baseUrl: 'https://github.com/nats-io/nats-server/releases/download/v2.12.15',
  archives: {
    'linux-x64': {
      name: 'nats-server-v2.12.15-linux-amd64.tar.gz',
      sha256: '58ab8131f819263897e2fc38e503e1b755b63bcafeecc7d12582487df48ca15e',
    },
    'linux-arm64': {
      name: 'nats-server-v2.12.15-linux-arm64.tar.gz',
      sha256: 'b724db99fefbf8f5c808baa82819ee50350aee9734017e4a478f7e545cef3ab6',
    },
    'win32-x64': {
      name: 'nats-server-v2.12.15-windows-amd64.zip',
      sha256: 'ed2f6d265abb6c6b151b077d1b6810d006f6e01453d864104de5ce4dc6ee6c27',
    },
  },
};

/** How long the release host may take to begin its answer; the next way waits behind this. */
const CONNECT_MS = 3_000;
/** How long the whole archive (about 7 MB) may take. */
const DOWNLOAD_MS = 120_000;
/** An archive is never this large; whoever sends more is not the release host. */
const ARCHIVE_BYTES_MAX = 64 * 1024 * 1024;

/**
 * Fetches the release's archive for this machine, checks it against its pinned SHA-256 before anything is
 * unpacked, and moves the program to `into` in one step, so that a cut-off fetch leaves nothing there.
 * @throws Fault `NATS_RELEASE_UNPINNED` where no sum is known for this platform, `NATS_RELEASE_CHECKSUM` where it differs.
 * @throws Retryable `NATS_RELEASE_UNREACHABLE` where the host does not answer in time, refuses, or is cut off.
 */
export async function fetchRelease(options: {
  readonly into: string;
  readonly release: Release;
  readonly log: (line: string) => void;
}): Promise<void> {
  const { into, release, log } = options;
  const platform = `${process.platform}-${process.arch}`;
  const archive = release.archives[platform];
  if (!archive) {
    throw new Fault('NATS_RELEASE_UNPINNED', `nats-server ${release.version} has no pinned checksum for ${platform}`);
  }
  const url = `${release.baseUrl}/${archive.name}`;
  log(`fetching nats-server ${release.version} from ${url} (once; kept in ${dirname(into)})`);
  const bytes = await download(url);
  const sum = createHash('sha256').update(bytes).digest('hex');
  if (sum !== archive.sha256) {
    throw new Fault(
      'NATS_RELEASE_CHECKSUM',
      `${url} has SHA-256 ${sum} where ${archive.sha256} is pinned; nothing was kept`,
    );
  }
  await mkdir(dirname(into), { recursive: true });
  const scratch = await mkdtemp(join(dirname(into), '.fetch-'));
  try {
    await writeFile(join(scratch, archive.name), bytes);
    // The tar of Linux, macOS and Windows 10 and newer unpacks both kinds of archive.
    await run('tar', ['-xf', archive.name], { cwd: scratch, timeout: 60_000 });
    const program = process.platform === 'win32' ? 'nats-server.exe' : 'nats-server';
    await keepProgram(join(scratch, archive.name.replace(/\.(tar\.gz|zip)$/, ''), program), into);
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

/** Moves an unpacked program into the cache in one step: whoever looks sees all of it or none. */
export async function keepProgram(unpacked: string, into: string): Promise<void> {
  await mkdir(dirname(into), { recursive: true });
  const staged = `${into}.${process.pid}.new`;
  await copyFile(unpacked, staged);
  await chmod(staged, 0o755);
  await rename(staged, into);
}

async function download(url: string): Promise<Buffer> {
  const cutter = new AbortController();
  let timer = setTimeout(() => cutter.abort(new Error(`no answer within ${CONNECT_MS / 1000} s`)), CONNECT_MS);
  try {
    const response = await fetch(url, { signal: cutter.signal });
    if (!response.ok || !response.body) throw new Error(`answered ${response.status}`);
    clearTimeout(timer);
    timer = setTimeout(() => cutter.abort(new Error(`not complete within ${DOWNLOAD_MS / 1000} s`)), DOWNLOAD_MS);
    const chunks: Uint8Array[] = [];
    let length = 0;
    for await (const chunk of response.body) {
      chunks.push(chunk as Uint8Array);
      length += (chunk as Uint8Array).length;
      if (length > ARCHIVE_BYTES_MAX) throw new Error(`more than ${ARCHIVE_BYTES_MAX} bytes`);
    }
    return Buffer.concat(chunks);
  } catch (error) {
    // What fetch throws says only that it failed; why stands in its cause.
    const cause = typeof error === 'object' && error !== null && 'cause' in error ? ` (${messageOf(error.cause)})` : '';
    throw new Retryable('NATS_RELEASE_UNREACHABLE', `${url}: ${messageOf(error)}${cause}`, { cause: error });
  } finally {
    clearTimeout(timer);
  }
}
