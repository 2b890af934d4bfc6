import { context, SpanKind, SpanStatusCode, trace, type Span } from '@opentelemetry/api';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Metrics } from '../telemetry/metrics.js';
import { contextOf, type Telemetry } from '../telemetry/telemetry.js';

/** What watches a service's requests. */
export interface RequestObserver {
  readonly telemetry: Telemetry;
  readonly metrics: Metrics;
}

/** Upper bounds in seconds: a read takes a millisecond, a command that waits for its commit some tens. */
const DURATION_BUCKETS_SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);

/** The route's pattern, never the path asked for: labels must stay few whatever callers send. */
const routeOf = (request: FastifyRequest): string =>
  request.is404 ? 'unmatched' : (request.routeOptions.url ?? 'unmatched');

/**
 * Opens a server span for each request and counts it. These are Fastify hooks and not a
 * Nest interceptor, because a request that the guard, the body parser or the router
 * refuses never reaches an interceptor and must be counted too.
 */
export function observeRequests(server: FastifyInstance, { telemetry, metrics }: RequestObserver): void {
  const requests = metrics.counter('ballast_http_requests_total', 'HTTP requests answered.', [
    'method',
    'route',
    'status',
  ]);
  const durations = metrics.histogram(
    'ballast_http_request_duration_seconds',
    'Time from the first byte of a request to the end of its answer.',
    ['method', 'route', 'status'],
    DURATION_BUCKETS_SECONDS,
  );
  const spans = new WeakMap<FastifyRequest, Span>();

  server.addHook('onRequest', (request, _reply, done) => {
    const name = `${request.method} ${routeOf(request)}`;
    const attributes = {
      'http.request.method': request.method,
      'http.route': routeOf(request),
      'ballast.request_id': request.id,
    };
    const parent = contextOf(request.headers);
    const span = telemetry.tracer.startSpan(name, { kind: SpanKind.SERVER, attributes }, parent);
    spans.set(request, span);
    // Fastify keeps this context for the handler also where the body comes later.
    context.with(trace.setSpan(parent, span), done);
  });

  server.addHook('onResponse', (request, reply, done) => {
    const method = METHODS.has(request.method) ? request.method : 'OTHER';
    const labels = { method, route: routeOf(request), status: String(reply.statusCode) };
    requests.inc(labels);
    durations.observe(labels, reply.elapsedTime / 1_000);
    const span = spans.get(request);
    span?.setAttribute('http.response.status_code', reply.statusCode);
    if (reply.statusCode >= 500) span?.setStatus({ code: SpanStatusCode.ERROR });
    span?.end();
    done();
  });
}
