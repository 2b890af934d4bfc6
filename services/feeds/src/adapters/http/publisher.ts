import { Retryable, type Log } from '@ballast/platform';
import { ImportRefused } from '../../domain/import-refused.js';
import { NotText, TooLarge } from './body.js';
import { CircuitOpen, SourceHttp, TryFailed, type Ask, type Circuit, type Patience } from './source-http.js';

/** How a publisher is spoken to. */
export interface Manners {
  readonly requestsPerSecondMax: number;
  readonly log: Log;
  readonly patience?: Partial<Patience>;
}

/**
 * A publisher that wants a longer pause gets it from the queue and not from a waiting call: who asks us to fetch tries
 * again by itself, minutes later.
 */
const PATIENCE: Patience = {
  tries: 3,
  firstWaitMs: 500,
  waitMsMax: 5_000,
  callMs: 15_000,
  failuresMax: 5,
  openMs: 60_000,
};
const SECOND_MS = 1_000;
/** What one answer may have; the largest real one has less than a tenth of it. */
const BODY_BYTES_MAX = 16 * 1024 * 1024;
/** How gatekeepers say no; whether for ever, they do not say. */
const SHUT: ReadonlySet<number> = new Set([401, 403]);
const NOT_FOUND = 404;
const SHUT_OR_MISSING: ReadonlySet<number> = new Set([...SHUT, NOT_FOUND]);

/**
 * One publisher on the web, whom anybody may read: texts over {@link SourceHttp}, failures under the codes of collections.
 * Addresses are named in errors without what they ask for.
 */
export class Publisher {
  readonly #http: SourceHttp;

  constructor(
    readonly name: string,
    { requestsPerSecondMax, log, patience }: Manners,
  ) {
    this.#http = new SourceHttp({
      ...{ name, log, bytesMax: BODY_BYTES_MAX, redirect: 'follow', patience: { ...PATIENCE, ...patience } },
      turns: { calls: requestsPerSecondMax, perMs: SECOND_MS },
    });
  }

  get circuit(): Circuit {
    return this.#http.circuit;
  }

  /**
   * Carries out one conversation, again where it fails with a `Retryable`.
   * @param through the statuses that an answer may have beside 200; any other one ends the conversation.
   * @throws Retryable SOURCE_AWAY, SOURCE_CIRCUIT_OPEN, or what `talk` throws; ImportRefused SOURCE_REFUSED,
   *   SOURCE_TOO_LARGE, SOURCE_NOT_TEXT.
   */
  async converse<T>(
    talk: (ask: Ask) => Promise<T>,
    signal: AbortSignal,
    through: ReadonlySet<number> = SHUT,
  ): Promise<T> {
    let at = this.name;
    const politely =
      (ask: Ask): Ask =>
      async (url, headers) => {
        at = `${url.host}${url.pathname}`;
        const answer = await ask(url, headers);
        if (answer.status === 200 || through.has(answer.status)) return answer;
        throw refused(at, answer.status);
      };
    try {
      return await this.#http.converse((ask) => talk(politely(ask)), signal);
    } catch (error) {
      throw asSource(error, at);
    }
  }

  /**
   * Reads one text.
   * @param missing what to throw where there is none at the address; SOURCE_REFUSED without it.
   * @throws Retryable SOURCE_BLOCKED where programs are not let in; as {@link converse}.
   */
  async read(
    url: URL,
    headers: Readonly<Record<string, string>>,
    signal: AbortSignal,
    missing?: ImportRefused,
  ): Promise<string> {
    const through = missing === undefined ? SHUT : SHUT_OR_MISSING;
    return this.converse(
      async (ask) => {
        const { status, text } = await ask(url, headers);
        if (status === 200) return text;
        if (status === NOT_FOUND) throw missing!;
        throw new Retryable('SOURCE_BLOCKED', `${url.host} answered ${status}: it does not let programs in now`);
      },
      signal,
      through,
    );
  }
}

/** A failure in the words of collections. @param at the host and path that were asked last. */
function asSource(error: unknown, at: string): unknown {
  if (error instanceof TryFailed) return new Retryable('SOURCE_AWAY', `${at} did not answer whole: ${error.reason}`);
  if (error instanceof CircuitOpen) return new Retryable('SOURCE_CIRCUIT_OPEN', error.message);
  if (error instanceof TooLarge) {
    return new ImportRefused(
      'SOURCE_TOO_LARGE',
      `the answer of ${at} ${error.message}`,
      'Ask for less at once, for example for one day.',
    );
  }
  if (error instanceof NotText) {
    return new ImportRefused(
      'SOURCE_NOT_TEXT',
      `the answer of ${at} ${error.message}`,
      'Look at the address with a browser; where it is right, bring the file by hand as UTF-8.',
    );
  }
  return error;
}

const refused = (at: string, status: number): ImportRefused =>
  new ImportRefused(
    'SOURCE_REFUSED',
    `${at} answered ${status}`,
    'Check the address of the source in the settings of feeds; publishers move their pages.',
  );
