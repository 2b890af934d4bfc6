import { addMilliseconds } from '@ballast/kernel/calendar';
import type { Instant } from '@ballast/kernel/calendar';
import { D, Decimal } from '@ballast/kernel/money';
import { MINUTE_MS, minutesOf, quoteOf } from './market.js';
import type { MarketSession } from './market.js';
import { tapeOf } from './tape.js';
import type { TapeRules, TradeEvent } from './tape.js';

/** What traded in one minute, US dollars a share and shares. */
export interface MinuteBar {
  /** When the minute began. */
  readonly at: Instant;
  readonly open: Decimal;
  readonly high: Decimal;
  readonly low: Decimal;
  readonly close: Decimal;
  readonly volume: Decimal;
  readonly vwap: Decimal;
}

const VWAP_DECIMALS = 6;

/**
 * The minutes of a symbol that began at or after `from` and were over by `until`, oldest first. A minute without a trade has no
 * bar, and a symbol whose volume nobody told has none at all: a volume is never guessed.
 */
export function minuteBarsOf(
  session: MarketSession,
  symbol: string,
  rules: TapeRules,
  { from, until }: { readonly from: Instant; readonly until: Instant },
): MinuteBar[] {
  const bars: MinuteBar[] = [];
  for (let minute = 0; minute < minutesOf(session); minute += 1) {
    const at = addMilliseconds(session.open, minute * MINUTE_MS);
    const end = addMilliseconds(at, MINUTE_MS);
    if (at < from) continue;
    if (end > until) break;
    const bar = session.recordings.has(symbol)
      ? recordedMinute(session, symbol, rules, at, end)
      : pathMinute(session, symbol, rules, at);
    if (bar) bars.push(bar);
  }
  return bars;
}

/** A minute of the path inside the day has one price, and an equal part of the day's volume. */
function pathMinute(session: MarketSession, symbol: string, rules: TapeRules, at: Instant): MinuteBar | null {
  const price = quoteOf(session, symbol, at, rules.spreadBp)?.mid;
  const ofDay = session.bars.get(symbol)?.volume ?? null;
  const volume = ofDay === null ? rules.depth?.sharesPerMinute : ofDay.div(minutesOf(session));
  if (!price || !volume) return null;
  const shares = volume.toDecimalPlaces(0, Decimal.ROUND_FLOOR);
  return { at, open: price, high: price, low: price, close: price, volume: shares, vwap: price };
}

function recordedMinute(
  session: MarketSession,
  symbol: string,
  rules: TapeRules,
  at: Instant,
  end: Instant,
): MinuteBar | null {
  const events = tapeOf(session, symbol, rules)?.events(at, end) ?? [];
  const trades = [...events].filter(
    (event): event is TradeEvent => event.kind === 'trade' && event.volume.greaterThan(0),
  );
  const [first, last] = [trades[0], trades.at(-1)];
  if (!first || !last) return null;
  const volume = trades.reduce((total, trade) => total.plus(trade.volume), new D(0));
  const worth = trades.reduce((total, trade) => total.plus(middleOf(trade).times(trade.volume)), new D(0));
  return {
    at,
    open: middleOf(first),
    high: D.max(...trades.map(({ high }) => high)),
    low: D.min(...trades.map(({ low }) => low)),
    close: middleOf(last),
    volume,
    vwap: worth.div(volume).toDecimalPlaces(VWAP_DECIMALS),
  };
}

const middleOf = ({ low, high }: TradeEvent): Decimal => low.plus(high).div(2);
