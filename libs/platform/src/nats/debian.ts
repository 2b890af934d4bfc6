import { execFile } from 'node:child_process';
import { access, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Fault, Retryable } from '../errors.js';
import { keepProgram } from './release.js';

const run = promisify(execFile);

/** The suite whose nats-server (2.10.27) is stable and new enough; bookworm's 2.9 is not, sid's moves. */
const SUITE = 'trixie';
const KEYRINGS = ['/usr/share/keyrings/debian-archive-keyring.gpg', '/usr/share/keyrings/debian-archive-keyring.pgp'];

/**
 * The mirror that this machine takes its own Debian packages from, read from the texts of its apt sources
 * (deb822 or one-line form); null where none of them is the Debian archive of `codename`.
 */
export function debianMirror(sources: readonly string[], codename: string): string | null {
  for (const text of sources) {
    const lines = text.split('\n').filter((line) => !line.trimStart().startsWith('#'));
    for (const stanza of lines.join('\n').split(/\n\s*\n/)) {
      const field = (name: string) =>
        new RegExp(`^${name}:[ \\t]*(.+)$`, 'im').exec(stanza)?.[1]?.trim().split(/\s+/) ?? [];
      const uri = field('URIs')[0];
      if (
        uri &&
        field('Types').includes('deb') &&
        field('Suites').includes(codename) &&
        field('Components').includes('main')
      ) {
        return uri;
      }
    }
    for (const line of lines) {
      const words = line
        .trim()
        .replace(/\[[^\]]*\]/, ' ')
        .split(/\s+/);
      if (words[0] === 'deb' && words[1] && words[2] === codename && words.includes('main')) return words[1];
    }
  }
  return null;
}

/**
 * Takes nats-server out of Debian's package of the suite trixie and puts it at `into`, without installing: apt
 * works on lists and caches of its own in a scratch folder and verifies the archive's signature; root is not needed.
 * @throws Fault `NATS_NOT_DEBIAN` where this machine is no Debian with apt and the archive's keyring.
 * @throws Retryable `NATS_DEBIAN_UNREACHABLE` where the mirror does not deliver.
 */
export async function fetchFromDebian(options: {
  readonly into: string;
  readonly log: (line: string) => void;
}): Promise<void> {
  const { mirror, keyring } = await surveyMachine();
  const scratch = await mkdtemp(join(tmpdir(), 'ballast-apt-'));
  try {
    await Promise.all(
      ['lists/partial', 'cache/archives/partial'].map((folder) => mkdir(join(scratch, folder), { recursive: true })),
    );
    const sourceList = join(scratch, 'sources.list');
    await writeFile(sourceList, `deb [signed-by=${keyring}] ${mirror} ${SUITE} main\n`);
    const settings = [
      `Dir::Etc::SourceList=${sourceList}`,
      'Dir::Etc::SourceParts=/dev/null',
      `Dir::State::Lists=${join(scratch, 'lists')}`,
      `Dir::Cache=${join(scratch, 'cache')}`,
      'Acquire::Languages=none',
      'Acquire::Retries=1',
      'Acquire::http::Timeout=10',
      'Acquire::https::Timeout=10',
    ].flatMap((setting) => ['-o', setting]);
    options.log(
      `fetching nats-server from this machine's Debian mirror, suite ${SUITE} (once; unpacked, not installed)`,
    );
    const shell = { cwd: scratch, timeout: 120_000 };
    await run('apt-get', [...settings, 'update'], shell);
    await run('apt-get', [...settings, 'download', `nats-server/${SUITE}`], shell);
    const packed = (await readdir(scratch)).find((name) => name.startsWith('nats-server_') && name.endsWith('.deb'));
    if (packed === undefined) throw new Error('apt-get download left no package');
    await run('dpkg-deb', ['-x', packed, 'unpacked'], shell);
    await keepProgram(join(scratch, 'unpacked', 'usr', 'sbin', 'nats-server'), options.into);
  } catch (error) {
    throw new Retryable('NATS_DEBIAN_UNREACHABLE', `the Debian mirror did not deliver: ${lastLineOf(error)}`, {
      cause: error,
    });
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

async function surveyMachine(): Promise<{ mirror: string; keyring: string }> {
  const release = await textOf('/etc/os-release');
  const codename = /^VERSION_CODENAME="?([a-z]+)"?$/m.exec(release)?.[1];
  if (!/^ID="?debian"?$/m.test(release) || codename === undefined) {
    throw new Fault('NATS_NOT_DEBIAN', 'this machine does not run Debian');
  }
  const parts = await readdir('/etc/apt/sources.list.d').catch(() => []);
  const sources = await Promise.all(
    ['/etc/apt/sources.list', ...parts.sort().map((name) => join('/etc/apt/sources.list.d', name))].map(textOf),
  );
  const mirror = debianMirror(sources, codename);
  if (mirror === null)
    throw new Fault('NATS_NOT_DEBIAN', `the apt sources of this machine name no archive of ${codename}`);
  for (const keyring of KEYRINGS) {
    const readable = await access(keyring).then(
      () => true,
      () => false,
    );
    if (readable) return { mirror, keyring };
  }
  throw new Fault('NATS_NOT_DEBIAN', 'the keyring of the Debian archive is missing');
}

/** The text of a file; empty where it cannot be read, which for a survey is the same as absent. */
const textOf = (path: string): Promise<string> => readFile(path, 'utf8').catch(() => '');

/** The last line that a failed program wrote, without credentials that a mirror's address may carry. */
function lastLineOf(error: unknown): string {
  const stderr = typeof error === 'object' && error !== null && 'stderr' in error ? String(error.stderr).trim() : '';
  const text = stderr !== '' ? stderr : error instanceof Error ? error.message : String(error);
  return (text.split('\n').at(-1) ?? '').replace(/\/\/[^/@\s]*@/g, '//');
}
