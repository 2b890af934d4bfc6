import type { Check, Trade, Trim } from '@ballast/contracts';
import { Decimal, formatDecimal } from '@ballast/kernel/money';
import { heldShares, workingShares, type BookView } from './book-view.js';
import { inReportOrder, refuse, type Judgement } from './judgement.js';
import { marksAge, type KnownBook, type ManualRules } from './manual-order.js';

/** The halt under which a person asked to close everything, and where the account's halt stands as far as was heard. */
export interface FlattenHalt {
  readonly askedEpoch: number;
  readonly epoch: number;
  readonly halted: boolean;
}

/** A position and the one trade that can close it. */
interface Closing {
  readonly symbol: string;
  readonly side: Trade['side'];
  readonly held: Decimal;
  /** What is working on the closing side already, and would close it too. */
  readonly busy: Decimal;
  readonly quantity: Decimal;
}

/** What the exposure checks of a plan compare; closing only makes it smaller. */
const SKIPPED = ['NOTIONAL_PER_NAME', 'SECTOR_EXPOSURE', 'LIQUIDITY'];

/**
 * Judges the closing of all that a halted book holds: one trade a position, against it, and never for more than is held
 * less what is working on that side already, so that whatever fills of both no position grows or turns. Exposure is not
 * compared, and marks may be stale, because neither is a reason to keep a position; both are said. What has no mark
 * cannot be named in a permit and is left, as a trim to nothing.
 * Vetoes: NO_VALUATION, HALT_EPOCH_OLD (the halt it was asked under is over), MISSING_MARK, NOTHING_TO_CLOSE.
 */
export function judgeFlatten(
  book: KnownBook | null,
  halt: FlattenHalt,
  now: string,
  { limits, marksAgeHoursMax }: ManualRules,
): Judgement {
  const ruleVersion = limits.version;
  const vetoed = (code: string, message: string, numbers: Pick<Check, 'observed' | 'limit' | 'unit'>): Judgement =>
    refuse({ code, symbol: null, message, ...numbers, ruleVersion });
  if (book === null) {
    const message = 'the book was never valued, so nothing is known that could be closed';
    return vetoed('NO_VALUATION', message, { observed: null, limit: null, unit: 'flag' });
  }
  // A halt that was not heard of here yet is no reason to wait: execution executes only under exactly that epoch.
  if (halt.epoch > halt.askedEpoch || (halt.epoch === halt.askedEpoch && !halt.halted)) {
    const message = `it was asked for under halt epoch ${halt.askedEpoch}, which is over; halt again, then ask again`;
    const numbers = { observed: String(halt.askedEpoch), limit: String(halt.epoch), unit: 'epoch' };
    return vetoed('HALT_EPOCH_OLD', message, numbers);
  }
  const closings = closingsOf(book.view);
  const open = closings.filter(({ quantity }) => quantity.greaterThan(0));
  const [priced, unpriced] = [open.filter(hasMark(book.view)), open.filter((each) => !hasMark(book.view)(each))];
  const checks: Check[] = [
    haltCheck(halt.askedEpoch, ruleVersion),
    marksCheck(book, now, marksAgeHoursMax, ruleVersion),
    ...SKIPPED.map((code) => skippedCheck(code, ruleVersion)),
    ...closings.map((each) => reducingCheck(each, ruleVersion)),
    ...unpriced.map((each) => missingMark(each, book.view, ruleVersion)),
  ];
  const trims = unpriced.map(({ symbol, quantity }): Trim => ({
    ...{ symbol, code: 'MISSING_MARK', from: formatDecimal(quantity), to: '0', observed: null, limit: '0' },
  }));
  if (priced.length > 0) {
    const verdict = trims.length > 0 ? 'trimmed' : 'approved';
    const trades = priced.map((each) => tradeOf(each, book.view));
    return { verdict, trades, checks: inReportOrder(checks), trims, codes: [] };
  }
  const codes = [trims.length > 0 ? 'MISSING_MARK' : 'NOTHING_TO_CLOSE'];
  if (trims.length === 0) checks.push(nothingToClose(closings, ruleVersion));
  return { verdict: 'vetoed', trades: [], checks: inReportOrder(checks), trims, codes };
}

