import type { Pool } from 'pg';
import type { Instant } from '@ballast/kernel/calendar';
import type { Fill, Order } from '../domain/order.js';
import { fillFromRow, ORDER_COLUMNS, orderFromRow } from './rows.js';
import type { Row } from './rows.js';

export interface OrderFilter {
  readonly status: 'open' | 'closed' | 'all';
  readonly limit: number;
  /** Submitted strictly after and strictly before, as at Alpaca. */
  readonly after: Instant | null;
  readonly until: Instant | null;
  readonly direction: 'asc' | 'desc';
  readonly symbols: readonly string[] | null;
}

export interface FillFilter {
  /** Fills strictly after this instant, and strictly before that one. */
  readonly after: Instant | null;
  readonly until: Instant | null;
  readonly direction: 'asc' | 'desc';
  readonly pageSize: number;
  /** The execution id that ended the page before; null for the first page. */
  readonly afterExecutionId: string | null;
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

  /** The orders of an account in the order of their submission. */
  async orders(account: string, filter: OrderFilter): Promise<Order[]> {
    const open = filter.status === 'all' ? null : filter.status === 'open';
    const { rows } = await this.pool.query<Row>(
      `select ${ORDER_COLUMNS} from "order"
       where account = $1
         and ($2::boolean is null or (status in ('accepted', 'new', 'partially_filled')) = $2)
         and ($3::timestamptz is null or submitted_at > $3) and ($4::timestamptz is null or submitted_at < $4)
         and ($5::text[] is null or symbol = any($5))
       order by seq ${filter.direction} limit $6`,
      [account, open, filter.after, filter.until, filter.symbols, filter.limit],
    );
    return rows.map(orderFromRow);
  }

  /** The fills of an account in the order of their time; null where the page's execution id is unknown. */
  async fills(account: string, filter: FillFilter): Promise<Fill[] | null> {
    const cursor = await this.seqOf(account, filter.afterExecutionId);
    if (cursor === undefined) return null;
    const { rows } = await this.pool.query<Row>(
      `select * from fill
       where account = $1
         and ($2::timestamptz is null or filled_at > $2) and ($3::timestamptz is null or filled_at < $3)
         and ($4::bigint is null or seq ${filter.direction === 'asc' ? '>' : '<'} $4)
       order by seq ${filter.direction} limit $5`,
      [account, filter.after, filter.until, cursor, filter.pageSize],
    );
    return rows.map(fillFromRow);
  }

  private async seqOf(account: string, executionId: string | null): Promise<string | null | undefined> {
    if (executionId === null) return null;
    const { rows } = await this.pool.query<{ seq: string }>(
      'select seq from fill where account = $1 and execution_id = $2',
      [account, executionId],
    );
    return rows[0]?.seq;
  }

  private async oneOrder(where: string, values: readonly string[]): Promise<Order | null> {
    const { rows } = await this.pool.query<Row>(`select ${ORDER_COLUMNS} from "order" where ${where}`, [...values]);
    return rows[0] ? orderFromRow(rows[0]) : null;
  }
}
