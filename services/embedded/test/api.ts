import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { dateInNewYork, previousSession } from '@ballast/kernel/calendar';
import { eventually, start, type BallastProcess } from './ballast.js';

/** What an HTTP request was answered with. */
export interface Answer<T> {
  readonly status: number;
  readonly body: T;
}

/** A refusal as every service words it. */
export interface Refusal {
  readonly code: string;
  readonly detail: string;
  readonly nextStep: string;
  readonly errors?: readonly { readonly field: string; readonly message: string }[];
}

/** Asks a running host over HTTP as any program could. */
export class Api {
  constructor(
    readonly url: string,
    private readonly token: string,
  ) {}

  /** @param home whose token is sent. */
  static async of(home: string, url: string): Promise<Api> {
    return new Api(url, (await readFile(join(home, 'token'), 'utf8')).trim());
  }

  get<T>(path: string, headers: Readonly<Record<string, string>> = {}): Promise<Answer<T>> {
    return this.#ask<T>('GET', path, headers);
  }

  post<T>(path: string, body: unknown, headers: Readonly<Record<string, string>> = {}): Promise<Answer<T>> {
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    const all = { 'content-type': 'application/json', 'idempotency-key': randomUUID(), ...headers };
    // An empty header is how a test says that it sends none.
    const sent = Object.fromEntries(Object.entries(all).filter(([, value]) => value !== ''));
    return this.#ask<T>('POST', path, sent, text);
  }

  async #ask<T>(
    method: string,
    path: string,
    headers: Readonly<Record<string, string>>,
    body?: string,
  ): Promise<Answer<T>> {
    const response = await fetch(`${this.url}${path}`, {
      method,
      headers: { authorization: `Bearer ${this.token}`, ...headers },
      ...(body === undefined ? {} : { body }),
    });
    return { status: response.status, body: (await response.json()) as T };
  }
}

/** A system that is up in real time, with the book that it opened on its first start. */
export interface Up {
  readonly host: BallastProcess;
  readonly api: Api;
  readonly book: string;
}

/** Starts the system on a free port, and resolves once it says that it is up. */
export async function up(home: string, ...options: string[]): Promise<Up> {
  const host = start(home, ['start', '--port', '0', '--schedule', 'off', ...options]);
  const [, url] = await host.said(/Ballast is up at (http:\/\/127\.0\.0\.1:\d+)/);
  const [, book] = await host.said(/cycles of the book "([^"]+)"/);
  await host.said(/Ctrl-C stops everything/);
  return { host, api: await Api.of(home, url!), book: book! };
}

/**
 * Asks for a cycle of the last session that has closed, again and again while its prices are still
 * on their way: a host that is just up answers 503 until everybody has heard of its history.
 */
export function execute<T>(api: Api, headers: Readonly<Record<string, string>> = {}): Promise<Answer<T>> {
  const request = { patternId: 'daily-rebalance', asOf: lastClosed(), trigger: 'operator' };
  return eventually(async () => {
    const answer = await api.post<T & { estimated_ready?: string }>('/v1/execute', request, headers);
    if (answer.status !== 503) return answer;
    if (answer.body.estimated_ready === undefined) throw new Error(`503 with ${JSON.stringify(answer.body)}`);
    return false;
  });
}

/** The last session before today on the exchange. */
export const lastClosed = (): string => previousSession(dateInNewYork(new Date().toISOString())).date;

/** How an import ended, as feeds tells it. */
export interface ImportAnswer {
  readonly status: 'running' | 'imported' | 'known' | 'refused';
  readonly code: string | null;
  readonly reason: string | null;
  readonly outcome: {
    readonly nextStep?: string;
    readonly report?: Readonly<Record<string, unknown>>;
    readonly added?: number;
    readonly unchanged?: number;
  } | null;
}

export const importEnded = (api: Api, importId: string): Promise<ImportAnswer> =>
  eventually(async () => {
    const { body } = await api.get<ImportAnswer>(`/api/v1/feeds/imports/${importId}`);
    return body.status !== 'running' && body;
  });
