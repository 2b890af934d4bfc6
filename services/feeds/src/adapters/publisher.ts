import { messageOf, Retryable } from '@ballast/platform';
import {
  BrokenCircuitError,
  circuitBreaker,
  ConsecutiveBreaker,
  DelegateBackoff,
  handleWhen,
  retry,
  wrap,
  type IPolicy,
  type IRetryBackoffContext,
} from 'cockatiel';
import pThrottle from 'p-throttle';
import { ImportRefused } from '../domain/import-refused.js';

/** How a publisher is spoken to. */
export interface Manners {
  readonly requestsPerSecondMax: number;
  /** How long one answer may take. */
  readonly timeoutMs: number;
  /** The wait before the second try; it doubles with each further one. */
  readonly firstDelayMs: number;
  /** How long nobody asks once the circuit is open. */
  readonly restMs: number;
}

/** Tries of one question, the first included; who asks us to fetch tries again by itself, minutes later. */
const TRIES_MAX = 3;
/** Failures in a row after which nobody asks for a while. */
const FAILURES_MAX = 5;
/** A publisher that wants a longer pause than this gets it from the queue and not from a waiting call. */
const WAIT_MS_MAX = 5_000;
/** The longest pause that a publisher is believed to mean. */
const PAUSE_MS_MAX = 10 * 60_000;
/** How much longer a random part makes a wait at the most, so that two do not come back at one moment. */
const JITTER = 0.25;
/** What one answer may have. */
const BODY_BYTES_MAX = 16 * 1024 * 1024;

/** What came back, read to its end. */
export interface Answer {
  readonly status: number;
  readonly contentType: string;
  readonly text: string;
  readonly cookies: readonly string[];
}

/** Asks one address once. */
export type Ask = (url: URL, headers: Readonly<Record<string, string>>) => Promise<Answer>;

/** A publisher that wants to be left alone for a while. */
class TooMany extends Retryable {
  constructor(
    host: string,
    readonly pauseMs: number,
  ) {
    super('SOURCE_AWAY', `${host} answered 429: it wants ${pauseMs} ms of rest`);
  }
}

/**
 * One publisher on the web: no more questions a second than it bears, another try where that can help, and none at all for a
 * while after several failures in a row. Addresses are named in errors without what they ask for.
 */
export class Publisher {
  readonly #throttled: (url: URL, headers: Readonly<Record<string, string>>, signal: AbortSignal) => Promise<Answer>;
  readonly #policy: IPolicy;
  /** Until when the publisher wants rest, on the clock of this process. */
  #restsUntil = 0;

  constructor(
    private readonly name: string,
    private readonly manners: Manners,
  ) {
    const { requestsPerSecondMax, firstDelayMs, restMs } = manners;
    const throttle = pThrottle({ limit: requestsPerSecondMax, interval: 1_000, strict: true });
    this.#throttled = throttle((url: URL, headers: Readonly<Record<string, string>>, signal: AbortSignal) =>
      this.#once(url, headers, signal),
    );
    const worthAnotherTry = (error: Error): boolean =>
      error instanceof Retryable && !(error instanceof TooMany && error.pauseMs > WAIT_MS_MAX);
    const again = retry(handleWhen(worthAnotherTry), {
      maxAttempts: TRIES_MAX - 1,
      backoff: new DelegateBackoff((context: IRetryBackoffContext<unknown>) => {
        const { result, attempt } = context;
        const asked = 'error' in result && result.error instanceof TooMany ? result.error.pauseMs : 0;
        const usual = firstDelayMs * 2 ** (attempt - 1);
        return Math.max(asked, usual) * (1 + JITTER * Math.random());
      }),
    });
    const breaker = circuitBreaker(
      handleWhen((error) => error instanceof Retryable),
      { breaker: new ConsecutiveBreaker(FAILURES_MAX), halfOpenAfter: restMs },
    );
    this.#policy = wrap(again, breaker);
  }

  /**
   * Carries out one conversation, again where it fails with a {@link Retryable}.
   * @throws Retryable SOURCE_AWAY, SOURCE_CIRCUIT_OPEN, or what `talk` throws; ImportRefused SOURCE_REFUSED,
   *   SOURCE_TOO_LARGE, SOURCE_NOT_TEXT.
   */
  async converse<T>(talk: (ask: Ask) => Promise<T>, signal: AbortSignal): Promise<T> {
    try {
      return await this.#policy.execute(() => {
        this.#mustNotRest();
        return talk((url, headers) => this.#throttled(url, headers, signal));
      }, signal);
    } catch (error) {
      if (!(error instanceof BrokenCircuitError)) throw error;
      const failures = `${this.name} failed ${FAILURES_MAX} times in a row`;
      throw new Retryable('SOURCE_CIRCUIT_OPEN', `${failures} and is not asked for ${this.manners.restMs} ms`);
    }
  }

  #mustNotRest(): void {
    const left = Math.ceil(this.#restsUntil - performance.now());
    if (left > 0) throw new TooMany(this.name, left);
  }

  async #once(url: URL, headers: Readonly<Record<string, string>>, signal: AbortSignal): Promise<Answer> {
    const where = `${url.host}${url.pathname}`;
    let response: Response;
    let bytes: Uint8Array;
    try {
      const timeout = AbortSignal.timeout(this.manners.timeoutMs);
      response = await fetch(url, { headers, signal: AbortSignal.any([signal, timeout]) });
      bytes = await readAll(response, where);
    } catch (error) {
      if (error instanceof ImportRefused) throw error;
      const cause = error instanceof Error && error.cause instanceof Error ? ` (${error.cause.message})` : '';
      throw new Retryable('SOURCE_AWAY', `${where} did not answer whole: ${messageOf(error)}${cause}`);
    }
    const { status } = response;
    if (status === 429) throw this.#pauseOf(response);
    if (status >= 500) throw new Retryable('SOURCE_AWAY', `${where} answered ${status}`);
    if (status >= 400 && status !== 401 && status !== 403) {
      throw new ImportRefused(
        'SOURCE_REFUSED',
        `${where} answered ${status}`,
        'Check the address of the source in the settings of feeds; publishers move their pages.',
      );
    }
    const contentType = response.headers.get('content-type') ?? '';
    const cookies = response.headers.getSetCookie();
    return { status, contentType, cookies, text: decode(bytes, contentType, where) };
  }

  #pauseOf(response: Response): TooMany {
    const said = Number(response.headers.get('retry-after'));
    const pauseMs = Math.min(said > 0 ? said * 1_000 : this.manners.firstDelayMs, PAUSE_MS_MAX);
    this.#restsUntil = performance.now() + pauseMs;
    return new TooMany(this.name, pauseMs);
  }
}

async function readAll(response: Response, where: string): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of response.body ?? []) {
    length += chunk.length;
    if (length > BODY_BYTES_MAX) {
      throw new ImportRefused(
        'SOURCE_TOO_LARGE',
        `${where} answered with more than ${BODY_BYTES_MAX} bytes`,
        'Ask for less at once, for example for one day.',
      );
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function decode(bytes: Uint8Array, contentType: string, where: string): string {
  const charset = /charset="?([\w-]+)/i.exec(contentType)?.[1] ?? 'utf-8';
  try {
    return new TextDecoder(charset, { fatal: true }).decode(bytes);
  } catch {
    throw new ImportRefused(
      'SOURCE_NOT_TEXT',
      `${where} answered with something that is no text in ${charset}`,
      'Look at the address with a browser; where it is right, bring the file by hand as UTF-8.',
    );
  }
}
