import { randomBytes } from 'node:crypto';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startPostgres } from '@ballast/platform';

/** Where a test run keeps what all its workers share: the Postgres of the run. */
export const TEST_DATABASE_URL = 'BALLAST_TEST_DATABASE_URL';

/** Starts the Postgres of a test run (not durable, in a temporary folder) unless one is given. Returns how to end it. */
export async function startTestEnvironment(): Promise<() => Promise<void>> {
  if (process.env[TEST_DATABASE_URL]) return () => Promise.resolve();
  const home = await mkdtemp(join(tmpdir(), 'ballast-test-'));
  // As root, Postgres runs as another user, who must get through to its folder.
  await chmod(home, 0o755);
  const server = await startPostgres({
    home: join(home, 'postgres'),
    password: randomBytes(16).toString('hex'),
    durable: false,
  });
  process.env[TEST_DATABASE_URL] = server.url;
  return async () => {
    await server.stop();
    await rm(home, { recursive: true, force: true });
  };
}
