/** What to do about an error of the venue's data stream. */
export type StreamRemedy =
  /** It does no harm: the stream goes on. */
  | 'ignore'
  /** Connect again, later each time. */
  | 'backoff'
  /** Connect again after the time in which the venue gives up a connection that is half dead. */
  | 'long_wait'
  /** Connect again and speak MessagePack. */
  | 'msgpack'
  /** Connecting again cannot help: stop until a person has changed something. */
  | 'stop';

export interface StreamError {
  readonly remedy: StreamRemedy;
  readonly meaning: string;
  readonly nextStep: string;
}

const WAIT = 'Nothing has to be done; the stream is opened again by itself.';
const KEYS = 'Check FEEDS_ALPACA_KEY_ID and FEEDS_ALPACA_SECRET, then start feeds again.';
const PLAN =
  'Choose a feed of your plan in FEEDS_ALPACA_STREAM_URL (…/v2/iex is part of every plan), then start feeds again.';
const REPORT = 'This is a fault of Ballast: report it with the log of feeds.';

/**
 * The error codes of Alpaca's market data stream (docs.alpaca.markets, "WebSocket Stream"). 403, 406, 409 and 410 must
 * not simply be tried again: the first does no harm, the second is answered again for as long as the old connection is
 * not given up (90 seconds, as its developers say), the others for ever.
 */
const ERRORS: Readonly<Record<number, StreamError>> = {
  400: { remedy: 'stop', meaning: 'a message of ours has a wrong form', nextStep: REPORT },
  401: { remedy: 'stop', meaning: 'we were not authenticated', nextStep: KEYS },
  402: { remedy: 'stop', meaning: 'the key and secret were not accepted', nextStep: KEYS },
  403: { remedy: 'ignore', meaning: 'we are authenticated already', nextStep: WAIT },
  404: { remedy: 'backoff', meaning: 'our authentication came too late', nextStep: WAIT },
  405: {
    remedy: 'stop',
    meaning: 'the plan does not allow so many symbols',
    nextStep: 'List fewer symbols in FEEDS_LIVE_SYMBOLS or take a larger plan, then start feeds again.',
  },
  406: {
    remedy: 'long_wait',
    meaning: 'another connection with this key is open, or one of ours is not given up yet',
    nextStep: 'If it does not pass within two minutes, stop the other program that listens with this key.',
  },
  407: {
    remedy: 'backoff',
    meaning: 'we were too slow for what the venue tells',
    nextStep:
      'If it comes again, list fewer symbols in FEEDS_LIVE_SYMBOLS, or give feeds and NATS more of the machine.',
  },
  409: { remedy: 'stop', meaning: 'the plan does not include this feed', nextStep: PLAN },
  410: { remedy: 'stop', meaning: 'this feed does not know the action', nextStep: PLAN },
  411: { remedy: 'stop', meaning: 'the key may not do this', nextStep: KEYS },
  412: { remedy: 'msgpack', meaning: 'this feed speaks MessagePack only', nextStep: WAIT },
  413: {
    remedy: 'stop',
    meaning: 'a star is not allowed here',
    nextStep: 'Name each symbol in FEEDS_LIVE_SYMBOLS, then start feeds again.',
  },
  500: { remedy: 'backoff', meaning: 'the venue has a fault of its own', nextStep: WAIT },
};

/** What an error code means, and what to do; a code that nobody has documented is tried again, later each time. */
export const streamError = (code: number): StreamError =>
  ERRORS[code] ?? { remedy: 'backoff', meaning: 'the venue does not document this code', nextStep: WAIT };

/** What the status of a refused WebSocket handshake means. */
export function handshakeError(status: number): StreamError {
  if (status === 401 || status === 403) {
    return { remedy: 'stop', meaning: 'the key and secret were not accepted', nextStep: KEYS };
  }
  if (status === 429) return { remedy: 'long_wait', meaning: 'we connected too often', nextStep: WAIT };
  if (status === 404) {
    return {
      remedy: 'stop',
      meaning: 'there is no stream at this address',
      nextStep: 'Correct FEEDS_ALPACA_STREAM_URL.',
    };
  }
  return { remedy: 'backoff', meaning: 'the venue did not open the stream', nextStep: WAIT };
}
