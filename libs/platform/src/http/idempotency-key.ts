import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { ApiHeader } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { Problem } from './problem.js';

const PATTERN = /^[\x21-\x7e]{1,128}$/;

/**
 * The `Idempotency-Key` header of a request: 1 to 128 visible ASCII characters. The same
 * key is the same act, so what a command does is named by it.
 * @throws Problem 400 IDEMPOTENCY_KEY_REQUIRED or IDEMPOTENCY_KEY_INVALID.
 */
export function idempotencyKeyOf(headers: Readonly<Record<string, string | string[] | undefined>>): string {
  const key = headers['idempotency-key'];
  if (key === undefined || key === '') {
    throw new Problem({
      status: 400,
      code: 'IDEMPOTENCY_KEY_REQUIRED',
      title: 'The request has no Idempotency-Key',
      detail: 'This request changes something, and without a key it could be carried out twice.',
      nextStep: 'Send a header "Idempotency-Key" with a new uuid; send the same one again when you repeat the request.',
      errors: [{ field: 'Idempotency-Key', message: 'is required', code: 'REQUIRED' }],
    });
  }
  // Node joins a header that was sent twice with ", ", which the pattern refuses for its space.
  if (typeof key !== 'string' || !PATTERN.test(key)) {
    throw new Problem({
      status: 400,
      code: 'IDEMPOTENCY_KEY_INVALID',
      title: 'The Idempotency-Key cannot be used',
      detail: 'An Idempotency-Key has 1 to 128 visible ASCII characters, without spaces, and is sent once.',
      nextStep: 'Send one header "Idempotency-Key", for example with a uuid.',
      errors: [{ field: 'Idempotency-Key', message: '1 to 128 visible ASCII characters', code: 'INVALID_FORMAT' }],
    });
  }
  return key;
}

const readKey = createParamDecorator((_data: unknown, context: ExecutionContext): string =>
  idempotencyKeyOf(context.switchToHttp().getRequest<FastifyRequest>().headers),
);

const documentKey = ApiHeader({
  name: 'Idempotency-Key',
  required: true,
  description: 'Names the act; a repeated request with the same key is carried out once.',
  schema: { type: 'string', minLength: 1, maxLength: 128 },
});

/** Hands a handler its request's `Idempotency-Key`, required and checked, and puts the header into the OpenAPI document. */
export function IdempotencyKey(): ParameterDecorator {
  return (target, name, index) => {
    readKey()(target, name, index);
    const descriptor = name === undefined ? undefined : Object.getOwnPropertyDescriptor(target, name);
    if (name !== undefined && descriptor !== undefined) documentKey(target, name, descriptor);
  };
}
