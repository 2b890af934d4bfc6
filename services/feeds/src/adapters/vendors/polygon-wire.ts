import { formatDecimal } from '@ballast/kernel/money';
import { z } from 'zod';
import type { VendorAction } from '../vendor-ports.js';
import type { Page } from './pages.js';
import { amountText, count, isDollars, numberTextIfAny, positive, sessionOfMilliseconds } from './vendor-json.js';

/** `DELAYED` is how plans without live data are answered; an end-of-day bar is the same in both. */
const status = z.enum(['OK', 'DELAYED']);

/** An absolute address of which only path and query are used, so that the key goes nowhere but to the configured address. */
const next = z
  .url()
  .nullish()
  .transform((address) => {
    if (!address) return undefined;
    const { pathname, search } = new URL(address);
    return `${pathname}${search}`;
  });

const Bar = z.object({
  t: sessionOfMilliseconds,
  o: numberTextIfAny,
  h: numberTextIfAny,
  l: numberTextIfAny,
  c: numberTextIfAny,
  v: numberTextIfAny,
});

/** `/v2/aggs/ticker/…`: without `results` where there are none; `adjusted` must say what was asked for. */
export const AggregatesPage = z
  .object({
    status,
    ticker: z.string(),
    adjusted: z.literal(false),
    resultsCount: count,
    results: z.array(Bar).nullish(),
    next_url: next,
  })
  .refine(({ resultsCount, results }) => resultsCount === (results?.length ?? 0), {
    path: ['resultsCount'],
    message: 'the number of results',
  })
  .transform(({ ticker, results, next_url }) => ({
    ticker,
    rows: (results ?? []).map(({ t, o, h, l, c, v }) => ({
      date: t,
      symbol: ticker,
      open: o,
      high: h,
      low: l,
      close: c,
      volume: v,
    })),
    next: next_url,
  }));

const Split = z
  .object({ ticker: z.string().min(1), execution_date: z.iso.date(), split_from: positive, split_to: positive })
  .transform(({ ticker, execution_date, split_from, split_to }): VendorAction => ({
    symbol: ticker,
    date: execution_date,
    type: 'split',
    ratio: formatDecimal(split_to.div(split_from)),
  }));

const Dividend = z
  .object({
    ticker: z.string().min(1),
    ex_dividend_date: z.iso.date(),
    cash_amount: amountText,
    currency: z.string().nullish(),
  })
  .transform(({ ticker, ex_dividend_date, cash_amount, currency }): VendorAction => ({
    symbol: ticker,
    date: ex_dividend_date,
    type: 'cash_dividend',
    ...(isDollars(currency) ? { amount: cash_amount } : {}),
  }));

const referenceOf = <T extends z.ZodType<VendorAction>>(item: T) =>
  z
    .object({ status, results: z.array(item), next_url: next })
    .transform(({ results, next_url }): Page<VendorAction> => ({ rows: results, next: next_url }));

/** `/v3/reference/splits`. */
export const SplitsPage = referenceOf(Split);
/** `/v3/reference/dividends`. */
export const DividendsPage = referenceOf(Dividend);
