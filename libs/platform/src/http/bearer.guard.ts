import { createHash, timingSafeEqual } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { applyDecorators, SetMetadata, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { ApiExtension } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { Secret } from '../config/secret.js';
import { Fault, messageOf } from '../errors.js';
import { Problem } from './problem.js';

const PUBLIC = 'ballast:public';

/** The OpenAPI extension by which {@link Public} routes are told from the others; taken out again before it is served. */
export const PUBLIC_EXTENSION = 'x-ballast-public';

/** Opens a route, or every route of a controller, to callers without a token: health, metrics, the OpenAPI document. */
export const Public = () => applyDecorators(SetMetadata(PUBLIC, true), ApiExtension(PUBLIC_EXTENSION, true));

/** Tokens shorter than this can be guessed. */
const TOKEN_LENGTH_MIN = 16;

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

const reflector = new Reflector();

/** Lets only requests with the configured bearer token pass. Messages of the inbox are not its business. */
export class BearerGuard implements CanActivate {
  readonly #expected: Buffer;

  /** @throws Fault HTTP_TOKEN_INVALID for a token of fewer than 16 characters or with spaces in it. */
  constructor(token: Secret) {
    this.#expected = digest(checkedToken(token.reveal(), 'the configured token'));
  }

  canActivate(context: ExecutionContext): boolean {
    if (context.getType() !== 'http') return true;
    if (reflector.getAllAndOverride<boolean | undefined>(PUBLIC, [context.getHandler(), context.getClass()]) === true)
      return true;
    const header = context.switchToHttp().getRequest<FastifyRequest>().headers.authorization;
    if (header === undefined) throw unauthorized('The request has no bearer token.');
    const token = /^Bearer +([^\s]+)$/i.exec(header)?.[1];
    // Digests have one length, so neither the time nor an exception tells how long the right token is.
    if (token === undefined || !timingSafeEqual(digest(token), this.#expected)) {
      throw unauthorized('The bearer token is not the one of this system.');
    }
    return true;
  }
}

const unauthorized = (detail: string): Problem =>
  new Problem({
    status: 401,
    code: 'UNAUTHORIZED',
    title: 'The request is not authenticated',
    detail,
    nextStep:
      'Send the header "Authorization: Bearer <token>"; the token is made on first start and kept in the data folder.',
    headers: { 'www-authenticate': 'Bearer realm="ballast"' },
  });

function checkedToken(token: string, where: string): string {
  if (token.length >= TOKEN_LENGTH_MIN && !/\s/.test(token)) return token;
  throw new Fault(
    'HTTP_TOKEN_INVALID',
    `${where} is not usable: it needs at least ${TOKEN_LENGTH_MIN} characters and no spaces. Write a long random text there.`,
  );
}

/**
 * Reads a bearer token from a file; white space around it does not count.
 * @throws Fault HTTP_TOKEN_UNREADABLE where the file cannot be read, HTTP_TOKEN_INVALID where it holds no usable token.
 */
export async function readTokenFile(file: string): Promise<Secret> {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    throw new Fault(
      'HTTP_TOKEN_UNREADABLE',
      `the token file ${file} cannot be read (${messageOf(error)}). Give the path of a readable file.`,
      { cause: error },
    );
  });
  return new Secret(checkedToken(text.trim(), `the token in ${file}`));
}
