import type { Client } from 'pg';
import type { Instant } from '@ballast/kernel/calendar';
import type { Changes, Recordings, VenueState } from '../application/state.js';
import { holdingKey } from '../application/state.js';
import { loadState } from './load.js';
import { migrate, SCHEMA } from './migrate.js';
import { activityToRow, barToRow, bookToRow, fillToRow, ORDER_CHANGES, orderToRow, text } from './rows.js';
import type { Row } from './rows.js';

/** Any number that nothing else in the cluster locks by; the schema's name makes it ours. */
const LOCK = `hashtextextended('ballast:${SCHEMA}', 0)`;

const LOCK_WAIT_MS_MAX = 10_000;
const LOCK_RETRY_MS = 100;

export interface StoreOptions {
  /** Makes a connection that is not yet connected. */
  readonly connect: () => Client;
  readonly clock: 'real' | 'simulated';
  readonly startAt: Instant;
  readonly sleep: (ms: number) => Promise<void>;
  readonly recordings: Recordings;
}

/**
 * The venue's one writer. Its connection holds the schema's advisory lock as long as it lives, so a second process
 * cannot write beside it; when the connection is lost, so is the lock, and `load` takes both anew.
 */
export class Store {
  private client: Client | null = null;

  constructor(private readonly options: StoreOptions) {}

  /** Whether the connection stands and what was loaded still holds. */
  get isConnected(): boolean {
    return this.client !== null;
  }

  /** Connects anew, migrates where need be, and reads the state that Postgres holds. */
  async load(): Promise<VenueState> {
    await this.close();
    const { clock, startAt, recordings } = this.options;
    return loadState(await this.open(), clock, startAt, recordings);
  }

  /** Which of the (account, client order id) pairs are in the book, as keys of `holdingKey`. */
  async takenClientOrderIds(pairs: readonly (readonly [string, string])[]): Promise<Set<string>> {
    if (pairs.length === 0) return new Set();
    const { rows } = await this.connected().query<Row>({
      name: 'taken',
      text: `select o.account, o.client_order_id from "order" o
             join unnest($1::text[], $2::text[]) as asked (account, client_order_id) using (account, client_order_id)`,
      values: [pairs.map(([account]) => account), pairs.map(([, id]) => id)],
    });
    return new Set(rows.map((row) => holdingKey(text(row, 'account'), text(row, 'client_order_id'))));
  }

  /** Writes a transaction. After an error the outcome is unknown and the state has to be loaded again. */
  async commit(changes: Changes): Promise<void> {
    const client = this.connected();
    try {
      await client.query('begin');
      await write(client, changes);
      await client.query('commit');
    } catch (error) {
      // Closing the connection is the one way to be sure that nothing of it commits later.
      await this.close();
      throw error;
    }
  }

  /** Closes the connection and gives up the lock. */
  async close(): Promise<void> {
    const { client } = this;
    this.client = null;
    await client?.end();
  }

  private connected(): Client {
    if (!this.client) throw new Error('the venue has no database connection; load the state first');
    return this.client;
  }

  private async open(): Promise<Client> {
    const client = this.options.connect();
    client.on('error', () => {
      if (this.client === client) this.client = null;
    });
    await client.connect();
    try {
      await this.lock(client);
      await migrate(client);
    } catch (error) {
      await client.end();
      throw error;
    }
    this.client = client;
    return client;
  }

  /** Waits a little for a predecessor that was killed: Postgres needs a moment to see that it is gone. */
  private async lock(client: Client): Promise<void> {
    for (let waited = 0; ; waited += LOCK_RETRY_MS) {
      const { rows } = await client.query<{ locked: boolean }>(`select pg_try_advisory_lock(${LOCK}) as locked`);
      if (rows[0]?.locked) return;
      if (waited >= LOCK_WAIT_MS_MAX) {
        throw new Error(
          `PAPER_BROKER_SCHEMA_IN_USE: another paper-broker works on schema ${SCHEMA} of this database; stop it or give DATABASE_URL of another database`,
        );
      }
      await this.options.sleep(LOCK_RETRY_MS);
    }
  }
}

