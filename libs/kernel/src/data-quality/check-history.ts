import type { SessionDate } from '../calendar/index.js';
import { compareText } from '../ordering/index.js';
import { basisOf, effectsOn, requireAction, rowsWithClose } from './history-actions.js';
import type { HistoryAction, PriceBasis } from './history-actions.js';
import { checkAdjustedCloses, checkDividends } from './history-dividends.js';
import { historyScore } from './history-finding.js';
import type { HistoryFinding, Report } from './history-finding.js';
import { checkFieldUnits, checkLevels } from './history-levels.js';
import { orderBars, readSeries } from './history-series.js';
import type { HistoryBar } from './history-series.js';
import { checkTrading } from './history-trading.js';
import type { SessionCalendar } from './session-calendar.js';

/** What a history is held against. */
export interface HistoryContext {
  readonly calendar: SessionCalendar;
  /** Corporate actions that are known of the symbol; none given means none known. */
  readonly actions?: readonly HistoryAction[];
  /** Whether prices jump at splits. Absent: as most splits of the history show it, and one history is on one basis. */
  readonly basis?: PriceBasis;
  /** The date from which bars are expected: a later first bar is told as `LATE_START`. */
  readonly from?: SessionDate;
  /** The date up to which bars are expected: sessions after the last bar are missing too. Absent: up to the last bar. */
  readonly to?: SessionDate;
}

/** What is wrong with a history: findings by date, then code, and the score `historyScore` makes of them. */
export interface HistoryQuality {
  readonly score: number;
  readonly findings: readonly HistoryFinding[];
}

/**
 * Checks the whole history of one symbol. Nothing is repaired; the order of the rows does not matter.
 *
 * In: daily bars (prices in one currency, NaN = missing) and what they are held against. Out: the score in 0..1, and of
 * each fault its code, severity, row and a sentence with the numbers compared:
 *
 * - `NO_BARS` CRITICAL: no bar falls on a session. `LATE_START` INFO: the first bar comes after `from`.
 * - `INVALID_DATE` CRITICAL. `NOT_A_SESSION` CRITICAL: a bar on a day without a session.
 * - `MISSING_SESSION` WARNING: no bar on a session between the first and the last bar, or up to `to`.
 * - `DUPLICATE_DATE` WARNING where the rows agree; CRITICAL where not, and none of them is compared further.
 * - `MISSING_VALUE` by field: CRITICAL for the close, WARNING for the others. `NOT_NUMERIC`, `PRICE_NOT_POSITIVE`,
 *   `NEGATIVE_VOLUME`, `OHLC_INCONSISTENT` CRITICAL.
 * - `ZERO_VOLUME`, `STALE_BARS` WARNING, INFO where it is usual for the name (`checkTrading`).
 * - `UNEXPLAINED_MOVE`: more than 30 % from close to close without an action. WARNING, since it may be true; INFO at the
 *   edges of a stretch at a wrong level; CRITICAL where the level changes for good by a factor that prices do not move by.
 * - `UNIT_ERROR` CRITICAL: near 100 times or 1/100 of the prices around. `ADJUSTMENT_FLIP` CRITICAL: near a split ratio
 *   of them, without an action or beside one that the prices already contain (`checkLevels`).
 * - `DIVIDEND_SUSPECT`, `ADJUSTED_CLOSE_MISMATCH` WARNING (`checkDividends`, `checkAdjustedCloses`).
 *
 * Throws `UNKNOWN_ACTION_TYPE`, `INVALID_ACTION`.
 */
export function checkHistory(bars: readonly HistoryBar[], context: HistoryContext): HistoryQuality {
  const actions = context.actions ?? [];
  actions.forEach(requireAction);
  const findings: HistoryFinding[] = [];
  const report: Report = (code, severity, date, detail) => findings.push({ code, severity, date, detail });

  const { ordered, contradicted } = orderBars(bars, report);
  const { traded, sessions } = checkSessions(ordered, context, report);
  const series = readSeries(
    traded.filter(({ date }) => !contradicted.has(date)),
    report,
  );
  checkTrading(series, report);
  const rows = rowsWithClose(series);
  const effects = effectsOn(
    rows.map((row) => series.dates[row]!),
    actions,
  );
  const basis = context.basis ?? basisOf(series.close, rows, effects);
  const moves = { series, rows, effects, basis };
  checkFieldUnits(moves, report);
  checkLevels(moves, report);
  checkDividends(moves, actions, report);
  checkAdjustedCloses(moves, report);

  findings.sort(byDateAndCode);
  return { score: historyScore(findings, sessions), findings };
}

/** The bars that fall on a session, and how many sessions there are from the first of them to the last that is expected. */
function checkSessions(
  ordered: readonly HistoryBar[],
  context: HistoryContext,
  report: Report,
): { traded: HistoryBar[]; sessions: number } {
  const { calendar, from } = context;
  const first = ordered[0]?.date;
  const dates = first === undefined ? [] : calendar.sessionDates(first, laterOf(ordered.at(-1)!.date, context.to));
  const traded = onSessions(ordered, dates, calendar.name, report);
  const start = traded[0]?.date;
  if (start === undefined) {
    report('NO_BARS', 'CRITICAL', null, `none of ${ordered.length} bars falls on a session of ${calendar.name}.`);
    return { traded, sessions: 0 };
  }
  const end = laterOf(traded.at(-1)!.date, context.to);
  const expected = dates.filter((date) => date >= start && date <= end);
  reportMissing(expected, traded, calendar.name, report);
  if (from !== undefined && start > from) {
    report(
      'LATE_START',
      'INFO',
      start,
      `the first of ${traded.length} bars comes after ${from}, from which they are asked for.`,
    );
  }
  return { traded, sessions: expected.length };
}

const laterOf = (date: SessionDate, other: SessionDate | undefined): SessionDate =>
  other !== undefined && other > date ? other : date;

function onSessions(
  ordered: readonly HistoryBar[],
  dates: readonly SessionDate[],
  exchange: string,
  report: Report,
): HistoryBar[] {
  let next = 0;
  return ordered.filter(({ date }) => {
    while (next < dates.length && dates[next]! < date) next += 1;
    if (dates[next] === date) return true;
    report('NOT_A_SESSION', 'CRITICAL', date, `${exchange} has no session on ${date}, so no bar can be of it.`);
    return false;
  });
}

function reportMissing(
  expected: readonly SessionDate[],
  traded: readonly HistoryBar[],
  exchange: string,
  report: Report,
): void {
  const [start, end] = [traded[0]!.date, traded.at(-1)!.date];
  let row = 0;
  for (const date of expected) {
    if (traded[row]?.date === date) row += 1;
    else {
      const place = date < end ? `between ${start} and ${end}` : `after the last one of ${end}`;
      report('MISSING_SESSION', 'WARNING', date, `${exchange} traded, and there is no bar for it ${place}.`);
    }
  }
}

function byDateAndCode(a: HistoryFinding, b: HistoryFinding): number {
  return compareText(a.date ?? '', b.date ?? '') || compareText(a.code, b.code) || compareText(a.detail, b.detail);
}
