import { randomUUID } from 'node:crypto';
import { answeredReport, CliError, EXIT } from './errors.js';

/** A JSON object whose members nobody has checked yet. */
export type Json = Readonly<Record<string, unknown>>;

/** Values of a query; what is undefined is left out. */
export type Query = Readonly<Record<string, string | number | boolean | undefined>>;

/** What of `fetch` is used; specs hand in their own. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

/** A command may wait for the prices of a cycle to be sealed, which the host bounds; this is only for hosts that hang. */
const PATIENCE_MS = 330_000;

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Speaks HTTP to a host with its bearer token. Every refusal becomes a {@link CliError} with the exit code it stands for. */
export class Client {
  constructor(
    readonly url: string,
    private readonly token: string,
    private readonly send: Fetch = fetch,
  ) {}

  /** Asks; the answer must be a JSON object. */
  async get(path: string, query: Query = {}): Promise<Json> {
    return this.#object(path, await this.#request('GET', pathOf(path, query)));
  }

  /** Asks for something that may not be there: null on 404. */
  async find(path: string, query: Query = {}): Promise<Json | null> {
    try {
      return await this.get(path, query);
    } catch (error) {
      if (error instanceof ProblemAnswer && error.status === 404) return null;
      throw error;
    }
  }

  /**
   * Reads a list page by page, see {@link page}.
   * @param limit how many rows are wanted; all of them by default.
   */
  async list(path: string, query: Query = {}, limit = Infinity): Promise<Json[]> {
    const rows: Json[] = [];
    let after: string | undefined;
    do {
      const page = await this.page(path, after === undefined ? query : { ...query, after });
      rows.push(...page.rows);
      after = page.next;
    } while (after !== undefined && rows.length < limit);
    return rows.slice(0, limit);
  }

  /** One page of a list: `{items: [...], next}`, where `next` is what to send as `after`. */
  async page(path: string, query: Query): Promise<{ rows: Json[]; next: string | undefined }> {
    const answer = await this.#request('GET', pathOf(path, query));
    const rows = isObject(answer) ? answer['items'] : undefined;
    if (!Array.isArray(rows) || !rows.every(isObject)) throw this.#unreadable(path, 'a list');
    const next = isObject(answer) && rows.length > 0 ? answer['next'] : null;
    return { rows, next: typeof next === 'string' || typeof next === 'number' ? String(next) : undefined };
  }

  /** Asks for a change. The key names the act, so that a repeat does it once. */
  async post(path: string, body: Json, key: string = randomUUID()): Promise<Json> {
    return this.#object(path, await this.#request('POST', path, body, key));
  }

  /** Asks for a file: its text in pieces, however long it is. Gives up where no piece comes for a while. */
  async *pieces(path: string, query: Query = {}): AsyncGenerator<string> {
    const silence = new AbortController();
    let timer = setTimeout(() => silence.abort(), PATIENCE_MS);
    try {
      const headers = { authorization: `Bearer ${this.token}` };
      const response = await this.send(`${this.url}${pathOf(path, query)}`, {
        ...{ method: 'GET', headers, signal: silence.signal },
      });
      if (!response.ok) {
        const problem = parse(await response.text());
        throw new ProblemAnswer(response.status, isObject(problem) ? problem : {});
      }
      const decoder = new TextDecoder();
      for await (const piece of (response.body ?? []) as AsyncIterable<Uint8Array>) {
        clearTimeout(timer);
        timer = setTimeout(() => silence.abort(), PATIENCE_MS);
        yield decoder.decode(piece, { stream: true });
      }
    } catch (error) {
      throw error instanceof CliError ? error : this.#unreachable(error);
    } finally {
      clearTimeout(timer);
    }
  }

  async #request(method: string, path: string, body?: Json, key?: string): Promise<unknown> {
    const headers: Record<string, string> = { authorization: `Bearer ${this.token}`, accept: 'application/json' };
    if (body) headers['content-type'] = 'application/json';
    if (key) headers['idempotency-key'] = key;
    let response: Response;
    let text: string;
    try {
      response = await this.send(`${this.url}${path}`, {
        method,
        headers,
        signal: AbortSignal.timeout(PATIENCE_MS),
        ...(body ? { body: JSON.stringify(body) } : {}),
      });
      text = await response.text();
    } catch (error) {
      throw this.#unreachable(error);
    }
    const answer = parse(text);
    if (!response.ok) throw new ProblemAnswer(response.status, isObject(answer) ? answer : {});
    if (answer === undefined) throw this.#unreadable(path, 'JSON');
    return answer;
  }

  #object(path: string, answer: unknown): Json {
    if (!isObject(answer)) throw this.#unreadable(path, 'a JSON object');
    return answer;
  }

  #unreachable(cause: unknown): CliError {
    const why = cause instanceof Error ? (cause.cause instanceof Error ? cause.cause.message : cause.message) : '';
    return new CliError(
      {
        code: 'HOST_UNREACHABLE',
        what: `The host at ${this.url} does not answer${why === '' ? '' : ` (${why})`}.`,
        nextStep: 'See whether it runs with "ballast status"; start one with "npm start".',
        exit: EXIT.unavailable,
      },
      { cause },
    );
  }

  #unreadable(path: string, expected: string): CliError {
    return new CliError({
      code: 'ANSWER_UNREADABLE',
      what: `The host answered ${path} with something else than ${expected}.`,
      nextStep: 'Check that host and command line are of one version: run "npm ci" and start the host again.',
      exit: EXIT.failure,
    });
  }
}

/** A refusal over HTTP (RFC 9457), as it is shown. */
export class ProblemAnswer extends CliError {
  constructor(
    readonly status: number,
    readonly body: Json,
  ) {
    super(answeredReport(body, status));
  }
}

function pathOf(path: string, query: Query): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined) parameters.set(name, String(value));
  }
  const text = parameters.toString();
  return text === '' ? path : `${path}?${text}`;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Told apart from every JSON value; the caller says which answer could not be read.
    return undefined;
  }
}
