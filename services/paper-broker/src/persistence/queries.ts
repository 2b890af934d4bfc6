import type { Pool } from 'pg';
import type { Instant } from '@ballast/kernel/calendar';
import type { Activity } from '../application/state.js';
import type { Fill, Order, Side } from '../domain/order.js';
import { activityFromRow, fillFromRow, ORDER_COLUMNS, orderFromRow } from './rows.js';
import type { Row } from './rows.js';

export interface OrderFilter {
  readonly status: 'open' | 'closed' | 'all';
  readonly side: Side | null;
  /** The order that ended the page before, whichever way the list goes; null for the first page. */
  readonly after_order_id: string | null;
  readonly before_order_id: string | null;
  readonly limit: number;
  /** Submitted strictly after and strictly before, as at Alpaca. */
  readonly after: Instant | null;
  readonly until: Instant | null;
  readonly direction: 'asc' | 'desc';
  readonly symbols: readonly string[] | null;
}

export interface ActivityFilter {
  readonly fills: boolean;
  readonly fees: boolean;
  /** Strictly after this instant, and strictly before that one. */
  readonly after: Instant | null;
  readonly until: Instant | null;
  readonly direction: 'asc' | 'desc';
  readonly pageSize: number;
  /** The id of the fill or fee that ended the page before; null for the first page. */
  readonly afterId: string | null;
}

/** Questions about the book of all orders and fills, ended ones too. Reads what is committed and nothing else. */
export class Queries {
  constructor(private readonly pool: Pool) {}

  async orderById(account: string, id: string): Promise<Order | null> {
    return this.oneOrder('account = $1 and id = $2', [account, id]);
  }

  async orderByClientOrderId(account: string, clientOrderId: string): Promise<Order | null> {
    return this.oneOrder('account = $1 and client_order_id = $2', [account, clientOrderId]);
  }

  /** The orders of an account in the order of their submission; null where an order that a page is cut by is unknown. */
  async orders(account: string, filter: OrderFilter): Promise<Order[] | null> {
    const open = filter.status === 'all' ? null : filter.status === 'open';
    const from = await this.orderSeq(account, filter.after_order_id);
    const to = await this.orderSeq(account, filter.before_order_id);
    if (from === undefined || to === undefined) return null;
    const { rows } = await this.pool.query<Row>(
      `select ${ORDER_COLUMNS} from "order"
       where account = $1
         and ($2::boolean is null or (status in ('accepted', 'new', 'partially_filled')) = $2)
         and ($3::timestamptz is null or submitted_at > $3) and ($4::timestamptz is null or submitted_at < $4)
         and ($5::text[] is null or symbol = any($5)) and ($7::text is null or side = $7)
         and ($8::bigint is null or seq > $8) and ($9::bigint is null or seq < $9)
       order by seq ${filter.direction} limit $6`,
      [account, open, filter.after, filter.until, filter.symbols, filter.limit, filter.side, from, to],
    );
    return rows.map(orderFromRow);
  }

  /** Fills and fees of an account in the order of their time; null where the entry that ended the page before is unknown. */
  async activities(account: string, filter: ActivityFilter): Promise<(Fill | Activity)[] | null> {
    const cursor = await this.seqOf(account, filter.afterId);
    if (cursor === undefined) return null;
    const compare = filter.direction === 'asc' ? '>' : '<';
    const values = [account, filter.after, filter.until, cursor, filter.pageSize];
    const select = async (columns: string, table: string, at: string): Promise<Row[]> => {
      const { rows } = await this.pool.query<Row>(
        `select ${columns} from ${table}
         where account = $1
           and ($2::timestamptz is null or ${at} > $2) and ($3::timestamptz is null or ${at} < $3)
           and ($4::bigint is null or seq ${compare} $4)
         order by seq ${filter.direction} limit $5`,
        values,
      );
      return rows;
    };
    const fills = filter.fills ? await select('*', 'fill', 'filled_at') : [];
    const fees = filter.fees ? await select('*, date::text as day', 'activity', 'at') : [];
    const entries = [
      ...fills.map((row) => ({ seq: Number(row['seq']), entry: fillFromRow(row) })),
      ...fees.map((row) => ({ seq: Number(row['seq']), entry: activityFromRow(row) })),
    ];
    entries.sort((a, b) => (filter.direction === 'asc' ? a.seq - b.seq : b.seq - a.seq));
    return entries.slice(0, filter.pageSize).map(({ entry }) => entry);
  }

  private async seqOf(account: string, id: string | null): Promise<string | null | undefined> {
    if (id === null) return null;
    const { rows } = await this.pool.query<{ seq: string }>(
      `select seq from fill where account = $1 and execution_id = $2
       union all select seq from activity where account = $1 and id = $2`,
      [account, id],
    );
    return rows[0]?.seq;
  }

  private async orderSeq(account: string, id: string | null): Promise<string | null | undefined> {
    if (id === null) return null;
    const { rows } = await this.pool.query<{ seq: string }>('select seq from "order" where account = $1 and id = $2', [
      account,
      id,
    ]);
    return rows[0]?.seq;
  }

  private async oneOrder(where: string, values: readonly string[]): Promise<Order | null> {
    const { rows } = await this.pool.query<Row>(`select ${ORDER_COLUMNS} from "order" where ${where}`, [...values]);
    return rows[0] ? orderFromRow(rows[0]) : null;
  }
}
