import { Fault, messageOf, Retryable } from '@ballast/platform';

/** A problem that a service or the venue answered with, kept whole so that it can be shown. */
export class AnsweredProblem extends Fault {
  constructor(
    readonly status: number,
    readonly problem: Readonly<Record<string, unknown>>,
  ) {
    super(String(problem['code'] ?? 'HTTP_ERROR'), String(problem['detail'] ?? problem['message'] ?? `HTTP ${status}`));
  }
}

/** Who is asked, and what is said where nobody answers. */
export interface Address {
  readonly url: string;
  /** The headers that it asks for. */
  readonly headers: Readonly<Record<string, string>>;
  /** The error of an address that does not answer: a stable code, who it is, and where to look. */
  readonly away: { readonly code: string; readonly who: string; readonly look: string };
}

/** JSON over HTTP to one address. */
export class Client {
  constructor(private readonly address: Address) {}

  get<T>(path: string): Promise<T> {
    return this.#ask<T>('GET', path);
  }

  post<T>(path: string, body: unknown, idempotencyKey?: string): Promise<T> {
    return this.#ask<T>('POST', path, body, idempotencyKey);
  }

  async #ask<T>(method: string, path: string, body?: unknown, idempotencyKey?: string): Promise<T> {
    const { answer, text } = await this.#send(`${this.address.url}${path}`, {
      method,
      headers: {
        ...this.address.headers,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(idempotencyKey === undefined ? {} : { 'idempotency-key': idempotencyKey }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const parsed = text === '' ? {} : (JSON.parse(text) as unknown);
    if (!answer.ok) throw new AnsweredProblem(answer.status, parsed as Record<string, unknown>);
    return parsed as T;
  }

  /** @throws Retryable where nothing answers, or the answer breaks off. */
  async #send(url: string, init: RequestInit): Promise<{ answer: Response; text: string }> {
    try {
      const answer = await fetch(url, init);
      return { answer, text: await answer.text() };
    } catch (error) {
      const { code, who, look } = this.address.away;
      const why = messageOf(error instanceof Error && error.cause !== undefined ? error.cause : error);
      throw new Retryable(
        code,
        `${who} does not answer at ${this.address.url} (${why}); ${look}. What was committed stays: run the same command again, and it goes on from there.`,
        { cause: error },
      );
    }
  }
}

/** The address of a whole system. */
export const systemClient = (url: string, token: string, logs: string): Client =>
  new Client({
    url,
    headers: { authorization: `Bearer ${token}` },
    away: { code: 'HOST_UNREACHABLE', who: 'the host', look: `its log is in ${logs}` },
  });

/** The paper broker, asked in the name of an account. */
export const brokerClient = (url: string, account: string, secret: string, logs: string): Client =>
  new Client({
    url,
    headers: { 'APCA-API-KEY-ID': account, 'APCA-API-SECRET-KEY': secret },
    away: { code: 'BROKER_UNREACHABLE', who: 'the paper broker', look: `its log is in ${logs}` },
  });
