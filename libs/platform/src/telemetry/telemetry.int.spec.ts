import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { InMemorySpanExporter } from '@opentelemetry/sdk-trace-node';
import { createLogger } from './logger.js';
import { contextOf, injectTrace, linkTo, spanAttributes, telemetryFor, activeTraceId } from './telemetry.js';

const stops: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});

const recording = (service: string) => {
  const exporter = new InMemorySpanExporter();
  const telemetry = telemetryFor(service, { exporter });
  stops.push(() => telemetry.shutdown());
  const finished = async () => {
    await telemetry.flush();
    return exporter.getFinishedSpans();
  };
  return { telemetry, finished };
};

/** An OTLP receiver that keeps what it is sent. */
const receiver = async () => {
  const bodies: { path: string; text: string }[] = [];
  const server: Server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      bodies.push({ path: request.url ?? '', text: Buffer.concat(chunks).toString('latin1') });
      response.writeHead(200).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  stops.push(() => new Promise((resolve) => server.close(resolve)));
  return { bodies, endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}/` };
};

const hop = { cycleId: 'c-1', patternId: 'daily' };

describe('telemetryFor', () => {
  it('carries one trace from service to service, each with its own resource', async () => {
    const orchestrator = recording('orchestrator');
    const feeds = recording('feeds');
    const { headers, traceId } = await orchestrator.telemetry.withSpan('open', {}, () =>
      Promise.resolve({ headers: injectTrace(), traceId: activeTraceId() }),
    );
    const inside = await feeds.telemetry.withRemoteParent(headers, 'seal', spanAttributes(hop), SpanKind.CONSUMER, () =>
      Promise.resolve(activeTraceId()),
    );
    const [open] = await orchestrator.finished();
    const [seal] = await feeds.finished();
    expect(inside).toBe(traceId);
    expect(seal?.spanContext().traceId).toBe(traceId);
    expect(seal?.parentSpanContext?.spanId).toBe(open?.spanContext().spanId);
    expect(seal?.attributes).toEqual({ cycle_id: 'c-1', pattern_id: 'daily' });
    expect([open?.resource.attributes['service.name'], seal?.resource.attributes['service.name']]).toEqual([
      'orchestrator',
      'feeds',
    ]);
  });

  it('links a span to a trace of its own cause', async () => {
    const { telemetry, finished } = recording('execution-gateway');
    const headers = await telemetry.withSpan('approve', {}, () => Promise.resolve(injectTrace()));
    await telemetry.withRemoteParent({}, 'slice', {}, SpanKind.INTERNAL, () => Promise.resolve(), linkTo(headers));
    const [approve, slice] = await finished();
    expect(slice?.spanContext().traceId).not.toBe(approve?.spanContext().traceId);
    expect(slice?.links[0]?.context.spanId).toBe(approve?.spanContext().spanId);
  });

  it('notes an error on the span and throws the same on', async () => {
    const { telemetry, finished } = recording('tax');
    const error = new Error('no lots');
    await expect(telemetry.withSpan('assess', {}, () => Promise.reject(error))).rejects.toBe(error);
    const [span] = await finished();
    expect(span?.status).toEqual({ code: SpanStatusCode.ERROR, message: 'no lots' });
    expect(span?.events[0]?.name).toBe('exception');
  });

  it.each([
    ['none', {}],
    ['nonsense', { traceparent: 'nonsense', tracestate: '=' }],
    ['a list', { traceparent: ['00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'] }],
    ['others', { baggage: 'user=1', 'x-request-id': 'r' }],
  ])('takes %s for a trace header as the beginning of a trace', async (_what, headers) => {
    const { telemetry } = recording('risk-guardrails');
    expect(trace.getSpanContext(contextOf(headers))).toBeUndefined();
    expect(linkTo(headers)).toEqual([]);
    const answer = await telemetry.withRemoteParent(headers, 'check', {}, SpanKind.CONSUMER, () =>
      Promise.resolve([7, Object.keys(injectTrace())]),
    );
    expect(answer).toEqual([7, ['traceparent']]);
  });

  it('is off without an endpoint: ids for the log, nothing recorded', async () => {
    const lines: string[] = [];
    const telemetry = telemetryFor('signal');
    const log = createLogger({
      service: 'signal',
      level: 'info',
      destination: { write: (line) => void lines.push(line) },
    });
    expect(telemetry.enabled).toBe(false);
    const headers = await telemetry.withSpan('score', {}, (span) => {
      expect(span.isRecording()).toBe(false);
      log.info('scored');
      return Promise.resolve(injectTrace());
    });
    const { trace_id: traceId } = JSON.parse(lines[0] ?? '{}') as { trace_id: string };
    expect(headers).toEqual({ traceparent: expect.stringMatching(new RegExp(`^00-${traceId}-[0-9a-f]{16}-00$`)) });
    await telemetry.shutdown();
  });

  it('sends spans to an OTLP receiver', async () => {
    const { bodies, endpoint } = await receiver();
    const telemetry = telemetryFor('portfolio', { endpoint });
    await telemetry.withSpan(
      'post',
      { attributes: spanAttributes({ ledgerCommitHash: 'abc', pricingPackId: null }) },
      () => Promise.resolve(),
    );
    await telemetry.shutdown();
    expect(bodies.map(({ path }) => path)).toEqual(['/v1/traces']);
    expect(bodies[0]?.text).toContain('portfolio');
    expect(bodies[0]?.text).toContain('ledger_commit_hash');
    expect(bodies[0]?.text).not.toContain('pricing_pack_id');
  });
});
