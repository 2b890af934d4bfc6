import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { decode, encode, encodeTimeSpecToTimestamp, EXT_TIMESTAMP, ExtensionCodec } from '@msgpack/msgpack';
import { Secret, type Clock } from '@ballast/platform';
import { WebSocketServer, type WebSocket } from 'ws';
import type { RecordedTick } from '../../domain/live/recording.js';
import { msOf, type QuoteSide, type Tick, type Trade } from '../../domain/live/tick.js';
import type { StreamFormat } from './alpaca-live-wire.js';

/** Ticks of one frame at the most. */
const FRAME_MAX = 200;
/** How long the venue keeps a connection that is half dead, and refuses another one. */
const DEAD_MS = 90_000;

/** A moment on its way into MessagePack, which has a type of its own for it. */
class Stamp {
  constructor(readonly at: string) {}
}
const codec = new ExtensionCodec();
codec.register({
  type: EXT_TIMESTAMP,
  encode: (value) => {
    if (!(value instanceof Stamp)) return null;
    const sec = Math.floor(msOf(value.at) / 1_000);
    return encodeTimeSpecToTimestamp({ sec, nsec: Number(value.at.slice(20, 29)) });
  },
  decode: () => null,
});
const packed = (messages: unknown): Uint8Array =>
  encode(
    (messages as Record<string, unknown>[]).map((each) =>
      typeof each['t'] === 'string' ? { ...each, t: new Stamp(each['t']) } : each,
    ),
    { extensionCodec: codec },
  );

interface Client {
  readonly socket: WebSocket;
  readonly format: StreamFormat;
  authenticated: boolean;
  subscribed: boolean;
  /** Since when it is half open, in ms of the clock: it neither tells nor answers anything. */
  deadSinceMs: number | null;
}

/**
 * Stands in for Alpaca's market data: the stream's protocol in JSON and MessagePack, and the history of trades. It is told
 * what happens, and can cut, go half open, fall mute, refuse, and fail when asked for history. Nothing is timed by itself.
 */
export class AlpacaDataStub {
  readonly keyId = 'key-of-a-stub';
  readonly secret = new Secret('secret-of-a-stub');
  /** What was asked of it. */
  readonly asked = { connections: 0, authentications: 0, pages: 0 };
  readonly formats: string[] = [];
  /** Refuses the next authentications (or all, where it is an array of one that is kept) with these codes. */
  refusals: number[] = [];
  /** Refuses every authentication with this code. */
  refusesAlways: number | null = null;
  /** Answers the next questions for history with these statuses. */
  failures: number[] = [];
  /** Tells nothing, but answers pings. */
  mute = false;
  /** Speaks MessagePack only. */
  onlyMsgpack = false;
  readonly #clients = new Set<Client>();
  readonly #trades = new Map<string, Trade[]>();

  private constructor(
    private readonly clock: Clock,
    private readonly http: Server,
    private readonly server: WebSocketServer,
  ) {}

