import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { observeRequests, type RequestObserver } from './observe.js';

const REQUEST_ID = /^[A-Za-z0-9._-]{1,64}$/;

/** How an adapter is built. */
export interface FastifyAdapterOptions {
  /** The largest body, in bytes; a larger one is answered 413. */
  readonly bodyLimitBytes: number;
  /** Spans and metrics of each request; none where it is left out. */
  readonly observer?: RequestObserver;
}

/**
 * The HTTP side of a Nest application: bounded bodies, a request id (the caller's
 * `X-Request-Id` where it is a plain name, a new uuid otherwise) that every answer carries.
 */
export function createFastifyAdapter({ bodyLimitBytes, observer }: FastifyAdapterOptions): FastifyAdapter {
  const adapter = new FastifyAdapter({
    bodyLimit: bodyLimitBytes,
    requestIdHeader: false,
    forceCloseConnections: 'idle',
    genReqId: (request: IncomingMessage) => {
      const given = request.headers['x-request-id'];
      return typeof given === 'string' && REQUEST_ID.test(given) ? given : randomUUID();
    },
  });
  const server = adapter.getInstance();
  server.addHook('onRequest', (request, reply, done) => {
    void reply.header('x-request-id', request.id);
    done();
  });
  if (observer !== undefined) observeRequests(server, observer);
  return adapter;
}
