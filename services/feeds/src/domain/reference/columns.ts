import { z } from 'zod';
import { SessionDate } from '@ballast/contracts';
import { isCusip, isIsin } from './identifiers.js';
import type { ReferenceKind, ReferenceValue } from './fact.js';

/** A column of a file: the names it may have, whether it must be there, and what may stand in it. */
export interface ColumnRule {
  readonly names: readonly [string, ...string[]];
  readonly required?: boolean;
  /** What a cell is taken for; null where it cannot be. Without it any text will do. */
  readonly parse?: (text: string) => string | null;
  /** What a cell must be, for the refusal. */
  readonly expects?: string;
}

/** How the rows of a kind become facts. */
export interface KindRule {
  /** Whom a row is about. */
  readonly subject: ColumnRule;
  /** What becomes of the value, by member. */
  readonly value: Readonly<Record<string, ColumnRule>>;
  /** What tells facts of one subject apart; where the file has no such column the request says it. */
  readonly scope?: ColumnRule;
  /** The day of an event that lasts for that day; other facts have a first and a last day. */
  readonly day?: ColumnRule;
}

/** A ticker; NSE has some with an ampersand. */
const TICKER = /^[A-Z0-9][A-Z0-9.:/&_-]{0,23}$/;
const matching =
  (pattern: RegExp) =>
  (text: string): string | null =>
    pattern.test(text) ? text : null;
const date = (text: string): string | null => (SessionDate.safeParse(text).success ? text : null);
const DATE = { parse: date, expects: 'a date such as 2026-11-20' };

const TIMES: Readonly<Record<string, string>> = {
  before_open: 'before_open',
  bmo: 'before_open',
  after_close: 'after_close',
  amc: 'after_close',
  unknown: 'unknown',
};

const symbol: ColumnRule = {
  names: ['symbol', 'ticker'],
  required: true,
  parse: matching(TICKER),
  expects: 'a ticker in capitals',
};
const instrumentId: ColumnRule = {
  names: ['instrument_id', 'isin', 'isin code'],
  required: true,
  parse: matching(/^[A-Za-z0-9][A-Za-z0-9._:-]{0,63}$/),
  expects: 'an id of letters, digits and . _ : -',
};
const size = (name: string, pattern: RegExp, expects: string): ColumnRule => ({
  names: [name, 'size'],
  required: true,
  parse: matching(pattern),
  expects,
});

/** Columns by kind. Others are ignored, so that the files of vendors come in as they are. */
export const KIND_RULES: Readonly<Record<ReferenceKind, KindRule>> = {
  listing: { subject: symbol, value: { instrumentId } },
  instrument: {
    subject: { ...instrumentId, names: ['instrument_id'] },
    value: {
      name: { names: ['name', 'security', 'company name'], required: true },
      exchange: { names: ['exchange'] },
      currency: { names: ['currency'], parse: matching(/^[A-Z]{3}$/), expects: 'a currency such as USD' },
      assetClass: {
        names: ['asset_class'],
        parse: matching(/^[a-z][a-z0-9_]{1,31}$/),
        expects: 'a class such as equity or etf',
      },
      isin: { names: ['isin', 'isin code'], parse: (text) => (isIsin(text) ? text : null), expects: 'an ISIN' },
      cusip: { names: ['cusip'], parse: (text) => (isCusip(text) ? text : null), expects: 'a CUSIP' },
    },
  },
  sector: {
    subject: symbol,
    scope: { names: ['scheme'], parse: matching(/^(gics|nse-industry)$/), expects: 'gics or nse-industry' },
    value: {
      sector: { names: ['sector', 'gics sector'], required: true },
      industry: { names: ['industry', 'gics sub-industry'] },
    },
  },
  earnings: {
    subject: symbol,
    day: { names: ['date', 'earnings_date'], required: true, ...DATE },
    value: {
      time: {
        names: ['time'],
        parse: (text) => TIMES[text.toLowerCase()] ?? null,
        expects: 'before_open (bmo), after_close (amc) or unknown',
      },
    },
  },
  lot_size: {
    subject: symbol,
    value: { size: size('lot_size', /^[1-9]\d{0,8}$/, 'a whole number above zero') },
  },
  tick_size: {
    subject: symbol,
    value: { size: size('tick_size', /^(?=.*[1-9])(0|[1-9]\d{0,5})(\.\d{1,6})?$/, 'a decimal number above zero') },
  },
  index_member: {
    subject: symbol,
    scope: {
      names: ['index'],
      parse: matching(/^[A-Za-z0-9][A-Za-z0-9 &._-]{0,47}$/),
      expects: 'the name of an index',
    },
    value: {},
  },
};

/** NSE tells one name for a company's line of business, and calls it industry. */
export const NSE_INDUSTRY: KindRule = {
  ...KIND_RULES.sector,
  value: { sector: { names: ['industry', 'sector'], required: true } },
};

/** Columns that files of every kind may have. */
export const COMMON_COLUMNS = {
  validFrom: { names: ['valid_from'], ...DATE },
  validTo: { names: ['valid_to'], ...DATE },
  knownFrom: { names: ['known_from'], ...DATE },
  retracted: {
    names: ['retracted'],
    parse: (text: string) => (/^(true|false|1|0)$/.test(text) ? text : null),
    expects: 'true or false',
  },
} as const satisfies Readonly<Record<string, ColumnRule>>;

/** What a value is where the file says nothing. */
export const withDefaults = (kind: ReferenceKind, value: ReferenceValue): ReferenceValue =>
  kind === 'earnings' && value['time'] === null ? { ...value, time: 'unknown' } : value;

/** The word of a request for rows that were known from the day on which they began to hold. */
export const AS_IT_HAPPENED = 'as-it-happened';
/** A day from which all rows were known, or {@link AS_IT_HAPPENED}. */
export const KnownOn = z.union([SessionDate, z.literal(AS_IT_HAPPENED)]);
