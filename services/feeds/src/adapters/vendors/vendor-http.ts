import { MASK, Retryable, type Log, type Secret } from '@ballast/platform';
import type { z } from 'zod';
import { ImportRefused } from '../../domain/import-refused.js';
import { NotText, TooLarge } from '../http/body.js';
import { CircuitOpen, SourceHttp, TryFailed, type Answer, type Circuit, type Patience } from '../http/source-http.js';
import { parseJson } from './vendor-json.js';

/** A key and where its vendor takes it. A header is the place; a query stands in logs of proxies, so only where there is no other. */
export interface VendorKey {
  /** The setting that holds it, for the next step of an error. */
  readonly variable: string;
  readonly value: Secret | undefined;
  readonly place: { readonly header: string; readonly scheme?: string } | { readonly query: string };
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

/** What is left to set of a vendor whose protocol and key place are known. */
export interface VendorSettings {
  readonly key: Secret | undefined;
  readonly log: Log;
  readonly url: string;
  readonly requestsPerMinute: number;
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

const MINUTE_MS = 60_000;
/** A page of 50,000 bars of Polygon has about 6 MiB. */
const BODY_BYTES_MAX = 32 * 1024 * 1024;
const WORDS_SHOWN_MAX = 200;
const BEGINNING_SHOWN_MAX = 40;
/** Faults of one answer that are named. */
const ISSUES_SHOWN_MAX = 3;
/** Statuses by which a vendor refuses a key or what its plan covers (402 and 426 are FMP's and NewsAPI's words for the plan). */
const KEY_STATUSES: ReadonlySet<number> = new Set([401, 402, 403, 426]);
/** What can stand in a header as it is. */
const KEY = /^[\x21-\x7e]+$/;

/**
 * Asks one vendor for JSON over {@link SourceHttp}: with its keys, and with an answer of exactly the shape that was agreed.
 * One of these stands for one key at one vendor, so everything that shares the key must share it.
 */
export class VendorHttp {
  readonly #options: VendorHttpOptions;
  readonly #http: SourceHttp;

  constructor(options: VendorHttpOptions) {
    const { vendor: name, requestsPerMinute, log } = options;
    this.#options = options;
    this.#http = new SourceHttp({
      ...{ name, log, bytesMax: BODY_BYTES_MAX, redirect: 'manual', patience: { ...PATIENCE, ...options.patience } },
      turns: { calls: requestsPerMinute, perMs: MINUTE_MS },
    });
  }

  get name(): string {
    return this.#options.vendor;
  }

  /** Whether the vendor is being asked at all, for metrics and health. */
  get circuit(): Circuit {
    return this.#http.circuit;
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
    try {
      const text = await this.#http.converse(async (ask) => {
        const answer = await ask(url, headers);
        if (answer.status === 200) return answer.text;
        throw this.#refused(answer, url.pathname);
      }, signal);
      return this.#parsed(request, text);
    } catch (error) {
      throw this.#refusalOf(error, request.path);
    }
  }

  /** What to throw where an answer has the right form and still makes no sense. @param what a sentence without a subject. */
  speaksOtherwise(path: string, what: string): ImportRefused {
    return new ImportRefused(
      'VENDOR_SPEAKS_OTHERWISE',
      this.#masked(`the answer of ${this.name} to GET ${path} ${what}`),
      `Check that ${this.#options.urlVariable} is the address of ${this.name}; where it is, its protocol has changed and Ballast must learn it.`,
    );
  }

  #addressed({ path, query = {} }: VendorRequest<z.ZodType>): { url: URL; headers: Readonly<Record<string, string>> } {
    const url = new URL(`${this.#options.url.replace(/\/+$/, '')}${path}`);
    for (const [name, value] of Object.entries(query)) if (value !== undefined) url.searchParams.set(name, value);
    // NewsAPI refuses who does not say what he is.
    const headers: Record<string, string> = { accept: 'application/json', 'user-agent': 'ballast' };
    const missing = this.#options.keys.filter(({ value }) => value === undefined).map(({ variable }) => variable);
    if (missing.length > 0) {
      throw this.#keyMissing(missing, `${missing.length > 1 ? 'are' : 'is'} not set`);
    }
    for (const { variable, value, place } of this.#options.keys) {
      // The HTTP client refuses such a header with a message that shows it.
      if (!KEY.test(value!.reveal()))
        throw this.#keyMissing([variable], 'holds a space, a line break or a special sign');
      if ('query' in place) url.searchParams.set(place.query, value!.reveal());
      else headers[place.header] = place.scheme ? `${place.scheme} ${value!.reveal()}` : value!.reveal();
    }
    return { url, headers };
  }

  #keyMissing(variables: readonly string[], why: string): ImportRefused {
    const names = variables.join(' and ');
    return new ImportRefused(
      'VENDOR_KEY_MISSING',
      `there is no key for ${this.name}: ${names} ${why}`,
      `Set ${names} to the key of your account with ${this.name}, and nothing else, and start feeds again.`,
    );
  }

  #refused({ status, text }: Answer, path: string): ImportRefused {
    const { vendor, keys, urlVariable } = this.#options;
    // Masked before it is cut, or the beginning of a key could be left over.
    const words = wordsOf(this.#masked(text));
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

  /** A failure in the words of vendors. */
  #refusalOf(error: unknown, path: string): unknown {
    if (error instanceof TooLarge || error instanceof NotText) return this.speaksOtherwise(path, error.message);
    if (error instanceof CircuitOpen) return new Retryable('VENDOR_AWAY', error.message);
    if (!(error instanceof TryFailed)) return error;
    return new Retryable(
      'VENDOR_AWAY',
      `${this.name} did not answer GET ${path}: ${error.reason}. It is asked again later; where this lasts, look at the network, ${this.#options.urlVariable} and the vendor's status page.`,
    );
  }

  /** Text without any key, should a vendor repeat one in what it says. */
  #masked(text: string): string {
    return this.#options.keys.reduce((masked, { value }) => {
      const key = value?.reveal() ?? '';
      return key === '' ? masked : masked.replaceAll(key, MASK).replaceAll(encodeURIComponent(key), MASK);
    }, text);
  }
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
