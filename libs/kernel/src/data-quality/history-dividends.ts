import { daysBetween } from '../calendar/index.js';
import { isDividend, isSplit } from './history-actions.js';
import type { HistoryAction } from './history-actions.js';
import type { Moves } from './history-levels.js';
import { percent, shown } from './history-finding.js';
import type { Report } from './history-finding.js';

/** A dividend on the row it falls on, with the closes around. */
interface Payment {
  readonly date: string;
  readonly amount: number;
  readonly before: number;
  readonly close: number;
  /** New shares per old of splits on the same date, 1 where there is none. */
  readonly ratio: number;
}

/** From this part of the price on, a fall of the price must be seen. */
const LARGE_YIELD = 0.1;
/** Of the amount, at least this part must be seen in the fall; the rest may be the market's own move of the day. */
const SEEN_PART = 1 / 3;
const REPEAT_DAYS = 7;
const REPEAT_SLACK = 0.15;
const UNIT = 100;
const UNIT_SLACK = 0.05;
const SPLIT_SLACK = 0.25;
/** Vendors round their adjusted closes, and weigh dividends by one close or the other. */
const ADJUSTED_SLACK = 0.005;

/**
 * Reports `DIVIDEND_SUSPECT` (WARNING) for dividends that cannot be what they say: not below the price, or a tenth of it
 * and more of which the price shows no third; a second one of nearly the same amount within a week (the one the price
 * shows less of); exactly 1/100 of the one before or after; unadjusted for the split of the same day.
 */
export function checkDividends(moves: Moves, actions: readonly HistoryAction[], report: Report): void {
  const payments = paymentsOf(moves, actions).filter(({ amount }) => amount > 0);
  payments.forEach((payment, i) => {
    const why = whySuspect(payments, i);
    if (why) report('DIVIDEND_SUSPECT', 'WARNING', payment.date, `dividend ${shown(payment.amount)} ${why}.`);
  });
}

function whySuspect(payments: readonly Payment[], i: number): string | null {
  const payment = payments[i]!;
  const unlike = whyUnlikePrice(payment);
  if (unlike) return unlike;
  for (const other of [payments[i - 1], payments[i + 1]]) {
    // A neighbour that is wrong itself is nothing to be measured by.
    if (!other || whyUnlikePrice(other)) continue;
    const why = whyUnlike(payment, other);
    if (why) return why;
  }
  return null;
}

function whyUnlikePrice(payment: Payment): string | null {
  const { amount, before, close } = payment;
  const prices = `the close went from ${shown(before)} to ${shown(close)}`;
  if (amount >= before) return `is not below the price: ${prices}`;
  if (amount <= LARGE_YIELD * before || fallOf(payment) >= SEEN_PART * amount) return null;
  return `is ${percent(amount / before)} of the price, which does not show it: ${prices}`;
}

function whyUnlike(payment: Payment, other: Payment): string | null {
  const { amount, before, close, ratio } = payment;
  const times = amount / other.amount;
  const beside = `${shown(other.amount)} on ${other.date}`;
  if (isRepeat(payment, other)) {
    return `comes beside ${beside}, and the price shows less of it: the close went from ${shown(before)} to ${shown(close)}`;
  }
  if (Math.abs(times * UNIT - 1) < UNIT_SLACK) return `is 1/100 of ${beside}`;
  if (Math.abs(Math.log(ratio)) <= SPLIT_SLACK || Math.abs(times / ratio - 1) >= SPLIT_SLACK) return null;
  return `is ${shown(times)} times ${beside}, as if the split of ${shown(ratio)} on its day were not in it`;
}

function isRepeat(payment: Payment, other: Payment): boolean {
  if (Math.abs(daysBetween(payment.date, other.date)) > REPEAT_DAYS) return false;
  if (Math.abs(payment.amount / other.amount - 1) > REPEAT_SLACK) return false;
  const [own, others] = [fallOf(payment) / payment.before, fallOf(other) / other.before];
  return own < others || (own === others && payment.date > other.date);
}

function fallOf({ before, close, ratio }: Payment): number {
  const whole = before - close;
  // On raw prices the split of the same day lies in the fall too; the reading nearer to no move is the right one.
  const divided = before - close * ratio;
  return Math.abs(divided) < Math.abs(whole) ? divided : whole;
}

/** One payment a date, of the dividends that fall on a row with a close before it. */
function paymentsOf({ series, rows }: Moves, actions: readonly HistoryAction[]): Payment[] {
  const amounts = new Map<string, number>();
  const ratios = new Map<string, number>();
  for (const action of actions) {
    const { date } = action;
    if (isDividend(action)) amounts.set(date, (amounts.get(date) ?? 0) + action.amount!);
    if (isSplit(action)) ratios.set(date, (ratios.get(date) ?? 1) * action.ratio!);
  }
  const payments: Payment[] = [];
  let k = 1;
  for (const date of [...amounts.keys()].sort()) {
    while (k < rows.length && series.dates[rows[k]!]! < date) k += 1;
    if (k >= rows.length) break;
    if (series.dates[rows[0]!]! >= date) continue;
    const [before, close] = [series.close[rows[k - 1]!]!, series.close[rows[k]!]!];
    payments.push({ date, amount: amounts.get(date)!, before, close, ratio: ratios.get(date) ?? 1 });
  }
  return payments;
}

/**
 * Reports `ADJUSTED_CLOSE_MISMATCH` (WARNING) where the vendor's adjusted close changes against the close by more than
 * 0.5 % otherwise than the actions of the row say: adjusted before / close before over adjusted / close must be
 * 1 - dividend / close before, times 1 / split ratio on raw prices.
 */
export function checkAdjustedCloses({ series, rows, effects, basis }: Moves, report: Report): void {
  const { close, adjustedClose } = series;
  for (let k = 1; k < rows.length; k += 1) {
    const [before, row] = [rows[k - 1]!, rows[k]!];
    const found = adjustedClose[before]! / close[before]! / (adjustedClose[row]! / close[row]!);
    const effect = effects[k];
    if (Number.isNaN(found) || effect?.open) continue;
    const cash = 1 - (effect?.cash ?? 0) / close[before]!;
    const expected = basis === 'raw' ? cash / (effect?.ratio ?? 1) : cash;
    if (Math.abs(found / expected - 1) <= ADJUSTED_SLACK) continue;
    const detail = `the adjusted close steps by a factor of ${shown(found)} against the close; the actions of the day say ${shown(expected)}.`;
    report('ADJUSTED_CLOSE_MISMATCH', 'WARNING', series.dates[row]!, detail);
  }
}
