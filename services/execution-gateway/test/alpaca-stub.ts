import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { WebSocketServer, type WebSocket } from 'ws';

/** What the stub does with the next order: by its symbol, so that parallel orders do not take each other's. */
export type Mood =
  | 'accept'
  /** Takes the order and never answers. */
  | 'lose-answer'
  /** Never sees the order, never answers. */
  | 'lose-request'
  /** Takes it, tells the stream that it filled, and answers only then. */
  | 'fill-first'
  | 'rate-limit'
  | 'refuse'
  | 'not-unique'
  /** Takes it and answers 503. */
  | 'fail-after';

interface StubOrder {
  readonly id: string;
  readonly clientOrderId: string;
  readonly symbol: string;
  readonly side: 'buy' | 'sell';
  /** Shares; of an order for an amount of money as many as it takes. */
  readonly qty: number;
  readonly notional: number | null;
  filled: number;
  spent: number;
  status: string;
  readonly at: string;
}

interface StubFill {
  readonly id: string;
  readonly order: StubOrder;
  readonly qty: number;
  readonly price: number;
  readonly at: string;
}

/** A small stand-in for Alpaca, on the wire: HTTP and the stream of trade updates, for one account at a time. */
export class AlpacaStub {
  readonly orders = new Map<string, StubOrder>();
  readonly fills: StubFill[] = [];
  /** How often each client order id was posted. */
  readonly posts = new Map<string, number>();
  /** The body in which each client order id was posted. */
  readonly bodies = new Map<string, Record<string, unknown>>();
  readonly moods = new Map<string, Mood>();
  /** Fees as they are listed, oldest first; null answers that there is nothing to be had. */
  fees: { id: string; net_amount: string; created_at: string }[] | null = [];
  cash = 0;
  price = 100;
  frame = 0;
  authorises = true;
  quoteAgeMs = 0;
  /** What the tape says of quotes: R is a regular market, Z one that is halted. */
  quoteCondition = 'R';
  /** Shares that trade in each minute of each symbol; null answers with no bars. */
  volumePerMinute: number | null = 1_000;
  /** Answers nothing but that it is away. */
  away = false;
  barsPerPage = 1_000;
  /** What the account's answer says otherwise than that of an account in good standing. */
  said: Record<string, unknown> = {};
  /** Fills leave no message on the stream while this is set. */
  dropsFrames = false;
  #account = '';
  #named = 0;
  readonly #sockets = new Map<WebSocket, string>();
  readonly #http: Server;
  readonly #ws: WebSocketServer;
  readonly #now: () => string;

  private constructor(now: () => string) {
    this.#now = now;
    this.#http = createServer((request, response) => void this.#answer(request, response));
    this.#ws = new WebSocketServer({ server: this.#http, path: '/stream' });
    this.#ws.on('connection', (socket) => this.#greet(socket));
  }

