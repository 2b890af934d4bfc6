import type { SessionDate } from '@ballast/contracts';
import { readAction, type CorporateAction } from '@ballast/kernel/corporate-actions';
import type { HistoryAction } from '@ballast/kernel/data-quality';
import { Decimal, formatDecimal } from '@ballast/kernel/money';

/** The types under which actions are kept; a reverse split is a split below one. */
export type ActionType = CorporateAction['type'];

/**
 * All that is known of one type of action of a symbol on a date, the unit in which actions are kept. `terms` are the
 * ratios (splits, stock dividends) or amounts a share (dividends, spin-offs) as decimal text in order, more than one where
 * a special dividend falls on the day of a regular one; the new ticker for a change of symbol. None at all where a vendor
 * tells of a distribution and not of its worth.
 */
export interface SymbolAction {
  readonly symbol: string;
  /** The ex-date. */
  readonly date: SessionDate;
  readonly type: ActionType;
  readonly terms: readonly string[];
}

/** An action as a file or a vendor tells it. */
export interface ToldAction {
  readonly symbol: string;
  readonly date: string;
  readonly type: string;
  readonly ratio?: string | undefined;
  readonly amount?: string | undefined;
  readonly newSymbol?: string | undefined;
}

const NUMBER = /^\d+(\.\d+)?$/;

/**
 * Checks one action that was told, its worth too, and gives it the form in which actions are kept.
 * @throws KernelError of `readAction`: UNKNOWN_ACTION_TYPE, INVALID_DATE, INVALID_RATIO, INVALID_AMOUNT.
 */
export function actionOf(told: ToldAction): SymbolAction {
  const { symbol, date, type, newSymbol } = told;
  const read = readAction({ symbol, date, type, ratio: decimalOf(told.ratio), amount: decimalOf(told.amount) });
  const terms = read.type === 'symbol_change' ? (newSymbol ?? '') : formatDecimal(termsOf(read));
  return { symbol, date: read.date, type: read.type, terms: [terms] };
}

/** Puts what is told of the same symbol, date and type together; what is told twice in the same words is one. */
export function gatherActions(actions: readonly SymbolAction[]): SymbolAction[] {
  const gathered = new Map<string, SymbolAction>();
  for (const action of actions) {
    const key = `${action.symbol} ${action.date} ${action.type}`;
    const terms = new Set([...(gathered.get(key)?.terms ?? []), ...action.terms]);
    gathered.set(key, { ...action, terms: [...terms].sort() });
  }
  return [...gathered.keys()].sort().map((key) => gathered.get(key)!);
}

/** What only says that something was paid or spun off, and not how much: it explains a move and adjusts nothing. */
export const isOfUnknownWorth = ({ type, amount }: ToldAction): boolean =>
  amount === undefined && (type === 'spinoff' || type === 'cash_dividend');

/** The actions of each symbol whose terms are known, as the kernel applies them. */
export const actionsBySymbol = (kept: readonly SymbolAction[]): Map<string, CorporateAction[]> =>
  bySymbol(kept, ({ symbol, date, type, terms }) =>
    terms.map((term): CorporateAction => {
      if (type === 'symbol_change') return { symbol, date, type };
      if (type === 'split' || type === 'stock_dividend') return { symbol, date, type, ratio: new Decimal(term) };
      return { symbol, date, type, amount: new Decimal(term) };
    }),
  );

/** All actions of each symbol, as moves are explained by them: a spin-off of unknown worth explains any move. */
export const explanationsBySymbol = (kept: readonly SymbolAction[]): Map<string, HistoryAction[]> =>
  bySymbol(kept, ({ date, type, terms }) => {
    if (type === 'symbol_change') return [{ date, type }];
    // A dividend of unknown amount explains nothing, and is small beside what has to be explained.
    if (terms.length === 0) return type === 'spinoff' ? [{ date, type }] : [];
    const name = type === 'split' || type === 'stock_dividend' ? 'ratio' : 'amount';
    return terms.map((term): HistoryAction => ({ date, type, [name]: Number(term) }));
  });

function bySymbol<T>(kept: readonly SymbolAction[], as: (action: SymbolAction) => T[]): Map<string, T[]> {
  const found = new Map<string, T[]>();
  for (const action of kept) {
    const own = found.get(action.symbol);
    if (own) own.push(...as(action));
    else found.set(action.symbol, as(action));
  }
  return found;
}

/** A text that is no plain number stays without a value, so that the kernel refuses it by name. */
const decimalOf = (text: string | undefined): Decimal | undefined =>
  text !== undefined && NUMBER.test(text.trim()) ? new Decimal(text.trim()) : undefined;

function termsOf(action: Exclude<CorporateAction, { type: 'symbol_change' }>): Decimal {
  return 'ratio' in action ? action.ratio : action.amount;
}
