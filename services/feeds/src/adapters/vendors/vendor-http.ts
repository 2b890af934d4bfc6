import { MASK, messageOf, Retryable, type Log, type Secret } from '@ballast/platform';
import {
  BrokenCircuitError,
  circuitBreaker,
  type CircuitBreakerPolicy,
  CircuitState,
  ConsecutiveBreaker,
  DelegateBackoff,
  ExponentialBackoff,
  handleType,
  type IBackoff,
  type IRetryBackoffContext,
  retry,
  type RetryPolicy,
  timeout,
  TimeoutStrategy,
} from 'cockatiel';
import pThrottle, { type ThrottledFunction } from 'p-throttle';
import type { z } from 'zod';
import { ImportRefused } from '../../domain/import-refused.js';
import { readBody, TooLarge } from './body.js';
import { askedWaitMs } from './retry-after.js';
import { parseJson } from './vendor-json.js';

/** A key and where its vendor takes it. A header is the place; a query stands in logs of proxies, so only where there is no other. */
export interface VendorKey {
  /** The setting that holds it, for the next step of an error. */
  readonly variable: string;
  readonly value: Secret | undefined;
  readonly place: { readonly header: string; readonly scheme?: string } | { readonly query: string };
}

/** How long a vendor is waited for. */
export interface Patience {
  /** Tries of one call, the first included. */
  readonly tries: number;
  /** The wait before the second try; later ones are longer and all of them vary by chance. */
  readonly firstWaitMs: number;
  /** No wait is longer; where a vendor asks for more, the call is given up and comes again as a whole. */
  readonly waitMsMax: number;
  /** From asking to the last byte of the answer, without the wait for a turn. */
  readonly callMs: number;
  /** Failed tries in a row that open the circuit. */
  readonly failuresMax: number;
  /** How long an open circuit lets nobody through; then one try decides. */
  readonly openMs: number;
}

/** Two calls that fail from first to last open the circuit; a page of ten thousand bars takes seconds, not half a minute. */
export const PATIENCE: Patience = {
  tries: 5,
  firstWaitMs: 500,
  waitMsMax: 90_000,
  callMs: 30_000,
  failuresMax: 10,
  openMs: 60_000,
};

export interface VendorHttpOptions {
  /** As errors, logs and metrics name it. */
  readonly vendor: string;
  readonly url: string;
  /** The setting that holds `url`, for the next step of an error. */
  readonly urlVariable: string;
  readonly keys: readonly VendorKey[];
  readonly requestsPerMinute: number;
  readonly log: Log;
  readonly patience?: Partial<Patience>;
}

/** What is left to set of a vendor whose address, key place and limit are known. */
export interface VendorSettings {
  readonly key: Secret | undefined;
  readonly log: Log;
  /** Another address than the vendor's own. */
  readonly url?: string;
  /** Another limit than that of the plan that most people have. */
  readonly requestsPerMinute?: number;
  readonly patience?: Partial<Patience>;
}

/** One question; an entry of the query that is undefined is left out. */
export interface VendorRequest<S extends z.ZodType> {
  /** From the root of the vendor's address on, encoded; it is shown in errors. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string | undefined>>;
  /** What the answer must be; every number in it is text (see `parseJson`). */
  readonly answer: S;
}

/** `half_open`: the next try decides. */
export type Circuit = 'closed' | 'open' | 'half_open';

const MINUTE_MS = 60_000;
/** A page of 50,000 bars of Polygon has about 6 MiB. */
const BODY_BYTES_MAX = 32 * 1024 * 1024;
/** Enough of an error's body for its message. */
const WORDS_BYTES_MAX = 64 * 1024;
const WORDS_SHOWN_MAX = 200;
const BEGINNING_SHOWN_MAX = 40;
/** Callers that may wait for a turn; importers ask one page after another, so that more of them are a bug. */
const WAITING_MAX = 1_000;
/** Faults of one answer that are named. */
const ISSUES_SHOWN_MAX = 3;
/** Statuses by which a vendor refuses a key or what its plan covers (402 and 426 are FMP's and NewsAPI's words for the plan). */
const KEY_STATUSES: ReadonlySet<number> = new Set([401, 402, 403, 426]);
/** Refusals that pass by themselves. */
const PASSING_STATUSES: ReadonlySet<number> = new Set([408, 425, 429]);
const TOO_MANY = 429;
/** What can stand in a header as it is. */
const KEY = /^[\x21-\x7e]+$/;

