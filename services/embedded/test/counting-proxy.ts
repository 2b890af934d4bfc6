import { once } from 'node:events';
import { createServer, request, type IncomingMessage, type Server } from 'node:http';
import { connect, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';

/** Stands before a venue and counts the orders that are sent to it, by client order id. */
export class CountingProxy {
  /** How often each order was posted, in the order in which they first were. */
  readonly posts = new Map<string, number>();
  /** Called with each order before it goes on to the venue; what it returns is waited for. */
  atPost: (clientOrderId: string) => void | Promise<void> = () => undefined;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  private constructor(private readonly to: URL) {
    this.#server = createServer((incoming, answer) => {
      this.#pass(incoming)
        .then(async (passed) => {
          answer.writeHead(passed.statusCode ?? 502, passed.headers);
          answer.end(await text(passed));
        })
        .catch(() => answer.destroy());
    });
    this.#server.on('upgrade', (incoming: IncomingMessage, socket: Socket) => {
      const onward = connect(Number(this.to.port), this.to.hostname, () => {
        const headers = incoming.rawHeaders.flatMap((name, i, all) => (i % 2 === 0 ? [`${name}: ${all[i + 1]}`] : []));
        onward.write(`${incoming.method} ${incoming.url} HTTP/1.1\r\n${headers.join('\r\n')}\r\n\r\n`);
        socket.pipe(onward).pipe(socket);
      });
      for (const [one, other] of [
        [socket, onward],
        [onward, socket],
      ] as const) {
        this.#sockets.add(one);
        one.on('error', () => other.destroy()).on('close', () => this.#sockets.delete(one));
      }
    });
  }

  static async before(url: string): Promise<CountingProxy> {
    const proxy = new CountingProxy(new URL(url));
    proxy.#server.listen(0, '127.0.0.1');
    await once(proxy.#server, 'listening');
    return proxy;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as { port: number }).port}`;
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    this.#server.closeAllConnections();
    await new Promise((closed) => this.#server.close(closed));
  }

  async #pass(incoming: IncomingMessage): Promise<IncomingMessage> {
    const body = await text(incoming);
    if (incoming.method === 'POST' && incoming.url === '/v2/orders') {
      const { client_order_id: id } = JSON.parse(body) as { client_order_id: string };
      this.posts.set(id, (this.posts.get(id) ?? 0) + 1);
      await this.atPost(id);
    }
    const onward = request(new URL(incoming.url ?? '/', this.to), {
      method: incoming.method,
      headers: incoming.headers,
    });
    onward.end(body);
    const [passed] = (await once(onward, 'response')) as [IncomingMessage];
    return passed;
  }
}
