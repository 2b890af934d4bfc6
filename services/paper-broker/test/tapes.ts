import { recordingOf } from '../src/domain/recording.js';
import type { RecordedRow, Recording } from '../src/domain/recording.js';
import { OPEN } from './times.js';

const SCALE = 10_000;

/**
 * A recording written by hand, one event a line: `q <seconds after the open> <bid> <size> <ask> <size>` or
 * `t <seconds> <price> <shares>`.
 */
export function recorded(symbol: string, date: string, text: string): Recording {
  const rows = text.split('\n').map((line): RecordedRow => {
    const [kind, seconds, ...values] = line.trim().split(/ +/);
    const atMs = Date.parse(OPEN) + Number(seconds) * 1_000;
    const [a = 0, b = 0, c = 0, d = 0] = values.map(Number);
    const price = (value: number): number => Math.round(value * SCALE);
    return kind === 'q'
      ? { kind: 'quote', atMs, bid: price(a), bidSize: b, ask: price(c), askSize: d }
      : { kind: 'trade', atMs, low: price(a), high: price(a), volume: b, sells: null, buys: null };
  });
  return recordingOf(symbol, date, rows);
}
