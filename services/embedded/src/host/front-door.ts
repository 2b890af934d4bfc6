import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { RunningService } from '@ballast/platform';
import { Fault } from '@ballast/platform';

/** One address for all services of this process: paths go to the service that owns them. */
export class FrontDoor {
  readonly #server: Server;
  #url = '';

  constructor(private readonly services: () => readonly RunningService[]) {
    this.#server = createServer((request, response) => this.#route(request, response));
  }

  get url(): string {
    return this.#url;
  }

  /** Listens on loopback. @throws Fault PORT_IN_USE with the way out. */
  listen(port: number, host: string): Promise<void> {
    return new Promise((listening, failed) => {
      this.#server.once('error', (error: NodeJS.ErrnoException) => {
        failed(
          error.code === 'EADDRINUSE'
            ? new Fault(
                'PORT_IN_USE',
                `port ${port} of ${host} is taken by another program; choose another with --port, or 0 for a free one`,
              )
            : error,
        );
      });
      this.#server.listen(port, host, () => {
        const address = this.#server.address();
        const bound = typeof address === 'object' && address ? address.port : port;
        this.#url = `http://${host.includes(':') ? `[${host}]` : host}:${bound}`;
        listening();
      });
    });
  }

  /** Answers what is in hand and closes. */
  close(): Promise<void> {
    return new Promise((closed) => {
      this.#server.close(() => closed());
      this.#server.closeIdleConnections();
    });
  }

  #route(request: IncomingMessage, response: ServerResponse): void {
    const path = request.url ?? '/';
    const named = /^\/services\/([a-z-]+)(\/.*)$/.exec(path);
    const service = named ? this.services().find(({ name }) => name === named[1]) : this.#ownerOf(path);
    if (!service) return notFound(path, response);
    if (named) request.url = named[2]!;
    service.app.getHttpAdapter().getInstance().routing(request, response);
  }

  /** The service whose listed path is the longest beginning of `path`; health and metrics answer for the orchestrator. */
  #ownerOf(path: string): RunningService | undefined {
    const [bare] = path.split('?') as [string];
    const owners = this.services().flatMap((service) =>
      (service.definition.paths ?? [])
        .filter((owned) => bare === owned || bare.startsWith(`${owned}/`))
        .map((owned) => ({ owned, service })),
    );
    owners.sort((a, b) => b.owned.length - a.owned.length);
    return owners[0]?.service ?? (/^\/(health|metrics)/.test(bare) ? this.services()[0] : undefined);
  }
}

function notFound(path: string, response: ServerResponse): void {
  const body = {
    type: 'urn:ballast:problem:ROUTE_NOT_FOUND',
    title: 'No such path',
    status: 404,
    code: 'ROUTE_NOT_FOUND',
    detail: `Nothing answers at ${path.split('?')[0]}.`,
    nextStep: 'Each service lists its paths at /services/<name>/openapi.json.',
  };
  response.writeHead(404, { 'content-type': 'application/problem+json' }).end(JSON.stringify(body));
}