function closingsOf(view: BookView): Closing[] {
  const symbols = [...new Set(view.positions.map(({ symbol }) => symbol))].sort();
  return symbols
    .map((symbol) => ({ symbol, held: heldShares(view, symbol) }))
    .filter(({ held }) => !held.isZero())
    .map(({ symbol, held }) => {
      const side = held.isPositive() ? 'sell' : 'buy';
      const busy = workingShares(view, symbol, side);
      return { symbol, side, held, busy, quantity: Decimal.max(0, held.abs().minus(busy)) };
    });
}

const hasMark =
  ({ prices }: BookView) =>
  ({ symbol }: Closing): boolean =>
    prices.get(symbol)?.greaterThan(0) === true;

function tradeOf({ symbol, side, quantity }: Closing, view: BookView): Trade {
  const { exchange, price } = view.marks.get(symbol)!;
  const notional = formatDecimal(quantity.times(view.prices.get(symbol)!));
  return {
    symbol,
    exchange,
    side,
    quantity: formatDecimal(quantity),
    referencePrice: price,
    notional,
    contributors: [],
  };
}

const haltCheck = (epoch: number, ruleVersion: string): Check => ({
  ...{ code: 'HALT', symbol: null, status: 'passed', severity: 'INFO', unit: 'epoch', ruleVersion },
  ...{ observed: String(epoch), limit: String(epoch) },
  message: `only closing orders leave under halt epoch ${epoch}, by this permit; the halt stays`,
});

function marksCheck(book: KnownBook, now: string, hoursMax: number, ruleVersion: string): Check {
  const hours = marksAge(book, now);
  const observed = formatDecimal(hours.toDecimalPlaces(2, Decimal.ROUND_UP));
  const about = { symbol: null, observed, limit: String(hoursMax), unit: 'hours', ruleVersion };
  return hours.greaterThan(hoursMax)
    ? {
        ...{ ...about, code: 'STALE_MARKS', status: 'not_evaluated', severity: 'WARNING' },
        message: `the last marks are ${observed} hours old; closing does not wait for fresh ones`,
      }
    : {
        ...{ ...about, code: 'MARKS_AGE', status: 'passed', severity: 'INFO' },
        message: `the last marks are ${observed} hours old`,
      };
}

const skippedCheck = (code: string, ruleVersion: string): Check => ({
  ...{ code, symbol: null, status: 'not_evaluated', severity: 'INFO', observed: null, limit: null, ruleVersion },
  ...{ unit: 'flag', message: 'not compared: closing a position only makes it smaller' },
});

function reducingCheck({ symbol, side, held, busy, quantity }: Closing, ruleVersion: string): Check {
  const message = `${symbol}: ${formatDecimal(held)} held, ${formatDecimal(busy)} working on the ${side} side already`;
  return {
    ...{ code: 'REDUCING', symbol, status: 'passed', severity: 'INFO', message, unit: 'shares', ruleVersion },
    ...{ observed: formatDecimal(quantity), limit: formatDecimal(held.abs()) },
  };
}

const missingMark = ({ symbol, held }: Closing, view: BookView, ruleVersion: string): Check => ({
  ...{ code: 'MISSING_MARK', symbol, status: 'failed', severity: 'CRITICAL', unit: 'price', limit: '0', ruleVersion },
  observed: view.marks.get(symbol)?.price ?? null,
  message: `${symbol}: no mark above zero, so ${formatDecimal(held)} shares are left; close them at the venue by hand`,
});

function nothingToClose(closings: readonly Closing[], ruleVersion: string): Check {
  const message =
    closings.length === 0
      ? 'the book holds nothing'
      : `all ${closings.length} positions are being closed by orders that work already; ask again once they have ended`;
  return {
    ...{ code: 'NOTHING_TO_CLOSE', symbol: null, status: 'failed', severity: 'CRITICAL', message, unit: 'positions' },
    ...{ observed: String(closings.length), limit: null, ruleVersion },
  };
}
