import { request } from 'node:http';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Body, Controller, Get, Inject, Module, NotFoundException, Param, Post, Query } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { trace } from '@opentelemetry/api';
import { InMemorySpanExporter } from '@opentelemetry/sdk-trace-node';
import { z } from 'zod';
import { DecimalString } from '@ballast/contracts';
import { Secret } from '../config/secret.js';
import { integer } from '../config/variables.js';
import { Fault, Retryable } from '../errors.js';
import { HealthController } from '../health/health.controller.js';
import { Readiness } from '../health/readiness.js';
import { createLogger, LOGGER, NestLogger } from '../telemetry/logger.js';
import { Metrics, MetricsController } from '../telemetry/metrics.js';
import { telemetryFor } from '../telemetry/telemetry.js';
import { createFastifyAdapter } from './adapter.js';
import { BearerGuard } from './bearer.guard.js';
import { IdempotencyKey } from './idempotency-key.js';
import { AcceptsBody, Answers, serveOpenApi } from './openapi.js';
import { ProblemFilter } from './problem.filter.js';
import { Problem } from './problem.js';
import { zodPipe } from './zod.pipe.js';

const OrderBody = z.object({
  symbol: z.string().min(1),
  quantity: DecimalString,
  tags: z.array(z.object({ name: z.string() })).optional(),
});
const OrderAnswer = z.object({ orderId: z.string(), key: z.string(), traceId: z.string().nullable() });
const PageQuery = z.object({ limit: integer({ min: 1, max: 100 }).default(20) });

@Controller('api/v1/orders')
class OrdersController {
  @Post()
  @AcceptsBody(OrderBody)
  @Answers(201, OrderAnswer, 'The order was taken in.')
  place(
    @Body(zodPipe(OrderBody)) body: z.infer<typeof OrderBody>,
    @IdempotencyKey() key: string,
  ): z.infer<typeof OrderAnswer> {
    return { orderId: body.symbol, key, traceId: trace.getActiveSpan()?.spanContext().traceId ?? null };
  }

  @Get()
  list(@Query(zodPipe(PageQuery)) query: z.infer<typeof PageQuery>): z.infer<typeof PageQuery> {
    return query;
  }

  @Get(':id')
  get(@Param('id') id: string): never {
    if (id === 'fault') throw new Fault('LEDGER_BROKEN', 'the ledger of secret-account is broken');
    if (id === 'away') throw new Retryable('DATABASE_AWAY', 'connect to 10.0.0.7 failed');
    if (id === 'pg') throw Object.assign(new Error('connect ECONNREFUSED 10.0.0.7:5432'), { code: 'ECONNREFUSED' });
    if (id === 'nest') throw new NotFoundException('no such order');
    throw new Problem({
      status: 409,
      code: 'ORDER_CLOSED',
      title: 'The order is closed',
      detail: `The order ${id} is filled.`,
      nextStep: 'Place a new order.',
      extra: { filled: '10' },
    });
  }
}

const TOKEN = 'test-token-0123456789';
const lines: string[] = [];
const spans = new InMemorySpanExporter();
const telemetry = telemetryFor('orders', { exporter: spans });
const metrics = new Metrics('orders');
const readiness = new Readiness();
const log = createLogger({
  service: 'orders',
  level: 'debug',
  destination: { write: (line) => void lines.push(line) },
});

@Module({
  controllers: [OrdersController, HealthController, MetricsController],
  providers: [
    { provide: Readiness, useValue: readiness },
    { provide: Metrics, useValue: metrics },
    { provide: LOGGER, useValue: log },
  ],
})
class OrdersModule {
  constructor(@Inject(LOGGER) readonly logger: unknown) {}
}

let app: NestFastifyApplication;
const authorized = { authorization: `Bearer ${TOKEN}` };
const keyed = { ...authorized, 'idempotency-key': 'k-1' };
const placed = { symbol: 'AAPL', quantity: '10' };
const post = (payload: unknown, headers: Record<string, string> = keyed) =>
  app.inject({
    method: 'POST',
    url: '/api/v1/orders',
    headers: { 'content-type': 'application/json', ...headers },
    payload: typeof payload === 'string' ? payload : JSON.stringify(payload),
  });
