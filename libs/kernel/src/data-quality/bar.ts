/** A row of a daily CSV as it was read: text, or undefined where the column is not there. */
export interface RawBar {
  readonly date?: string | undefined;
  readonly symbol?: string | undefined;
  readonly open?: string | undefined;
  readonly high?: string | undefined;
  readonly low?: string | undefined;
  readonly close?: string | undefined;
  readonly volume?: string | undefined;
}

/** A daily bar as numbers; NaN = missing. The close is always there. */
export interface Bar {
  readonly date: string;
  readonly symbol: string;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  readonly volume: number;
}

export type BarField = keyof Bar;

/** CRITICAL: the row cannot be used. WARNING: it can, with the field missing. */
export interface BarFinding {
  readonly code:
    'INVALID_DATE' | 'MISSING_VALUE' | 'NOT_NUMERIC' | 'PRICE_NOT_POSITIVE' | 'NEGATIVE_VOLUME' | 'OHLC_INCONSISTENT';
  readonly severity: 'CRITICAL' | 'WARNING';
  readonly field: BarField;
  readonly message: string;
}

const DATE = /^\d{4}-\d{2}-\d{2}$/;
const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;
/** How files of the trade write "no value". */
const MISSING = /^(?:|nan|na|n\/a|null|none|-)$/i;
const PRICES = ['open', 'high', 'low', 'close'] as const;

/**
 * Reads one row: the bar, or null where a finding is CRITICAL, with all findings. A missing open, high, low or volume
 * leaves a bar with NaN there; nothing is filled in or repaired.
 */
export function readBar(row: RawBar): { bar: Bar | null; findings: BarFinding[] } {
  const findings: BarFinding[] = [];
  const date = row.date?.trim() ?? '';
  const symbol = row.symbol?.trim() ?? '';
  if (!isDate(date)) {
    const message = `date ${quoted(row.date)} is not a day of the calendar written YYYY-MM-DD`;
    findings.push({ code: 'INVALID_DATE', severity: 'CRITICAL', field: 'date', message });
  }
  if (symbol === '') findings.push(missing('symbol', 'CRITICAL'));
  const values = {
    open: readPrice(row, 'open', findings),
    high: readPrice(row, 'high', findings),
    low: readPrice(row, 'low', findings),
    close: readPrice(row, 'close', findings),
    volume: readVolume(row, findings),
  };
  checkRange(values, findings);
  const usable = findings.every(({ severity }) => severity !== 'CRITICAL');
  return { bar: usable ? { date, symbol, ...values } : null, findings };
}

/** The findings of `readBar`; none means the row is complete and consistent. */
export function checkBar(row: RawBar): BarFinding[] {
  return readBar(row).findings;
}

function readPrice(row: RawBar, field: (typeof PRICES)[number], findings: BarFinding[]): number {
  const value = readNumber(row, field, field === 'close' ? 'CRITICAL' : 'WARNING', findings);
  if (value > 0 || Number.isNaN(value)) return value;
  const message = `${field} ${quoted(row[field])} is not above zero`;
  findings.push({ code: 'PRICE_NOT_POSITIVE', severity: 'CRITICAL', field, message });
  return Number.NaN;
}

function readVolume(row: RawBar, findings: BarFinding[]): number {
  const value = readNumber(row, 'volume', 'WARNING', findings);
  if (!(value < 0)) return value;
  const message = `volume ${quoted(row.volume)} is negative`;
  findings.push({ code: 'NEGATIVE_VOLUME', severity: 'CRITICAL', field: 'volume', message });
  return Number.NaN;
}

function readNumber(
  row: RawBar,
  field: Exclude<BarField, 'date' | 'symbol'>,
  severity: BarFinding['severity'],
  findings: BarFinding[],
): number {
  const text = row[field]?.trim() ?? '';
  if (MISSING.test(text)) {
    findings.push(missing(field, severity));
    return Number.NaN;
  }
  const value = NUMBER.test(text) ? Number(text) : Number.NaN;
  if (Number.isFinite(value)) return value;
  const message = `${field} ${quoted(row[field])} is not a number; write it with a decimal point and no separators`;
  findings.push({ code: 'NOT_NUMERIC', severity: 'CRITICAL', field, message });
  return Number.NaN;
}

/** High must be at or above, low at or below, every other price of the day that is there. Comparing with NaN is false. */
function checkRange(values: Record<(typeof PRICES)[number], number>, findings: BarFinding[]): void {
  const { high, low } = values;
  const over = PRICES.find((field) => values[field] > high);
  const under = PRICES.find((field) => values[field] < low);
  if (over !== undefined) {
    const message = `high ${high} is below ${over} ${values[over]}`;
    findings.push({ code: 'OHLC_INCONSISTENT', severity: 'CRITICAL', field: 'high', message });
  }
  if (under !== undefined) {
    const message = `low ${low} is above ${under} ${values[under]}`;
    findings.push({ code: 'OHLC_INCONSISTENT', severity: 'CRITICAL', field: 'low', message });
  }
}

function missing(field: BarField, severity: BarFinding['severity']): BarFinding {
  return { code: 'MISSING_VALUE', severity, field, message: `${field} is missing` };
}

/** Whether a text is a real day written `YYYY-MM-DD`. */
export function isDate(text: string): boolean {
  if (!DATE.test(text)) return false;
  const [year, month, day] = [Number(text.slice(0, 4)), Number(text.slice(5, 7)), Number(text.slice(8))];
  return month >= 1 && month <= 12 && day >= 1 && day <= daysInMonth(year, month);
}

function daysInMonth(year: number, month: number): number {
  if (month !== 2) return [4, 6, 9, 11].includes(month) ? 30 : 31;
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
}

function quoted(text: string | undefined): string {
  return text === undefined ? '(no column)' : JSON.stringify(text.slice(0, 40));
}
