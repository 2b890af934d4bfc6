import { decode, decodeTimestampToTimeSpec, encode, EXT_TIMESTAMP, ExtensionCodec } from '@msgpack/msgpack';
import { Decimal, formatDecimal } from '@ballast/kernel/money';
import {
  venueTime,
  venueTimeOf,
  type QuoteSide,
  type Tick,
  type Trade,
  type TradeBody,
  type VenueTime,
} from '../../domain/live/tick.js';

/** How messages are written: JSON as text, or MessagePack as bytes. */
export type StreamFormat = 'json' | 'msgpack';

type Fields = Readonly<Record<string, unknown>>;

/** A message of the venue that does not look as it is documented. */
export class UnreadableMessage extends Error {
  override readonly name = 'UnreadableMessage';

  /** @param symbol whose message it is; null where even that cannot be read. */
  constructor(
    readonly symbol: string | null,
    detail: string,
  ) {
    super(detail);
  }
}

// Its own decoding, because the usual one cuts a moment to milliseconds.
const codec = new ExtensionCodec();
codec.register({
  type: EXT_TIMESTAMP,
  encode: () => null,
  decode: (bytes) => {
    const { sec, nsec } = decodeTimestampToTimeSpec(bytes);
    return venueTimeOf(sec, nsec);
  },
});

/** The messages of a frame. @throws UnreadableMessage where it is no list of objects. */
export function messagesOf(bytes: Buffer, format: StreamFormat): Fields[] {
  let read: unknown;
  try {
    read = format === 'json' ? JSON.parse(bytes.toString('utf8')) : decode(bytes, { extensionCodec: codec });
  } catch (error) {
    throw new UnreadableMessage(null, `a frame is no ${format}: ${String(error)}`);
  }
  if (Array.isArray(read) && read.every((each) => typeof each === 'object' && each !== null)) return read as Fields[];
  throw new UnreadableMessage(null, 'a frame is no list of messages');
}

export const frameOf = (message: object, format: StreamFormat): string | Uint8Array =>
  format === 'json' ? JSON.stringify(message) : encode(message);

/**
 * The tick of a message of Alpaca's market data stream; null for a type that means nothing to us, because the venue adds
 * types without notice.
 * @throws UnreadableMessage where a type that we know lacks a field or has a strange one.
 */
export function tickOf(message: Fields): Tick | null {
  switch (message['T']) {
    case 't':
      return tradeOf(message, text(message, 'S'));
    case 'q':
      return quoteOf(message);
    case 'b':
      return barOf(message);
    case 'c':
      return correctionOf(message);
    case 'x':
      return cancelOf(message);
    case 's':
      return statusOf(message);
    case 'l':
      return luldOf(message);
    default:
      return null;
  }
}

/** A trade of the stream, or of the historical API, which names the symbol elsewhere. @throws UnreadableMessage. */
export function tradeOf(message: Fields, symbol: string): Trade {
  return {
    ...{ kind: 'trade', symbol, at: moment(message), id: idOf(message, 'i'), exchange: text(message, 'x') },
    ...{ price: decimalOf(message, 'p'), size: decimalOf(message, 's') },
    ...{ conditions: textsOf(message, 'c'), tape: optional(message, 'z'), update: updateOf(message) },
  };
}

function updateOf(message: Fields): Trade['update'] {
  const update = message['u'];
  return update === 'canceled' || update === 'corrected' || update === 'incorrect' ? update : null;
}

const quoteOf = (message: Fields): Tick => ({
  ...{ kind: 'quote', symbol: text(message, 'S'), at: moment(message) },
  bid: sideOf(message, 'bp', 'bs', 'bx'),
  ask: sideOf(message, 'ap', 'as', 'ax'),
  ...{ conditions: textsOf(message, 'c'), tape: optional(message, 'z') },
});

/** The venue writes a side that nobody quotes with a price of zero. */
function sideOf(message: Fields, price: string, size: string, exchange: string): QuoteSide | null {
  if (message[price] === 0) return null;
  return { price: decimalOf(message, price), size: decimalOf(message, size), exchange: optional(message, exchange) };
}

const barOf = (message: Fields): Tick => ({
  ...{ kind: 'bar', symbol: text(message, 'S'), at: moment(message), seconds: 60 },
  ...{ open: decimalOf(message, 'o'), high: decimalOf(message, 'h'), low: decimalOf(message, 'l') },
  ...{ close: decimalOf(message, 'c'), volume: decimalOf(message, 'v') },
});

