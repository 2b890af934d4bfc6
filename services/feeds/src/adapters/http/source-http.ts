import { messageOf, Retryable, type Log } from '@ballast/platform';
import {
  BrokenCircuitError,
  circuitBreaker,
  type CircuitBreakerPolicy,
  CircuitState,
  ConsecutiveBreaker,
  DelegateBackoff,
  ExponentialBackoff,
  handleWhen,
  type IBackoff,
  type IRetryBackoffContext,
  retry,
  type RetryPolicy,
  timeout,
  TimeoutStrategy,
} from 'cockatiel';
import pThrottle, { type ThrottledFunction } from 'p-throttle';
import { NotText, readBody, TooLarge } from './body.js';
import { askedWaitMs } from './retry-after.js';

/** How long a source is waited for. */
export interface Patience {
  /** Tries of one conversation, the first included. */
  readonly tries: number;
  /** The wait before the second try; later ones are longer and all of them vary by chance. */
  readonly firstWaitMs: number;
  /** No wait is longer; where a source asks for more, the conversation is given up and comes again as a whole. */
  readonly waitMsMax: number;
  /** From asking to the last byte of an answer, without the wait for a turn. */
  readonly callMs: number;
  /** Failed tries in a row that open the circuit. */
  readonly failuresMax: number;
  /** How long an open circuit lets nobody through; then one try decides. */
  readonly openMs: number;
}

export interface SourceOptions {
  /** As errors, logs and metrics name it. */
  readonly name: string;
  /** No more than so many calls in any span of so many milliseconds. */
  readonly turns: { readonly calls: number; readonly perMs: number };
  readonly patience: Patience;
  /** What an answer may have, unpacked. */
  readonly bytesMax: number;
  /** `manual` where a key is sent: a redirect would carry it to somebody else. */
  readonly redirect: 'follow' | 'manual';
  readonly log: Log;
}

/** What came back, read to its end; of an error its beginning. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

/** Asks one address once, in its turn. The answer has any status but those that {@link TryFailed} stands for. */
export type Ask = (url: URL, headers: Readonly<Record<string, string>>) => Promise<Answer>;

/** `half_open`: the next try decides. */
export type Circuit = 'closed' | 'open' | 'half_open';

/** A try that failed in a way that may pass. Its message never comes from a library, because those show addresses. */
export class TryFailed extends Error {
  /** @param askedMs how long the source wants to be left alone. */
  constructor(
    message: string,
    readonly status?: number,
    readonly askedMs?: number,
  ) {
    super(message);
  }

  /** What failed, with what the source wishes. */
  get reason(): string {
    const wish = this.askedMs === undefined ? '' : `, and asks to be left alone for ${this.askedMs / 1_000} s`;
    return `${this.message}${wish}`;
  }
}

/** The source failed so often in a row that nobody asks it for a while. */
export class CircuitOpen extends Error {}

/** The longest rest that a source is believed to mean; a conversation that is begun in it is not even tried. */
const REST_MS_MAX = 10 * 60_000;
/** Enough of an error's body for its message. */
const ERROR_BYTES_MAX = 64 * 1024;
/** Conversations that may wait for a turn; callers ask one page after another, so that more of them are a bug. */
const WAITING_MAX = 1_000;
/** Refusals that pass by themselves. */
const PASSING_STATUSES: ReadonlySet<number> = new Set([408, 425, 429]);
const TOO_MANY = 429;

const CIRCUITS: Readonly<Record<CircuitState, Circuit>> = {
  [CircuitState.Closed]: 'closed',
  [CircuitState.Open]: 'open',
  [CircuitState.Isolated]: 'open',
  [CircuitState.HalfOpen]: 'half_open',
};

/**
 * The one way to the world outside: text from one source, in its turn under the source's limit, again where a failure may
 * pass, not at all while it wants rest or its circuit is open, within a time and a size. Everything that shares a limit
 * (a key, a site) must share one of these. What an answer means, and under which code a failure is told, is the caller's.
 */
export class SourceHttp {
  readonly #breaker: CircuitBreakerPolicy;
  readonly #retry: RetryPolicy;
  readonly #inTurn: ThrottledFunction<
    (url: URL, headers: Readonly<Record<string, string>>, signal: AbortSignal) => Promise<Answer>
  >;
  /** Until when the source wants rest, in milliseconds since 1970. */
  #restsUntil = 0;

