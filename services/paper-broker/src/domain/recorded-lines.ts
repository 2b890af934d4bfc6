import { sessionOf } from '@ballast/kernel/calendar';
import type { SessionDate } from '@ballast/kernel/calendar';
import type { RecordedRow } from './recording.js';

/** What a file of a recording holds, as its name says. */
export interface RecordingForm {
  readonly date: SessionDate;
  readonly symbol: string;
  readonly resolution: 'tick' | 'second' | 'minute';
  readonly type: 'trade' | 'quote';
}

/** A file of a recording that cannot be read: the venue does not start with half of one. */
export class RecordingUnreadable extends Error {
  override readonly name = 'RecordingUnreadable';
  readonly code = 'PAPER_BROKER_RECORDING_UNREADABLE';

  constructor(what: string) {
    super(`PAPER_BROKER_RECORDING_UNREADABLE: ${what}; correct PAPER_BROKER_RECORDINGS or the file`);
  }
}

/** `20131007_ibm_Quote_Tick.csv`, `20131007_spy_second_quote.csv`: entries of archives in LEAN's form. */
const ENTRY = /^(\d{4})(\d{2})(\d{2})_([a-z0-9.-]+)_(?:(trade|quote)_(tick)|(second|minute)_(trade|quote))\.csv$/i;
const MS = { second: 1_000, minute: 60_000 } as const;
/** New York opens at 09:30, so many ms after its midnight; no clock changes between the two on a day with a session. */
const OPENING_MS = 9.5 * 3_600_000;
const WHOLE = /^\d{1,15}$/;
const PRICE = /^\d{1,9}(\.\d{1,4})?0*$/;
const PRICE_SCALE = 10_000;

/** @throws RecordingUnreadable where the name does not say what is in it. */
export function formOf(entry: string): RecordingForm {
  const match = ENTRY.exec(entry);
  if (!match) throw new RecordingUnreadable(`nobody can tell from its name what is in "${entry}"`);
  const [, year, month, day, symbol = '', tickType, tick, resolution, barType] = match;
  return {
    date: `${year}-${month}-${day}`,
    symbol: symbol.toUpperCase(),
    resolution: (tick ?? resolution ?? '').toLowerCase() as RecordingForm['resolution'],
    type: (tickType ?? barType ?? '').toLowerCase() as RecordingForm['type'],
  };
}

/** Midnight in New York at the beginning of a session's date, ms since 1970. @throws RecordingUnreadable */
export function midnightOf(date: SessionDate): number {
  const session = sessionOf(date);
  if (!session) throw new RecordingUnreadable(`NYSE did not open on ${date}, of which there is a recording`);
  return Date.parse(session.open) - OPENING_MS;
}

/** A price in ten-thousandths of a dollar and the shares shown there. */
interface Side {
  readonly price: number;
  readonly size: number;
}

/**
 * Reads the lines of one LEAN file: ms since midnight in New York, prices times 10,000. Quote ticks tell the best bid and the
 * best ask by turns, each with the exchange that has it: a quote is what both were at the end of a millisecond, and one that
 * is locked or crossed is passed over. Trades marked suspicious are left out. A bar is known when its time is over.
 * @throws RecordingUnreadable with the line.
 */
export function rowsOf(form: RecordingForm, lines: Iterable<string>): RecordedRow[] {
  const midnight = midnightOf(form.date);
  const best = new BestQuote();
  const rows: RecordedRow[] = [];
  let number = 0;
  for (const line of lines) {
    number += 1;
    if (line === '') continue;
    const fields = line.split(',');
    const at = midnight + whole(form, number, fields[0]);
    const value = (i: number): number => whole(form, number, fields[i]);
    if (form.resolution !== 'tick') {
      const atMs = at + MS[form.resolution];
      rows.push(form.type === 'trade' ? tradeBar(atMs, value) : quoteBar(atMs, value));
    } else if (form.type === 'quote') {
      rows.push(...best.before(at));
      best.tell({ price: value(1), size: value(2) }, { price: value(3), size: value(4) });
    } else if (fields[5] !== '1') {
      const [price, volume] = [value(1), value(2)];
      rows.push({ kind: 'trade', atMs: at, low: price, high: price, volume, sells: null, buys: null });
    }
  }
  rows.push(...best.before(Number.POSITIVE_INFINITY));
  return rows;
}

