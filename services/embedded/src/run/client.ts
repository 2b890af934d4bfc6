import { Fault } from '@ballast/platform';

/** A problem that a service or the venue answered with, kept whole so that it can be shown. */
export class AnsweredProblem extends Fault {
  constructor(
    readonly status: number,
    readonly problem: Readonly<Record<string, unknown>>,
  ) {
    super(String(problem['code'] ?? 'HTTP_ERROR'), String(problem['detail'] ?? problem['message'] ?? `HTTP ${status}`));
  }
}

/** JSON over HTTP to one address, with the headers that it asks for. */
export class Client {
  constructor(
    private readonly base: string,
    private readonly headers: Readonly<Record<string, string>>,
  ) {}

  get<T>(path: string): Promise<T> {
    return this.#ask<T>('GET', path);
  }

  post<T>(path: string, body: unknown, idempotencyKey?: string): Promise<T> {
    return this.#ask<T>('POST', path, body, idempotencyKey);
  }

  async #ask<T>(method: string, path: string, body?: unknown, idempotencyKey?: string): Promise<T> {
    const answer = await fetch(`${this.base}${path}`, {
      method,
      headers: {
        ...this.headers,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(idempotencyKey === undefined ? {} : { 'idempotency-key': idempotencyKey }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    const parsed = text === '' ? {} : (JSON.parse(text) as unknown);
    if (!answer.ok) throw new AnsweredProblem(answer.status, parsed as Record<string, unknown>);
    return parsed as T;
  }
}
