import { z } from 'zod';
import type { VenueFill, VenuePosition } from '@ballast/execution-gateway';
import { brokerClient } from '../run/client.js';
import type { BookedOrder } from '../sim/venue/venue-book.js';

/** Alpaca's words of an order that has ended; everything else is open. */
const ENDS: Readonly<Record<string, BookedOrder['status']>> = {
  filled: 'filled',
  canceled: 'cancelled',
  expired: 'expired',
  rejected: 'rejected',
  replaced: 'replaced',
};

const Side = z.enum(['buy', 'sell']);
const Orders = z.array(
  z.object({
    id: z.string(),
    client_order_id: z.string(),
    symbol: z.string(),
    side: Side,
    qty: z.string(),
    filled_qty: z.string(),
    status: z.string(),
    submitted_at: z.string(),
  }),
);
const Fills = z.array(
  z.object({
    id: z.string(),
    order_id: z.string(),
    symbol: z.string(),
    side: Side,
    qty: z.string(),
    price: z.string(),
    transaction_time: z.string(),
  }),
);
const Positions = z.array(z.object({ symbol: z.string(), qty: z.string() }));
const Account = z.object({ cash: z.string() });

/** What the venue knows of an account, by its own word. */
export interface VenueBooks {
  readonly orders: readonly BookedOrder[];
  readonly fills: readonly VenueFill[];
  readonly positions: readonly VenuePosition[];
  readonly cash: string;
}

const ORDERS_PAGE = 500;
const FILLS_PAGE = 100;

/** Reads the whole of an account's books. @throws Error where there is more than one page of orders. */
export async function readVenue(url: string, account: string, secret: string, logs: string): Promise<VenueBooks> {
  const client = brokerClient(url, account, secret, logs);
  const orders = Orders.parse(await client.get(`/v2/orders?status=all&direction=asc&limit=${ORDERS_PAGE}`));
  if (orders.length === ORDERS_PAGE) throw new Error(`${account} has more orders at the venue than one page shows`);
  const fills: z.infer<typeof Fills> = [];
  for (let after = ''; ; after = `&page_token=${encodeURIComponent(fills.at(-1)!.id)}`) {
    const path = `/v2/account/activities/FILL?direction=asc&page_size=${FILLS_PAGE}${after}`;
    const page = Fills.parse(await client.get(path));
    fills.push(...page);
    if (page.length < FILLS_PAGE) break;
  }
  const positions = Positions.parse(await client.get('/v2/positions'));
  const { cash } = Account.parse(await client.get('/v2/account'));
  return {
    orders: orders.map((order) => ({
      account,
      clientOrderId: order.client_order_id,
      venueOrderId: order.id,
      symbol: order.symbol,
      side: order.side,
      quantity: order.qty,
      filledQuantity: order.filled_qty,
      status: ENDS[order.status] ?? 'working',
      submittedAt: order.submitted_at,
    })),
    fills: fills.map((fill) => ({
      // An activity's id ends with the execution's own.
      executionId: fill.id.split('::').at(-1)!,
      venueOrderId: fill.order_id,
      symbol: fill.symbol,
      side: fill.side,
      quantity: fill.qty,
      price: fill.price,
      at: fill.transaction_time,
    })),
    positions: positions.map(({ symbol, qty }) => ({ symbol, quantity: qty })),
    cash,
  };
}
