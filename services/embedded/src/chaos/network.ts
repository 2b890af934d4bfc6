import { Agent, createServer, request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http';
import { connect, type Socket } from 'node:net';
import type { Rng } from '@ballast/kernel/random';
import { listenOn } from '../host/front-door.js';

/** How often each thing goes wrong with a request, as shares that add up to less than 1. */
export interface RequestFaults {
  /** The venue never gets it. */
  readonly loseRequest: number;
  /** The venue does it, and its answer is lost. */
  readonly loseAnswer: number;
  /** The venue does it and answers so late that nobody waits any more, or nearly so. */
  readonly lateAnswer: number;
  /** The venue does it and says 503. */
  readonly failedAnswer: number;
  /** The connection breaks at once, and the order arrives a good while later. */
  readonly lateOrder: number;
  /** The venue gets an order twice; which of both answers comes back is chance. */
  readonly duplicate: number;
}

export interface NetworkOptions {
  /** The venue's own address. */
  readonly venue: string;
  readonly random: Rng;
  readonly faults: RequestFaults;
  /** Between which bounds an answer or an order is late, in ms. */
  readonly answerLateMs: readonly [number, number];
  readonly orderLateMs: readonly [number, number];
}

/** What lies between the gateway and its venue: it loses, delays, repeats, and knows when a request was written. */
export interface Network {
  readonly url: string;
  /** What went wrong so far, by name. */
  readonly happened: ReadonlyMap<string, number>;
  /** Nothing goes wrong any more. */
  calm(): void;
  /** Calls back once, at the moment at which the next request for an order was written whole. */
  onNextOrder(callback: (() => void) | null): void;
  close(): Promise<void>;
}

type Mishap = keyof RequestFaults | null;

/** What the venue does with a request that shows it this header, by {@link Mishap}. */
const HEADER = 'x-sim-fault';

/** Opens the network on a free loopback port. */
export async function openNetwork(options: NetworkOptions): Promise<Network> {
  const between = new Between(options);
  const server = createServer((incoming, answer) => void between.pass(incoming, answer));
  const sockets = new Set<Socket>();
  server.on('upgrade', (incoming: IncomingMessage, socket: Socket, head: Buffer) =>
    tunnel(options.venue, incoming, socket, head, sockets),
  );
  const url = await listenOn(server, 0, '127.0.0.1');
  return {
    url,
    happened: between.happened,
    calm: () => (between.calm = true),
    onNextOrder: (callback) => (between.onNextOrder = callback),
    close: () =>
      new Promise((closed) => {
        sockets.forEach((socket) => socket.destroy());
        server.close(() => closed());
        server.closeAllConnections();
        between.agent.destroy();
      }),
  };
}

class Between {
  readonly agent = new Agent({ keepAlive: true });
  readonly happened = new Map<string, number>();
  calm = false;
  onNextOrder: (() => void) | null = null;

  constructor(private readonly options: NetworkOptions) {}

  async pass(incoming: IncomingMessage, answer: ServerResponse): Promise<void> {
    const isOrder = incoming.method === 'POST' && incoming.url === '/v2/orders';
    try {
      const body = await bodyOf(incoming);
      const written = isOrder ? this.onNextOrder : null;
      if (written) {
        this.onNextOrder = null;
        written();
      }
      const mishap = this.#draw(isOrder);
      const first = await this.#forward(incoming, body, this.#header(mishap));
      const back = mishap === 'duplicate' ? await this.#repeat(incoming, body, first) : first;
      answer.writeHead(back.status, back.headers);
      answer.end(back.body);
    } catch {
      // The venue has dropped the connection, so that we do; or nobody waits for the answer any more.
      incoming.socket.destroy();
    }
  }

  #draw(isOrder: boolean): Mishap {
    if (this.calm) return null;
    const { random, faults } = this.options;
    let drawn = random.uniform();
    for (const [name, share] of Object.entries(faults) as [keyof RequestFaults, number][]) {
      drawn -= share;
      if (drawn >= 0) continue;
      // Only an order is repeated or kept back: everything else is a question, or harmless twice.
      if (!isOrder && (name === 'lateOrder' || name === 'duplicate')) return null;
      this.happened.set(name, (this.happened.get(name) ?? 0) + 1);
      return name;
    }
    return null;
  }

  #header(mishap: Mishap): string | null {
    const { random, answerLateMs, orderLateMs } = this.options;
    const within = ([least, most]: readonly [number, number]): number => least + random.int(most - least + 1);
    switch (mishap) {
      case 'loseRequest':
        return 'lose-request';
      case 'loseAnswer':
        return 'lose-answer';
      case 'lateAnswer':
        return `answer-after-ms=${within(answerLateMs)}`;
      case 'failedAnswer':
        return '5xx-after-accept';
      case 'lateOrder':
        return `accept-after-ms=${within(orderLateMs)}`;
      default:
        return null;
    }
  }

  async #repeat(incoming: IncomingMessage, body: Buffer, first: Answer): Promise<Answer> {
    const second = await this.#forward(incoming, body, null);
    return this.options.random.uniform() < 0.5 ? first : second;
  }

  #forward(incoming: IncomingMessage, body: Buffer, fault: string | null): Promise<Answer> {
    const { agent } = this;
    const headers = { ...incoming.headers, ...(fault === null ? {} : { [HEADER]: fault }) };
    delete headers.connection;
    return new Promise((done, failed) => {
      const onward = httpRequest(
        new URL(incoming.url ?? '/', this.options.venue),
        { method: incoming.method, headers, agent },
        (response) => {
          bodyOf(response).then(
            (text) => done({ status: response.statusCode ?? 502, headers: whole(response.headers), body: text }),
            failed,
          );
        },
      );
      onward.on('error', failed);
      onward.end(body);
    });
  }
}

interface Answer {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
}

/** The headers of an answer that is passed on in one piece. */
function whole(headers: IncomingMessage['headers']): IncomingMessage['headers'] {
  const { connection: _, 'transfer-encoding': __, 'keep-alive': ___, ...rest } = headers;
  return rest;
}

async function bodyOf(message: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

/** Joins a websocket's two ends: what one says or breaks off the other hears or loses. */
function tunnel(venue: string, incoming: IncomingMessage, socket: Socket, head: Buffer, sockets: Set<Socket>): void {
  const { hostname, port } = new URL(venue);
  const onward = connect(Number(port), hostname, () => {
    const lines = [`${incoming.method} ${incoming.url} HTTP/1.1`];
    for (let i = 0; i < incoming.rawHeaders.length; i += 2) {
      lines.push(`${incoming.rawHeaders[i]}: ${incoming.rawHeaders[i + 1]}`);
    }
    onward.write(`${lines.join('\r\n')}\r\n\r\n`);
    onward.write(head);
    socket.pipe(onward).pipe(socket);
  });
  for (const [one, other] of [
    [socket, onward],
    [onward, socket],
  ] as const) {
    sockets.add(one);
    one.on('error', () => other.destroy());
    one.on('close', () => {
      sockets.delete(one);
      other.destroy();
    });
  }
}
