import { addDays } from '../calendar/index.js';
import type { SessionDate } from '../calendar/index.js';
import { adjustBars, readAction } from '../corporate-actions/index.js';
import type { AdjustmentMode, CorporateAction, DailyBar } from '../corporate-actions/index.js';
import { formatDecimal, KernelError } from '../money/index.js';
import type { Decimal } from '../money/index.js';
import { decimalAt, listAt, objectAt, textAt } from './fields.js';
import type { Fields } from './fields.js';

/**
 * Significant digits of an adjusted close: what a reader that parses it as a double keeps. A ratio of one third that came
 * as a double, 0.3333333333333333, still gives whole numbers.
 */
const CLOSE_DIGITS = 15;

/**
 * `{bars:[{date, open?, high?, low?, close, volume?}], actions:[{date, type, ratio|amount}], asOf, mode}` →
 * `{bars:[{date, close}]}` by date, without those after `asOf`.
 *
 * `close` is a decimal string: of a bar that no action moved exactly as given, of the others rounded half-up to 15
 * significant digits, here and nowhere before. `null` is as good as missing. Types, ratios and amounts: `readAction`.
 * Throws `INVALID_INPUT`, `INVALID_DECIMAL` and `INVALID_DATE` with the field, and what `readAction` and `adjustBars` throw.
 */
export function corporateActionsCase(input: Fields): { bars: { date: SessionDate; close: string }[] } {
  const bars = listAt('bars', input['bars']).map((bar, i) => barAt(`bars[${i}]`, bar));
  const actions = listAt('actions', input['actions']).map((action, i) => actionAt(`actions[${i}]`, action));
  const asOf = dateAt('asOf', input['asOf']);
  // The kernel says what modes there are.
  const series = adjustBars(bars, actions, { asOf, mode: input['mode'] as AdjustmentMode });
  const lastMove = series.applied.at(-1)?.action.date ?? '';
  return {
    bars: series.bars.map(({ date, close }) => {
      return { date, close: formatDecimal(date < lastMove ? close.toSignificantDigits(CLOSE_DIGITS) : close) };
    }),
  };
}

function barAt(at: string, value: unknown): DailyBar {
  const fields = objectAt(at, value);
  const [open, high, low, volume] = ['open', 'high', 'low', 'volume'].map((name) => optionalAt(at, fields, name));
  return {
    date: dateAt(`${at}.date`, fields['date']),
    ...(open && { open }),
    ...(high && { high }),
    ...(low && { low }),
    close: named(`${at}.close`, () => decimalAt(`${at}.close`, fields['close'])),
    ...(volume && { volume }),
  };
}

function actionAt(at: string, value: unknown): CorporateAction {
  const fields = objectAt(at, value);
  const row = {
    date: dateAt(`${at}.date`, fields['date']),
    type: textAt(`${at}.type`, fields['type']),
    symbol: (fields['symbol'] ?? null) === null ? undefined : textAt(`${at}.symbol`, fields['symbol']),
    ratio: optionalAt(at, fields, 'ratio'),
    amount: optionalAt(at, fields, 'amount'),
  };
  return named(at, () => readAction(row));
}

function optionalAt(at: string, fields: Fields, name: string): Decimal | undefined {
  const value = fields[name] ?? undefined;
  return value === undefined ? undefined : named(`${at}.${name}`, () => decimalAt(`${at}.${name}`, value));
}

function dateAt(at: string, value: unknown): SessionDate {
  const date = textAt(at, value);
  return named(at, () => addDays(date, 0));
}

/** Says in which field a refusal arose that does not say it itself. */
function named<T>(at: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof KernelError) || error.message.startsWith(at)) throw error;
    throw new KernelError(error.code, `${at}: ${error.message}`);
  }
}
