import { randomBytes } from 'node:crypto';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startPostgres } from '@ballast/platform';

/** Where a test run keeps what all its workers share: the Postgres of the run. */
export const TEST_DATABASE_URL = 'BALLAST_TEST_DATABASE_URL';

/** A Postgres for one purpose: in a temporary folder, not durable, on loopback. */
export interface TemporaryPostgres {
  /** `postgres://` of the superuser. */
  readonly url: string;
  /** Ends it and deletes its folder. */
  end(): Promise<void>;
}

export async function startTemporaryPostgres(): Promise<TemporaryPostgres> {
  const home = await mkdtemp(join(tmpdir(), 'ballast-test-'));
  // As root, Postgres runs as another user, who must get through to its folder.
  await chmod(home, 0o755);
  const password = randomBytes(16).toString('hex');
  const server = await startPostgres({ home: join(home, 'postgres'), password, durable: false });
  return {
    url: server.url,
    end: async () => {
      await server.stop();
      await rm(home, { recursive: true, force: true });
    },
  };
}

/** Starts the Postgres of a test run unless one is given. Returns how to end it. */
export async function startTestEnvironment(): Promise<() => Promise<void>> {
  if (process.env[TEST_DATABASE_URL]) return () => Promise.resolve();
  const server = await startTemporaryPostgres();
  process.env[TEST_DATABASE_URL] = server.url;
  return () => server.end();
}
