import { dropDatabase, provisionDatabase, schemaOf } from '@ballast/platform';
import pg from 'pg';

const PASSWORD = 'password-of-a-simulation-that-binds-to-loopback';

/** Instants as text, counters as numbers: as the services see them. */
const types: pg.CustomTypesConfig = {
  getTypeParser: ((oid: number, format?: 'text' | 'binary') => {
    if (oid === 1184) return (text: string) => new Date(text).toISOString();
    if (oid === 1082) return (text: string) => text;
    if (oid === 20) return Number;
    return pg.types.getTypeParser(oid, format as 'text');
  }) as typeof pg.types.getTypeParser,
};

/** The database of a worker: made once, emptied between runs, looked into by the checkers. */
export class SimDatabase {
  #empty: string | null = null;

  private constructor(
    readonly url: (service: string) => string,
    private readonly adminUrl: string,
    private readonly client: pg.Client,
    private readonly services: readonly string[],
  ) {}

  /** Makes a database with a schema a service, anew, in a Postgres that nothing else uses. */
  static async create(adminUrl: string, services: readonly string[]): Promise<SimDatabase> {
    const database = 'simulation';
    // A worker before this one has left its rows there.
    await dropDatabase(adminUrl, database);
    const url = await provisionDatabase({ adminUrl, database, services, password: () => PASSWORD });
    const own = new URL(adminUrl);
    own.pathname = `/${database}`;
    const client = new pg.Client({ connectionString: own.href, types });
    await client.connect();
    // Its transactions would hold back the relays at moments that no seed decides.
    await client.query(`alter system set autovacuum = off`);
    await client.query(`select pg_reload_conf()`);
    return new SimDatabase(url, adminUrl, client, services);
  }

  async query<T extends object>(sql: string, parameters: readonly unknown[] = []): Promise<T[]> {
    return (await this.client.query<T>(sql, [...parameters])).rows;
  }

  /** Rows of one service's schema. */
  async rows<T extends object>(service: string, sql: string, parameters: readonly unknown[] = []): Promise<T[]> {
    await this.client.query(`set search_path to ${schemaOf(service)}`);
    return this.query<T>(sql, parameters);
  }

  /**
   * Brings every table back to what the migrations left in it. The first call must come
   * right after the tables were made.
   */
  async empty(): Promise<void> {
    this.#empty ??= await this.#remember();
    await this.client.query(this.#empty);
  }

  async close(): Promise<void> {
    await this.client.end();
  }

  /** Keeps a copy of the rows that migrations made, and writes the statements that restore them. */
  async #remember(): Promise<string> {
    const tables = await this.query<{ name: string }>(
      `select format('%I.%I', schemaname, tablename) as name from pg_tables
        where schemaname = any($1) and tablename <> 'migration' order by 1`,
      [this.services.map(schemaOf)],
    );
    const sequences = await this.query<{ name: string }>(
      `select format('%I.%I', schemaname, sequencename) as name from pg_sequences
        where schemaname = any($1) and sequencename not like 'migration%' order by 1`,
      [this.services.map(schemaOf)],
    );
    await this.client.query(`create schema if not exists blank`);
    const restored: string[] = [];
    for (const [i, { name }] of tables.entries()) {
      const [{ filled } = { filled: false }] = await this.query<{ filled: boolean }>(
        `select exists (select from ${name}) as filled`,
      );
      if (!filled) continue;
      await this.client.query(`create table blank.t${i} as table ${name}`);
      restored.push(`insert into ${name} overriding system value select * from blank.t${i}`);
    }
    // Deleting is far cheaper than truncating where tables hold a few hundred rows.
    return [
      `set session_replication_role = replica`,
      ...tables.map(({ name }) => `delete from ${name}`),
      ...sequences.map(({ name }) => `select setval('${name}', 1, false)`),
      ...restored,
      `set session_replication_role = origin`,
    ].join(';\n');
  }

  /** Makes a second, empty database for the length of `use`. */
  async withSpare<T>(use: (url: (service: string) => string) => Promise<T>): Promise<T> {
    const database = 'spare';
    const { adminUrl, services } = this;
    const drop = (): Promise<unknown> => this.client.query(`drop database if exists ${database} with (force)`);
    await drop();
    try {
      return await use(await provisionDatabase({ adminUrl, database, services, password: () => PASSWORD }));
    } finally {
      await drop();
    }
  }

  /** Clears away what {@link empty} deleted. */
  async vacuum(): Promise<void> {
    await this.client.query(`vacuum`);
  }
}
