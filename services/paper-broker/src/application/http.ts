import { Catch, createParamDecorator, HttpException, Inject, Injectable } from '@nestjs/common';
import type { ArgumentsHost, CanActivate, ExceptionFilter, ExecutionContext } from '@nestjs/common';
import { createHash, timingSafeEqual } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import type { PaperBrokerConfig } from '../config.js';
import { isRefusal, refuse } from '../domain/refusal.js';
import type { Refusal } from '../domain/refusal.js';
import { CONFIG, LOG } from './tokens.js';
import { Venue, VenueUnavailable } from './venue.js';

const KEY_HEADER = 'apca-api-key-id';
const SECRET_HEADER = 'apca-api-secret-key';

/** Turns a refusal into the HTTP answer that carries it; anything else passes. */
export function orRefuse<T>(result: T | Refusal): T {
  if (isRefusal(result)) throw new HttpException(result.body, result.status);
  return result;
}

/** The account that the request's key id names. Guards have checked it. */
export const AccountName = createParamDecorator((_: unknown, context: ExecutionContext): string =>
  headerOf(context.switchToHttp().getRequest<FastifyRequest>(), KEY_HEADER),
);

/** Lets through who knows the secret. For the simulation's own endpoints, which belong to no account. */
@Injectable()
export class SecretGuard implements CanActivate {
  constructor(@Inject(CONFIG) private readonly config: PaperBrokerConfig) {}

  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    if (isSecret(this.config.secret, headerOf(request, SECRET_HEADER))) return true;
    return orRefuse<boolean>(refuse(401, 40110000, `request is not authorized: wrong or missing ${SECRET_HEADER}`));
  }
}

/** Lets through who knows the secret and names an account that is open. */
@Injectable()
export class AccountGuard implements CanActivate {
  constructor(
    @Inject(CONFIG) private readonly config: PaperBrokerConfig,
    @Inject(Venue) private readonly venue: Venue,
  ) {}

  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const account = headerOf(request, KEY_HEADER);
    if (account === '' || !isSecret(this.config.secret, headerOf(request, SECRET_HEADER))) {
      return orRefuse<boolean>(
        refuse(401, 40110000, `request is not authorized: wrong or missing ${KEY_HEADER} or ${SECRET_HEADER}`),
      );
    }
    if (this.venue.account(account)) return true;
    return orRefuse<boolean>(
      refuse(403, 40310000, `account "${account}" is not open; open it with POST /sim/accounts`),
    );
  }
}

/** Gives every error Alpaca's shape, {code, message}, and logs those that are nobody's request. */
@Catch()
export class AlpacaErrors implements ExceptionFilter {
  constructor(@Inject(LOG) private readonly log: Logger) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    const status = error instanceof HttpException ? error.getStatus() : statusOf(error);
    if (status >= 500) this.log.error({ err: error }, 'a request failed');
    void reply.status(status).send(bodyOf(error, status));
  }
}

/** Compares in constant time, so that the time of an answer tells nothing about the secret. */
export function isSecret(secret: string, given: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(secret), digest(given));
}

function bodyOf(error: unknown, status: number): object {
  const body = error instanceof HttpException ? error.getResponse() : null;
  if (typeof body === 'object' && body !== null && !('statusCode' in body)) return body;
  const told = status < 500 || error instanceof VenueUnavailable;
  const message = told && error instanceof Error ? error.message : 'internal server error';
  return { code: status * 100_000 + 10_000, message };
}

/** Fastify's own errors (a body that is no JSON, one that is too large) carry their status. */
function statusOf(error: unknown): number {
  const status = (error as { statusCode?: unknown } | null)?.statusCode;
  return typeof status === 'number' && status >= 400 ? status : 500;
}

function headerOf(request: FastifyRequest, name: string): string {
  const value = request.headers[name];
  return typeof value === 'string' ? value : '';
}
