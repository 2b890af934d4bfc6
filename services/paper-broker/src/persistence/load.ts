import type { ClientBase } from 'pg';
import type { Instant } from '@ballast/kernel/calendar';
import { D } from '@ballast/kernel/money';
import { accrualKey, emptyState, holdingKey } from '../application/state.js';
import type { Recordings, VenueState } from '../application/state.js';
import { emptyHolding, heldBy, reserveOf } from '../domain/account.js';
import type { Account } from '../domain/account.js';
import type { FeeCode } from '../domain/fees.js';
import type { MarketSession } from '../domain/market.js';
import {
  bookFromRow,
  instant,
  number,
  numberOrNull,
  ORDER_COLUMNS,
  orderFromRow,
  statisticOrNull,
  text,
} from './rows.js';
import type { Row } from './rows.js';

/**
 * Reads the state that Postgres holds; a venue that never ran starts at `startAt`.
 * Throws where the schema was run with the other clock: simulated and real times must not meet in one book.
 */
export async function loadState(
  client: ClientBase,
  clock: 'real' | 'simulated',
  startAt: Instant,
  recordings: Recordings,
): Promise<VenueState> {
  await client.query(
    'insert into venue (clock, now_at, order_seq, fill_seq) values ($1, $2, 0, 0) on conflict do nothing',
    [clock, startAt],
  );
  const venue = (await client.query<Row>('select * from venue')).rows[0] ?? {};
  if (venue['clock'] !== clock) {
    throw new Error(
      `PAPER_BROKER_CLOCK_MISMATCH: this database was run with the ${String(venue['clock'])} clock, not the ${clock} one; use another database`,
    );
  }
  const state = emptyState(instant(venue, 'now_at'));
  state.orderSeq = Number(venue['order_seq']);
  state.fillSeq = Number(venue['fill_seq']);
  state.session = await loadSession(client, recordings);
  await loadAccounts(client, state);
  await loadOrders(client, state);
  await loadCharges(client, state);
  await loadLastCloses(client, state);
  if (state.session) state.session = { ...state.session, previousCloses: state.lastCloses };
  return state;
}

async function loadSession(client: ClientBase, recordings: Recordings): Promise<MarketSession | null> {
  const sessions = await client.query<Row>(
    'select *, date::text as day from market_session order by date desc limit 1',
  );
  const row = sessions.rows[0];
  if (!row) return null;
  const date = text(row, 'day');
  const bars = await client.query<Row>('select * from market_bar where date = $1', [date]);
  return {
    date,
    open: instant(row, 'open_at'),
    close: instant(row, 'close_at'),
    source: text(row, 'source'),
    seed: text(row, 'seed'),
    bars: new Map(
      bars.rows.map((bar) => [
        text(bar, 'symbol'),
        {
          symbol: text(bar, 'symbol'),
          open: number(bar, 'open'),
          high: number(bar, 'high'),
          low: number(bar, 'low'),
          close: number(bar, 'close'),
          volume: numberOrNull(bar, 'volume'),
          averageVolume: numberOrNull(bar, 'average_volume'),
          volatility: statisticOrNull(bar, 'volatility'),
        },
      ]),
    ),
    recordings: recordings(
      date,
      bars.rows.map((bar) => text(bar, 'symbol')),
    ),
    previousCloses: new Map(),
    paths: new Map(),
    bands: new Map(),
  };
}

async function loadAccounts(client: ClientBase, state: VenueState): Promise<void> {
  const accounts = await client.query<Row>('select * from account');
  for (const row of accounts.rows) {
    state.accounts.set(text(row, 'name'), {
      name: text(row, 'name'),
      openingCash: number(row, 'opening_cash'),
      cash: number(row, 'cash'),
      reserved: new D(0),
      collateral: new D(0),
      accruedFees: new D(0),
      lastEquity: number(row, 'last_equity'),
      openedAt: instant(row, 'opened_at'),
      lastFrame: Number(row['last_frame']),
    });
  }
  const holdings = await client.query<Row>('select * from holding where qty <> 0');
  for (const row of holdings.rows) {
    const [account, symbol] = [text(row, 'account'), text(row, 'symbol')];
    const [qty, costBasis, collateral] = [number(row, 'qty'), number(row, 'cost_basis'), number(row, 'collateral')];
    const holding = { ...emptyHolding(account, symbol), qty, costBasis, collateral };
    state.holdings.set(holdingKey(account, symbol), holding);
    change(state, account, (owner) => ({ ...owner, collateral: owner.collateral.plus(collateral) }));
  }
}

async function loadOrders(client: ClientBase, state: VenueState): Promise<void> {
  const open = await client.query<Row>(
    `select ${ORDER_COLUMNS} from "order" where status in ('accepted', 'new', 'partially_filled') order by seq`,
  );
  for (const order of open.rows.map(orderFromRow)) {
    state.openOrders.set(order.id, order);
    change(state, order.account, (owner) => ({ ...owner, reserved: owner.reserved.plus(reserveOf(order)) }));
    const key = holdingKey(order.account, order.symbol);
    const holding = state.holdings.get(key) ?? emptyHolding(order.account, order.symbol);
    state.holdings.set(key, { ...holding, held: holding.held.plus(heldBy(order)) });
  }
  const late = await client.query<Row>('select * from late_order');
  for (const row of late.rows) {
    const seq = Number(row['seq']);
    state.lateOrders.set(seq, {
      seq,
      account: text(row, 'account'),
      body: JSON.parse(text(row, 'body')),
      dueAt: instant(row, 'due_at'),
    });
  }
}

/** Books of symbols, what can be borrowed, and fees that are not booked yet. */
async function loadCharges(client: ClientBase, state: VenueState): Promise<void> {
  const books = await client.query<Row>('select * from symbol_book');
  for (const book of books.rows.map(bookFromRow)) state.books.set(book.symbol, book);
  const lendables = await client.query<Row>('select * from lendable');
  for (const row of lendables.rows) {
    const symbol = text(row, 'symbol');
    state.lendables.set(symbol, { symbol, shares: number(row, 'shares'), feeBp: number(row, 'fee_bp') });
  }
  const accruals = await client.query<Row>('select *, date::text as day from fee_accrual');
  for (const row of accruals.rows) {
    const [account, date, amount] = [text(row, 'account'), text(row, 'day'), number(row, 'amount')];
    const accrual = { account, date, code: text(row, 'code') as FeeCode, amount };
    state.accruals.set(accrualKey(accrual), accrual);
    change(state, account, (owner) => ({ ...owner, accruedFees: owner.accruedFees.plus(amount) }));
  }
}

function change(state: VenueState, name: string, by: (account: Account) => Account): void {
  const account = state.accounts.get(name);
  if (!account) throw new Error(`something belongs to account ${name}, which is not there`);
  state.accounts.set(name, by(account));
}

/** Closes before the session in force: of the session before it, and of older ones for what is still held. */
async function loadLastCloses(client: ClientBase, state: VenueState): Promise<void> {
  const date = state.session?.date;
  if (date === undefined) return;
  const held = [...state.holdings.values()].map((holding) => holding.symbol);
  const rows = await client.query<Row>(
    `select distinct on (symbol) symbol, close from market_bar
     where date < $1 and (symbol = any($2::text[]) or date = (select max(date) from market_session where date < $1))
     order by symbol, date desc`,
    [date, held],
  );
  for (const row of rows.rows) state.lastCloses.set(text(row, 'symbol'), number(row, 'close'));
}
