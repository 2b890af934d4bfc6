import { checkHistory, sessionCalendar } from '../data-quality/index.js';
import type {
  HistoryAction,
  HistoryActionType,
  HistoryBar,
  HistoryQuality,
  PriceBasis,
} from '../data-quality/index.js';
import { KernelError } from '../money/index.js';
import { decimalAt, listAt, objectAt, textAt } from './fields.js';
import type { Fields } from './fields.js';

const BASES: readonly unknown[] = ['raw', 'split_adjusted'] satisfies PriceBasis[];

/**
 * `{bars: [{date, open, high, low, close, volume, adjustedClose?}], calendar, actions?: [{date, type, ratio | amount}],
 * basis?: "raw" | "split_adjusted", from?}` → `{score, findings: [{code, severity, date, detail}]}`.
 *
 * A value of a bar that is null or absent is missing, which is a finding; numbers are JSON numbers or decimal strings. What
 * the codes mean, and the types of actions: `checkHistory`. Throws `INVALID_INPUT` for what is no number or no date text,
 * `UNKNOWN_CALENDAR`, `UNKNOWN_ACTION_TYPE`, `INVALID_ACTION`.
 */
export function dataQualityCase(input: Fields): HistoryQuality {
  const bars = listAt('bars', input['bars']).map((bar, i) => barOf(`bars[${i}]`, bar));
  const calendar = sessionCalendar(textAt('calendar', input['calendar']));
  const actions = isAbsent(input['actions']) ? [] : listAt('actions', input['actions']);
  return checkHistory(bars, {
    calendar,
    actions: actions.map((action, i) => actionOf(`actions[${i}]`, action)),
    ...(isAbsent(input['basis']) ? {} : { basis: basisAt(input['basis']) }),
    ...(isAbsent(input['from']) ? {} : { from: textAt('from', input['from']) }),
  });
}

function barOf(at: string, value: unknown): HistoryBar {
  const fields = objectAt(at, value);
  const number = (name: string): number => {
    const field = fields[name];
    return isAbsent(field) ? Number.NaN : decimalAt(`${at}.${name}`, field).toNumber();
  };
  return {
    date: textAt(`${at}.date`, fields['date']),
    open: number('open'),
    high: number('high'),
    low: number('low'),
    close: number('close'),
    volume: number('volume'),
    ...(isAbsent(fields['adjustedClose']) ? {} : { adjustedClose: number('adjustedClose') }),
  };
}

function actionOf(at: string, value: unknown): HistoryAction {
  const fields = objectAt(at, value);
  const [ratio, amount] = [fields['ratio'], fields['amount']];
  return {
    date: textAt(`${at}.date`, fields['date']),
    // The check knows the types and names them all where it is given another.
    type: textAt(`${at}.type`, fields['type']) as HistoryActionType,
    ...(isAbsent(ratio) ? {} : { ratio: decimalAt(`${at}.ratio`, ratio).toNumber() }),
    ...(isAbsent(amount) ? {} : { amount: decimalAt(`${at}.amount`, amount).toNumber() }),
  };
}

function basisAt(value: unknown): PriceBasis {
  if (BASES.includes(value)) return value as PriceBasis;
  throw new KernelError('INVALID_INPUT', `basis must be one of ${BASES.join(', ')}; it is ${JSON.stringify(value)}.`);
}

function isAbsent(value: unknown): boolean {
  return value === undefined || value === null;
}
