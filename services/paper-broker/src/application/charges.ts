import { daysBetween } from '@ballast/kernel/calendar';
import type { Instant, SessionDate } from '@ballast/kernel/calendar';
import { D } from '@ballast/kernel/money';
import type { Decimal } from '@ballast/kernel/money';
import { isClosing } from '../domain/account.js';
import type { Account } from '../domain/account.js';
import { bookedAmount, feesKnownFrom } from '../domain/fees.js';
import type { MarketSession } from '../domain/market.js';
import type { Order } from '../domain/order.js';
import { remainingQty } from '../domain/order.js';
import type { Lending } from '../domain/place.js';
import { refuse } from '../domain/refusal.js';
import type { Refusal } from '../domain/refusal.js';
import type { Rules } from '../domain/rules.js';
import type { Accrual, Lendable, UnitOfWork } from './state.js';
import { equityOf } from './valuation.js';

/** Fees for borrowed shares are reckoned in years of 360 days, as lenders do. */
const DAYS_A_YEAR = 360;
const BASIS_POINTS = 10_000;

const DESCRIPTIONS: Readonly<Record<Accrual['code'], string>> = {
  REG: 'SEC section 31 fee',
  TAF: 'FINRA trading activity fee',
  COM: 'commission',
  STT: 'securities transaction tax',
  STAMP: 'stamp duty',
  EXCHANGE: 'NSE transaction charge',
  SEBI: 'SEBI turnover fee',
  GST: 'goods and services tax',
  BORROW: 'fee for borrowed shares',
};

/** Refuses a session on which a fee of the schedule has no known rate: nothing is charged by guess. */
export function unknownFees(date: SessionDate, { fees }: Rules): Refusal | null {
  const from = feesKnownFrom(fees);
  if (from === null || date >= from) return null;
  return refuse(
    409,
    'SIM_FEES_UNKNOWN',
    `the fees "${fees.schedule}" are known from ${from} on and the session is of ${date}; start with PAPER_BROKER_FEES=none, or simulate later days`,
  );
}

/** Takes the fees of sessions that are over from the cash of their accounts, rounded once for the day. */
export function bookFees(uow: UnitOfWork, at: Instant): void {
  for (const accrual of uow.accrued()) {
    const { account, date, code, amount } = accrual;
    const netAmount = bookedAmount(code, amount).neg();
    const description = `${DESCRIPTIONS[code]} of ${date}`;
    uow.bookFee(accrual, { account, code, date, at, netAmount, description });
  }
}

/** Charges every short position for the nights until the next session, by its last close. */
export function bookBorrowFees(uow: UnitOfWork, over: MarketSession, next: SessionDate, rules: Rules): void {
  const nights = daysBetween(over.date, next);
  for (const { name } of uow.everyAccount()) {
    for (const { symbol, qty } of uow.holdingsOf(name)) {
      const feeBp = uow.lendable(symbol)?.feeBp ?? rules.shorts?.feeBp;
      const close = over.bars.get(symbol)?.close ?? uow.lastClose(symbol);
      if (!qty.isNegative() || !feeBp || !close) continue;
      const amount = qty.abs().times(close).times(feeBp).div(BASIS_POINTS).times(nights).div(DAYS_A_YEAR);
      bookBorrowFee(uow, { account: name, date: over.date, code: 'BORROW', amount }, symbol, uow.now);
    }
  }
}

function bookBorrowFee(uow: UnitOfWork, owed: Accrual, symbol: string, at: Instant): void {
  const netAmount = bookedAmount('BORROW', owed.amount).neg();
  if (netAmount.isZero()) return;
  const { account, date, code } = owed;
  const description = `${DESCRIPTIONS[code]} of ${symbol} on ${date}`;
  uow.bookFee({ ...owed, amount: new D(0) }, { account, code, date, at, netAmount, description });
}

/** What decides short sales of a symbol; null where the venue refuses them. */
export function lendingOf(uow: UnitOfWork, account: Account, symbol: string, rules: Rules): Lending | null {
  if (!rules.shorts) return null;
  const total = lendableOf(uow, symbol, rules.shorts.shares).shares;
  const lent = uow
    .everyAccount()
    .map(({ name }) => uow.holding(name, symbol).qty)
    .reduce((sum, qty) => (qty.isNegative() ? sum.plus(qty.abs()) : sum), new D(0));
  const wanted = uow
    .openOrders()
    .filter((order) => order.symbol === symbol && order.intent === 'sell_to_open')
    .reduce((sum, order) => sum.plus(remainingQty(order)), new D(0));
  return { available: D.max(total.minus(lent).minus(wanted), 0), equity: equityOf(uow, account, uow.now) };
}

function lendableOf(uow: UnitOfWork, symbol: string, shares: Decimal): Pick<Lendable, 'shares'> {
  return uow.lendable(symbol) ?? { shares };
}

/** The sides of an account's open orders of a symbol that open a position. */
export function openSidesOf(uow: UnitOfWork, account: string, symbol: string): Order['side'][] {
  return uow
    .openOrders()
    .filter((order) => order.account === account && order.symbol === symbol && !isClosing(order.intent))
    .map(({ side }) => side);
}
