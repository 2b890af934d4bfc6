import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { resolveNatsServer } from './resolve.js';
import { startNatsServer, type NatsServer, type NatsServerOptions } from './server.js';

/**
 * The nats-server for tests: a path, or null with the reason printed, so that a suite can skip.
 * @throws Error instead of null where `BALLAST_REQUIRE_NATS=1`: there a missing server is a failure.
 */
export async function natsBinaryForTests(): Promise<string | null> {
  const resolved = await resolveNatsServer({
    env: process.env,
    home: process.env.BALLAST_HOME ?? join(tmpdir(), 'ballast-test-cache'),
    log: (line) => console.warn(line),
  });
  if (resolved.found) return resolved.path;
  if (process.env.BALLAST_REQUIRE_NATS === '1') throw new Error(resolved.reason);
  // Not console.warn: Jest drops what a file said whose tests are all skipped.
  process.stderr.write(`JetStream tests are skipped: ${resolved.reason}\n`);
  return null;
}

/** A server on a store of its own; `restart` brings it up again on the same store and port. */
export interface TestNats {
  readonly url: string;
  readonly storeDir: string;
  readonly server: NatsServer;
  /** Ends the server as a power cut would, without a goodbye. */
  kill(): Promise<void>;
  restart(): Promise<void>;
  remove(): Promise<void>;
}

/** Starts a fresh server with a temporary store on a free port of loopback. */
export async function testNats(bin: string, options: Partial<NatsServerOptions> = {}): Promise<TestNats> {
  const storeDir = await mkdtemp(join(tmpdir(), 'ballast-nats-'));
  let server = await startNatsServer({ bin, storeDir, ...options });
  const url = server.url;
  return {
    url,
    storeDir,
    get server() {
      return server;
    },
    kill: async () => {
      process.kill(server.pid, 'SIGKILL');
      await server.ended;
    },
    restart: async () => {
      server = await startNatsServer({ bin, storeDir, ...options, port: Number(new URL(url).port) });
    },
    remove: async () => {
      await server.stop();
      await rm(storeDir, { recursive: true, force: true });
    },
  };
}