  constructor(private readonly options: SourceOptions) {
    const { tries, waitMsMax, failuresMax, openMs } = options.patience;
    // A source that says "too many" is there; it is waited for, not given up.
    this.#breaker = circuitBreaker(
      handleWhen((error) => mayPass(error) && !(error instanceof TryFailed && error.status === TOO_MANY)),
      { halfOpenAfter: openMs, breaker: new ConsecutiveBreaker(failuresMax) },
    );
    this.#retry = retry(
      handleWhen((error) => mayPass(error) && askedMsOf(error) <= waitMsMax),
      { maxAttempts: tries - 1, backoff: this.#backoff() },
    ).dangerouslyUnref();
    // The sliding window: with the plain one two bursts can meet at the turn of a span.
    const { calls, perMs } = options.turns;
    const throttle = pThrottle({ limit: calls, interval: perMs, strict: true });
    this.#inTurn = throttle((url, headers, signal) => this.#try(url, headers, signal));
    this.#tell();
  }

  get name(): string {
    return this.options.name;
  }

  /** Whether the source is being asked at all, for metrics and health. */
  get circuit(): Circuit {
    return CIRCUITS[this.#breaker.state];
  }

  /**
   * Carries out one conversation, again from its beginning where it fails with a {@link TryFailed} or a `Retryable` of its own.
   * @throws TryFailed: no answer in spite of retries, or a wait that is too long to sit out; CircuitOpen; TooLarge; NotText;
   *   the signal's own reason where it is aborted; what `talk` throws.
   */
  async converse<T>(talk: (ask: Ask) => Promise<T>, signal: AbortSignal): Promise<T> {
    signal.throwIfAborted();
    if (this.#inTurn.queueSize >= WAITING_MAX) {
      throw new TryFailed(`${WAITING_MAX} calls already wait for their turn`);
    }
    const ask: Ask = (url, headers) => this.#inTurn(url, headers, signal);
    const talked = this.#retry.execute(async () => {
      this.#mustNotRest();
      return this.#breaker.execute(() => talk(ask));
    }, signal);
    try {
      return await unlessAborted(talked, signal);
    } catch (error) {
      throw error instanceof BrokenCircuitError ? this.#circuitOpen() : error;
    }
  }

  #mustNotRest(): void {
    const left = this.#restsUntil - Date.now();
    // A rest that is longer than any is one of before the machine's clock was set back.
    if (left > 0 && left <= REST_MS_MAX) throw new TryFailed(`HTTP ${TOO_MANY} a moment ago`, TOO_MANY, left);
  }

  /** One try, in its turn. @throws TryFailed, TooLarge, NotText. */
  async #try(url: URL, headers: Readonly<Record<string, string>>, signal: AbortSignal): Promise<Answer> {
    signal.throwIfAborted();
    const { patience, redirect, bytesMax } = this.options;
    return timeout(patience.callMs, TimeoutStrategy.Cooperative).execute(async ({ signal: cut }) => {
      try {
        const response = await fetch(url, { headers, signal: cut, redirect });
        if (response.ok) return { ...headOf(response), text: await readBody(response, bytesMax) };
        if (response.status >= 500 || PASSING_STATUSES.has(response.status)) throw await this.#failed(response);
        return { ...headOf(response), text: await readBody(response, ERROR_BYTES_MAX).catch(() => '') };
      } catch (error) {
        if (error instanceof TryFailed || error instanceof TooLarge || error instanceof NotText) throw error;
        signal.throwIfAborted();
        if (cut.aborted) throw new TryFailed(`no whole answer within ${patience.callMs} ms`);
        throw new TryFailed(`the connection failed (${systemCode(error)})`);
      }
    }, signal);
  }

  async #failed({ status, headers, body }: Response): Promise<TryFailed> {
    await body?.cancel();
    const now = Date.now();
    const askedMs = askedWaitMs(headers, now);
    if (status === TOO_MANY) this.#restsUntil = now + Math.min(askedMs ?? 0, REST_MS_MAX);
    return new TryFailed(`HTTP ${status}`, status, askedMs);
  }

  #circuitOpen(): CircuitOpen {
    const last = this.#breaker.lastFailure;
    const what = last !== undefined && 'error' in last ? messageOf(last.error) : 'unknown';
    const { failuresMax, openMs } = this.options.patience;
    return new CircuitOpen(
      `${this.name} is not asked: ${failuresMax} tries in a row failed, the last with ${what}; it is tried again ${openMs / 1_000} s after that`,
    );
  }

  /** Waits as long as the source asks, and never shorter than an exponential backoff with jitter. */
  #backoff(): DelegateBackoff<IRetryBackoffContext<unknown>, IBackoff<unknown>> {
    const { firstWaitMs, waitMsMax } = this.options.patience;
    const own = new ExponentialBackoff({ initialDelay: firstWaitMs, maxDelay: waitMsMax });
    return new DelegateBackoff(({ result }, before?: IBackoff<unknown>) => {
      const state = before === undefined ? own.next() : before.next(undefined);
      return { delay: Math.max(state.duration, 'error' in result ? askedMsOf(result.error) : 0), state };
    });
  }

  #tell(): void {
    const { log, name } = this.options;
    this.#retry.onRetry(({ delay, attempt, ...reason }) => {
      const why = 'error' in reason ? messageOf(reason.error) : 'unknown';
      log.warn({ source: name, attempt, wait_ms: Math.round(delay), why }, 'a source is asked again');
    });
    this.#breaker.onStateChange((state) => {
      log.warn({ source: name, circuit: CIRCUITS[state] }, 'the circuit of a source changed');
    });
  }
}

const mayPass = (error: unknown): boolean => error instanceof TryFailed || error instanceof Retryable;

const askedMsOf = (error: unknown): number => (error instanceof TryFailed ? (error.askedMs ?? 0) : 0);

const headOf = ({ status, headers }: Response): Omit<Answer, 'text'> => ({ status, headers });

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
