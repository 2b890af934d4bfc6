import type { Check, Mode, OrderTerms, Side, Trade } from '@ballast/contracts';
import { millisecondsBetween } from '@ballast/kernel/calendar';
import type { GuardrailLimits } from '@ballast/kernel/guardrails';
import { Decimal, decimal, formatDecimal } from '@ballast/kernel/money';
import { heldShares, workingShares, type BookView } from './book-view.js';
import { judge, refuse, type Judgement } from './judgement.js';

const HOUR_MS = 3_600_000;

/** The finest fraction of a share that a venue of ours takes. */
const SHARE_DECIMALS = 9;

/** One order that a person thinks of. One of `quantity` (shares) and `notional` (US dollars) is null. */
export interface OrderWish {
  readonly symbol: string;
  readonly side: Side;
  readonly quantity: string | null;
  readonly notional: string | null;
  /** Under what terms it is wanted; the guardrails value it at its mark whatever they are. */
  readonly terms?: OrderTerms | undefined;
}

/** What is known of the book that the order is for. */
export interface KnownBook {
  readonly view: BookView;
  readonly mode: Mode;
  readonly halted: boolean;
  /** When the marks were sealed. */
  readonly sealedAt: string;
}

export interface ManualRules {
  readonly limits: GuardrailLimits;
  readonly marksAgeHoursMax: number;
}

/**
 * Judges one order of a person like a plan of one trade. What a plan cannot have but a
 * person can ask for is refused first: a book never valued, marks too old, a symbol
 * without a mark, and selling what is not held.
 */
export function judgeWish(
  wish: OrderWish,
  book: KnownBook | null,
  now: string,
  { limits, marksAgeHoursMax }: ManualRules,
): { readonly trade: Trade | null; readonly judgement: Judgement } {
  const refused = (code: string, message: string, numbers: Pick<Check, 'observed' | 'limit' | 'unit'>) => ({
    trade: null,
    judgement: refuse({ code, symbol: wish.symbol, message, ...numbers, ruleVersion: limits.version }),
  });
  const { symbol, side } = wish;
  if ((wish.quantity === null) === (wish.notional === null)) {
    const message = `${symbol}: an order is for shares or for an amount of money, one of both`;
    return refused('QUANTITY_OR_NOTIONAL', message, { observed: null, limit: null, unit: 'flag' });
  }
  if (book === null) {
    const message = 'the book was never valued; run a cycle for it first, so that there are marks to judge by';
    return refused('NO_VALUATION', message, { observed: null, limit: null, unit: 'flag' });
  }
  const hours = marksAge(book, now);
  if (hours.greaterThan(marksAgeHoursMax)) {
    const age = formatDecimal(hours.toDecimalPlaces(2, Decimal.ROUND_UP));
    const message = `the last marks are ${age} hours old against a limit of ${marksAgeHoursMax}; run a cycle for fresh ones`;
    return refused('STALE_MARKS', message, { observed: age, limit: String(marksAgeHoursMax), unit: 'hours' });
  }
  const mark = book.view.marks.get(symbol);
  if (mark === undefined || !book.view.prices.get(symbol)!.greaterThan(0)) {
    const message = `${symbol}: no mark above zero; a trade that cannot be valued is refused`;
    return refused('MISSING_MARK', message, { observed: mark?.price ?? null, limit: '0', unit: 'price' });
  }
  const { quantity, notional, terms } = valued(wish, decimal(mark.price));
  const sellable = sellableShares(book.view, symbol);
  if (side === 'sell' && decimal(quantity).greaterThan(sellable) && !book.halted) {
    const held = formatDecimal(sellable);
    const message = `${symbol}: ${held} can be sold, working sells taken off; short selling is not supported`;
    return refused('NOT_ENOUGH_HELD', message, { observed: quantity, limit: held, unit: 'shares' });
  }
  const trade: Trade = {
    ...{ symbol, exchange: mark.exchange, side, quantity, referencePrice: mark.price, notional, contributors: [] },
    ...(terms === undefined ? {} : { terms }),
  };
  return { trade, judgement: judge(book.view, [trade], { limits, mode: book.mode, halted: book.halted }) };
}

/** What a wish comes to at a mark. An amount of money is as many shares as it could buy there, rounded up, and keeps its amount in its terms. */
function valued({ quantity, notional, terms }: OrderWish, mark: Decimal) {
  if (notional === null) {
    const shares = quantity ?? '0';
    return { quantity: shares, notional: formatDecimal(decimal(shares).times(mark)), terms };
  }
  const shares = decimal(notional).div(mark).toDecimalPlaces(SHARE_DECIMALS, Decimal.ROUND_UP);
  const plain = { type: 'market', timeInForce: 'day' } as const;
  return { quantity: formatDecimal(shares), notional, terms: { ...(terms ?? plain), notional } };
}

const sellableShares = (view: BookView, symbol: string): Decimal =>
  Decimal.max(0, heldShares(view, symbol).minus(workingShares(view, symbol, 'sell')));

/** How old the marks of a book are, in hours. */
export const marksAge = ({ sealedAt }: Pick<KnownBook, 'sealedAt'>, now: string): Decimal =>
  new Decimal(millisecondsBetween(sealedAt, now)).div(HOUR_MS);
