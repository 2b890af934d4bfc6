import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What the stub answers to a path, until something else is told. */
export interface Reply {
  readonly status?: number;
  readonly type?: string;
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Ends the connection after half of the body. */
  readonly cut?: boolean;
}

/** The page by which NSE's data are reached. */
const LANDING = '/option-chain';

/**
 * Plays NSE and publishers of feeds on loopback. Everything under `/api/` asks for the cookie that the landing page set
 * last, as NSE does; the rest is open to anybody.
 */
export class PublisherStub {
  readonly #server: Server;
  readonly replies = new Map<string, Reply>();
  /** The path and query of each request, the landing page included, in order. */
  readonly asked: string[] = [];
  readonly agents = new Set<string>();
  /** Which cookie opens the door. */
  #ticket = 0;

  private constructor() {
    this.#server = createServer((request, response) => this.#answer(request, response));
  }

  static async start(): Promise<PublisherStub> {
    const stub = new PublisherStub();
    await new Promise<void>((resolve) => stub.#server.listen(0, '127.0.0.1', resolve));
    return stub;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Makes every cookie that was given out worthless. */
  expire(): void {
    this.#ticket += 1;
  }

  /** Forgets what was asked and what was to be answered. */
  reset(): void {
    this.replies.clear();
    this.asked.length = 0;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    const path = request.url ?? '';
    this.asked.push(path);
    this.agents.add(request.headers['user-agent'] ?? '');
    const reply = this.replies.get(path) ?? this.replies.get(path.split('?')[0]!);
    if (path === LANDING && reply === undefined) {
      response.setHeader('set-cookie', [`nsit=ticket-${this.#ticket}; Path=/; HttpOnly`, 'bm_sv=x; Max-Age=7200']);
      response.end('<html>the option chain</html>');
      return;
    }
    const opens = request.headers.cookie?.split('; ').includes(`nsit=ticket-${this.#ticket}`) === true;
    if (path.startsWith('/api/') && !opens) return void response.writeHead(401).end('Resource not found');
    if (reply === undefined) return void response.writeHead(404).end();
    const { status = 200, type = 'application/json', body = '', headers = {}, cut = false } = reply;
    response.writeHead(status, { 'content-type': type, 'content-length': Buffer.byteLength(body), ...headers });
    if (!cut) return void response.end(body);
    response.write(body.slice(0, body.length / 2), () => response.destroy());
  }
}
