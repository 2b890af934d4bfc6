import { addDays } from '../calendar/index.js';
import { formatDecimal, KernelError, sum } from '../money/index.js';
import { basisOf, openLot } from './lot.js';
import type { Disposal, Lot, Term } from './lot.js';
import { parseMethod, parseTrades } from './parse.js';
import type { TaxTrade } from './parse.js';
import { relieveLots } from './relieve.js';
import type { Relief } from './relieve.js';

const WASH_DAYS = 30;

/** A disposal on the wire: quantities as decimal strings, money with two decimals, null where unknown. */
export interface DisposalRow {
  trade: string;
  lot: string;
  qty: string;
  acquired: string;
  holdingStart: string;
  sold: string;
  proceeds: string | null;
  basis: string;
  gain: string | null;
  term: Term | null;
  code: '';
  disallowed: '0.00';
}

/** What `ballast calc tax-lots` answers for a case. */
export interface TaxLotsOutput {
  disposals: DisposalRow[];
  openLots: { lot: string; symbol: string; qty: string; acquired: string; holdingStart: string; basis: string }[];
  /** Null where the price of a sale is unknown: a sum over the others would pass for the whole. */
  totals: { recognized: string | null; disallowed: '0.00'; shortTerm: string | null; longTerm: string | null };
  cashInLieu: never[];
  distributions: never[];
}

/**
 * Runs purchases and sales through lots.
 *
 * In: `{method, trades}` as parsed from JSON, in the shapes of the tax-lots cases; numbers may be decimal strings or JSON
 * numbers. Commissions go into basis and out of proceeds. Out: disposals, open lots in the order opened, totals.
 * Throws `UNKNOWN_METHOD`, `INVALID_TRADE`, `INVALID_DECIMAL`, `INVALID_DATE`, `NOT_ENOUGH_LOTS`, `LOT_REQUIRED`, and
 * `UNSUPPORTED` for shorts, corporate actions and trades that make a wash sale, whose answer would be wrong without its
 * rules.
 */
export function runTaxLots(input: { readonly method?: unknown; readonly trades?: unknown }): TaxLotsOutput {
  const method = parseMethod(input.method);
  const trades = parseTrades(input.trades);
  let lots: Lot[] = [];
  const disposals: Disposal[] = [];
  trades.forEach((trade, position) => {
    const { id, date, symbol, qty, fees, closes } = trade;
    if (trade.side === 'buy') {
      lots.push(openLot({ id, symbol, date, qty, basis: trade.amount.plus(fees) }));
      return;
    }
    const proceeds = trade.amount && trade.amount.minus(fees);
    const relief = relieveLots(lots, { id, date, symbol, qty, proceeds, ...(closes ? { closes } : {}) }, method);
    lots = relief.remaining;
    disposals.push(...relief.disposals);
    refuseWashSale(trades, position, relief);
  });
  return {
    disposals: disposals.map(rowOf),
    openLots: lots.map((lot) => ({
      lot: lot.id,
      symbol: lot.symbol,
      qty: formatDecimal(lot.qty),
      acquired: lot.acquired,
      holdingStart: lot.holdingStart,
      basis: basisOf(lot).toFixed(2),
    })),
    totals: totalsOf(disposals),
    cashInLieu: [],
    distributions: [],
  };
}

/**
 * Refuses a sale at a loss that shares bought within 30 days before or after may replace (IRC 1091).
 *
 * Bought after the sale, or before it and still held; shares of the purchase lot that was sold are no replacement.
 */
function refuseWashSale(trades: readonly TaxTrade[], position: number, { disposals, remaining }: Relief): void {
  const sale = trades[position];
  const losses = disposals.filter(({ gain }) => gain?.isNegative());
  if (!sale || losses.length === 0) return;
  const first = addDays(sale.date, -WASH_DAYS);
  const last = addDays(sale.date, WASH_DAYS);
  const held = new Set(remaining.map((lot) => lot.id));
  const candidates = trades.filter(
    ({ id, side, symbol, date }, i) =>
      side === 'buy' && symbol === sale.symbol && date >= first && date <= last && (i > position || held.has(id)),
  );
  const purchaseLots = new Map(trades.map(({ id, lot }) => [id, lot]));
  for (const loss of losses) {
    const replacement = candidates.find((buy) => buy.lot !== purchaseLots.get(loss.lot));
    if (replacement) {
      throw new KernelError(
        'UNSUPPORTED',
        `${sale.id} is a loss that ${replacement.id}, bought within ${WASH_DAYS} days, may replace; ` +
          'wash sales are not supported yet.',
      );
    }
  }
}

function rowOf(disposal: Disposal): DisposalRow {
  const { trade, lot, qty, acquired, holdingStart, sold, proceeds, basis, gain, term } = disposal;
  return {
    trade,
    lot,
    qty: formatDecimal(qty),
    acquired,
    holdingStart,
    sold,
    proceeds: proceeds && proceeds.toFixed(2),
    basis: basis.toFixed(2),
    gain: gain && gain.toFixed(2),
    term,
    code: '',
    disallowed: '0.00',
  };
}

function totalsOf(disposals: readonly Disposal[]): TaxLotsOutput['totals'] {
  const known = disposals.every(({ gain }) => gain !== null);
  const total = (term?: Term): string | null => {
    const rows = disposals.filter((row) => term === undefined || row.term === term);
    return known ? sum(rows.flatMap(({ gain }) => (gain ? [gain] : []))).toFixed(2) : null;
  };
  return { recognized: total(), disallowed: '0.00', shortTerm: total('short_term'), longTerm: total('long_term') };
}
