import type { SessionDate } from '@ballast/kernel/calendar';
import { D, Decimal } from '@ballast/kernel/money';
import {
  FINRA_TAF,
  GST,
  NSE_STAMP_DUTY,
  NSE_STT,
  NSE_TRANSACTION,
  rateOn,
  SEBI_TURNOVER,
  SEC_SECTION_31,
} from './fee-table.js';
import type { DatedRate } from './fee-table.js';
import type { Side } from './order.js';

/** REG, TAF and COM are Alpaca's own names of what they are; the Indian ones are ours. */
export type FeeCode = 'REG' | 'TAF' | 'COM' | 'STT' | 'STAMP' | 'EXCHANGE' | 'SEBI' | 'GST' | 'BORROW';

/** What is owed for a fill, not rounded: fees are rounded once, for the whole day. */
export interface Fee {
  readonly code: FeeCode;
  readonly amount: Decimal;
}

export interface FeeRules {
  /** Whose statutory fees are charged. */
  readonly schedule: 'none' | 'us' | 'nse';
  /** The broker's own commission, in the account's currency a share and in basis points of the value. */
  readonly commissionPerShare: Decimal;
  readonly commissionBp: Decimal;
}

export interface Charged {
  readonly date: SessionDate;
  readonly side: Side;
  readonly qty: Decimal;
  readonly price: Decimal;
}

export const NO_FEES: FeeRules = { schedule: 'none', commissionPerShare: new D(0), commissionBp: new D(0) };

const TABLES: Readonly<Record<FeeRules['schedule'], readonly (readonly DatedRate[])[]>> = {
  none: [],
  us: [SEC_SECTION_31, FINRA_TAF],
  nse: [NSE_STT, NSE_STAMP_DUTY, NSE_TRANSACTION, SEBI_TURNOVER, GST],
};
const BASIS_POINTS = 10_000;

/** The first day on which every rate of a schedule is known: before it nothing can be charged, and nothing is guessed. */
export function feesKnownFrom({ schedule }: FeeRules): SessionDate | null {
  const firsts = TABLES[schedule].flatMap((table) => table[0]?.from ?? []);
  return firsts.sort().at(-1) ?? null;
}

/**
 * What a fill costs beside its price, by the rates of its day; nothing that is zero is listed.
 * Sellers pay section 31 and TAF. In India (delivery) both sides pay STT, transaction charge and turnover fee, the buyer
 * stamp duty, and both GST on commission, transaction charge and turnover fee.
 */
export function feesOf(rules: FeeRules, charged: Charged): Fee[] {
  const value = charged.qty.times(charged.price);
  const commission = charged.qty
    .times(rules.commissionPerShare)
    .plus(value.times(rules.commissionBp).div(BASIS_POINTS));
  const fees: Fee[] = [{ code: 'COM', amount: commission }];
  if (rules.schedule === 'us' && charged.side === 'sell') fees.push(...usFees(charged, value));
  if (rules.schedule === 'nse') fees.push(...nseFees(charged, value, commission));
  return fees.filter(({ amount }) => amount.greaterThan(0));
}

/**
 * What is booked of a day's fees of one kind. Section 31 and TAF are rounded up to the cent on the day's sum, as Alpaca
 * does; STT to the rupee; the rest to the nearest hundredth.
 */
export function bookedAmount(code: FeeCode, sum: Decimal): Decimal {
  if (code === 'REG' || code === 'TAF') return sum.toDecimalPlaces(2, Decimal.ROUND_UP);
  return sum.toDecimalPlaces(code === 'STT' ? 0 : 2, Decimal.ROUND_HALF_UP);
}

function usFees({ date, qty }: Charged, value: Decimal): Fee[] {
  const taf = rateOn(FINRA_TAF, date);
  const perShare = qty.times(taf?.rate ?? 0);
  return [
    { code: 'REG', amount: value.times(rateOn(SEC_SECTION_31, date)?.rate ?? 0) },
    { code: 'TAF', amount: taf?.most ? D.min(perShare, taf.most) : perShare },
  ];
}

function nseFees({ date, side }: Charged, value: Decimal, commission: Decimal): Fee[] {
  const at = (table: readonly DatedRate[]): Decimal => value.times(rateOn(table, date)?.rate ?? 0);
  const [exchange, sebi] = [at(NSE_TRANSACTION), at(SEBI_TURNOVER)];
  return [
    { code: 'STT', amount: at(NSE_STT) },
    { code: 'STAMP', amount: side === 'buy' ? at(NSE_STAMP_DUTY) : new D(0) },
    { code: 'EXCHANGE', amount: exchange },
    { code: 'SEBI', amount: sebi },
    {
      code: 'GST',
      amount: commission
        .plus(exchange)
        .plus(sebi)
        .times(rateOn(GST, date)?.rate ?? 0),
    },
  ];
}
