import { Decimal } from 'decimal.js';
import type { Database } from './ballast.js';

/** The sums of one book as each of its keepers has them, texts of decimals by symbol. */
export interface Books {
  /** Signed fills as execution recorded them. */
  readonly fills: Readonly<Record<string, string>>;
  readonly positions: Readonly<Record<string, string>>;
  /** Quantities of the lots that tax holds open. */
  readonly lots: Readonly<Record<string, string>>;
  /** What the simulated venue holds. */
  readonly venue: Readonly<Record<string, string>>;
  readonly openingCash: string;
  readonly cash: string;
  readonly venueCash: string;
  /** Opening cash less every signed fill. */
  readonly cashOfFills: string;
}

/** Reads what execution, portfolio, tax and the venue each believe of a book, from their own schemas. */
export async function readBooks(database: Database, book: string): Promise<Books> {
  const [fills, positions, lots, venue, account, broker] = await Promise.all([
    database.rows<Fill>(
      `select symbol, case side when 'buy' then quantity else -quantity end::text as quantity, price::text, fees::text
         from execution_gateway.fill where account = $1`,
      [book],
    ),
    database.rows<Held>(`select symbol, quantity::text from portfolio.position where portfolio_id = $1`, [book]),
    database.rows<Held>(`select symbol, quantity::text from tax.lot where account = $1`, [book]),
    database.rows<Held>(`select symbol, qty::text as quantity from paper_broker.holding where account = $1`, [book]),
    database.rows<{ opening: string; cash: string }>(
      `select opening_cash::text as opening, cash::text from portfolio.account where portfolio_id = $1`,
      [book],
    ),
    database.rows<{ cash: string }>(`select cash::text from paper_broker.account where name = $1`, [book]),
  ]);
  const { opening, cash } = account[0]!;
  const spent = fills.map(({ quantity, price, fees }) => new Decimal(quantity).times(price).plus(fees));
  return {
    fills: sumBySymbol(fills),
    positions: sumBySymbol(positions),
    lots: sumBySymbol(lots),
    venue: sumBySymbol(venue),
    openingCash: cents(opening),
    cash: cents(cash),
    venueCash: cents(broker[0]!.cash),
    cashOfFills: cents(spent.reduce((left, each) => left.minus(each), new Decimal(opening))),
  };
}

interface Held {
  readonly symbol: string;
  readonly quantity: string;
}

interface Fill extends Held {
  readonly price: string;
  readonly fees: string;
}

export const cents = (amount: Decimal.Value): string => new Decimal(amount).toFixed(2);

/** Symbols that are flat stay out: who once held something and who never did hold the same. */
export function sumBySymbol(rows: readonly Held[]): Record<string, string> {
  const sums = new Map<string, Decimal>();
  for (const { symbol, quantity } of rows) sums.set(symbol, (sums.get(symbol) ?? new Decimal(0)).plus(quantity));
  return Object.fromEntries(
    [...sums]
      .filter(([, sum]) => !sum.isZero())
      .map(([symbol, sum]): [string, string] => [symbol, sum.toFixed()])
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );
}

/**
 * Orders of execution that the venue must know, and orders of the venue, in the same words. One that was
 * about to leave and of which the venue then said twice that it is not there is none that it must know.
 */
export async function readOrders(database: Database, book: string): Promise<{ ours: string[]; theirs: string[] }> {
  const line = `client_order_id || ' ' || symbol || ' ' || side || ' ' ||`;
  const [ours, theirs] = await Promise.all([
    database.rows<{ line: string }>(
      `select ${line} trim_scale(filled_quantity)::text as line from execution_gateway.child_order
        where account = $1 and submitted_at is not null and code is distinct from 'NOT_AT_VENUE' order by 1`,
      [book],
    ),
    database.rows<{ line: string }>(
      `select ${line} trim_scale(filled_qty)::text as line from paper_broker."order" where account = $1 order by 1`,
      [book],
    ),
  ]);
  return { ours: ours.map((row) => row.line), theirs: theirs.map((row) => row.line) };
}
