import type { SessionDate } from '@ballast/contracts';
import { sessionOf } from '@ballast/kernel/calendar';
import { decimal, formatDecimal } from '@ballast/kernel/money';
import { FeedRefused } from './feed-refused.js';
import { venueTimeOfMs, type MinuteBar, type Quote, type QuoteSide, type Tick, type Trade } from './tick.js';

/** A tick with the moment at which it was known, in ms since 1970: a bar is known when its time is over. */
export interface RecordedTick {
  readonly knownMs: number;
  readonly tick: Tick;
}

/** What a file of a recording holds. */
export interface RecordingForm {
  readonly date: SessionDate;
  readonly symbol: string;
  readonly resolution: 'tick' | 'second' | 'minute';
  readonly type: 'trade' | 'quote';
}

/** New York opens at 09:30, so many ms after its midnight; on days with a session the clocks do not change before. */
const OPENING_MS = 9.5 * 3_600_000;
const MS = { second: 1_000, minute: 60_000 } as const;

/** `20131007_ibm_Trade_Tick.csv`, `20131007_ibm_second_trade.csv`, `20131007_ibm_minute_quote.csv`. */
const ENTRY = /^(\d{4})(\d{2})(\d{2})_([a-z0-9.-]+)_(?:(trade|quote)_(tick)|(second|minute)_(trade|quote))\.csv$/i;

/**
 * What an entry of a LEAN archive holds, as its name says.
 * @throws FeedRefused RECORDING_UNKNOWN.
 */
export function formOf(entry: string): RecordingForm {
  const match = ENTRY.exec(entry);
  if (!match) {
    throw new FeedRefused(
      'RECORDING_UNKNOWN',
      `nobody can tell from its name what is in "${entry}"`,
      'Give archives of LEAN (20131007_ibm_Trade_Tick.csv within) or minute bars as CSV.',
    );
  }
  const [, year, month, day, symbol, tickType, tick, resolution, barType] = match;
  return {
    date: `${year}-${month}-${day}`,
    symbol: symbol!.toUpperCase(),
    resolution: (tick ?? resolution)!.toLowerCase() as RecordingForm['resolution'],
    type: (tickType ?? barType)!.toLowerCase() as RecordingForm['type'],
  };
}

/** Midnight in New York at the beginning of a session's date, in ms since 1970. @throws FeedRefused RECORDING_NO_SESSION. */
export function midnightOf(date: SessionDate): number {
  const session = sessionOf(date);
  if (session) return Date.parse(session.open) - OPENING_MS;
  throw new FeedRefused(
    'RECORDING_NO_SESSION',
    `NYSE did not open on ${date}`,
    'Give a recording of a day on which the exchange was open.',
  );
}

/**
 * Reads one line of a LEAN file: milliseconds since midnight in New York, prices times 10,000.
 * @param number the line's number, from 1; it names trades, which LEAN's do not.
 * @throws FeedRefused RECORDING_UNREADABLE with the line.
 */
export function readLine(form: RecordingForm, midnightMs: number, line: string, number: number): RecordedTick {
  const fields = line.split(',');
  const atMs = midnightMs + wholeOf(fields[0], form, number);
  const { symbol, resolution } = form;
  if (resolution === 'tick') {
    const tick = form.type === 'trade' ? tradeOf(form, fields, number, atMs) : quoteOf(form, fields, number, atMs);
    return { knownMs: atMs, tick };
  }
  const knownMs = atMs + MS[resolution];
  const price = (i: number): string => priceOf(wholeOf(fields[i], form, number));
  if (form.type === 'trade') {
    const seconds = resolution === 'second' ? 1 : 60;
    const [open, high, low, close] = [price(1), price(2), price(3), price(4)];
    const volume = `${wholeOf(fields[5], form, number)}`;
    const bar: MinuteBar = { kind: 'bar', symbol, at: venueTimeOfMs(atMs), seconds, open, high, low, close, volume };
    return { knownMs, tick: bar };
  }
  // A quote bar tells the quote as it stood at its end.
  const side = (close: number, size: number): QuoteSide | null => sideOf(form, fields, number, { price: close, size });
  const tick = quoteAt(symbol, knownMs, side(4, 5), side(9, 10), []);
  return { knownMs, tick };
}

function tradeOf(form: RecordingForm, fields: readonly string[], number: number, atMs: number): Trade {
  const [, price, size, exchange = '', condition = '', suspicious] = fields;
  return {
    ...{ kind: 'trade', symbol: form.symbol, at: venueTimeOfMs(atMs), id: `${number}`, exchange, tape: '' },
    price: priceOf(wholeOf(price, form, number)),
    size: `${wholeOf(size, form, number)}`,
    conditions: [condition, ...(suspicious === '1' ? ['suspicious'] : [])].filter((each) => each !== ''),
    update: null,
  };
}

