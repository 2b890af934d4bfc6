import type { DataOf, ImpactAssessed, Relief, Trade } from '@ballast/contracts';
import { decimal, formatDecimal, KernelError, sum } from '@ballast/kernel/money';
import { relieveLots, type Lot } from '@ballast/kernel/tax-lots';
import { pieceOf, reliefRow } from './lots.js';

/** What a plan's sells would realise. */
export interface Impact {
  readonly relief: Relief[];
  readonly totals: DataOf<typeof ImpactAssessed>['totals'];
  readonly warnings: DataOf<typeof ImpactAssessed>['warnings'];
}

/**
 * What the sells among `trades` would realise first in, first out, at their reference
 * prices and without fees, on the trade date. A sell of more than the lots hold is a
 * warning and adds nothing: a part of it would look like the whole.
 */
export function assessImpact(
  trades: readonly Trade[],
  lots: ReadonlyMap<string, readonly Lot[]>,
  tradeDate: string,
): Impact {
  const open = new Map(lots);
  const relief: Relief[] = [];
  const warnings: Impact['warnings'] = [];
  const sells = trades.filter(({ side }) => side === 'sell').sort((a, b) => (a.symbol < b.symbol ? -1 : 1));
  for (const { symbol, quantity, referencePrice } of sells) {
    const qty = decimal(quantity);
    const sale = { id: `sell ${symbol}`, date: tradeDate, symbol, qty, proceeds: qty.times(decimal(referencePrice)) };
    try {
      const { disposals, remaining } = relieveLots(open.get(symbol) ?? [], sale, 'fifo');
      open.set(symbol, remaining);
      relief.push(...disposals.map((each) => reliefRow(pieceOf(symbol, each))));
    } catch (error) {
      if (!(error instanceof KernelError)) throw error;
      warnings.push({ code: error.code, symbol, message: error.message });
    }
  }
  const total = (term: Relief['term']): string =>
    formatDecimal(sum(relief.filter((each) => each.term === term).map((each) => decimal(each.gain))));
  return { relief, totals: { shortTerm: total('short_term'), longTerm: total('long_term') }, warnings };
}
