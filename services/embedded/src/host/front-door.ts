import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { codeOf, Fault, messageOf, type RunningService, type Secret } from '@ballast/platform';
import { ownerOf } from './owner.js';

/** Something that the host answers itself, because no service can. */
export interface OwnRoute {
  readonly method: 'GET' | 'POST';
  /** Its first group is handed to `answer`. */
  readonly path: RegExp;
  /** Null is answered with 404 and what `missing` says. */
  readonly answer: (subject: string) => Promise<object | null>;
  readonly missing: { readonly code: string; readonly detail: string; readonly nextStep: string };
}

/** Begins to listen, and tells at what address. @throws Fault PORT_IN_USE with the way out. */
export function listenOn(server: Server, port: number, host: string): Promise<string> {
  return new Promise((listening, failed) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      failed(
        error.code === 'EADDRINUSE'
          ? new Fault(
              'PORT_IN_USE',
              `port ${port} of ${host} is taken by another program; choose another with --port, or 0 for a free one`,
            )
          : error,
      );
    });
    server.listen(port, host, () => {
      const address = server.address();
      const bound = typeof address === 'object' && address ? address.port : port;
      listening(`http://${host.includes(':') ? `[${host}]` : host}:${bound}`);
    });
  });
}

/** One address for all services of this process: paths go to the service that owns them. */
export class FrontDoor {
  readonly #server: Server;
  #url = '';

  constructor(
    private readonly services: () => readonly RunningService[],
    private readonly token: Secret,
    private readonly own: readonly OwnRoute[],
  ) {
    this.#server = createServer((request, response) => this.#route(request, response));
  }

  get url(): string {
    return this.#url;
  }

  /** Listens on loopback. @throws Fault PORT_IN_USE with the way out. */
  async listen(port: number, host: string): Promise<void> {
    this.#url = await listenOn(this.#server, port, host);
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
    const own = this.own.find((route) => route.method === request.method && route.path.test(path));
    if (own) return void this.#answerOwn(own, path, request, response);
    const named = /^\/services\/([a-z-]+)(\/.*)$/.exec(path);
    const service = named
      ? this.services().find(({ name }) => name === named[1])
      : this.#ownerOf(request.method ?? 'GET', path);
    if (!service) return notFound(path, response);
    if (named) request.url = named[2]!;
    service.app.getHttpAdapter().getInstance().routing(request, response);
  }

  async #answerOwn(route: OwnRoute, path: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const given = /^Bearer +(\S+)$/i.exec(request.headers.authorization ?? '')?.[1];
    if (given !== this.token.reveal()) {
      return problem(
        response,
        401,
        'UNAUTHORIZED',
        'The request is not authenticated',
        'Send the header "Authorization: Bearer <token>".',
      );
    }
    try {
      const answer = await route.answer(route.path.exec(path)![1]!);
      if (answer === null) {
        const { code, detail, nextStep } = route.missing;
        return problem(response, 404, code, detail, nextStep);
      }
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
    } catch (error) {
      problem(response, 500, codeOf(error), messageOf(error), 'Look at the log of the host, then try again.');
    }
  }

  /** The service that claims the request; health and metrics answer for the orchestrator. */
  #ownerOf(method: string, path: string): RunningService | undefined {
    const services = this.services();
    const claiming = ownerOf(
      services.map((service) => ({ service, paths: service.definition.paths ?? [] })),
      method,
      path,
    );
    return claiming?.service ?? (/^\/(health|metrics)/.test(path) ? services[0] : undefined);
  }
}

const notFound = (path: string, response: ServerResponse): void =>
  problem(
    response,
    404,
    'ROUTE_NOT_FOUND',
    `Nothing answers at ${path.split('?')[0]}.`,
    'Each service lists its paths at /services/<name>/openapi.json.',
  );

function problem(response: ServerResponse, status: number, code: string, detail: string, nextStep: string): void {
  const body = { type: `urn:ballast:problem:${code}`, title: code, status, code, detail, nextStep };
  response.writeHead(status, { 'content-type': 'application/problem+json' }).end(JSON.stringify(body));
}
