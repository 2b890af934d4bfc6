import {
  context,
  propagation,
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  trace,
  type Attributes,
  type Context,
  type Link,
  type Span,
  type Tracer,
} from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { resourceFromAttributes } from '@opentelemetry/resources';
import {
  AlwaysOffSampler,
  AlwaysOnSampler,
  BatchSpanProcessor,
  NodeTracerProvider,
  type SpanExporter,
} from '@opentelemetry/sdk-trace-node';
import { messageOf } from '../errors.js';

/** The headers that carry a trace (W3C Trace Context); no other header is read or written. */
const TRACE_HEADERS = ['traceparent', 'tracestate'] as const;

type Headers = Readonly<Record<string, string | readonly string[] | undefined>>;

/** What runs inside a span. */
export interface SpanOptions {
  readonly attributes?: Attributes;
  readonly kind?: SpanKind;
  readonly links?: readonly Link[];
}

/** The tracing of one service. */
export interface Telemetry {
  readonly service: string;
  /** False while no endpoint is set: spans have ids, and nothing is recorded or sent. */
  readonly enabled: boolean;
  readonly tracer: Tracer;
  /**
   * Runs `fn` in a span below the one that `headers` speak of; without such headers it
   * begins a trace. An error is noted on the span and thrown on.
   */
  withRemoteParent<T>(
    headers: Headers,
    name: string,
    attributes: Attributes,
    kind: SpanKind,
    fn: (span: Span) => Promise<T>,
    links?: readonly Link[],
  ): Promise<T>;
  /** Runs `fn` in a span below the active one. */
  withSpan<T>(name: string, options: SpanOptions, fn: (span: Span) => Promise<T>): Promise<T>;
  /** Sends what has been recorded so far. */
  flush(): Promise<void>;
  /** Sends what is still to be sent, for at most five seconds, and stops. */
  shutdown(): Promise<void>;
}

let registered = false;

/**
 * The context manager and the propagator belong to the process, not to a service. The
 * provider that registers them samples nothing: a library that asks for the global tracer gets silence.
 */
function registerOnce(): void {
  if (registered) return;
  registered = true;
  new NodeTracerProvider({ sampler: new AlwaysOffSampler() }).register();
}

const SHUTDOWN_MS = 5_000;

/**
 * The tracing of a service, with a provider and a resource of its own, so that Jaeger
 * shows services apart even where they share a process.
 * @param options.endpoint the base of an OTLP/HTTP receiver, e.g. `http://localhost:4318`; tracing is off without it.
 * @param options.exporter takes the spans instead of the endpoint (tests).
 */
export function telemetryFor(
  service: string,
  options: { endpoint?: string | undefined; exporter?: SpanExporter } = {},
): Telemetry {
  registerOnce();
  const exporter = options.exporter ?? (options.endpoint === undefined ? undefined : exporterTo(options.endpoint));
  const provider = new NodeTracerProvider({
    resource: resourceFromAttributes({ 'service.name': service, 'service.namespace': 'ballast' }),
    sampler: exporter === undefined ? new AlwaysOffSampler() : new AlwaysOnSampler(),
    spanProcessors: exporter === undefined ? [] : [new BatchSpanProcessor(exporter)],
  });
  const tracer = provider.getTracer('ballast');
  return {
    service,
    enabled: exporter !== undefined,
    tracer,
    withRemoteParent: (headers, name, attributes, kind, fn, links = []) =>
      runIn(tracer, contextOf(headers), name, { attributes, kind, links }, fn),
    withSpan: (name, spanOptions, fn) => runIn(tracer, context.active(), name, spanOptions, fn),
    flush: () => provider.forceFlush(),
    shutdown: () => stop(provider),
  };
}

const exporterTo = (endpoint: string): SpanExporter =>
  new OTLPTraceExporter({ url: `${endpoint.replace(/\/+$/, '')}/v1/traces` });

/** A receiver that is away must not keep a service from stopping, nor turn a clean stop into a failure. */
async function stop(provider: NodeTracerProvider): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const patience = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, SHUTDOWN_MS);
  });
  await Promise.race([Promise.allSettled([provider.shutdown()]), patience]);
  clearTimeout(timer);
}

async function runIn<T>(
  tracer: Tracer,
  parent: Context,
  name: string,
  { attributes = {}, kind = SpanKind.INTERNAL, links = [] }: SpanOptions,
  fn: (span: Span) => Promise<T>,
): Promise<T> {
  const span = tracer.startSpan(name, { attributes, kind, links: [...links] }, parent);
  try {
    return await context.with(trace.setSpan(parent, span), () => fn(span));
  } catch (error) {
    span.recordException(error instanceof Error ? error : messageOf(error));
    span.setStatus({ code: SpanStatusCode.ERROR, message: messageOf(error) });
    throw error;
  } finally {
    span.end();
  }
}

/** Trace headers of the active span, for an outbox row, a message or a request; none where no span is active. */
export function injectTrace(): Record<string, string> {
  const carrier: Record<string, string> = {};
  propagation.inject(context.active(), carrier);
  return onlyTrace(carrier);
}

/** The context that headers speak of; the root context where they say nothing or nonsense. */
export const contextOf = (headers: Headers): Context => propagation.extract(ROOT_CONTEXT, onlyTrace(headers));

/** A link to the span that headers speak of, as a list: empty where there is none. */
export function linkTo(headers: Headers): readonly Link[] {
  const spanContext = trace.getSpanContext(contextOf(headers));
  return spanContext === undefined ? [] : [{ context: spanContext }];
}

/** The active trace's id in 32 hex digits; null outside a span. */
export const activeTraceId = (): string | null => trace.getActiveSpan()?.spanContext().traceId ?? null;

const onlyTrace = (headers: Headers): Record<string, string> =>
  Object.fromEntries(
    TRACE_HEADERS.flatMap((name) => {
      const value = headers[name];
      return typeof value === 'string' ? [[name, value]] : [];
    }),
  );

/** What a span can say about the cycle it belongs to. */
export interface CycleAttributes {
  readonly cycleId?: string | null | undefined;
  readonly patternId?: string | null | undefined;
  readonly pricingPackId?: string | null | undefined;
  readonly ledgerCommitHash?: string | null | undefined;
}

/** The names under which spans carry a cycle's identity; what is not known yet is left out. */
export function spanAttributes(cycle: CycleAttributes): Attributes {
  const named = {
    cycle_id: cycle.cycleId,
    pattern_id: cycle.patternId,
    pricing_pack_id: cycle.pricingPackId,
    ledger_commit_hash: cycle.ledgerCommitHash,
  };
  return Object.fromEntries(
    Object.entries(named).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}
