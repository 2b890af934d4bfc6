import { KernelError } from '../money/index.js';
import { addDays } from '../calendar/index.js';
import type { SessionDate } from '../calendar/index.js';

/** FINRA Rule 4210 as it was and as it is, under the names of its paragraphs. */
export type DayTradingRule = 'PDT_4210_f_8_B' | 'INTRADAY_MARGIN_4210_d_2';

const PATTERN_RULE_FROM = '2001-09-28';
/** SR-FINRA-2025-017, Regulatory Notice 26-10. */
const INTRADAY_RULE_FROM = '2026-06-04';
/** Until here a firm may still apply the rule before. */
const TRANSITION_TO = '2027-10-20';

/**
 * Which rule holds for an account on a day. In: the day, and the day from which its broker applies the intraday margin rule
 * (null where the broker has not said so yet). Out: the rule; null before 2001-09-28, when there was none.
 *
 * The intraday rule is in force from 2026-06-04, a broker may come to it until 2027-10-20, and from the day after it holds for all.
 * @throws KernelError INVALID_DATE.
 */
export function dayTradingRule(date: SessionDate, adoptedOn: SessionDate | null): DayTradingRule | null {
  const day = addDays(date, 0);
  if (day < PATTERN_RULE_FROM) return null;
  const adopted = adoptedOn === null ? null : addDays(adoptedOn, 0);
  if (day > TRANSITION_TO) return 'INTRADAY_MARGIN_4210_d_2';
  return day >= INTRADAY_RULE_FROM && adopted !== null && day >= adopted
    ? 'INTRADAY_MARGIN_4210_d_2'
    : 'PDT_4210_f_8_B';
}

/** Day trades within five sessions that make a pattern, unless they are few among all trades. */
export const PATTERN_DAY_TRADES = 4;
const PATTERN_PERCENT_MAX = 6;

/**
 * Whether an account is one of a pattern day trader: four or more day trades within five business days, and these more than 6 %
 * of its trades in that time (FINRA Rule 4210(f)(8)(B), until it was replaced).
 * @throws KernelError INVALID_COUNT where a count is no whole number of at least zero, or there are more day trades than trades.
 */
export function isPatternDayTrader(dayTrades: number, totalTrades: number): boolean {
  for (const [name, count] of Object.entries({ dayTrades, totalTrades })) {
    if (Number.isInteger(count) && count >= 0) continue;
    throw new KernelError('INVALID_COUNT', `${name} is ${count}; give a whole number of at least 0.`);
  }
  if (dayTrades > totalTrades) {
    throw new KernelError(
      'INVALID_COUNT',
      `There are ${dayTrades} day trades among ${totalTrades} trades; count both over the same days.`,
    );
  }
  return dayTrades >= PATTERN_DAY_TRADES && dayTrades * 100 > PATTERN_PERCENT_MAX * totalTrades;
}