async function write(client: Client, changes: Changes): Promise<void> {
  await client.query({
    name: 'venue',
    text: 'update venue set now_at = $1, order_seq = $2, fill_seq = $3',
    values: [changes.now, changes.orderSeq, changes.fillSeq],
  });
  await upsert(client, 'account', 'name', ['cash', 'last_equity', 'last_frame'], accountRows(changes));
  await upsert(client, 'holding', 'account, symbol', ['qty', 'cost_basis', 'collateral'], holdingRows(changes));
  await upsert(client, '"order"', 'id', ORDER_CHANGES, changes.orders.map(orderToRow));
  await insert(
    client,
    'fill',
    changes.fills.map(({ seq, fill }) => fillToRow(seq, fill)),
  );
  for (const { session, bars } of changes.markets) {
    const { date, open, close, source, seed } = session;
    await upsert(
      client,
      'market_session',
      'date',
      ['source'],
      [{ date, open_at: open, close_at: close, source, seed }],
    );
    await insert(
      client,
      'market_bar',
      bars.map((bar) => barToRow(date, bar)),
    );
  }
  await insert(
    client,
    'late_order',
    changes.lateAdded.map(({ seq, account, body, dueAt }) => ({
      seq,
      account,
      body: JSON.stringify(body),
      due_at: dueAt,
    })),
  );
  await writeCharges(client, changes);
  if (changes.lateRemoved.length > 0) {
    await client.query('delete from late_order where seq = any($1::bigint[])', [changes.lateRemoved]);
  }
}

/** What beside orders and cash a transaction changed: books, what can be borrowed, fees. */
async function writeCharges(client: Client, changes: Changes): Promise<void> {
  const bookColumns = ['halted_at', 'refresh', 'auction', 'trade_at', 'trade_taken', 'flow'];
  await upsert(client, 'symbol_book', 'symbol', bookColumns, changes.books.map(bookToRow));
  const lendables = changes.lendables.map(({ symbol, shares, feeBp }) => ({ symbol, shares, fee_bp: feeBp }));
  await upsert(client, 'lendable', 'symbol', ['shares', 'fee_bp'], lendables);
  if (changes.accruals) {
    await client.query('delete from fee_accrual');
    await insert(
      client,
      'fee_accrual',
      changes.accruals.map((accrual) => ({ ...accrual })),
    );
  }
  await insert(
    client,
    'activity',
    changes.activities.map(({ seq, activity }) => activityToRow(seq, activity)),
  );
}

function accountRows(changes: Changes): Row[] {
  return changes.accounts.map((account) => ({
    name: account.name,
    opening_cash: account.openingCash.toFixed(),
    cash: account.cash.toFixed(),
    last_equity: account.lastEquity.toFixed(),
    opened_at: account.openedAt,
    last_frame: account.lastFrame,
  }));
}

function holdingRows(changes: Changes): Row[] {
  return changes.holdings.map(({ account, symbol, qty, costBasis, collateral }) => ({
    account,
    symbol,
    qty: qty.toFixed(),
    cost_basis: costBasis.toFixed(),
    collateral: collateral.toFixed(),
  }));
}

/** One statement for all rows of a table, whose columns the rows name. */
async function insert(client: Client, table: string, rows: readonly Row[], onConflict = ''): Promise<void> {
  if (rows.length === 0) return;
  await client.query({
    name: `insert ${table}`,
    text: `insert into ${table} select * from jsonb_populate_recordset(null::${table}, $1::jsonb) ${onConflict}`,
    values: [JSON.stringify(rows)],
  });
}

async function upsert(
  client: Client,
  table: string,
  key: string,
  mutable: readonly string[],
  rows: readonly Row[],
): Promise<void> {
  const set = mutable.map((column) => `${column} = excluded.${column}`).join(', ');
  await insert(client, table, rows, `on conflict (${key}) do update set ${set}`);
}