const get = (url: string, headers: Record<string, string> = authorized) => app.inject({ method: 'GET', url, headers });

/** Posts an order whose body follows only once the server has taken the head; resolves with the trace it was handled in. */
const sendInParts = (port: number, traceId: string): Promise<string | null> =>
  new Promise((resolve, reject) => {
    const trace = { expect: '100-continue', traceparent: `00-${traceId}-b7ad6b7169203331-01` };
    const headers = { ...keyed, ...trace, 'content-type': 'application/json' };
    const sent = request({ port, host: '127.0.0.1', path: '/api/v1/orders', method: 'POST', headers }, (answer) => {
      let text = '';
      answer.on('data', (data) => (text += String(data)));
      answer.on('end', () => resolve((JSON.parse(text) as { traceId: string | null }).traceId));
    }).on('error', reject);
    sent.on('continue', () => sent.end(JSON.stringify(placed)));
    sent.flushHeaders();
  });

beforeAll(async () => {
  const adapter = createFastifyAdapter({ bodyLimitBytes: 2_000, observer: { telemetry, metrics } });
  app = await NestFactory.create<NestFastifyApplication>(OrdersModule, adapter, { logger: new NestLogger(log) });
  app.useGlobalFilters(new ProblemFilter(log));
  app.useGlobalGuards(new BearerGuard(new Secret(TOKEN)));
  serveOpenApi(app, { title: 'orders', version: '1.0.0' });
  await app.listen(0, '127.0.0.1');
});
afterAll(async () => {
  await app.close();
  await telemetry.shutdown();
});