  static async start(clock: Clock): Promise<AlpacaDataStub> {
    const http = createServer();
    const server = new WebSocketServer({ noServer: true, autoPong: false, perMessageDeflate: false });
    const stub = new AlpacaDataStub(clock, http, server);
    http.on('request', (request, answer) => stub.#history(request, answer));
    http.on('upgrade', (request: IncomingMessage, socket: Socket, head: Buffer) => {
      server.handleUpgrade(request, socket, head, (ws) => stub.#welcome(ws, request));
    });
    http.listen(0, '127.0.0.1');
    await once(http, 'listening');
    return stub;
  }

  get #port(): number {
    return (this.http.address() as AddressInfo).port;
  }

  get url(): string {
    return `ws://127.0.0.1:${this.#port}/v2/sip`;
  }

  get dataUrl(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  /** Connections that it has, half-dead ones too. */
  get connected(): number {
    return this.#clients.size;
  }

  /** Something happens: everybody who subscribed is told, and the history knows it. Resolves once it is on its way. */
  async tell(ticks: readonly RecordedTick[]): Promise<void> {
    for (const { tick } of ticks) {
      if (tick.kind !== 'trade') continue;
      const known = this.#trades.get(tick.symbol);
      if (known) known.push(tick);
      else this.#trades.set(tick.symbol, [tick]);
    }
    if (this.mute) return;
    const listeners = [...this.#clients].filter(({ subscribed, deadSinceMs }) => subscribed && deadSinceMs === null);
    for (const client of listeners) {
      for (let from = 0; from < ticks.length; from += FRAME_MAX) {
        const messages = ticks.slice(from, from + FRAME_MAX).map(({ tick }) => wireOf(tick));
        await new Promise<void>((sent) => this.#send(client, messages, sent));
      }
    }
  }

  /** Tells words that no venue should. */
  say(messages: unknown): void {
    for (const client of this.#clients) if (client.deadSinceMs === null) this.#send(client, messages);
  }

  /** Resolves once whoever listens has read all that was sent, or is gone. */
  async flush(): Promise<void> {
    const reading = [...this.#clients].filter(({ deadSinceMs }) => deadSinceMs === null);
    await Promise.all(
      reading.map(
        ({ socket }) =>
          new Promise<void>((read) => {
            const done = (): void => {
              socket.off('pong', done).off('close', done);
              read();
            };
            socket.on('pong', done).on('close', done);
            socket.ping();
          }),
      ),
    );
  }

  /** Breaks all connections without a word. */
  cut(): void {
    for (const { socket } of this.#clients) socket.terminate();
    this.#clients.clear();
  }

  /** The network in between is gone: the connections stay open, and nothing passes. */
  goHalfOpen(): void {
    for (const client of this.#clients) client.deadSinceMs ??= Date.parse(this.clock.now());
  }

  /** Tells an error and closes, as it does with a slow client (407). */
  throwOut(code: number): void {
    this.say([{ T: 'error', code, msg: `error ${code}` }]);
    for (const { socket } of this.#clients) socket.close();
  }

  async stop(): Promise<void> {
    this.cut();
    this.server.close();
    this.http.closeAllConnections();
    this.http.close();
    await once(this.http, 'close');
  }

  #welcome(socket: WebSocket, request: IncomingMessage): void {
    const type = request.headers['content-type'] ?? 'application/json';
    this.asked.connections += 1;
    this.formats.push(type);
    const format: StreamFormat = type === 'application/msgpack' ? 'msgpack' : 'json';
    const client: Client = { socket, format, authenticated: false, subscribed: false, deadSinceMs: null };
    this.#clients.add(client);
    // Of one that is half dead the venue does not hear that the other side has gone.
    socket.on('close', () => client.deadSinceMs === null && this.#clients.delete(client));
    socket.on('ping', (data) => client.deadSinceMs === null && socket.pong(data));
    socket.on('message', (data: Buffer) => {
      if (client.deadSinceMs !== null) return;
      const read = (format === 'json' ? JSON.parse(data.toString('utf8')) : decode(data)) as Record<string, unknown>;
      if (read['action'] === 'auth') this.#authenticate(client, read);
      else if (read['action'] === 'subscribe') this.#subscribe(client, read);
    });
    this.#send(client, [{ T: 'success', msg: 'connected' }]);
  }

  #authenticate(client: Client, { key, secret }: Record<string, unknown>): void {
    this.asked.authentications += 1;
    const right = key === this.keyId && secret === this.secret.reveal();
    const code = this.refusesAlways ?? this.refusals.shift() ?? (right ? this.#refusal(client) : 402);
    if (code !== null) return this.#send(client, [{ T: 'error', code, msg: `error ${code}` }]);
    client.authenticated = true;
    this.#send(client, [{ T: 'success', msg: 'authenticated' }]);
  }

  #refusal(client: Client): number | null {
    if (this.onlyMsgpack && client.format !== 'msgpack') return 412;
    const nowMs = Date.parse(this.clock.now());
    for (const other of this.#clients) {
      if (other.deadSinceMs === null || nowMs - other.deadSinceMs < DEAD_MS) continue;
      other.socket.terminate();
      this.#clients.delete(other);
    }
    return [...this.#clients].some((other) => other !== client && other.authenticated) ? 406 : null;
  }

  #subscribe(client: Client, { action: _, ...channels }: Record<string, unknown>): void {
    if (!client.authenticated) return this.#send(client, [{ T: 'error', code: 401, msg: 'not authenticated' }]);
    client.subscribed = true;
    const { trades } = channels;
    this.#send(client, [{ T: 'subscription', ...channels, corrections: trades, cancelErrors: trades }]);
  }

  #send(client: Client, messages: unknown, sent?: () => void): void {
    const frame = client.format === 'json' ? JSON.stringify(messages) : packed(messages);
    client.socket.send(frame, { binary: client.format === 'msgpack' }, () => sent?.());
  }

  #history(request: IncomingMessage, answer: ServerResponse): void {
    this.asked.pages += 1;
    const failure = this.failures.shift();
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://stub');
    const right = request.headers['apca-api-key-id'] === this.keyId;
    const status = failure ?? (pathname !== '/v2/stocks/trades' ? 404 : right ? 200 : 403);
    answer.writeHead(status, { 'content-type': 'application/json' });
    if (status !== 200) return void answer.end(JSON.stringify({ message: `status ${status}` }));
    const symbol = searchParams.get('symbols') ?? '';
    const startMs = Date.parse(searchParams.get('start') ?? '');
    const limit = Number(searchParams.get('limit') ?? 1_000);
    const all = this.#trades.get(symbol) ?? [];
    const token = searchParams.get('page_token');
    const from = token === null ? firstAt(all, startMs) : Number(token);
    const trades = all.slice(from, from + limit).map((trade) => wireOf(trade));
    const next = from + limit < all.length ? `${from + limit}` : null;
    answer.end(JSON.stringify({ trades: { [symbol]: trades }, next_page_token: next }));
  }
}

/** The place of the first trade at or after a moment; trades are in order of time. */
function firstAt(trades: readonly Trade[], ms: number): number {
  let [low, high] = [0, trades.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (msOf(trades[middle]!.at) < ms) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** A tick as Alpaca writes it. */
export function wireOf(tick: Tick): Record<string, unknown> {
  const { symbol: S, at: t } = tick;
  switch (tick.kind) {
    case 'trade':
      return {
        ...{ T: 't', S, t, i: Number(tick.id), x: tick.exchange, p: Number(tick.price), s: Number(tick.size) },
        ...{ c: tick.conditions, z: tick.tape },
      };
    case 'quote':
      return { T: 'q', S, t, ...sideOf('b', tick.bid), ...sideOf('a', tick.ask), c: tick.conditions, z: tick.tape };
    case 'bar': {
      const [o, h, l, c, v] = [tick.open, tick.high, tick.low, tick.close, tick.volume].map(Number);
      return { T: 'b', S, t, o, h, l, c, v, n: 1, vw: c };
    }
    default:
      throw new Error(`the stub tells no ${tick.kind}`);
  }
}

const sideOf = (which: 'a' | 'b', side: QuoteSide | null): Record<string, unknown> => ({
  [`${which}x`]: side?.exchange ?? '',
  [`${which}p`]: Number(side?.price ?? 0),
  [`${which}s`]: Number(side?.size ?? 0),
});
