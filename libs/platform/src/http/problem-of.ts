import { HttpException } from '@nestjs/common';
import { codeOf, isTransient } from '../errors.js';
import { Problem } from './problem.js';

/** Code, title and next step of what Nest and Fastify refuse by themselves. */
const STANDARD: Readonly<Record<number, readonly [code: string, title: string, nextStep: string]>> = {
  400: ['BAD_REQUEST', 'The request cannot be read', 'Correct the request; GET /openapi.json shows its shape.'],
  401: ['UNAUTHORIZED', 'The request is not authenticated', 'Send the header "Authorization: Bearer <token>".'],
  403: ['FORBIDDEN', 'The request is not allowed', 'Use a token that may do this.'],
  404: ['NOT_FOUND', 'There is nothing here', 'Check the path and the id; GET /openapi.json lists the routes.'],
  405: ['METHOD_NOT_ALLOWED', 'The route has no such method', 'GET /openapi.json lists the methods of each route.'],
  409: ['CONFLICT', 'The request does not fit the present state', 'Read the state again, then decide.'],
  413: ['BODY_TOO_LARGE', 'The body is too large', 'Send less at once; split the list over several requests.'],
  415: ['UNSUPPORTED_MEDIA_TYPE', 'The media type is not known', 'Send JSON with "Content-Type: application/json".'],
  429: ['TOO_MANY_REQUESTS', 'Too many requests', 'Wait, then send the request again.'],
  503: ['UNAVAILABLE', 'The service cannot answer now', 'Wait, then send the same request again.'],
};

const OTHER = ['REQUEST_REFUSED', 'The request was refused', 'Check the request against GET /openapi.json.'] as const;

const standard = (status: number, detail: string, code?: string): Problem => {
  const [common, title, nextStep] = STANDARD[status] ?? OTHER;
  return new Problem({ status, code: code ?? common, title, detail, nextStep });
};

/** Fastify's own refusals whose words would not tell a caller enough. */
const FASTIFY: Readonly<Record<string, readonly [status: number, code: string, detail: string]>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: [413, 'BODY_TOO_LARGE', 'The body has more bytes than this service accepts.'],
  FST_ERR_CTP_INVALID_MEDIA_TYPE: [415, 'UNSUPPORTED_MEDIA_TYPE', 'The body is not declared as JSON.'],
  FST_ERR_CTP_EMPTY_JSON_BODY: [400, 'INVALID_JSON', 'The body is declared as JSON and is empty.'],
  FST_ERR_CTP_INVALID_JSON_BODY: [400, 'INVALID_JSON', 'The body is not valid JSON.'],
};

/** Nest wraps what Fastify refuses into an HttpException and keeps the original, with its code, as the cause. */
const fastifyCode = ({ cause }: HttpException): string =>
  cause instanceof Error && 'code' in cause ? String(cause.code) : '';

/**
 * Turns whatever was thrown into what the caller may know: problems as they are, the
 * refusals of Nest and Fastify under stable codes, a database or bus that is away as
 * 503, and everything else as 500 without a word of the original message.
 */
export function problemOf(error: unknown): Problem {
  if (error instanceof Problem) return error;
  if (isTransient(error)) return unavailable(error);
  if (!(error instanceof HttpException)) return internal(error);
  const known = FASTIFY[fastifyCode(error)];
  if (known !== undefined) return standard(known[0], known[2], known[1]);
  if (error.getStatus() < 500) return standard(error.getStatus(), error.message);
  return error.getStatus() === 503 ? unavailable(error) : internal(error);
}

const unavailable = (cause: unknown): Problem => {
  const code = codeOf(cause);
  return new Problem(
    {
      status: 503,
      code: code === 'UNEXPECTED' ? 'UNAVAILABLE' : code,
      title: 'The service cannot answer now',
      detail: 'Something that this service needs does not answer at the moment.',
      nextStep: 'Send the same request with the same Idempotency-Key again; GET /health/ready shows what is missing.',
      headers: { 'retry-after': '1' },
    },
    { cause },
  );
};

const internal = (cause: unknown): Problem =>
  new Problem(
    {
      status: 500,
      code: 'INTERNAL',
      title: 'The service failed',
      detail: 'The request met a fault in the service; nothing of the failed step was kept.',
      nextStep: 'Look for the instance of this answer in the log of the service, and report it.',
    },
    { cause },
  );
