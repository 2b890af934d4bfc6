import type { DataSource, EntityManager, QueryRunner } from 'typeorm';

/** The part of a connection of `pg` that statements are sent by. */
interface Connection {
  query(statement: { name: string; text: string; values: readonly Value[] }): Promise<{ rows: unknown[] }>;
}

/** What a statement takes. Sending these cannot fail before the statement is on its way, so Postgres knows of every failure. */
export type Value = string | number | boolean | null | undefined | readonly Value[];

/** Under which name a statement is prepared; the texts are constants of the code, so there are not many. */
const names = new Map<string, string>();

function nameOf(sql: string): string {
  const name = names.get(sql) ?? `ballast_${names.size}`;
  names.set(sql, name);
  return name;
}

/**
 * Runs a statement that is asked again and again: each connection parses it once.
 * Statements that are sent without waiting for one another run in the order of the calls.
 * @param runner holds a connection, as within a transaction.
 * @param sql a constant text; what changes goes into `values`.
 * @returns the rows, also of an update that returns some.
 */
export async function prepared<Row>(runner: QueryRunner, sql: string, values: readonly Value[] = []): Promise<Row[]> {
  const connection = (await runner.connect()) as Connection;
  const { rows } = await connection.query({ name: nameOf(sql), text: sql, values });
  return rows as Row[];
}

/** What TypeORM begins a transaction with. */
const START = 'START TRANSACTION';

/**
 * Runs `work` in a transaction in which writes are not waited for. Its beginning travels with the first statements, and
 * its end with the last ones: two trips to the database are all that a transaction costs by itself.
 * @param beforeCommit is awaited when all is written; what it throws undoes the transaction.
 * @throws what `work` or a statement failed with; nothing is kept then.
 */
export async function inTransaction<T>(
  dataSource: DataSource,
  work: (tx: EntityManager, writes: Writes) => Promise<T>,
  beforeCommit: () => void | Promise<void> = () => undefined,
): Promise<T> {
  const runner = dataSource.createQueryRunner();
  const writes = new Writes(runner);
  try {
    await runner.startTransaction();
    const result = await work(runner.manager, writes);
    await beforeCommit();
    writes.flush();
    // Where a statement has failed, Postgres undoes the transaction instead, and `settled` says why.
    await Promise.all([writes.settled(), runner.commitTransaction()]);
    return result;
  } catch (error) {
    const cause = await writes.causeOf(error);
    // A connection that broke has rolled back by itself, and the first error says more than this one.
    if (runner.isTransactionActive) await runner.rollbackTransaction().catch(() => undefined);
    throw cause;
  } finally {
    await runner.release();
  }
}

/** Rows that go into the same columns of a table. */
interface Rows {
  readonly sql: string;
  readonly rows: object[];
  /** Where the row of a key stands. */
  readonly places: Map<string, number>;
}

/**
 * What is written in one transaction without waiting: statements are sent at once, rows are gathered and sent together
 * before anything else is asked of the connection. A read therefore sees all that was written before it, and everything
 * is waited for before the commit.
 */
export class Writes {
  readonly #sent: Promise<unknown>[] = [];
  readonly #gathered = new Map<string, Rows>();

  /** @param runner whose transaction is about to begin; what it reads from now on sends the gathered rows first. */
  constructor(private readonly runner: QueryRunner) {
    const query = runner.query.bind(runner) as (sql: string, ...more: unknown[]) => Promise<unknown>;
    const behindWrites = (sql: string, ...more: unknown[]): Promise<unknown> => {
      this.flush();
      if (sql !== START) return query(sql, ...more);
      this.#send(START, []);
      return Promise.resolve();
    };
    runner.query = behindWrites as QueryRunner['query'];
  }

  /** Sends a statement, like {@link prepared}, and does not wait for it. */
  send(sql: string, values: readonly Value[]): void {
    this.flush();
    this.#send(sql, values);
  }

  /**
   * Gathers rows for a table: those of a whole batch of messages go out in one statement.
   * @param rows by column, with the same columns each; what JSON writes of a value is what the column reads.
   */
  insert(table: string, rows: readonly object[]): void {
    for (const row of rows) {
      const columns = Object.keys(row).join(', ');
      const into = `${table} (${columns})`;
      const known = this.#gathered.get(into);
      if (known) known.rows.push(row);
      else {
        const sql = `insert into ${into} select ${columns} from json_populate_recordset(null::${table}, $1)`;
        this.#gathered.set(into, { sql, rows: [row], places: new Map() });
      }
    }
  }

  /**
   * Gathers rows for a statement of the caller's own: those of a whole batch of messages go out in one. Of a key only the
   * last row is sent.
   * @param sql a constant text that takes the rows as JSON, `$1`.
   */
  merge(sql: string, rows: Iterable<readonly [key: string, row: object]>): void {
    const gathered = this.#gathered.get(sql) ?? { sql, rows: [], places: new Map<string, number>() };
    for (const [key, row] of rows) {
      const place = gathered.places.get(key) ?? gathered.rows.length;
      gathered.places.set(key, place);
      gathered.rows[place] = row;
    }
    if (gathered.rows.length > 0) this.#gathered.set(sql, gathered);
  }

  /** Waits for all that was sent. @throws what the first of them failed with. */
  async settled(): Promise<void> {
    this.flush();
    for (const sent of this.#sent.splice(0)) await sent;
  }

  /**
   * Why the transaction failed: a statement that was sent ahead fails those behind it with an error that only says so.
   * @param error what was noticed.
   */
  async causeOf(error: unknown): Promise<unknown> {
    this.#gathered.clear();
    try {
      await this.settled();
      return error;
    } catch (cause) {
      return cause;
    }
  }

  /** Sends the gathered rows. */
  flush(): void {
    if (this.#gathered.size === 0) return;
    const gathered = [...this.#gathered.values()];
    this.#gathered.clear();
    for (const { sql, rows } of gathered) this.#send(sql, [JSON.stringify(rows)]);
  }

  #send(sql: string, values: readonly Value[]): void {
    const sent = prepared(this.runner, sql, values);
    // A failure is told by `settled`; until then nobody listens.
    sent.catch(() => undefined);
    this.#sent.push(sent);
  }
}
