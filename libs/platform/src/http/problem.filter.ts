import { Catch, Inject, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { throwError, type Observable } from 'rxjs';
import { LOGGER, type Log } from '../telemetry/logger.js';
import type { Problem } from './problem.js';
import { problemOf } from './problem-of.js';

/**
 * Answers every error of an HTTP request with `application/problem+json`. Errors of
 * the inbox pass through unchanged, because their class decides between parking a
 * message and trying it again.
 */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(@Inject(LOGGER) private readonly log: Log) {}

  catch(error: unknown, host: ArgumentsHost): Observable<never> | undefined {
    if (host.getType() !== 'http') return throwError(() => error);
    const request = host.switchToHttp().getRequest<FastifyRequest>();
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    const problem = problemOf(error);
    this.#record(problem, error, request);
    if (reply.sent) return undefined;
    void reply
      .status(problem.status)
      .headers({ ...problem.headers })
      .header('content-type', 'application/problem+json')
      .send(JSON.stringify(problem.toBody(request.id)));
    return undefined;
  }

  #record(problem: Problem, error: unknown, request: FastifyRequest): void {
    const context = {
      requestId: request.id,
      method: request.method,
      route: request.routeOptions.url,
      code: problem.code,
    };
    if (problem.status >= 500 && problem.status !== 503) this.log.error({ ...context, err: error }, 'request failed');
    else if (problem.status === 503) this.log.warn({ ...context, err: error }, 'request could not be served now');
    else this.log.debug(context, 'request refused');
  }
}