  static async start(now: () => string): Promise<AlpacaStub> {
    const stub = new AlpacaStub(now);
    await new Promise<void>((resolve) => stub.#http.listen(0, '127.0.0.1', resolve));
    return stub;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#http.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.breakStreams();
    this.#ws.close();
    this.#http.closeAllConnections();
    await new Promise<void>((resolve) => this.#http.close(() => resolve()));
  }

  /** Forgets everything and serves this account from now on. */
  serve(account: string, cash: number): void {
    this.#account = account;
    this.cash = cash;
    this.frame = 0;
    this.dropsFrames = false;
    this.said = {};
    this.away = false;
    this.orders.clear();
    this.posts.clear();
    this.bodies.clear();
    this.moods.clear();
    this.fills.length = 0;
    this.fees = [];
    this.price = 100;
    this.quoteAgeMs = 0;
    this.quoteCondition = 'R';
    this.volumePerMinute = 1_000;
    this.barsPerPage = 1_000;
  }

  breakStreams(): void {
    for (const socket of this.#sockets.keys()) socket.terminate();
  }

  /** Fills an order of that symbol at the stub's price. */
  fill(symbol: string, qty?: number): void {
    for (const order of this.orders.values()) {
      if (order.symbol !== symbol || ['filled', 'canceled', 'replaced'].includes(order.status)) continue;
      this.#fill(order, qty ?? restOf(order, this.price), qty === undefined);
    }
  }

  /** Brings the orders of a symbol to a status, and tells of it by an event of the stream. */
  bring(symbol: string, status: string, event: string): void {
    for (const order of this.orders.values()) {
      if (order.symbol !== symbol) continue;
      order.status = status;
      this.#tell(event, { ...order });
    }
  }

  /** Tells again, word by word, what it told of the last fill. */
  repeatLastFill(): void {
    const fill = this.fills.at(-1)!;
    this.#tell('fill', fill.order, fill);
  }

  /** Lets an order of that symbol appear that no answer was ever given for. */
  appear(symbol: string, clientOrderId: string, qty: number): void {
    this.#take({ symbol, client_order_id: clientOrderId, side: 'buy', qty: String(qty) });
  }

  #greet(socket: WebSocket): void {
    this.#sockets.set(socket, '');
    socket.on('close', () => this.#sockets.delete(socket));
    socket.on('message', (bytes) => {
      const message = JSON.parse(String(bytes)) as { action: string; key?: string };
      if (message.key) this.#sockets.set(socket, message.key);
      const status = this.authorises ? 'authorized' : 'unauthorized';
      if (message.action === 'auth')
        send(socket, { stream: 'authorization', data: { status, action: 'authenticate' } });
      if (message.action === 'listen') send(socket, { stream: 'listening', data: { streams: ['trade_updates'] } });
    });
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url!, 'http://stub');
    const reply = (status: number, body: unknown, headers: Record<string, string> = {}): void => {
      response.writeHead(status, { 'content-type': 'application/json', ...headers });
      response.end(status === 204 ? undefined : JSON.stringify(body));
    };
    const path = `${request.method} ${url.pathname}`;
    // Orders of the account before may still come in; they are somebody else's.
    if (request.headers['apca-api-key-id'] !== this.#account) return reply(403, { message: 'another account' });
    if (this.away) return reply(500, { message: 'internal server error' });
    if (path === 'POST /v2/orders') return this.#post(await bodyOf(request), reply);
    if (path === 'GET /v2/orders:by_client_order_id') {
      const order = this.orders.get(url.searchParams.get('client_order_id')!);
      return order ? reply(200, wire(order)) : reply(404, { code: 40410000, message: 'order not found' });
    }
    if (path === 'GET /v2/orders') {
      return reply(
        200,
        [...this.orders.values()]
          .filter((order) => ['new', 'partially_filled', 'held', 'pending_replace'].includes(order.status))
          .map(wire),
      );
    }
    if (path.startsWith('DELETE /v2/orders/')) return this.#cancel(url.pathname.split('/').at(-1)!, reply);
    if (path === 'GET /v2/positions') return reply(200, this.#positions());
    if (path === 'GET /v2/account') return reply(200, this.#accountBody());
    if (path === 'GET /v2/account/activities/FILL') return reply(200, this.#activities(url));
    if (path === 'GET /v2/account/activities/FEE' && this.fees) return reply(200, this.#fees(url));
    if (path === 'GET /v2/stocks/quotes/latest') return reply(200, this.#quotes(url));
    if (path === 'GET /v2/stocks/bars') return reply(200, this.#bars(url));
    reply(404, { message: `no ${path}` });
  }

  #post(
    body: Record<string, string>,
    reply: (status: number, body: unknown, headers?: Record<string, string>) => void,
  ): void {
    const clientOrderId = body['client_order_id']!;
    this.bodies.set(clientOrderId, body);
    this.posts.set(clientOrderId, (this.posts.get(clientOrderId) ?? 0) + 1);
    const mood = this.moods.get(body['symbol']!) ?? 'accept';
    if (mood === 'lose-request') return;
    if (mood === 'rate-limit') return reply(429, { message: 'too many requests' }, { 'retry-after': '30' });
    if (mood === 'refuse') return reply(403, { code: 40310000, message: 'insufficient buying power' });
    if (mood === 'not-unique') {
      this.#take(body);
      return reply(422, { message: 'client_order_id must be unique' });
    }
    const order = this.#take(body);
    const ack = wire(order);
    if (mood === 'lose-answer') return;
    if (mood === 'fail-after') return reply(503, { message: 'service unavailable' });
    if (mood === 'fill-first') {
      this.#fill(order, restOf(order, this.price), true);
      setTimeout(() => reply(200, ack), 50);
      return;
    }
    reply(200, ack);
  }

  #take(body: Record<string, string>): StubOrder {
    const order: StubOrder = {
      id: `venue-${++this.#named}`,
      clientOrderId: body['client_order_id']!,
      symbol: body['symbol']!,
      side: body['side'] as 'buy' | 'sell',
      qty: body['notional'] === undefined ? Number(body['qty']) : Infinity,
      notional: body['notional'] === undefined ? null : Number(body['notional']),
      ...{ filled: 0, spent: 0 },
      status: 'new',
      at: this.#now(),
    };
    this.orders.set(order.clientOrderId, order);
    return order;
  }

  #fill(order: StubOrder, qty: number, whole = false): void {
    order.filled = Number((order.filled + qty).toFixed(9));
    order.spent += qty * this.price;
    order.status = whole || order.filled >= order.qty ? 'filled' : 'partially_filled';
    this.cash -= (order.side === 'buy' ? 1 : -1) * qty * this.price;
    const fill: StubFill = {
      id: `exec-${++this.#named}`,
      order: { ...order },
      qty,
      price: this.price,
      at: this.#now(),
    };
    this.fills.push(fill);
    if (!this.dropsFrames) this.#tell(order.status === 'filled' ? 'fill' : 'partial_fill', fill.order, fill);
  }

  #cancel(id: string, reply: (status: number, body: unknown) => void): void {
    const order = [...this.orders.values()].find((each) => each.id === id);
    if (!order) return reply(404, { code: 40410000, message: 'order not found' });
    if (order.status === 'filled' || order.status === 'pending_replace') {
      return reply(422, { code: 42210000, message: `order is already in "${order.status}" state` });
    }
    order.status = 'canceled';
    reply(204, null);
    this.#tell('canceled', { ...order });
  }

  #tell(event: string, order: StubOrder, fill?: StubFill): void {
    const details = fill
      ? { execution_id: fill.id, price: String(fill.price), qty: String(fill.qty), position_qty: '0' }
      : {};
    const at = fill?.at ?? this.#now();
    const frame = ++this.frame;
    for (const [socket, account] of this.#sockets) {
      if (account !== this.#account) continue;
      send(socket, { stream: 'trade_updates', frame, data: { event, timestamp: at, ...details, order: wire(order) } });
    }
  }

  #accountBody(): object {
    const cash = String(this.cash);
    const standing = { status: 'ACTIVE', trading_blocked: false, account_blocked: false, shorting_enabled: true };
    return { cash, equity: cash, buying_power: cash, multiplier: '2', ...standing, ...this.said };
  }

  #positions(): object[] {
    const held = new Map<string, number>();
    for (const { order, qty } of this.fills) {
      held.set(order.symbol, (held.get(order.symbol) ?? 0) + (order.side === 'buy' ? qty : -qty));
    }
    return [...held]
      .filter(([, qty]) => qty !== 0)
      .map(([symbol, qty]) => ({ symbol, qty: String(qty), side: 'long' }));
  }

  #activities(url: URL): object[] {
    const after = url.searchParams.get('after') ?? '';
    return this.fills
      .filter((fill) => fill.at > after)
      .map((fill) => ({
        id: `${fill.at.replace(/\D/g, '')}::${fill.id}`,
        activity_type: 'FILL',
        transaction_time: fill.at,
        type: 'fill',
        price: String(fill.price),
        qty: String(fill.qty),
        side: fill.order.side,
        symbol: fill.order.symbol,
        order_id: fill.order.id,
      }));
  }

  #fees(url: URL): object[] {
    const fees = (this.fees ?? []).filter((fee) => fee.created_at > (url.searchParams.get('after') ?? ''));
    const from = fees.findIndex(({ id }) => id === url.searchParams.get('page_token')) + 1;
    return fees.slice(from, from + Number(url.searchParams.get('page_size'))).map((fee) => ({
      ...{ activity_type: 'FEE', activity_sub_type: 'TAF', description: 'TAF fee', status: 'executed' },
      ...{ date: fee.created_at.slice(0, 10), ...fee },
    }));
  }

  #bars(url: URL): object {
    if (this.volumePerMinute === null) return { bars: {}, next_page_token: null };
    const minute = (name: string): number => Math.ceil(Date.parse(url.searchParams.get(name)!) / 60_000);
    const symbols = (url.searchParams.get('symbols') ?? '').split(',');
    const until = Math.min(minute('end'), Math.floor(Date.parse(this.#now()) / 60_000));
    const rows = symbols.flatMap((symbol) =>
      Array.from({ length: Math.max(0, until - minute('start')) }, (_, i) => {
        const t = new Date((minute('start') + i) * 60_000).toISOString();
        const { price } = this;
        return {
          symbol,
          bar: { t, o: price, h: price + 1, l: price - 1, c: price, v: this.volumePerMinute, vw: price },
        };
      }),
    );
    const from = Number(url.searchParams.get('page_token') ?? 0);
    const bars: Record<string, object[]> = {};
    for (const { symbol, bar } of rows.slice(from, from + this.barsPerPage)) (bars[symbol] ??= []).push(bar);
    return { bars, next_page_token: from + this.barsPerPage < rows.length ? String(from + this.barsPerPage) : null };
  }

  #quotes(url: URL): object {
    const symbols = (url.searchParams.get('symbols') ?? '').split(',');
    const quote = {
      t: new Date(Date.parse(this.#now()) - this.quoteAgeMs).toISOString(),
      ap: this.price + 0.05,
      as: 1,
      ax: 'V',
      bp: this.price - 0.05,
      bs: 1,
      bx: 'V',
      c: [this.quoteCondition],
      z: 'A',
    };
    return { quotes: Object.fromEntries(symbols.map((symbol) => [symbol, quote])) };
  }
}

const send = (socket: WebSocket, message: object): void => socket.send(Buffer.from(JSON.stringify(message)));

/** What an order would still fill at a price; money buys shares to nine decimals. */
const restOf = ({ qty, filled, notional, spent }: StubOrder, price: number): number =>
  notional === null ? qty - filled : Number(((notional - spent) / price).toFixed(9));

const wire = (order: StubOrder): object => ({
  id: order.id,
  client_order_id: order.clientOrderId,
  created_at: order.at,
  submitted_at: order.at,
  symbol: order.symbol,
  side: order.side,
  qty: order.notional === null ? String(order.qty) : null,
  notional: order.notional === null ? null : String(order.notional),
  filled_qty: String(order.filled),
  status: order.status,
  type: 'market',
  time_in_force: 'day',
});

async function bodyOf(request: IncomingMessage): Promise<Record<string, string>> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return JSON.parse(Buffer.concat(chunks).toString('utf8')) as Record<string, string>;
}
