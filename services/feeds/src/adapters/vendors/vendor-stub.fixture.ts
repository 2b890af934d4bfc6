import { createServer, type IncomingHttpHeaders, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createLogger, type Log } from '@ballast/platform';

/** A question as it arrived. */
export interface Asked {
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly headers: IncomingHttpHeaders;
}

/** An answer; a text is sent as it is, anything else as JSON. */
export interface Answer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/** What can go wrong with one answer: another one, a connection cut in the middle of the body, or silence. */
export type Mishap = Answer | 'cut' | 'silent';

/** A stub of a vendor: a real HTTP server on loopback and a free port, with mishaps on demand. */
export class VendorStub {
  /** Everything that was asked, in order, mishaps included. */
  readonly asked: Asked[] = [];
  readonly #mishaps: Mishap[] = [];
  #instead: (asked: Asked) => Mishap | null = () => null;
  readonly #waiting: { readonly count: number; readonly resolve: () => void }[] = [];

  private constructor(
    private readonly server: Server,
    readonly url: string,
  ) {}

  static async start(answer: (asked: Asked) => Answer): Promise<VendorStub> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const stub = new VendorStub(server, `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    server.on('request', (request, response: ServerResponse) => {
      const { pathname, searchParams } = new URL(request.url!, stub.url);
      const asked = { path: pathname, query: Object.fromEntries(searchParams), headers: request.headers };
      stub.asked.push(asked);
      const mishap = stub.#mishaps.shift() ?? stub.#instead(asked);
      if (mishap === 'cut') sendHalf(response, answer(asked));
      else if (mishap !== 'silent') send(response, mishap ?? answer(asked));
      stub.#tell();
    });
    return stub;
  }

  /** The next questions meet these, one each; those after them are answered as usual. */
  mishaps(...mishaps: readonly Mishap[]): void {
    this.#mishaps.push(...mishaps);
  }

  /** Every question for which this gives a mishap meets it, until it is told otherwise. */
  insteadOf(mishapOf: (asked: Asked) => Mishap | null): void {
    this.#instead = mishapOf;
  }

  /** Resolves once so many questions have come in since the start or the last `clear`. */
  seen(count: number): Promise<void> {
    if (this.asked.length >= count) return Promise.resolve();
    return new Promise((resolve) => this.#waiting.push({ count, resolve }));
  }

  clear(): void {
    this.asked.length = 0;
    this.#mishaps.length = 0;
    this.#instead = () => null;
  }

  async close(): Promise<void> {
    const closed = new Promise((resolve) => this.server.close(resolve));
    this.server.closeAllConnections();
    await closed;
  }

  #tell(): void {
    for (const { count, resolve } of this.#waiting) if (this.asked.length >= count) resolve();
  }
}

const textOf = ({ body }: Answer): string => (typeof body === 'string' ? body : JSON.stringify(body ?? {}));

function send(response: ServerResponse, answer: Answer): void {
  response.writeHead(answer.status ?? 200, { 'content-type': 'application/json', ...answer.headers });
  response.end(textOf(answer));
}

function sendHalf(response: ServerResponse, answer: Answer): void {
  const text = textOf(answer);
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) });
  response.write(text.slice(0, text.length / 2), () => response.socket?.destroy());
}

/** A logger whose lines can be looked at. */
export function logOf(lines: string[]): Log {
  return createLogger({ service: 'feeds', level: 'trace', destination: { write: (line) => void lines.push(line) } });
}

/** All of an asynchronous list. */
export async function allOf<T>(pages: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const page of pages) all.push(page);
  return all;
}
