import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import type { RawData, WebSocket } from 'ws';
import type { Fault } from '../../application/faults.js';
import type { Frame } from '../../application/state.js';
import { frameJson } from '../../application/wire.js';

const PATH = '/stream';
const STREAM = 'trade_updates';
const MESSAGE_BYTES_MAX = 64 * 1024;
const GOODBYE_MS_MAX = 500;
/** How long a frame that is to come out of order waits for one to come before it. */
const HELD_MS_MAX = 1_000;

interface Listener {
  account: string | null;
  listens: boolean;
}

export interface TradeUpdatesOptions {
  /** Whether a key id and a secret open an account's stream. */
  readonly authorize: (keyId: string, secret: string) => boolean;
  readonly sleep: (ms: number) => Promise<void>;
  /** The fault that a test or the configuration has for a frame; null for none. */
  readonly faultOf: (frame: Frame) => Fault | null;
}

/**
 * The websocket at /stream, in Alpaca's protocol for paper accounts: every answer is a binary frame of JSON. What
 * happened while nobody listened is lost, as at Alpaca: a client reconciles over HTTP when it comes back.
 */
export class TradeUpdates {
  private readonly server = new WebSocketServer({ noServer: true, maxPayload: MESSAGE_BYTES_MAX });
  private readonly listeners = new Map<WebSocket, Listener>();
  /** Frames held back so that a later one comes before them, by account. */
  private readonly held = new Map<string, Buffer>();

  constructor(private readonly options: TradeUpdatesOptions) {
    this.server.on('headers', (headers) => headers.push('x-ballast-simulated: true'));
  }

  /** Takes the upgrade requests of an HTTP server. */
  attach(http: Server): void {
    http.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
      if (request.url?.split('?')[0] !== PATH) {
        socket.end('HTTP/1.1 404 Not Found\r\nx-ballast-simulated: true\r\nconnection: close\r\n\r\n');
        return;
      }
      this.server.handleUpgrade(request, socket, head, (client) => this.greet(client));
    });
  }

  /** Sends frames to who listens to their account, in their order, where no fault is asked of the stream. */
  publish(frames: readonly Frame[]): void {
    for (const frame of frames) {
      const clients = [...this.listeners].flatMap(([client, { account, listens }]) =>
        listens && account === frame.account ? [client] : [],
      );
      const fault = this.options.faultOf(frame);
      if (clients.length > 0) this.send(clients, frame, fault?.name ?? null);
    }
  }

  private send(clients: readonly WebSocket[], frame: Frame, fault: Fault['name'] | null): void {
    const { account } = frame;
    const message = encode(frameJson(frame));
    if (fault === 'stream-drop') return;
    if (fault === 'stream-disconnect') {
      for (const client of clients) client.terminate();
      return;
    }
    if (fault === 'stream-reorder' && !this.held.has(account)) {
      this.held.set(account, message);
      // A frame that nothing follows is late instead.
      void this.options.sleep(HELD_MS_MAX).then(() => this.release(account, message));
      return;
    }
    for (const client of clients) client.send(message);
    if (fault === 'stream-duplicate') for (const client of clients) client.send(message);
    const held = this.held.get(account);
    if (held) this.release(account, held);
  }

  /** Sends a frame that was held back, once. */
  private release(account: string, message: Buffer): void {
    if (this.held.get(account) !== message) return;
    this.held.delete(account);
    for (const [client, listener] of this.listeners) {
      if (listener.listens && listener.account === account) client.send(message);
    }
  }

  /** Says goodbye to every client, and hangs up on those that do not answer. */
  async close(): Promise<void> {
    const gone = new Promise<void>((resolve) => this.server.close(() => resolve()));
    for (const client of this.listeners.keys()) client.close(1001, 'the venue is shutting down');
    await Promise.race([gone, this.options.sleep(GOODBYE_MS_MAX)]);
    for (const client of this.listeners.keys()) client.terminate();
    await gone;
  }

  private greet(client: WebSocket): void {
    const listener: Listener = { account: null, listens: false };
    this.listeners.set(client, listener);
    client.on('close', () => this.listeners.delete(client));
    // A broken connection is followed by its close, which is where it is forgotten.
    client.on('error', () => client.terminate());
    client.on('message', (data) => {
      const message = decode(data);
      if (message) this.answer(client, listener, message);
      else client.send(encode({ action: 'error', data: { error_message: 'a message must be a JSON object' } }));
    });
  }

  private answer(client: WebSocket, listener: Listener, message: Record<string, unknown>): void {
    const { action } = message;
    const data = recordOf(message['data']);
    if (action === 'auth') this.authorize(client, listener, message['key'], message['secret']);
    else if (action === 'authenticate') this.authorize(client, listener, data['key_id'], data['secret_key']);
    else if (action === 'listen') this.listen(client, listener, data['streams']);
    else client.send(encode({ action: 'error', data: { error_message: 'unknown action' } }));
  }

  private authorize(client: WebSocket, listener: Listener, keyId: unknown, secret: unknown): void {
    const good = typeof keyId === 'string' && typeof secret === 'string' && this.options.authorize(keyId, secret);
    listener.account = good ? keyId : null;
    const status = good ? 'authorized' : 'unauthorized';
    client.send(encode({ stream: 'authorization', data: { status, action: 'authenticate' } }));
  }

  private listen(client: WebSocket, listener: Listener, streams: unknown): void {
    if (listener.account === null) {
      client.send(encode({ stream: 'authorization', data: { status: 'unauthorized', action: 'listen' } }));
      return;
    }
    listener.listens = Array.isArray(streams) && streams.includes(STREAM);
    client.send(encode({ stream: 'listening', data: { streams: listener.listens ? [STREAM] : [] } }));
  }
}

/** Buffers go out as binary frames. */
function encode(message: object): Buffer {
  return Buffer.from(JSON.stringify(message));
}

function decode(data: RawData): Record<string, unknown> | null {
  const bytes = Array.isArray(data) ? Buffer.concat(data) : Buffer.from(data as ArrayBuffer);
  try {
    const value: unknown = JSON.parse(bytes.toString('utf8'));
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}

function recordOf(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}
