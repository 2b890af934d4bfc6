import type { Lot as LotRow, Relief as ReliefRow } from '@ballast/contracts';
import { dateInNewYork } from '@ballast/kernel/calendar';
import { decimal, formatDecimal, KernelError } from '@ballast/kernel/money';
import { basisOf, openLot, relieveLots, type Disposal, type Lot } from '@ballast/kernel/tax-lots';
import { fillName, inVenueOrder, type Fill } from './fill.js';

/** An open lot with the fill that opened it. */
export interface OpenLot extends Lot {
  readonly fill: Pick<Fill, 'venue' | 'executionId' | 'account' | 'filledAt'>;
}

/** A piece of a lot that a sale took, as it is kept and told. */
export type Piece = ReliefRow & { readonly holdingStart: string };

/** What a fill came to: what a sale took, or that it found too few lots and waits. */
export interface Outcome {
  readonly fill: Fill;
  readonly pieces: readonly Piece[];
  readonly short: boolean;
}

/** Lots of one symbol, in the order in which they were opened, after some fills. */
export interface Taken {
  readonly lots: readonly OpenLot[];
  /** One a fill, in the order in which the fills were taken. */
  readonly outcomes: readonly Outcome[];
}

/**
 * Takes fills of one symbol in order of the venue's time, first in, first out. A buy
 * opens a lot on its trade date in New York, fees in its basis; a sale relieves lots,
 * fees out of its proceeds. A sale of more than the lots hold takes nothing and is short.
 */
export function takeFills(lots: readonly OpenLot[], fills: readonly Fill[]): Taken {
  let open = lots;
  const outcomes: Outcome[] = [];
  for (const fill of inVenueOrder(fills)) {
    const taken = fill.side === 'buy' ? { lots: [...open, lotOf(fill)], pieces: [], short: false } : sell(open, fill);
    open = taken.lots;
    outcomes.push({ fill, pieces: taken.pieces, short: taken.short });
  }
  return { lots: open, outcomes };
}

function lotOf({ venue, executionId, account, symbol, quantity, price, fees, filledAt }: Fill): OpenLot {
  const qty = decimal(quantity);
  const basis = qty.times(decimal(price)).plus(decimal(fees));
  const id = fillName({ venue, executionId });
  const lot = openLot({ id, symbol, date: dateInNewYork(filledAt), qty, basis });
  return { ...lot, fill: { venue, executionId, account, filledAt } };
}

function sell(lots: readonly OpenLot[], fill: Fill) {
  const qty = decimal(fill.quantity);
  const proceeds = qty.times(decimal(fill.price)).minus(decimal(fill.fees));
  const sale = { id: fillName(fill), date: dateInNewYork(fill.filledAt), symbol: fill.symbol, qty, proceeds };
  try {
    const { disposals, remaining } = relieveLots(lots, sale, 'fifo');
    return {
      lots: withFills(lots, remaining),
      pieces: disposals.map((each) => pieceOf(fill.symbol, each)),
      short: false,
    };
  } catch (error) {
    if (error instanceof KernelError && error.code === 'NOT_ENOUGH_LOTS') return { lots, pieces: [], short: true };
    throw error;
  }
}

function withFills(before: readonly OpenLot[], remaining: readonly Lot[]): OpenLot[] {
  const fills = new Map(before.map((lot) => [lot.id, lot.fill]));
  return remaining.map((lot) => ({ ...lot, fill: fills.get(lot.id)! }));
}

/** A disposal as it is kept and told; its price is known, so its gain and term are. */
export function pieceOf(
  symbol: string,
  { lot, qty, acquired, holdingStart, basis, proceeds, gain, term }: Disposal,
): Piece {
  return {
    ...{ symbol, lotId: lot, quantity: formatDecimal(qty), acquired, holdingStart, basis: formatDecimal(basis) },
    ...{ proceeds: formatDecimal(proceeds!), gain: formatDecimal(gain!), term: term! },
  };
}

/** A lot as it is told: what is left of it, and of its basis in whole cents. */
export const lotRow = (lot: OpenLot): LotRow => ({
  lotId: lot.id,
  quantity: formatDecimal(lot.qty),
  acquired: lot.acquired,
  holdingStart: lot.holdingStart,
  basis: formatDecimal(basisOf(lot)),
});

/** A piece as it is told. */
export function reliefRow({ symbol, lotId, quantity, acquired, basis, proceeds, gain, term }: Piece): ReliefRow {
  return { symbol, lotId, quantity, acquired, basis, proceeds, gain, term };
}

/** What is different between two states of one symbol's lots. */
export interface LotChanges {
  readonly gone: readonly OpenLot[];
  readonly kept: readonly OpenLot[];
}

/** Which lots are gone, and which are new or hold another quantity. */
export function lotChanges(before: readonly OpenLot[], after: readonly OpenLot[]): LotChanges {
  const was = new Map(before.map((lot) => [lot.id, lot]));
  const is = new Set(after.map((lot) => lot.id));
  return {
    gone: before.filter((lot) => !is.has(lot.id)),
    kept: after.filter((lot) => !was.get(lot.id)?.qty.equals(lot.qty)),
  };
}

/** The outcomes that differ from what was known of the same fills, in order; a fill not known before differs. */
export function changedOutcomes(
  known: ReadonlyMap<string, Pick<Outcome, 'pieces' | 'short'>>,
  outcomes: readonly Outcome[],
): Outcome[] {
  return outcomes.filter(({ fill, pieces, short }) => {
    const before = known.get(fillName(fill));
    return before === undefined || before.short !== short || textOf(before.pieces) !== textOf(pieces);
  });
}

const textOf = (pieces: readonly Piece[]): string =>
  pieces.map((piece) => [...Object.values({ ...reliefRow(piece), start: piece.holdingStart })].join('|')).join('\n');
