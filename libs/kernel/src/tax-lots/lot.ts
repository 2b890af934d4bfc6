import type { SessionDate } from '../calendar/index.js';
import { D, toCents } from '../money/index.js';
import type { Decimal } from '../money/index.js';

/** How lots are chosen for a sale. FIFO is the rule absent adequate identification: 26 CFR 1.1012-1(c)(1). */
export type LotMethod = 'fifo' | 'lifo' | 'hifo' | 'lofo' | 'specific_id';

export type Term = 'short_term' | 'long_term';

/**
 * Shares of one symbol bought at one time, as far as they are still held.
 *
 * What is left of the basis is not stored but follows from what the lot opened with, so that it never drifts however
 * often pieces are sold: see {@link basisOf}.
 */
export interface Lot {
  readonly id: string;
  readonly symbol: string;
  readonly acquired: SessionDate;
  /** The date from which the holding period counts; earlier than `acquired` where an earlier period tacks. */
  readonly holdingStart: SessionDate;
  /** Shares still held, above zero. */
  readonly qty: Decimal;
  /** Shares and total basis (money, commissions included, not rounded) that the lot opened with. */
  readonly openedQty: Decimal;
  readonly openedBasis: Decimal;
}

/** A sale as lots are relieved by it. */
export interface Sale {
  readonly id: string;
  readonly date: SessionDate;
  readonly symbol: string;
  readonly qty: Decimal;
  /** Money received after commissions; null where the price is not known yet. */
  readonly proceeds: Decimal | null;
  /** The lot that a sale by specific identification relieves. */
  readonly closes?: string;
}

/** One piece of one lot, sold. Money in whole cents; proceeds, gain and term are null where the price is unknown. */
export interface Disposal {
  readonly trade: string;
  readonly lot: string;
  readonly qty: Decimal;
  readonly acquired: SessionDate;
  readonly holdingStart: SessionDate;
  readonly sold: SessionDate;
  readonly proceeds: Decimal | null;
  readonly basis: Decimal;
  readonly gain: Decimal | null;
  readonly term: Term | null;
}

/** A new lot. In: what was bought and all it cost, commissions included. */
export function openLot(opening: {
  readonly id: string;
  readonly symbol: string;
  readonly date: SessionDate;
  readonly qty: Decimal;
  readonly basis: Decimal;
}): Lot {
  const { id, symbol, date, qty, basis } = opening;
  return { id, symbol, acquired: date, holdingStart: date, qty, openedQty: qty, openedBasis: basis };
}

/**
 * The basis of a quantity of a lot in whole cents: opened basis × quantity / opened quantity, half-up.
 *
 * A piece sold takes the difference between the lot's basis before and after, so pieces and rest always add up to the
 * basis that the lot opened with, and no piece is more than a cent from its exact share.
 */
export function basisOf(lot: Lot, qty: Decimal = lot.qty): Decimal {
  return toCents(new D(lot.openedBasis).times(qty).div(lot.openedQty));
}
