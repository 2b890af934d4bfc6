import { allocateCents, D, formatDecimal, KernelError, sum } from '../money/index.js';
import type { Decimal } from '../money/index.js';
import { isLongTerm } from './holding-period.js';
import { basisOf } from './lot.js';
import type { Disposal, Lot, LotMethod, Sale } from './lot.js';

/** A sale taken out of lots. */
export interface Relief {
  /** One row a piece of a lot, in the order in which the lots were taken. */
  readonly disposals: Disposal[];
  /** Every lot that still holds shares, in the order of the input. */
  readonly remaining: Lot[];
}

/**
 * Takes a sale out of the lots of its symbol, by a method of choosing them.
 *
 * In: open lots of any symbols in the order in which they were opened; lots acquired after the sale are not touched.
 * Out: disposals and what remains; the lots given stay as they are. fifo takes the earliest acquired first, lifo the
 * latest; hifo and lofo the highest or lowest basis a share, and the earliest among equals; specific_id the lot named by
 * `closes`. Pieces share the proceeds, to the cent and adding up, by quantity.
 * Throws `NOT_ENOUGH_LOTS` where more is sold than held, `LOT_REQUIRED` where specific_id names no lot, `INVALID_TRADE`
 * where the quantity is not above zero. Source: 26 CFR 1.1012-1(c)(1) for FIFO; LIFO, HIFO and LOFO are standing instructions to identify.
 */
export function relieveLots(lots: readonly Lot[], sale: Sale, method: LotMethod): Relief {
  if (!sale.qty.isFinite() || sale.qty.lessThanOrEqualTo(0)) {
    throw new KernelError('INVALID_TRADE', `${sale.id} must sell a quantity above zero, not ${sale.qty.toString()}.`);
  }
  const candidates = lotsInOrder(lots, sale, method);
  const held = sum(candidates.map((lot) => lot.qty));
  if (held.lessThan(sale.qty)) {
    throw new KernelError(
      'NOT_ENOUGH_LOTS',
      `${sale.id} sells ${formatDecimal(sale.qty)} ${sale.symbol} but ${formatDecimal(held)} can be relieved; ` +
        'nothing was changed. Check the trades before it.',
    );
  }
  const pieces: { lot: Lot; qty: Decimal }[] = [];
  let left = sale.qty;
  for (const lot of candidates) {
    if (left.isZero()) break;
    const qty = D.min(lot.qty, left);
    pieces.push({ lot, qty });
    left = left.minus(qty);
  }
  const sold = new Map(pieces.map(({ lot, qty }) => [lot, qty]));
  const shares = sale.proceeds === null ? null : proceedsOf(sale.proceeds, pieces);
  return {
    disposals: pieces.map(({ lot, qty }, i) => disposalOf(sale, lot, qty, shares?.[i] ?? null)),
    remaining: lots.flatMap((lot) => {
      const qty = lot.qty.minus(sold.get(lot) ?? 0);
      return qty.isZero() ? [] : [qty.equals(lot.qty) ? lot : { ...lot, qty }];
    }),
  };
}

function proceedsOf(proceeds: Decimal, pieces: readonly { readonly qty: Decimal }[]): Decimal[] {
  return allocateCents(
    proceeds,
    pieces.map(({ qty }) => qty),
  );
}

function disposalOf(sale: Sale, lot: Lot, qty: Decimal, proceeds: Decimal | null): Disposal {
  const basis = basisOf(lot).minus(basisOf(lot, lot.qty.minus(qty)));
  return {
    trade: sale.id,
    lot: lot.id,
    qty,
    acquired: lot.acquired,
    holdingStart: lot.holdingStart,
    sold: sale.date,
    proceeds,
    basis,
    gain: proceeds && proceeds.minus(basis),
    term: proceeds && (isLongTerm(lot.holdingStart, sale.date) ? 'long_term' : 'short_term'),
  };
}

function lotsInOrder(lots: readonly Lot[], sale: Sale, method: LotMethod): Lot[] {
  const available = lots.filter((lot) => lot.symbol === sale.symbol && lot.acquired <= sale.date);
  const earliest = (a: Lot, b: Lot): number => (a.acquired < b.acquired ? -1 : a.acquired > b.acquired ? 1 : 0);
  const dearest = (a: Lot, b: Lot): number =>
    new D(b.openedBasis).times(a.openedQty).comparedTo(new D(a.openedBasis).times(b.openedQty));
  switch (method) {
    case 'fifo':
      return available.sort(earliest);
    case 'lifo':
      return available.reverse().sort((a, b) => earliest(b, a));
    case 'hifo':
      return available.sort((a, b) => dearest(a, b) || earliest(a, b));
    case 'lofo':
      return available.sort((a, b) => dearest(b, a) || earliest(a, b));
    case 'specific_id':
      if (sale.closes === undefined) {
        throw new KernelError('LOT_REQUIRED', `${sale.id} is by specific identification; name the lot it closes.`);
      }
      return available.filter((lot) => lot.id === sale.closes);
  }
}
