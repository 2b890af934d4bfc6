import { randomBytes } from 'node:crypto';
import { provisionDatabase } from '@ballast/platform';
import pg from 'pg';
import { TEST_DATABASE_URL } from './environment.js';

/** A database of one spec: fresh, with a role and a schema for each service. */
export interface TestDatabase {
  readonly adminUrl: string;
  readonly url: (service: string) => string;
  drop(): Promise<void>;
}

/** Roles belong to the cluster and not to a database, so all specs of a run agree on their passwords. */
const PASSWORD = 'test-password-of-a-run-that-binds-to-loopback';

/** Makes a fresh database in the Postgres of the test run. @throws where the run has none: the spec must be an `int` or `sim` spec. */
export async function createTestDatabase(services: readonly string[]): Promise<TestDatabase> {
  const adminUrl = process.env[TEST_DATABASE_URL];
  if (!adminUrl)
    throw new Error(`${TEST_DATABASE_URL} is not set: run integration specs through jest's "int" or "sim" project`);
  const database = `spec_${randomBytes(6).toString('hex')}`;
  const url = await retried(() => provisionDatabase({ adminUrl, database, services, password: () => PASSWORD }));
  return {
    adminUrl: adminUrl.replace(/\/postgres$/, `/${database}`),
    url,
    drop: async () => {
      const client = new pg.Client({ connectionString: adminUrl });
      await client.connect();
      await client.query(`drop database if exists ${database} with (force)`);
      await client.end();
    },
  };
}

/** Two workers that make or alter the same role at once collide in Postgres's catalogue; the second just tries again. */
async function retried<T>(run: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await run();
    } catch (error) {
      const text = error instanceof Error ? error.message : '';
      if (attempt >= 20 || !/tuple concurrently|already exists|duplicate key/.test(text)) throw error;
    }
  }
}
