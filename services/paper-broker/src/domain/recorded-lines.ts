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

/** One side of one exchange, as a tick tells it. Prices in ten-thousandths of a dollar; null for a side not told. */
interface Sides {
  readonly exchange: string;
  readonly bid: readonly [price: number, size: number] | null;
  readonly ask: readonly [price: number, size: number] | null;
}

/**
 * Reads the lines of one LEAN file: ms since midnight in New York, prices times 10,000. Quotes of exchanges become the best
 * bid and ask of all of them; while these are locked or crossed, which is a side that nobody has taken back yet, the quote
 * before stays. Trades marked suspicious are left out. A bar is known when its time is over.
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
      const row = best.after(at, sidesOf(fields, value));
      if (row) rows.push(row);
    } else if (fields[5] !== '1') {
      const [price, volume] = [value(1), value(2)];
      rows.push({ kind: 'trade', atMs: at, low: price, high: price, volume, sells: null, buys: null });
    }
  }
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

/** The best bid and ask of all exchanges, from what each of them told last. */
class BestQuote {
  private readonly bids = new Map<string, readonly [number, number]>();
  private readonly asks = new Map<string, readonly [number, number]>();
  private last = '';

  /** The new best quote, or null where it is the old one, one-sided, locked or crossed. */
  after(atMs: number, { exchange, bid: toldBid, ask: toldAsk }: Sides): RecordedRow | null {
    if (toldBid) this.bids.set(exchange, toldBid);
    if (toldAsk) this.asks.set(exchange, toldAsk);
    const bid = bestOf(this.bids, (a, b) => a > b);
    const ask = bestOf(this.asks, (a, b) => a < b);
    if (!bid || !ask || bid[0] >= ask[0]) return null;
    const key = [...bid, ...ask].join();
    if (key === this.last) return null;
    this.last = key;
    return { kind: 'quote', atMs, bid: bid[0], bidSize: bid[1], ask: ask[0], askSize: ask[1] };
  }
}

/** The best price and all that is shown there. */
function bestOf(
  sides: ReadonlyMap<string, readonly [number, number]>,
  isBetter: (a: number, b: number) => boolean,
): readonly [number, number] | null {
  let best: readonly [number, number] | null = null;
  for (const [price, size] of sides.values()) {
    if (!best || isBetter(price, best[0])) best = [price, size];
    else if (price === best[0]) best = [price, best[1] + size];
  }
  return best;
}

function sidesOf(fields: readonly string[], value: (i: number) => number): Sides {
  const side = (i: number): readonly [number, number] | null => {
    // A side that is not told has a price of zero.
    const price = value(i);
    return price === 0 ? null : [price, value(i + 1)];
  };
  return { exchange: fields[5] ?? '', bid: side(1), ask: side(3) };
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