describe('requests that are in order', () => {
  it('hands over the parsed body and the key, inside the span of the request', async () => {
    const traceId = '0af7651916cd43dd8448eb211c80319c';
    const answer = await post(placed, { ...keyed, traceparent: `00-${traceId}-b7ad6b7169203331-01` });
    expect(answer.statusCode).toBe(201);
    expect(answer.json()).toEqual({ orderId: 'AAPL', key: 'k-1', traceId });
    expect(answer.headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('stays in the span of the request over a real connection, whose body comes later', async () => {
    const { port } = app.getHttpServer().address() as { port: number };
    const traces = ['2af7651916cd43dd8448eb211c80319c', '3af7651916cd43dd8448eb211c80319c'];
    const found = await Promise.all(traces.map((traceId) => sendInParts(port, traceId)));
    expect(found).toEqual(traces);
  });

  it('keeps a caller’s request id where it is a plain name', async () => {
    expect((await get('/api/v1/orders', { ...authorized, 'x-request-id': 'abc-1' })).headers['x-request-id']).toBe(
      'abc-1',
    );
    const odd = await get('/api/v1/orders', { ...authorized, 'x-request-id': 'a b"<' });
    expect(odd.headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('parses a query', async () => {
    expect((await get('/api/v1/orders?limit=7')).json()).toEqual({ limit: 7 });
    expect((await get('/api/v1/orders')).json()).toEqual({ limit: 20 });
  });
});

describe('requests that are refused', () => {
  it('names each faulty field with path, pointer, received type and what is expected, and no value', async () => {
    const answer = await post({ symbol: 5, quantity: 'secret-ten', extra: 1, tags: [{ name: 'a', colour: 'red' }] });
    expect(answer.statusCode).toBe(400);
    expect(answer.headers['content-type']).toContain('application/problem+json');
    const body = answer.json<{ type: string; code: string; instance: string; errors: { field: string }[] }>();
    expect(body.type).toBe('urn:ballast:problem:INVALID_REQUEST');
    expect(body.instance).toBe(answer.headers['x-request-id']);
    expect(body.errors.map(({ field }) => field)).toEqual(['symbol', 'quantity', 'extra', 'tags[0].colour']);
    expect(body.errors[0]).toMatchObject({ pointer: '/symbol', message: expect.stringContaining('received a number') });
    expect(body.errors[3]).toMatchObject({ pointer: '/tags/0/colour', code: 'UNKNOWN_FIELD' });
    expect(answer.body).not.toContain('secret-ten');
  });

  it.each([
    ['a missing body field', () => post({ quantity: '1' }), 400, 'INVALID_REQUEST'],
    ['a body that is a list', () => post([]), 400, 'INVALID_REQUEST'],
    ['a body that is null', () => post('null'), 400, 'INVALID_REQUEST'],
    ['a faulty query', () => get('/api/v1/orders?limit=0'), 400, 'INVALID_REQUEST'],
    ['an unknown query field', () => get('/api/v1/orders?limt=1'), 400, 'INVALID_REQUEST'],
    ['broken JSON', () => post('{"symbol":'), 400, 'INVALID_JSON'],
    ['an empty JSON body', () => post(''), 400, 'INVALID_JSON'],
    ['a poisoned prototype', () => post('{"__proto__":{"x":1}}'), 400, 'INVALID_JSON'],
    ['a body too large', () => post({ ...placed, symbol: 'A'.repeat(3_000) }), 413, 'BODY_TOO_LARGE'],
    ['another media type', () => post('a=b', { ...keyed, 'content-type': 'text/csv' }), 415, 'UNSUPPORTED_MEDIA_TYPE'],
    ['no key', () => post(placed, authorized), 400, 'IDEMPOTENCY_KEY_REQUIRED'],
    ['a key with a space', () => post(placed, { ...keyed, 'idempotency-key': 'a b' }), 400, 'IDEMPOTENCY_KEY_INVALID'],
    [
      'a long key',
      () => post(placed, { ...keyed, 'idempotency-key': 'k'.repeat(129) }),
      400,
      'IDEMPOTENCY_KEY_INVALID',
    ],
    ['no token', () => get('/api/v1/orders', {}), 401, 'UNAUTHORIZED'],
    ['a wrong token', () => get('/api/v1/orders', { authorization: 'Bearer nope' }), 401, 'UNAUTHORIZED'],
    ['another scheme', () => get('/api/v1/orders', { authorization: `Basic ${TOKEN}` }), 401, 'UNAUTHORIZED'],
    ['a route that is not there', () => get('/api/v1/nowhere'), 404, 'NOT_FOUND'],
    ['Nest’s own exception', () => get('/api/v1/orders/nest'), 404, 'NOT_FOUND'],
    ['a problem of the controller', () => get('/api/v1/orders/7'), 409, 'ORDER_CLOSED'],
    ['a fault', () => get('/api/v1/orders/fault'), 500, 'INTERNAL'],
    ['a dependency that is away', () => get('/api/v1/orders/away'), 503, 'DATABASE_AWAY'],
    ['a database that is away', () => get('/api/v1/orders/pg'), 503, 'UNAVAILABLE'],
  ] as const)('answers %s', async (_what, send, status, code) => {
    const answer = await send();
    expect([answer.statusCode, answer.json<{ code: string }>().code]).toEqual([status, code]);
    expect(answer.headers['content-type']).toContain('application/problem+json');
    expect(answer.json()).toMatchObject({ status, title: expect.any(String), nextStep: expect.any(String) });
  });

  it('tells nothing of an inner error, and logs it with the request and the trace', async () => {
    const answer = await get('/api/v1/orders/fault');
    expect(answer.body).not.toContain('secret-account');
    const instance = answer.json<{ instance: string }>().instance;
    const logged = lines
      .map((line) => JSON.parse(line) as Record<string, unknown>)
      .find((line) => line['requestId'] === instance);
    expect(logged).toMatchObject({ level: 'error', service: 'orders', route: '/api/v1/orders/:id', code: 'INTERNAL' });
    expect(logged?.['trace_id']).toMatch(/^[0-9a-f]{32}$/);
    expect(JSON.stringify(logged)).toContain('LEDGER_BROKEN');
  });

  it('says when to come back, and keeps what a problem adds', async () => {
    const away = await get('/api/v1/orders/away');
    expect(away.headers['retry-after']).toBe('1');
    expect(away.body).not.toContain('10.0.0.7');
    expect((await get('/api/v1/orders/7')).json()).toMatchObject({ filled: '10', detail: 'The order 7 is filled.' });
    expect((await get('/api/v1/orders', {})).headers['www-authenticate']).toContain('Bearer');
  });

  it('survives a request that is not HTTP', async () => {
    const { port } = app.getHttpServer().address() as { port: number };
    const answer = await new Promise<string>((resolve) => {
      let text = '';
      const socket = connect(port, '127.0.0.1', () => socket.write('NONSENSE\r\n\r\n'));
      socket.on('data', (data) => (text += String(data))).on('close', () => resolve(text));
    });
    expect(answer).toContain('400');
    expect((await get('/api/v1/orders')).statusCode).toBe(200);
  });
});

describe('what is open to everyone', () => {
  it('is alive, is ready, says what is down, and drains', async () => {
    expect((await get('/health/live', {})).json()).toEqual({ state: 'live' });
    expect((await get('/health/ready', {})).json()).toEqual({ state: 'ready', checks: [] });
    let up = false;
    readiness.add({ name: 'postgres', check: () => Promise.resolve({ up, detail: 'refused' }) });
    const down = await get('/health/ready', {});
    expect(down.statusCode).toBe(503);
    expect(down.json()).toMatchObject({
      code: 'NOT_READY',
      state: 'unready',
      checks: [{ name: 'postgres', up: false }],
    });
    up = true;
    expect((await get('/health/ready', {})).statusCode).toBe(200);
    readiness.drain();
    expect((await get('/health/ready', {})).json()).toMatchObject({ status: 503, code: 'DRAINING', state: 'draining' });
    expect((await get('/health/live', {})).statusCode).toBe(200);
  });

  it('counts requests by route and status, never by path', async () => {
    await get('/api/v1/orders/12345');
    const text = (await get('/metrics', {})).body;
    expect(text).toMatch(
      /ballast_http_requests_total\{method="GET",route="\/api\/v1\/orders\/:id",status="409",service="orders"\} \d+/,
    );
    expect(text).toMatch(
      /ballast_http_requests_total\{method="GET",route="\/api\/v1\/orders",status="401",service="orders"\} \d+/,
    );
    expect(text).toMatch(
      /ballast_http_requests_total\{method="GET",route="unmatched",status="404",service="orders"\} \d+/,
    );
    expect(text).not.toContain('12345');
  });

  it('opens one server span a request, named by its route', async () => {
    const traceId = '1af7651916cd43dd8448eb211c80319c';
    await get('/api/v1/orders/7', { ...authorized, traceparent: `00-${traceId}-b7ad6b7169203331-01` });
    await telemetry.flush();
    const found = spans.getFinishedSpans().filter((span) => span.spanContext().traceId === traceId);
    expect(found.map((span) => span.name)).toEqual(['GET /api/v1/orders/:id']);
    expect(found[0]?.attributes).toMatchObject({
      'http.response.status_code': 409,
      'http.route': '/api/v1/orders/:id',
    });
  });

  it('describes itself in OpenAPI', async () => {
    const answer = await get('/openapi.json', {});
    expect(answer.statusCode).toBe(200);
    const document = answer.json<{
      paths: Record<string, Record<string, Record<string, unknown>>>;
      components: { schemas: object };
    }>();
    const operation = document.paths['/api/v1/orders']?.['post'];
    expect(operation?.['requestBody']).toMatchObject({
      required: true,
      content: {
        'application/json': { schema: { properties: { quantity: { $ref: '#/components/schemas/DecimalString' } } } },
      },
    });
    expect(operation?.['responses']).toMatchObject({ 201: { description: 'The order was taken in.' }, default: {} });
    expect(operation?.['parameters']).toEqual([
      expect.objectContaining({ name: 'Idempotency-Key', in: 'header', required: true }),
    ]);
    expect(document.paths['/health/live']?.['get']?.['security']).toEqual([]);
    expect(document.components.schemas).toMatchObject({
      DecimalString: { type: 'string' },
      Problem: { type: 'object' },
    });
    expect(answer.body).not.toMatch(/definitions|x-ballast/);
  });
});

it('never logs the token', () => {
  expect(lines.join('')).not.toContain(TOKEN);
});