const correctionOf = (message: Fields): Tick => ({
  ...{ kind: 'correction', symbol: text(message, 'S'), at: moment(message) },
  ...{ exchange: text(message, 'x'), tape: optional(message, 'z') },
  original: bodyOf(message, 'o'),
  corrected: bodyOf(message, 'c'),
});

const bodyOf = (message: Fields, which: 'o' | 'c'): TradeBody => ({
  id: idOf(message, `${which}i`),
  price: decimalOf(message, `${which}p`),
  size: decimalOf(message, `${which}s`),
  conditions: textsOf(message, `${which}c`),
});

const REASONS: Readonly<Record<string, 'cancelled' | 'error'>> = { C: 'cancelled', E: 'error' };

const cancelOf = (message: Fields): Tick => ({
  ...{ kind: 'cancel', symbol: text(message, 'S'), at: moment(message), id: idOf(message, 'i') },
  ...{ exchange: text(message, 'x'), price: decimalOf(message, 'p'), size: decimalOf(message, 's') },
  ...{ tape: optional(message, 'z'), reason: REASONS[optional(message, 'a')] ?? 'unknown' },
});

const statusOf = (message: Fields): Tick => ({
  ...{ kind: 'status', symbol: text(message, 'S'), at: moment(message), code: text(message, 'sc') },
  ...{ message: prose(message, 'sm'), reasonCode: optional(message, 'rc') },
  ...{ reason: prose(message, 'rm'), tape: optional(message, 'z') },
});

const luldOf = (message: Fields): Tick => ({
  ...{ kind: 'luld', symbol: text(message, 'S'), at: moment(message) },
  ...{ up: decimalOf(message, 'u'), down: decimalOf(message, 'd') },
  ...{ indicator: optional(message, 'i'), tape: optional(message, 'z') },
});

/** Texts are short codes; a longer one is no code, and would make a tick that no stream takes. */
const TEXT_LENGTH_MAX = 100;

function text(message: Fields, name: string): string {
  const value = message[name];
  if (typeof value === 'string' && value !== '' && value.length <= TEXT_LENGTH_MAX) return value;
  throw strange(message, name);
}

function optional(message: Fields, name: string): string {
  const value = message[name];
  if (value === undefined || value === null) return '';
  if (typeof value === 'string' && value.length <= TEXT_LENGTH_MAX) return value;
  throw strange(message, name);
}

/** Words for people; what is too long of them is cut. */
function prose(message: Fields, name: string): string {
  const value = message[name];
  return typeof value === 'string' ? value.slice(0, TEXT_LENGTH_MAX) : '';
}

const CONDITIONS_MAX = 16;

function textsOf(message: Fields, name: string): string[] {
  const value = message[name];
  if (value === undefined || value === null) return [];
  const fits = Array.isArray(value) && value.length <= CONDITIONS_MAX;
  if (fits && value.every((each) => typeof each === 'string' && each.length <= 8)) return value as string[];
  throw strange(message, name);
}

/** An id that a float64 does not hold would name another trade. */
function idOf(message: Fields, name: string): string {
  const value = message[name];
  if (Number.isSafeInteger(value)) return String(value);
  if (typeof value === 'string' && value !== '' && value.length <= 40) return value;
  throw strange(message, name);
}

/** The shortest text of a number is what the venue wrote, up to 15 digits. */
function decimalOf(message: Fields, name: string): string {
  const value = message[name];
  if (typeof value !== 'number' || !Number.isFinite(value) || value < 0) throw strange(message, name);
  const short = String(value);
  return short.includes('e') ? formatDecimal(new Decimal(short)) : short;
}

function moment(message: Fields): VenueTime {
  const value = message['t'];
  const at = typeof value === 'string' ? venueTime(value) : null;
  if (at === null) throw strange(message, 't');
  return at;
}

function strange(message: Fields, name: string): UnreadableMessage {
  const symbol = typeof message['S'] === 'string' ? message['S'] : null;
  const shown = JSON.stringify(message[name])?.slice(0, 60) ?? 'nothing';
  return new UnreadableMessage(symbol, `a message of type ${String(message['T'])} has ${shown} as "${name}"`);
}
