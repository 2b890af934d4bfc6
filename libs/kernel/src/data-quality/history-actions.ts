import type { SessionDate } from '../calendar/index.js';
import { KernelError } from '../money/index.js';
import { isDate } from './bar.js';
import type { Series } from './history-series.js';

/** A corporate action by the first date that trades without it (the ex-date). */
export interface HistoryAction {
  readonly date: SessionDate;
  readonly type: HistoryActionType;
  /** Splits and stock dividends: new shares per old share; 0.1 is one for ten. */
  readonly ratio?: number;
  /** Dividends, return of capital, and spin-offs whose worth is known: money a share, in the unit of the prices. */
  readonly amount?: number;
}

/** `basis` of a history: raw prices jump at a split; split-adjusted ones do not. */
export type PriceBasis = 'raw' | 'split_adjusted';

const DIVIDES = ['split', 'reverse_split', 'stock_dividend'] as const;
const PAYS = ['dividend', 'cash_dividend', 'return_of_capital'] as const;
const CHANGES = ['spinoff', 'merger', 'symbol_change'] as const;
const TYPES: readonly string[] = [...DIVIDES, ...PAYS, ...CHANGES];

export type HistoryActionType = (typeof DIVIDES)[number] | (typeof PAYS)[number] | (typeof CHANGES)[number];

/** What the actions between one row and the next do to a price. */
export interface ActionEffect {
  /** Product of the splits' ratios; 1 where there is none. */
  readonly ratio: number;
  /** Money a share. */
  readonly cash: number;
  /** Whether a spin-off or merger of unknown worth lies between: it explains any move. */
  readonly open: boolean;
}

/** Below this a split is lost in the noise of a day and tells nothing about the basis. */
const TELLING_SPLIT_LN = Math.log(1.3);

/** Checks an action's shape. Throws `UNKNOWN_ACTION_TYPE`, `INVALID_ACTION`. */
export function requireAction(action: HistoryAction): void {
  const { date, type, ratio, amount } = action;
  if (!TYPES.includes(type)) {
    throw new KernelError('UNKNOWN_ACTION_TYPE', `type ${JSON.stringify(type)} is not one of ${TYPES.join(', ')}.`);
  }
  if (!isDate(date)) {
    throw new KernelError('INVALID_ACTION', `the ${type} of ${JSON.stringify(date)} needs a date written YYYY-MM-DD.`);
  }
  if (isSplit(action) && !(ratio !== undefined && ratio > 0 && ratio < Infinity)) {
    throw new KernelError('INVALID_ACTION', `the ${type} of ${date} needs a ratio above zero: new shares per old.`);
  }
  if (isDividend(action) && !(amount !== undefined && amount >= 0 && amount < Infinity)) {
    throw new KernelError('INVALID_ACTION', `the ${type} of ${date} needs an amount of zero or more a share.`);
  }
}

/** Whether an action multiplies the shares. */
export function isSplit({ type }: HistoryAction): boolean {
  return (DIVIDES as readonly string[]).includes(type);
}

/** Whether an action pays money. */
export function isDividend({ type }: HistoryAction): boolean {
  return (PAYS as readonly string[]).includes(type);
}

/**
 * The effect of the actions that fall on each of the given rows, or after the row before it; null where there are none.
 * Actions before the first row have no effect within the history.
 */
export function effectsOn(dates: readonly SessionDate[], actions: readonly HistoryAction[]): (ActionEffect | null)[] {
  const effects = dates.map((): ActionEffect | null => null);
  const sorted = [...actions].sort((a, b) => (a.date < b.date ? -1 : a.date > b.date ? 1 : 0));
  let at = 0;
  for (const action of sorted) {
    while (at < dates.length && dates[at]! < action.date) at += 1;
    if (at === dates.length) break;
    if (at === 0) continue;
    effects[at] = together(effects[at]!, action);
  }
  return effects;
}

function together(before: ActionEffect | null, action: HistoryAction): ActionEffect {
  const { ratio, cash, open } = before ?? { ratio: 1, cash: 0, open: false };
  if (isSplit(action)) return { ratio: ratio * action.ratio!, cash, open };
  if (action.type === 'symbol_change') return { ratio, cash, open };
  return { ratio, cash: cash + (action.amount ?? 0), open: open || action.amount === undefined };
}

/**
 * Which basis the prices are on, from how they behave at the splits: the basis that most of them speak for, raw where as
 * many speak for one as for the other. A split that then disagrees is a flip.
 */
export function basisOf(
  close: Float64Array,
  rows: readonly number[],
  effects: readonly (ActionEffect | null)[],
): PriceBasis {
  let raw = 0;
  let adjusted = 0;
  for (let k = 1; k < rows.length; k += 1) {
    const ln = Math.log(effects[k]?.ratio ?? 1);
    if (Math.abs(ln) < TELLING_SPLIT_LN) continue;
    const move = Math.log(close[rows[k]!]! / close[rows[k - 1]!]!);
    if (Math.abs(move + ln) < Math.abs(move)) raw += 1;
    else adjusted += 1;
  }
  return raw >= adjusted ? 'raw' : 'split_adjusted';
}

/** The rows of a history that have a close. */
export function rowsWithClose({ close }: Series): number[] {
  const rows: number[] = [];
  for (let i = 0; i < close.length; i += 1) if (close[i]! > 0) rows.push(i);
  return rows;
}
