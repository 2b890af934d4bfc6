import type { SessionDate } from '@ballast/contracts';
import type { RawBar } from '@ballast/kernel/data-quality';
import { formatDecimal } from '@ballast/kernel/money';
import { z } from 'zod';
import type { VendorAction } from '../vendor-ports.js';
import type { Page } from './pages.js';
import { amountText, isDollars, numberTextIfAny, positive, sessionOfInstant } from './vendor-json.js';

const next = z
  .string()
  .nullable()
  .transform((token) => token || undefined);

const Bar = z.object({
  t: sessionOfInstant,
  o: numberTextIfAny,
  h: numberTextIfAny,
  l: numberTextIfAny,
  c: numberTextIfAny,
  v: numberTextIfAny,
});

/** `/v2/stocks/bars`. Both fields must be there: an answer that lacks them is not an empty one. */
export const BarsPage = z
  .object({ bars: z.record(z.string(), z.array(Bar)).nullable(), next_page_token: next })
  .transform(({ bars, next_page_token }): Page<RawBar> => ({
    rows: Object.entries(bars ?? {}).flatMap(([symbol, list]) =>
      list.map(({ t, o, h, l, c, v }) => ({ date: t, symbol, open: o, high: h, low: l, close: c, volume: v })),
    ),
    next: next_page_token,
  }));

const date = z.iso.date();
const symbol = z.string().min(1);
const listOf = <T extends z.ZodType>(item: T) => z.array(item).nullish();

const Split = z.object({
  symbol,
  ex_date: date,
  old_rate: positive,
  new_rate: positive,
  new_symbol: z.string().nullish(),
});
const StockDividend = z.object({ symbol, ex_date: date, rate: positive });
const CashDividend = z.object({ symbol, ex_date: date, rate: amountText, currency: z.string().nullish() });
const SpinOff = z.object({ source_symbol: symbol, ex_date: date });
const NameChange = z.object({ old_symbol: symbol, new_symbol: symbol, process_date: date });

/**
 * What Alpaca calls the kinds of actions that are asked for. Mergers, redemptions, rights, partial calls, the splitting of
 * units and the removal of worthless shares have no counterpart in a daily history and are not.
 */
export const ACTION_TYPES = [
  'forward_split',
  'reverse_split',
  'stock_dividend',
  'cash_dividend',
  'spin_off',
  'name_change',
].join(',');

/** `/v1/corporate-actions`: a list of each kind, left out where it is empty. */
export const ActionsPage = z
  .object({
    corporate_actions: z.object({
      forward_splits: listOf(Split),
      reverse_splits: listOf(Split),
      stock_dividends: listOf(StockDividend),
      cash_dividends: listOf(CashDividend),
      spin_offs: listOf(SpinOff),
      name_changes: listOf(NameChange),
    }),
    next_page_token: next,
  })
  .transform(({ corporate_actions: actions, next_page_token }): Page<VendorAction> => ({
    rows: [
      ...[...(actions.forward_splits ?? []), ...(actions.reverse_splits ?? [])].flatMap(splitOf),
      ...(actions.stock_dividends ?? []).map(stockDividendOf),
      ...(actions.cash_dividends ?? []).map(cashDividendOf),
      // How many shares of what a holder was given is told, but not what they were worth.
      ...(actions.spin_offs ?? []).map(({ source_symbol, ex_date }) => ({
        symbol: source_symbol,
        date: ex_date,
        type: 'spinoff' as const,
      })),
      ...(actions.name_changes ?? []).map(({ old_symbol, new_symbol, process_date }) =>
        changeOf(old_symbol, new_symbol, process_date),
      ),
    ],
    next: next_page_token,
  }));

/** A reverse split may come with a new ticker, which Alpaca names beside it. */
function splitOf({ symbol: old, ex_date, old_rate, new_rate, new_symbol }: z.output<typeof Split>): VendorAction[] {
  const split: VendorAction = {
    symbol: old,
    date: ex_date,
    type: 'split',
    ratio: formatDecimal(new_rate.div(old_rate)),
  };
  return new_symbol && new_symbol !== old ? [split, changeOf(old, new_symbol, ex_date)] : [split];
}

/** The rate is what is given for each share beside it: 0.05 leaves 1.05. */
const stockDividendOf = ({ symbol: of, ex_date, rate }: z.output<typeof StockDividend>): VendorAction => ({
  symbol: of,
  date: ex_date,
  type: 'stock_dividend',
  ratio: formatDecimal(rate.plus(1)),
});

const cashDividendOf = ({ symbol: of, ex_date, rate, currency }: z.output<typeof CashDividend>): VendorAction => ({
  symbol: of,
  date: ex_date,
  type: 'cash_dividend',
  // In another currency it is not known what it is in the money of the prices.
  ...(isDollars(currency) ? { amount: rate } : {}),
});

const changeOf = (from: string, to: string, on: SessionDate): VendorAction => ({
  symbol: from,
  date: on,
  type: 'symbol_change',
  newSymbol: to,
});
