import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fetchFromDebian } from './debian.js';
import type { Release } from './release.js';
import { resolveNatsServer, type ResolveOptions } from './resolve.js';

/** A program that only says its version, which is all that is asked of it here. */
const script = (version: string): string => `#!/bin/sh\necho "nats-server: v${version}"\n`;

describe('resolveNatsServer', () => {
  let folder: string;
  let server: Server | null;
  let lines: string[];
  let debianCalls: number;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'ballast-resolve-'));
    [server, lines, debianCalls] = [null, [], 0];
  });
  afterEach(async () => {
    server?.closeAllConnections();
    server?.close();
    await rm(folder, { recursive: true, force: true });
  });

  const program = async (name: string, version: string): Promise<string> => {
    const path = join(folder, name, 'nats-server');
    await mkdir(join(folder, name), { recursive: true });
    await writeFile(path, script(version));
    await chmod(path, 0o755);
    return path;
  };
  const resolve = (options: Partial<ResolveOptions> = {}) =>
    resolveNatsServer({
      env: {},
      home: join(folder, 'home'),
      log: (line) => void lines.push(line),
      release: { version: '2.12.15', baseUrl: 'http://127.0.0.1:1', archives: {} },
      debian: () => {
        debianCalls++;
        return Promise.reject(new Error('no Debian here'));
      },
      ...options,
    });

  /** Serves an archive of a program of version 2.12.15; the checksum is the right one unless told. */
  const release = async (answer: (archive: Buffer) => RequestListener, sha256?: string): Promise<Release> => {
    await program('build/nats-server-v2.12.15-test', '2.12.15');
    const name = 'nats-server-v2.12.15-test.tar.gz';
    execFileSync('tar', ['-czf', join(folder, name), '-C', join(folder, 'build'), 'nats-server-v2.12.15-test']);
    const archive = await readFile(join(folder, name));
    server = createServer(answer(archive)).listen(0, '127.0.0.1');
    await once(server, 'listening');
    return {
      version: '2.12.15',
      baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      archives: {
        [`${process.platform}-${process.arch}`]: {
          name,
          sha256: sha256 ?? createHash('sha256').update(archive).digest('hex'),
        },
      },
    };
  };
  const whole =
    (archive: Buffer): RequestListener =>
    (_, response) =>
      void response.end(archive);
  const kept = () => readdir(join(folder, 'home', 'bin')).catch(() => []);

  it('takes NATS_SERVER_BIN before PATH before the cache', async () => {
    const named = await program('named', '2.10.1');
    const onPath = await program('path', '2.10.2');
    const cached = await program('home/bin', '2.10.3');
    const PATH = `${join(folder, 'empty')}:${join(folder, 'path')}`;
    expect(await resolve({ env: { NATS_SERVER_BIN: named, PATH } })).toEqual({
      found: true,
      path: named,
      version: '2.10.1',
      via: 'NATS_SERVER_BIN',
    });
    expect(await resolve({ env: { PATH } })).toMatchObject({ path: onPath, version: '2.10.2', via: 'PATH' });
    expect(await resolve()).toMatchObject({ path: cached, version: '2.10.3', via: 'cache' });
    expect(lines).toEqual([]);
  });

  it('passes over what is too old, broken or absent, and says so', async () => {
    const old = await program('old', '2.9.25');
    await program('broken', '2.10.0');
    await writeFile(join(folder, 'broken', 'nats-server'), '#!/bin/sh\nexit 3\n');
    await program('home/bin', '2.10.3');
    const env = { NATS_SERVER_BIN: join(folder, 'nothing'), PATH: `${join(folder, 'old')}:${join(folder, 'broken')}` };
    expect(await resolve({ env })).toMatchObject({ version: '2.10.3', via: 'cache' });
    expect(lines).toHaveLength(3);
    expect(lines[0]).toContain('NATS_SERVER_BIN');
    expect(lines[1]).toContain(`${old} (PATH): version 2.9.25 is older than 2.10.0`);
  });

  it('fetches the release once, with one line, and keeps it', async () => {
    const pinned = await release(whole);
    const first = await resolve({ release: pinned });
    expect(first).toMatchObject({
      found: true,
      version: '2.12.15',
      via: 'release',
      path: join(folder, 'home', 'bin', 'nats-server'),
    });
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(/^fetching nats-server 2\.12\.15 from http:/);
    expect(await kept()).toEqual(['nats-server']);
    expect(await resolve({ release: pinned })).toMatchObject({ via: 'cache' });
    expect(lines).toHaveLength(1);
    expect(debianCalls).toBe(0);
  });

  it('keeps nothing of an archive with a wrong checksum, and goes the next way', async () => {
    const resolved = await resolve({ release: await release(whole, '0'.repeat(64)) });
    expect(resolved).toMatchObject({
      found: false,
      reason: expect.stringContaining(`where ${'0'.repeat(64)} is pinned`),
    });
    expect(await kept()).toEqual([]);
    expect(debianCalls).toBe(1);
  });

  it('keeps nothing of an archive that is cut off, with or without a length, and goes the next way', async () => {
    const cutShort =
      (archive: Buffer): RequestListener =>
      (_, response) => {
        response.setHeader('content-length', archive.length);
        response.write(archive.subarray(0, 100), () => response.destroy());
      };
    expect(await resolve({ release: await release(cutShort) })).toMatchObject({ found: false });
    server?.close();
    const half =
      (archive: Buffer): RequestListener =>
      (_, response) =>
        void response.end(archive.subarray(0, archive.length / 2));
    expect(await resolve({ release: await release(half) })).toMatchObject({ found: false });
    expect(await kept()).toEqual([]);
    expect(debianCalls).toBe(2);
  });

  it('goes the next way where the host refuses, is not there, or has nothing for this platform', async () => {
    const refusing = await release(() => (_, response) => void response.writeHead(503).end());
    expect(await resolve({ release: refusing })).toMatchObject({ reason: expect.stringContaining('answered 503') });
    server?.closeAllConnections();
    server?.close();
    expect(await resolve({ release: refusing })).toMatchObject({ reason: expect.stringContaining('ECONNREFUSED') });
    expect(await resolve()).toMatchObject({ reason: expect.stringContaining('no pinned checksum') });
    expect(debianCalls).toBe(3);
  });

  it('does not wait long for a host that takes the connection and says nothing', async () => {
    const silent = await release(() => () => undefined);
    expect(await resolve({ release: silent })).toMatchObject({
      reason: expect.stringContaining('no answer within 3 s'),
    });
  });

  it('takes what the next way brings', async () => {
    const debian: typeof fetchFromDebian = async ({ into }) => {
      await mkdir(join(into, '..'), { recursive: true });
      await writeFile(into, script('2.10.27'), { mode: 0o755 });
    };
    expect(await resolve({ debian })).toMatchObject({ found: true, version: '2.10.27', via: 'debian' });
  });

  it.each([{ offline: true }, { env: { BALLAST_OFFLINE: '1' } }])('fetches nothing when told %j', async (told) => {
    let asked = 0;
    const pinned = await release((archive) => (_, response) => {
      asked++;
      response.end(archive);
    });
    const resolved = await resolve({ release: pinned, ...told });
    expect(resolved).toMatchObject({ found: false, reason: expect.stringContaining('BALLAST_OFFLINE') });
    expect({ asked, debianCalls, lines }).toEqual({ asked: 0, debianCalls: 0, lines: [] });
  });

  it("unpacks Debian's package without installing it", async () => {
    if (process.env.BALLAST_OFFLINE === '1') return console.warn('skipped: BALLAST_OFFLINE=1 forbids to fetch');
    const osRelease = await readFile('/etc/os-release', 'utf8').catch(() => '');
    if (!/^ID="?debian"?$/m.test(osRelease)) return console.warn('skipped: this machine does not run Debian');
    const resolved = await resolve({ debian: fetchFromDebian });
    if (!resolved.found && process.env.BALLAST_REQUIRE_NATS !== '1') return console.warn(`skipped: ${resolved.reason}`);
    expect(resolved).toMatchObject({ found: true, via: 'debian' });
    expect(await kept()).toEqual(['nats-server']);
  }, 60_000);
});
