import pg from 'pg';
import { Fault } from '../errors.js';
import { schemaOf } from '../persistence/data-source.js';

export interface ProvisionOptions {
  /** `postgres://` of an identity that may create roles and databases. */
  readonly adminUrl: string;
  readonly database: string;
  readonly services: readonly string[];
  /** The password of a service's role. */
  readonly password: (service: string) => string;
}

/** The oldest server whose features we use, as `server_version_num`. */
const VERSION_MIN = 150_000;

/**
 * Brings a server to the point where each service can log in: the database, and per
 * service a role that owns a schema of its name and may do nothing else. Safe to run again.
 * @returns the `postgres://` URL of each service.
 * @throws Fault POSTGRES_TOO_OLD, POSTGRES_NOT_ADMIN with the way out.
 */
export async function provisionDatabase(options: ProvisionOptions): Promise<(service: string) => string> {
  await createDatabase(options);
  const url = new URL(options.adminUrl);
  url.pathname = `/${options.database}`;
  await withClient(url.href, async (client) => {
    await client.query(`revoke all on schema public from public`);
    for (const service of options.services)
      await createService(client, schemaOf(service), options.password(service), options.database);
  });
  return (service) => {
    const own = new URL(url.href);
    own.username = schemaOf(service);
    own.password = options.password(service);
    return own.href;
  };
}

/** Drops a database and all that is in it, whoever is connected. */
export async function dropDatabase(adminUrl: string, database: string): Promise<void> {
  await withClient(adminUrl, async (client) => {
    await client.query(`drop database if exists ${client.escapeIdentifier(database)} with (force)`);
  });
}

async function createDatabase({ adminUrl, database }: ProvisionOptions): Promise<void> {
  await withClient(adminUrl, async (client) => {
    const { rows } = await client.query<{ version: string; admin: boolean; there: boolean }>(
      `select current_setting('server_version_num') as version, (rolsuper or (rolcreaterole and rolcreatedb)) as admin,
              exists (select from pg_database where datname = $1) as there
         from pg_roles where rolname = current_user`,
      [database],
    );
    const found = rows[0]!;
    if (Number(found.version) < VERSION_MIN) {
      throw new Fault('POSTGRES_TOO_OLD', `the server is version ${found.version}; Ballast needs Postgres 15 or newer`);
    }
    if (!found.admin) {
      throw new Fault(
        'POSTGRES_NOT_ADMIN',
        'the role of DATABASE_URL may not create roles and databases. Give one that may, or run deploy/postgres/provision.sql first.',
      );
    }
    if (!found.there) await client.query(`create database ${client.escapeIdentifier(database)}`);
  });
}

async function createService(client: pg.Client, schema: string, password: string, database: string): Promise<void> {
  const name = client.escapeIdentifier(schema);
  const { rowCount } = await client.query(`select from pg_roles where rolname = $1`, [schema]);
  const verb = rowCount === 0 ? 'create' : 'alter';
  await client.query(
    `${verb} role ${name} login noinherit nocreatedb nocreaterole password ${client.escapeLiteral(password)}`,
  );
  await client.query(`grant connect on database ${client.escapeIdentifier(database)} to ${name}`);
  await client.query(`create schema if not exists ${name} authorization ${name}`);
}

async function withClient<T>(url: string, use: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url, application_name: 'ballast-provision' });
  await client.connect();
  try {
    return await use(client);
  } finally {
    await client.end();
  }
}