const CIRCUITS: Readonly<Record<CircuitState, Circuit>> = {
  [CircuitState.Closed]: 'closed',
  [CircuitState.Open]: 'open',
  [CircuitState.Isolated]: 'open',
  [CircuitState.HalfOpen]: 'half_open',
};

/** One try that failed in a way that may pass. Its message never comes from a library, because those show addresses. */
class TryFailed extends Error {
  constructor(
    message: string,
    readonly status?: number,
    readonly askedMs?: number,
  ) {
    super(message);
  }
}

/**
 * Asks one vendor for JSON: in its turn under the vendor's rate limit, again where a failure may pass, not at all while its
 * circuit is open, within a time and a size, and with an answer of exactly the shape that was agreed. One of these stands
 * for one key at one vendor, so everything that shares the key must share it.
 */
export class VendorHttp {
  readonly vendor: string;
  readonly #options: VendorHttpOptions;
  readonly #patience: Patience;
  readonly #breaker: CircuitBreakerPolicy;
  readonly #retry: RetryPolicy;
  readonly #inTurn: ThrottledFunction<(url: URL, headers: Headers, signal: AbortSignal) => Promise<string>>;

  constructor(options: VendorHttpOptions) {
    this.vendor = options.vendor;
    this.#options = options;
    this.#patience = { ...PATIENCE, ...options.patience };
    const { tries, waitMsMax, failuresMax, openMs } = this.#patience;
    // A vendor that says "too many" is there; it is waited for, not given up.
    this.#breaker = circuitBreaker(
      handleType(TryFailed, ({ status }) => status !== TOO_MANY),
      { halfOpenAfter: openMs, breaker: new ConsecutiveBreaker(failuresMax) },
    );
    this.#retry = retry(
      handleType(TryFailed, ({ askedMs }) => (askedMs ?? 0) <= waitMsMax),
      { maxAttempts: tries - 1, backoff: this.#backoff() },
    ).dangerouslyUnref();
    // The sliding window: with the plain one two bursts can meet at the turn of a minute.
    const throttle = pThrottle({ limit: options.requestsPerMinute, interval: MINUTE_MS, strict: true });
    this.#inTurn = throttle((url, headers, signal) => this.#try(url, headers, signal));
    this.#tell();
  }

  /** Whether the vendor is being asked at all, for metrics and health. */
  get circuit(): Circuit {
    return CIRCUITS[this.#breaker.state];
  }

  /**
   * Asks a question and gives its answer as the schema makes it.
   * @throws Retryable VENDOR_AWAY: no answer in spite of retries, an open circuit, or a wait that is too long to sit out;
   *   ImportRefused VENDOR_KEY_MISSING, VENDOR_REFUSED (key, plan, or what was asked), VENDOR_SPEAKS_OTHERWISE (no JSON,
   *   another shape, too large); the signal's own reason where it is aborted.
   */
  async get<S extends z.ZodType>(request: VendorRequest<S>, signal: AbortSignal): Promise<z.output<S>> {
    signal.throwIfAborted();
    const { url, headers } = this.#addressed(request);
    if (this.#inTurn.queueSize >= WAITING_MAX) {
      throw new Retryable('VENDOR_AWAY', `${WAITING_MAX} calls already wait for their turn at ${this.vendor}`);
    }
    const asked = this.#retry.execute(() => this.#breaker.execute(() => this.#inTurn(url, headers, signal)), signal);
    try {
      return this.#parsed(request, await unlessAborted(asked, signal));
    } catch (error) {
      throw this.#refusalOf(error, request.path);
    }
  }

  /** What to throw where an answer has the right form and still makes no sense. @param what a sentence without a subject. */
  speaksOtherwise(path: string, what: string): ImportRefused {
    return new ImportRefused(
      'VENDOR_SPEAKS_OTHERWISE',
      this.#masked(`the answer of ${this.vendor} to GET ${path} ${what}`),
      `Check that ${this.#options.urlVariable} is the address of ${this.vendor}; where it is, its protocol has changed and Ballast must learn it.`,
    );
  }

  #addressed({ path, query = {} }: VendorRequest<z.ZodType>): { url: URL; headers: Headers } {
    const url = new URL(`${this.#options.url.replace(/\/+$/, '')}${path}`);
    for (const [name, value] of Object.entries(query)) if (value !== undefined) url.searchParams.set(name, value);
    // NewsAPI refuses who does not say what he is.
    const headers = new Headers({ accept: 'application/json', 'user-agent': 'ballast' });
    const missing = this.#options.keys.filter(({ value }) => value === undefined).map(({ variable }) => variable);
    if (missing.length > 0) {
      throw this.#keyMissing(missing, `${missing.length > 1 ? 'are' : 'is'} not set`);
    }
    for (const { variable, value, place } of this.#options.keys) {
      // Headers refuses such a key with a message that shows it.
      if (!KEY.test(value!.reveal()))
        throw this.#keyMissing([variable], 'holds a space, a line break or a special sign');
      if ('query' in place) url.searchParams.set(place.query, value!.reveal());
      else headers.set(place.header, place.scheme ? `${place.scheme} ${value!.reveal()}` : value!.reveal());
    }
    return { url, headers };
  }

  #keyMissing(variables: readonly string[], why: string): ImportRefused {
    const names = variables.join(' and ');
    return new ImportRefused(
      'VENDOR_KEY_MISSING',
      `there is no key for ${this.vendor}: ${names} ${why}`,
      `Set ${names} to the key of your account with ${this.vendor}, and nothing else, and start feeds again.`,
    );
  }

  /** One try, in its turn. @throws TryFailed, ImportRefused VENDOR_REFUSED, TooLarge. */
  async #try(url: URL, headers: Headers, signal: AbortSignal): Promise<string> {
    signal.throwIfAborted();
    const { callMs } = this.#patience;
    return timeout(callMs, TimeoutStrategy.Cooperative).execute(async ({ signal: cut }) => {
      try {
        // A redirect is not followed: it would carry the keys to somebody else.
        const response = await fetch(url, { headers, signal: cut, redirect: 'manual' });
        if (response.status === 200) return await readBody(response, BODY_BYTES_MAX);
        throw await this.#statusError(response, url.pathname);
      } catch (error) {
        if (error instanceof TryFailed || error instanceof ImportRefused || error instanceof TooLarge) throw error;
        signal.throwIfAborted();
        if (cut.aborted) throw new TryFailed(`no whole answer within ${callMs} ms`);
        throw new TryFailed(`the connection failed (${systemCode(error)})`);
      }
    }, signal);
  }

  async #statusError(response: Response, path: string): Promise<Error> {
    const { status, headers } = response;
    if (status >= 500 || PASSING_STATUSES.has(status)) {
      await response.body?.cancel();
      return new TryFailed(`HTTP ${status}`, status, askedWaitMs(headers, Date.now()));
    }
    const { vendor } = this;
    const { keys, urlVariable } = this.#options;
    // Masked before it is cut, or the beginning of a key could be left over.
    const words = wordsOf(this.#masked(await readBody(response, WORDS_BYTES_MAX).catch(() => '')));
    const said = `${vendor} answered HTTP ${status} to GET ${path}${words === '' ? '' : `: "${words}"`}`;
    const variables = keys.map(({ variable }) => variable).join(' and ');
    const nextStep = KEY_STATUSES.has(status)
      ? `Check ${variables}, and that the plan of that key covers what was asked.`
      : status >= 300 && status < 400
        ? `Set ${urlVariable} to the address where ${vendor} answers itself; a redirect is not followed, because it would hand the key on.`
        : `Correct what was asked (symbols, dates), or check ${variables} and ${urlVariable}.`;
    return new ImportRefused('VENDOR_REFUSED', this.#masked(said), nextStep);
  }

  #parsed<S extends z.ZodType>({ path, answer }: VendorRequest<S>, text: string): z.output<S> {
    let value: unknown;
    try {
      value = parseJson(text);
    } catch {
      const beginning = JSON.stringify(this.#masked(text).slice(0, BEGINNING_SHOWN_MAX));
      throw this.speaksOtherwise(path, `is no JSON; it begins with ${beginning}`);
    }
    const parsed = answer.safeParse(value);
    if (parsed.success) return parsed.data;
    const { issues } = parsed.error;
    const shown = issues.slice(0, ISSUES_SHOWN_MAX).map(({ path: at, message }) => `${fieldOf(at)}: ${message}`);
    const more = issues.length > shown.length ? ` and ${issues.length - shown.length} more` : '';
    throw this.speaksOtherwise(path, `has another shape: ${shown.join('; ')}${more}`);
  }

  #refusalOf(error: unknown, path: string): unknown {
    if (error instanceof TooLarge) return this.speaksOtherwise(path, `is larger than ${BODY_BYTES_MAX} bytes`);
    if (error instanceof BrokenCircuitError) {
      const last = this.#breaker.lastFailure;
      const what = last !== undefined && 'error' in last ? messageOf(last.error) : 'unknown';
      const { failuresMax, openMs } = this.#patience;
      return new Retryable(
        'VENDOR_AWAY',
        `${this.vendor} is not asked: ${failuresMax} tries in a row failed, the last with ${what}; it is tried again ${openMs / 1_000} s after that`,
      );
    }
    if (!(error instanceof TryFailed)) return error;
    const wish = error.askedMs === undefined ? '' : `, and asks to be left alone for ${error.askedMs / 1_000} s`;
    return new Retryable(
      'VENDOR_AWAY',
      `${this.vendor} did not answer GET ${path}: ${error.message}${wish}. It is asked again later; where this lasts, look at the network, ${this.#options.urlVariable} and the vendor's status page.`,
    );
  }

  /** Waits as long as the vendor asks, and never shorter than an exponential backoff with jitter. */
  #backoff(): DelegateBackoff<IRetryBackoffContext<unknown>, IBackoff<unknown>> {
    const { firstWaitMs, waitMsMax } = this.#patience;
    const own = new ExponentialBackoff({ initialDelay: firstWaitMs, maxDelay: waitMsMax });
    return new DelegateBackoff(({ result }, before?: IBackoff<unknown>) => {
      const state = before === undefined ? own.next() : before.next(undefined);
      const failed = 'error' in result && result.error instanceof TryFailed ? result.error : undefined;
      return { delay: Math.max(state.duration, failed?.askedMs ?? 0), state };
    });
  }

  #tell(): void {
    const { log, vendor } = this.#options;
    this.#retry.onRetry(({ delay, attempt, ...reason }) => {
      const why = 'error' in reason ? messageOf(reason.error) : 'unknown';
      log.warn({ vendor, attempt, wait_ms: Math.round(delay), why }, 'a vendor is asked again');
    });
    this.#breaker.onStateChange((state) => {
      log.warn({ vendor, circuit: CIRCUITS[state] }, 'the circuit of a vendor changed');
    });
  }

  /** Text without any key, should a vendor repeat one in what it says. */
  #masked(text: string): string {
    return this.#options.keys.reduce((masked, { value }) => {
      const key = value?.reveal() ?? '';
      return key === '' ? masked : masked.replaceAll(key, MASK).replaceAll(encodeURIComponent(key), MASK);
    }, text);
  }
}