/**
 * Reads a line of minute bars as CSV under its header: `timestamp_et,symbol,open,…` or `…,bid_open,…,last_bid_size,…`.
 * Out: what it is of, and its row, known when the minute is over; null for a minute without both sides of a quote.
 * @throws RecordingUnreadable with the line.
 */
export function minuteRow(
  header: readonly string[],
  line: string,
  number: number,
): { form: RecordingForm; row: RecordedRow } | null {
  const cells = new Map(line.split(',').map((cell, i) => [header[i] ?? '', cell]));
  const [date = '', clock = ''] = (cells.get('timestamp_et') ?? '').split('T');
  const [, hours, minutes] = /^(\d{2}):(\d{2}):\d{2}$/.exec(clock) ?? [];
  const symbol = cells.get('symbol') ?? '';
  if (hours === undefined || minutes === undefined || symbol === '') {
    throw new RecordingUnreadable(`line ${number} names no minute of a symbol`);
  }
  const atMs = midnightOf(date) + (Number(hours) * 60 + Number(minutes) + 1) * MS.minute;
  const type = header.includes('bid_close') ? 'quote' : 'trade';
  const form: RecordingForm = { date, symbol, resolution: 'minute', type };
  const price = (name: string): number => tenThousandths(cells.get(name), `line ${number}, column ${name}`);
  const size = (name: string): number => Math.round(tenThousandths(cells.get(name), `line ${number}`) / PRICE_SCALE);
  if (type === 'trade') {
    const volume = size('volume');
    const half = volume / 2;
    const range = { low: price('low'), high: price('high') };
    return { form, row: { kind: 'trade', atMs, ...range, volume, sells: half, buys: half } };
  }
  if (cells.get('bid_close') === '' || cells.get('ask_close') === '') return null;
  const [bid, ask] = [price('bid_close'), price('ask_close')];
  const sizes = { bidSize: size('last_bid_size'), askSize: size('last_ask_size') };
  return bid < ask ? { form, row: { kind: 'quote', atMs, bid, ask, ...sizes } } : null;
}

/** The best bid and ask, from the sides that ticks tell one by one. */
class BestQuote {
  private atMs = Number.NEGATIVE_INFINITY;
  private bid: Side | null = null;
  private ask: Side | null = null;
  private last = '';

  /** What the quote was when the millisecond before `atMs` ended: a row where it is a new one, and begins the next. */
  before(atMs: number): RecordedRow[] {
    const { bid, ask } = this;
    const [was, over] = [this.atMs, atMs > this.atMs];
    this.atMs = atMs;
    if (!over || !bid || !ask || bid.price >= ask.price) return [];
    const key = [bid.price, bid.size, ask.price, ask.size].join();
    if (key === this.last) return [];
    this.last = key;
    return [{ kind: 'quote', atMs: was, bid: bid.price, bidSize: bid.size, ask: ask.price, askSize: ask.size }];
  }

  /** A side that is not told has a price of zero. */
  tell(bid: Side, ask: Side): void {
    if (bid.price !== 0) this.bid = bid;
    if (ask.price !== 0) this.ask = ask;
  }
}

function tradeBar(atMs: number, value: (i: number) => number): RecordedRow {
  const volume = value(5);
  return { kind: 'trade', atMs, low: value(3), high: value(2), volume, sells: volume / 2, buys: volume / 2 };
}

function quoteBar(atMs: number, value: (i: number) => number): RecordedRow {
  return { kind: 'quote', atMs, bid: value(4), bidSize: value(5), ask: value(9), askSize: value(10) };
}

function whole(form: RecordingForm, number: number, text: string | undefined): number {
  // Some of LEAN's files write whole numbers with a fraction of zero.
  const digits = text?.replace(/\.0+$/, '') ?? '';
  if (WHOLE.test(digits)) return Number(digits);
  const what = `line ${number} of the ${form.resolution} ${form.type}s of ${form.symbol} on ${form.date}`;
  throw new RecordingUnreadable(`${what} has "${text ?? ''}" where a whole number belongs`);
}

function tenThousandths(text: string | undefined, where: string): number {
  if (text === undefined || !PRICE.test(text)) {
    throw new RecordingUnreadable(`${where} has "${text ?? ''}" where a number of at most four decimals belongs`);
  }
  return Math.round(Number(text) * PRICE_SCALE);
}
