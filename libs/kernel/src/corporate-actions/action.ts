import { addDays } from '../calendar/index.js';
import type { SessionDate } from '../calendar/index.js';
import { D, formatDecimal, KernelError } from '../money/index.js';
import type { Decimal } from '../money/index.js';
import { compareText } from '../ordering/index.js';

interface ActionFields {
  /** The ex-date: the first day on which a share trades without what the action gave to its holder. */
  readonly date: SessionDate;
  /** The ticker it was announced under. It goes into the trail and decides nothing: a series is one instrument's. */
  readonly symbol?: string;
}

/** `ratio`: shares held after for each share before; 7 for a 7-for-1 split, 0.1 for a 1-for-10 reverse split. */
export type ShareAction = ActionFields & { readonly type: 'split' | 'stock_dividend'; readonly ratio: Decimal };

/**
 * `amount`: money for each share held on the evening before the ex-date. Of a spin-off it is the value of what one parent
 * share received: child shares per parent share × the child's first price. The ratio alone says nothing about the price.
 */
export type Distribution = ActionFields & { readonly type: 'cash_dividend' | 'spinoff'; readonly amount: Decimal };

/** A corporate action of one instrument, in the terms of its announcement. */
export type CorporateAction = ShareAction | Distribution | (ActionFields & { readonly type: 'symbol_change' });

/** An action as a feed or a file names it, not checked yet. */
export interface ActionRow {
  readonly date: string;
  readonly type: string;
  readonly symbol?: string | undefined;
  readonly ratio?: Decimal | undefined;
  readonly amount?: Decimal | undefined;
}

/** The names that feeds use. `dividend` without more is cash, and a reverse split is a split below one. */
const TYPES: ReadonlyMap<string, CorporateAction['type']> = new Map([
  ['split', 'split'],
  ['reverse_split', 'split'],
  ['stock_dividend', 'stock_dividend'],
  ['cash_dividend', 'cash_dividend'],
  ['dividend', 'cash_dividend'],
  ['spinoff', 'spinoff'],
  ['symbol_change', 'symbol_change'],
]);

/** The order on one day: what is paid on the old shares comes before the shares are exchanged for new ones. */
const ORDER: readonly CorporateAction['type'][] = [
  'cash_dividend',
  'spinoff',
  'stock_dividend',
  'split',
  'symbol_change',
];

const NO_TERMS = new D(0);

/**
 * Reads an action: its type by any of the names feeds use, with the ratio or the amount that the type needs.
 *
 * Throws `UNKNOWN_ACTION_TYPE`, `INVALID_DATE`; `INVALID_RATIO` where it is missing, not above zero, not above one for a
 * stock dividend (5 % is 1.05) or not below one for a `reverse_split`; `INVALID_AMOUNT` where it is missing or not above
 * zero: a feed that knows of a dividend and not how much must not pass for one that paid nothing.
 */
export function readAction(row: ActionRow): CorporateAction {
  const type = TYPES.get(row.type);
  if (!type) {
    const known = [...TYPES.keys()].join(', ');
    throw new KernelError('UNKNOWN_ACTION_TYPE', `type ${JSON.stringify(row.type)} is not one of ${known}.`);
  }
  const common = { date: addDays(row.date, 0), ...(row.symbol === undefined ? {} : { symbol: row.symbol }) };
  if (type === 'symbol_change') return { ...common, type };
  if (type === 'cash_dividend' || type === 'spinoff') return { ...common, type, amount: amountOf(row) };
  return { ...common, type, ratio: ratioOf(row) };
}

/**
 * Checks actions and puts them in the order in which they are applied: by date, on one day cash dividends, spin-offs,
 * stock dividends, splits; equal types by their ratio or amount. The order they came in does not matter.
 *
 * The same date, type and terms given twice are one action, so that a feed that delivers twice changes nothing; two
 * dividends of one day that happen to be equal are to be given as one with their sum. Throws what {@link readAction}
 * throws, and `CONFLICTING_ACTIONS` where two different ones on one day both raise, or both lower, the number of shares:
 * that is one action as two vendors tell it. (A reverse split and a split on one day, which cash small holders out, are two.)
 */
export function orderActions(actions: readonly CorporateAction[]): CorporateAction[] {
  const sorted = actions.map((action) => readAction(action)).sort(compareActions);
  const distinct = sorted.filter((action, i) => {
    const before = sorted[i - 1];
    return before === undefined || keyOf(before) !== keyOf(action);
  });
  const shareActions = new Map<string, ShareAction>();
  for (const action of distinct) {
    if (action.type !== 'split' && action.type !== 'stock_dividend') continue;
    const direction = `${action.date} ${action.ratio.comparedTo(1)}`;
    const other = shareActions.get(direction);
    if (other) {
      throw new KernelError(
        'CONFLICTING_ACTIONS',
        `${nameOf(action)} has the ratio ${formatDecimal(action.ratio)}, but there is a ${other.type} of ` +
          `${formatDecimal(other.ratio)} on that day; keep the one of the source you trust.`,
      );
    }
    shareActions.set(direction, action);
  }
  return distinct;
}

/** How messages call an action. */
export function nameOf({ type, date, symbol }: { type: string; date: string; symbol?: string | undefined }): string {
  return `the ${type}${symbol === undefined ? '' : ` of ${symbol}`} on ${date}`;
}

function ratioOf(row: ActionRow): Decimal {
  const { ratio, type } = row;
  if (!ratio?.isFinite() || ratio.lessThanOrEqualTo(0)) throw invalid('INVALID_RATIO', 'ratio', row, 'above zero');
  if (type === 'stock_dividend' && ratio.lessThanOrEqualTo(1)) {
    throw invalid('INVALID_RATIO', 'ratio', row, 'above one, new shares per old: 5 % is 1.05');
  }
  if (type === 'reverse_split' && ratio.greaterThanOrEqualTo(1)) {
    throw invalid('INVALID_RATIO', 'ratio', row, 'below one, new shares per old: 1-for-10 is 0.1');
  }
  return ratio;
}

function amountOf(row: ActionRow): Decimal {
  const { amount, type } = row;
  if (!amount?.isFinite() || amount.lessThanOrEqualTo(0)) {
    const what = type === 'spinoff' ? 'the value of what a parent share received' : 'money per share held';
    throw invalid('INVALID_AMOUNT', 'amount', row, `above zero, ${what}`);
  }
  return amount;
}

function invalid(code: string, field: 'ratio' | 'amount', row: ActionRow, what: string): KernelError {
  const value = row[field];
  return new KernelError(
    code,
    `${field} of ${nameOf(row)} must be ${what}; it is ${value === undefined ? 'missing' : value.toString()}.`,
  );
}

function compareActions(a: CorporateAction, b: CorporateAction): number {
  return (
    compareText(a.date, b.date) ||
    ORDER.indexOf(a.type) - ORDER.indexOf(b.type) ||
    termsOf(a).comparedTo(termsOf(b)) ||
    compareText(a.symbol ?? '', b.symbol ?? '')
  );
}

function keyOf(action: CorporateAction): string {
  return `${action.date} ${action.type} ${formatDecimal(termsOf(action))}`;
}

function termsOf(action: CorporateAction): Decimal {
  if (action.type === 'symbol_change') return NO_TERMS;
  return 'ratio' in action ? action.ratio : action.amount;
}
