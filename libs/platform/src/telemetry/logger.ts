import type { LoggerService } from '@nestjs/common';
import { trace } from '@opentelemetry/api';
import { pino, type DestinationStream, type Logger } from 'pino';
import { MASK } from '../config/secret.js';

/** The token under which a service's logger is injected. */
export const LOGGER = Symbol('ballast:logger');

/** A pino logger: `log.info({ cycleId }, 'cycle opened')`. */
export type Log = Logger;

export type LogLevel = 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'trace' | 'silent';

/**
 * Names of fields that are never written, without regard to case, `_` and `-`. `key` is
 * among them: the key of a message is logged as `messageKey`.
 */
const SECRET_FIELDS = [
  ...['authorization', 'token', 'password', 'secret', 'key', 'cookie', 'credentials'],
  ...['accessToken', 'bearerToken', 'apiKey', 'secretKey', 'privateKey', 'signingKey'],
];

const FOLDED = new Set(SECRET_FIELDS.map((name) => name.toLowerCase()));

const isSecret = (name: string): boolean => FOLDED.has(name.toLowerCase().replaceAll(/[_-]/g, ''));

/** Nothing worth a log line lies deeper; it also ends whatever contains itself. */
const DEPTH_MAX = 6;

/** A copy for the log, with secrets masked at every depth. What says how it is to be written (`toJSON`) is left to do so. */
function masked(value: unknown, depth = 0): unknown {
  if (typeof value !== 'object' || value === null || 'toJSON' in value) return value;
  if (depth === DEPTH_MAX) return '[deeper]';
  if (Array.isArray(value)) return value.map((item) => masked(item, depth + 1));
  return maskedFields(value, depth);
}

const maskedFields = (fields: object, depth = 0): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(fields).map(([name, value]) => {
      if (isSecret(name)) return [name, MASK];
      // An error at the top is written by the serializer below, which masks what hangs on it.
      return [name, depth === 0 && name === 'err' ? value : masked(value, depth + 1)];
    }),
  );

/**
 * A logger that writes one JSON object a line, with the service, the time in UTC, and
 * `trace_id` and `span_id` where a span is active. Fields named like secrets are masked.
 * @param options.destination where lines go; standard output by default.
 */
export function createLogger(options: { service: string; level: LogLevel; destination?: DestinationStream }): Log {
  return pino(
    {
      level: options.level,
      base: { service: options.service },
      timestamp: pino.stdTimeFunctions.isoTime,
      // Pino shows the fields of a child logger to no formatter; only this masks them, and only by exact name.
      redact: { paths: SECRET_FIELDS, censor: MASK },
      formatters: {
        level: (label) => ({ level: label }),
        log: (fields) => maskedFields(fields),
      },
      serializers: { err: (error: Error) => masked(pino.stdSerializers.err(error)) },
      mixin: () => {
        const span = trace.getActiveSpan()?.spanContext();
        return span === undefined ? {} : { trace_id: span.traceId, span_id: span.spanId };
      },
    },
    options.destination ?? pino.destination({ fd: 1, sync: true }),
  );
}

/** Parts of Nest that announce every module and route; worth a line only to who looks for it. */
const CHATTY = new Set([
  'InstanceLoader',
  'RoutesResolver',
  'RouterExplorer',
  'NestFactory',
  'NestApplication',
  'NestMicroservice',
]);

/** Nest's own words through pino: the last text argument is the part of Nest that speaks. */
export class NestLogger implements LoggerService {
  constructor(private readonly logger: Log) {}

  log(message: unknown, ...rest: unknown[]): void {
    const { context } = split(rest);
    this.#write(context !== undefined && CHATTY.has(context) ? 'debug' : 'info', message, rest);
  }

  fatal(message: unknown, ...rest: unknown[]): void {
    this.#write('fatal', message, rest);
  }

  error(message: unknown, ...rest: unknown[]): void {
    this.#write('error', message, rest);
  }

  warn(message: unknown, ...rest: unknown[]): void {
    this.#write('warn', message, rest);
  }

  debug(message: unknown, ...rest: unknown[]): void {
    this.#write('debug', message, rest);
  }

  verbose(message: unknown, ...rest: unknown[]): void {
    this.#write('trace', message, rest);
  }

  #write(level: Exclude<LogLevel, 'silent'>, message: unknown, rest: readonly unknown[]): void {
    const { context, details } = split(rest);
    const fields = { ...(context === undefined ? {} : { context }), ...(details.length === 0 ? {} : { details }) };
    if (message instanceof Error) this.logger[level]({ ...fields, err: message }, message.message);
    else if (typeof message === 'object' && message !== null)
      this.logger[level]({ ...fields, details: [message, ...details] });
    else this.logger[level](fields, String(message));
  }
}

/** Nest passes details (a stack, more values) and, last, the name of the part that speaks. */
function split(rest: readonly unknown[]): { context: string | undefined; details: readonly unknown[] } {
  const last = rest.at(-1);
  if (typeof last !== 'string' || last.includes('\n')) return { context: undefined, details: withoutUndefined(rest) };
  return { context: last, details: withoutUndefined(rest.slice(0, -1)) };
}

const withoutUndefined = (values: readonly unknown[]): readonly unknown[] =>
  values.filter((value) => value !== undefined);
