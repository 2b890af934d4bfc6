import type { PlaceAnswer } from '../messages.js';
import { ALPACA_RULES } from './alpaca-rules.js';
import { parseError } from './alpaca-wire.js';

/** How long to wait after a 429 that does not say how long, and between which bounds what it says is believed. */
const RETRY_AFTER_MS = 5_000;
const RETRY_AFTER_MS_MIN = 1_000;
const RETRY_AFTER_MS_MAX = 120_000;

/** A failed call as the client saw it. */
export interface FailedCall {
  readonly status: number;
  /** The answer's body as it came. */
  readonly body: string;
  /** What the answer's headers (`Retry-After`, `X-RateLimit-Reset`) ask to wait. */
  readonly retryAfterMs: number | undefined;
}

/** What a failed call that sent an order means: the venue's no, its "later", or that nobody knows. */
export type OrderFailure = Exclude<PlaceAnswer, { kind: 'acknowledged' }> | { readonly kind: 'unknown' };

/** One line of the map: an answer of such a status, whose message reads so, has this meaning. The first that fits counts. */
interface Line {
  readonly status: readonly number[];
  readonly message: RegExp;
  readonly means: string;
}

/** The order may have been taken before: only the venue's books can tell. */
const UNKNOWN = 'UNKNOWN';

const REFUSES = [403, 422] as const;

const literally = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** What Alpaca says where our own check of the terms would have said the same first, under the same codes. */
const TERMS: readonly Line[] = Object.entries(ALPACA_RULES.words).map(([means, words]) => ({
  status: [400, ...REFUSES],
  message: new RegExp(
    `^${words
      .split(/\{\w+\}/)
      .map(literally)
      .join('.+')}$`,
    'i',
  ),
  means,
}));

/**
 * Every refusal of an order that is known by its words. Alpaca's codes are families (40310000 is whatever is forbidden,
 * 42210000 and 40010001 whatever is invalid), so the words decide; what is in no line is refused under its status alone.
 */
export const ALPACA_REFUSALS: readonly Line[] = [
  // Returned although the order had executed, and for ever, also after a cancel.
  { status: [400, ...REFUSES], message: /client_order_id must be unique/i, means: UNKNOWN },
  {
    status: REFUSES,
    message: /insufficient (options |day ?trading )?buying power/i,
    means: 'INSUFFICIENT_BUYING_POWER',
  },
  { status: REFUSES, message: /insufficient underlying qty/i, means: 'INSUFFICIENT_UNDERLYING' },
  { status: REFUSES, message: /insufficient qty available/i, means: 'INSUFFICIENT_QUANTITY' },
  { status: REFUSES, message: /wash trade|opposite side/i, means: 'WASH_TRADE' },
  { status: REFUSES, message: /pattern day|day ?trad(e|ing)/i, means: 'DAY_TRADE_LIMIT' },
  { status: REFUSES, message: /intraday margin/i, means: 'INTRADAY_MARGIN' },
  { status: REFUSES, message: /not allowed to short|sold short|cannot be (sold )?short/i, means: 'SHORT_NOT_ALLOWED' },
  { status: REFUSES, message: /not fractionable/i, means: 'NOT_FRACTIONABLE' },
  {
    status: REFUSES,
    message: /not allowed for account|account is (not|restricted|blocked)|not authorized to trade/i,
    means: 'ACCOUNT_RESTRICTED',
  },
  { status: [400, ...REFUSES], message: /is not (active|tradable)|not tradable/i, means: 'SYMBOL_NOT_TRADABLE' },
  { status: [400, 404, ...REFUSES], message: /(asset|symbol).*not found|invalid symbol/i, means: 'SYMBOL_UNKNOWN' },
  ...TERMS,
];

/** Under which code a refusal is known whose words are in no line; a status that is missing here is no refusal. */
const BY_STATUS: Readonly<Record<number, string>> = {
  400: 'VENUE_INVALID',
  403: 'VENUE_FORBIDDEN',
  404: 'VENUE_NOT_FOUND',
  422: 'VENUE_INVALID',
};

/**
 * What a failed call that sent an order means. Only what Alpaca itself says no to is a rejection, with its own words and
 * code; a 429 was certainly not taken; everything else (a 5xx, a proxy's page, "client_order_id must be unique") may be an
 * order that is working. A 400 counts only with a code of Alpaca's, because whatever stands in between says 400 too.
 */
export function failureOf({ status, body, retryAfterMs }: FailedCall): OrderFailure {
  if (status === 429)
    return { kind: 'deferred', retryAfterMs: waitOf(retryAfterMs), reason: 'rate limited by the venue' };
  const otherwise = BY_STATUS[status];
  const said = otherwise === undefined ? null : parseError(body);
  if (said === null || otherwise === undefined || (status === 400 && said.code === null)) return { kind: 'unknown' };
  const line = ALPACA_REFUSALS.find((each) => each.status.includes(status) && each.message.test(said.message));
  if (line?.means === UNKNOWN) return { kind: 'unknown' };
  const { code, message } = said;
  const number = code === null ? String(status) : `${status}, ${code}`;
  return { kind: 'rejected', code: line?.means ?? otherwise, message: `${message} (${number})` };
}

const waitOf = (askedMs: number | undefined): number =>
  Math.min(Math.max(Math.ceil(askedMs ?? RETRY_AFTER_MS), RETRY_AFTER_MS_MIN), RETRY_AFTER_MS_MAX);