/** The result of work, or the signal's reason as soon as it is aborted: what then still waits ends by itself and is not heard. */
async function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  let abort: (() => void) | undefined;
  const aborted = new Promise<never>((_, reject) => {
    abort = () => reject(signal.reason);
    signal.addEventListener('abort', abort, { once: true });
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener('abort', abort!);
  }
}

/** The code of the operating system or of the HTTP client, wherever in the chain it stands. */
function systemCode(error: unknown): string {
  for (let each = error; typeof each === 'object' && each !== null; each = 'cause' in each ? each.cause : null) {
    if ('code' in each && typeof each.code === 'string') return each.code;
  }
  return 'no code';
}

/** The sentence in an error's body, under the names that vendors use; else its beginning, such as that of a proxy's page. */
function wordsOf(body: string): string {
  const { message, error, error_message, ['Error Message']: capital } = fieldsOf(body);
  const said = message ?? error ?? error_message ?? capital;
  const words = typeof said === 'string' ? said : body;
  return words
    .replaceAll(/[\s\p{Cc}]+/gu, ' ')
    .trim()
    .slice(0, WORDS_SHOWN_MAX);
}

function fieldsOf(body: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

const fieldOf = (path: readonly PropertyKey[]): string => {
  const field = path.reduce<string>((text, part) => {
    return typeof part === 'number' ? `${text}[${part}]` : `${text}${text === '' ? '' : '.'}${String(part)}`;
  }, '');
  return field === '' ? 'the whole' : field.slice(0, WORDS_SHOWN_MAX);
};