function quoteOf(form: RecordingForm, fields: readonly string[], number: number, atMs: number): Quote {
  const [exchange = '', condition = ''] = [fields[5], fields[6]];
  const bid = sideOf(form, fields, number, { price: 1, size: 2, exchange });
  const ask = sideOf(form, fields, number, { price: 3, size: 4, exchange });
  return quoteAt(form.symbol, atMs, bid, ask, [condition]);
}

function quoteAt(
  symbol: string,
  atMs: number,
  bid: QuoteSide | null,
  ask: QuoteSide | null,
  conditions: readonly string[],
): Quote {
  const said = conditions.filter((each) => each !== '');
  return { kind: 'quote', symbol, at: venueTimeOfMs(atMs), bid, ask, conditions: said, tape: '' };
}

function sideOf(
  form: RecordingForm,
  fields: readonly string[],
  number: number,
  at: { readonly price: number; readonly size: number; readonly exchange?: string },
): QuoteSide | null {
  // A side that nobody quotes has a price of zero, or an empty field.
  if ((fields[at.price] ?? '') === '' || fields[at.price] === '0') return null;
  return {
    price: priceOf(wholeOf(fields[at.price], form, number)),
    size: `${wholeOf(fields[at.size], form, number)}`,
    exchange: at.exchange ?? '',
  };
}

const WHOLE = /^\d{1,15}$/;

function wholeOf(text: string | undefined, form: RecordingForm, number: number): number {
  // Some of LEAN's files write whole numbers with a fraction of zero.
  const whole = text?.replace(/\.0+$/, '') ?? '';
  if (WHOLE.test(whole)) return Number(whole);
  throw new FeedRefused(
    'RECORDING_UNREADABLE',
    `line ${number} of the ${form.resolution} ${form.type}s of ${form.symbol} on ${form.date} has "${text ?? ''}" where a whole number belongs`,
    'Copy or download the file again.',
  );
}

/** 1815200 is 181.52. */
function priceOf(tenThousandths: number): string {
  const whole = Math.trunc(tenThousandths / 10_000);
  const rest = tenThousandths % 10_000;
  if (rest === 0) return `${whole}`;
  return `${whole}.${String(rest).padStart(4, '0').replace(/0+$/, '')}`;
}

/** The columns of a minute file, by the kind that its header tells. */
export type MinuteRow = Readonly<Record<string, string>>;

/**
 * The tick of a row of minute bars as CSV: `timestamp_et,symbol,open,…` or `…,bid_open,…`. A row of quotes tells the quote
 * at the end of its minute.
 * @throws FeedRefused RECORDING_UNREADABLE, RECORDING_NO_SESSION.
 */
export function minuteTick(row: MinuteRow, line: number): RecordedTick {
  const [date = '', clock = ''] = (row['timestamp_et'] ?? '').split('T');
  const [, hours, minutes] = /^(\d{2}):(\d{2}):\d{2}$/.exec(clock) ?? [];
  const symbol = row['symbol'] ?? '';
  if (hours === undefined || minutes === undefined || symbol === '') {
    throw unreadableRow(line, `"${row['timestamp_et'] ?? ''}" of "${symbol}" names no minute of a symbol`);
  }
  const atMs = midnightOf(date) + (Number(hours) * 60 + Number(minutes)) * 60_000;
  const knownMs = atMs + 60_000;
  const number = (name: string): string => decimalIn(row, name, line);
  if ('bid_close' in row) {
    const side = (which: 'bid' | 'ask'): QuoteSide | null =>
      (row[`${which}_close`] ?? '') === ''
        ? null
        : { price: number(`${which}_close`), size: number(`last_${which}_size`), exchange: '' };
    return { knownMs, tick: quoteAt(symbol, knownMs, side('bid'), side('ask'), []) };
  }
  const [open, high, low, close, volume] = [
    number('open'),
    number('high'),
    number('low'),
    number('close'),
    number('volume'),
  ];
  const bar: MinuteBar = { kind: 'bar', symbol, at: venueTimeOfMs(atMs), seconds: 60, open, high, low, close, volume };
  return { knownMs, tick: bar };
}

function decimalIn(row: MinuteRow, name: string, line: number): string {
  try {
    return formatDecimal(decimal(row[name] ?? ''));
  } catch {
    throw unreadableRow(line, `"${row[name] ?? ''}" in the column ${name} is no number`);
  }
}

const unreadableRow = (line: number, what: string): FeedRefused =>
  new FeedRefused('RECORDING_UNREADABLE', `line ${line}: ${what}`, 'Correct the line, or download the file again.');
