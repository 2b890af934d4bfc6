import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A span as it came over the wire, ids in hexadecimal digits. */
export interface ReceivedSpan {
  readonly service: string;
  readonly name: string;
  readonly traceId: string;
  readonly spanId: string;
  /** Empty where the span begins its trace. */
  readonly parentSpanId: string;
  /** Attributes that are texts. */
  readonly attributes: Readonly<Record<string, string>>;
  readonly links: readonly { readonly traceId: string; readonly spanId: string }[];
}

export interface OtlpReceiver {
  readonly endpoint: string;
  readonly spans: readonly ReceivedSpan[];
  close(): Promise<void>;
}

/** Takes traces over OTLP/HTTP in protobuf, as Jaeger would, and keeps every span. */
export async function otlpReceiver(): Promise<OtlpReceiver> {
  const spans: ReceivedSpan[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const known = request.url === '/v1/traces' && request.headers['content-type'] === 'application/x-protobuf';
      if (known) spans.push(...readExport(Buffer.concat(chunks)));
      response.writeHead(known ? 200 : 404).end();
    });
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    spans,
    close: () =>
      new Promise((closed) => {
        server.close(() => closed());
        server.closeAllConnections();
      }),
  };
}

// The numbers below are those of opentelemetry/proto/trace/v1/trace.proto and collector/trace/v1/trace_service.proto.

const readExport = (body: Buffer): ReceivedSpan[] =>
  messages(body, 1).flatMap((resourceSpans) => {
    const [resource = Buffer.alloc(0)] = messages(resourceSpans, 1);
    const service = attributesOf(messages(resource, 1))['service.name'] ?? '';
    return messages(resourceSpans, 2)
      .flatMap((scopeSpans) => messages(scopeSpans, 2))
      .map((span) => readSpan(service, span));
  });

const readSpan = (service: string, span: Buffer): ReceivedSpan => ({
  service,
  name: text(span, 5),
  traceId: hex(span, 1),
  spanId: hex(span, 2),
  parentSpanId: hex(span, 4),
  attributes: attributesOf(messages(span, 9)),
  links: messages(span, 13).map((link) => ({ traceId: hex(link, 1), spanId: hex(link, 2) })),
});

const attributesOf = (pairs: readonly Buffer[]): Record<string, string> =>
  Object.fromEntries(pairs.map((pair) => [text(pair, 1), text(messages(pair, 2)[0] ?? Buffer.alloc(0), 1)]));

const hex = (message: Buffer, field: number): string => messages(message, field)[0]?.toString('hex') ?? '';
const text = (message: Buffer, field: number): string => messages(message, field)[0]?.toString('utf8') ?? '';

/** The bytes of every occurrence of a length-delimited field of a protobuf message; other kinds of fields are passed over. */
function messages(message: Buffer, wanted: number): Buffer[] {
  const found: Buffer[] = [];
  let at = 0;
  const varint = (): number => {
    let value = 0;
    for (let factor = 1; ; factor *= 128) {
      const byte = message[at++]!;
      value += (byte & 127) * factor;
      if (byte < 128) return value;
    }
  };
  while (at < message.length) {
    const tag = varint();
    const kind = tag % 8;
    if (kind === 0) varint();
    else if (kind === 1) at += 8;
    else if (kind === 5) at += 4;
    else if (kind === 2) {
      const length = varint();
      if (Math.floor(tag / 8) === wanted) found.push(message.subarray(at, at + length));
      at += length;
    } else throw new Error(`a protobuf field of kind ${kind}, which OTLP does not use`);
  }
  return found;
}
