import type { CycleSummary } from '@ballast/embedded';
import { Decimal } from 'decimal.js';
import { DEFAULT_BOOK } from '../options/book.js';
import type { PlanView } from '../plan-view.js';
import { basisPoints, duration, money, percent, price, quantity, short } from './format.js';
import { renderPairs, renderTable, type Column } from './table.js';

/** How many rows of a long list are shown; the rest is counted, and a command names where it is. */
const ROWS_SHOWN = 12;

/** Writes a command that shows more, for the same book. */
type More = (command: string) => string;

/** The words for each verdict. */
const VERDICT: Readonly<Record<CycleSummary['verdict'], string>> = {
  approved: 'approved as proposed',
  trimmed: 'approved as trimmed',
  vetoed: 'VETOED, nothing was traded',
  declined: 'declined, nothing was traded',
  aborted: 'ABORTED',
};

/**
 * Renders one cycle for a trader: prices, strategies, plan, guardrails, orders, positions,
 * lots, cash and profit, hashes, time. Figures that a simulation made are headed as such.
 * @param plan the trades with their contributors; null where they could not be read.
 * @param book whose cycle it was, for the commands that show more.
 */
export function renderSummary(summary: CycleSummary, plan: PlanView | null, book: string): string {
  const more = (command: string): string => `ballast ${command}${book === DEFAULT_BOOK ? '' : ` --book ${book}`}`;
  return [
    head(summary),
    section('Prices', prices(summary)),
    section('Strategies', strategies(summary)),
    section('Plan', planned(summary, plan, more)),
    section('Guardrails', guardrails(summary, more)),
    section(`Orders${mark(summary)}`, orders(summary, more)),
    section(`Positions${mark(summary)}`, positions(summary, more)),
    section(`Account${mark(summary)}`, account(summary)),
    section('Proof', proof(summary, more)),
    section('Time', times(summary)),
    ...(summary.simulated.length > 0
      ? [section('What was simulated', summary.simulated.map((sentence) => `${sentence}\n`).join(''))]
      : []),
  ].join('\n');
}

/** Renders the cycles of several days, one line a day. */
export function renderDays(days: readonly CycleSummary[]): string {
  const simulated = days.some((day) => day.simulated.length > 0);
  const columns: Column<CycleSummary>[] = [
    { title: 'AS OF', of: (day) => day.asOf },
    { title: 'TRADED', of: (day) => day.tradeDate },
    { title: 'VERDICT', of: (day) => day.verdict },
    { title: 'TRADES', of: (day) => String(day.trades), numeric: true },
    { title: 'ORDERS', of: (day) => String(day.orders.submitted), numeric: true },
    { title: 'FILLED', of: (day) => String(day.orders.filled), numeric: true },
    { title: 'CASH', of: (day) => money(day.cash), numeric: true },
    { title: 'EQUITY', of: (day) => money(day.equity), numeric: true },
    { title: 'REALISED', of: (day) => money(day.realised), numeric: true },
    { title: 'UNREALISED', of: (day) => money(day.unrealised), numeric: true },
    { title: 'LEDGER', of: (day) => short(day.ledgerCommitHash) },
    { title: 'TIME', of: (day) => duration(day.durationMs.total), numeric: true },
  ];
  return `${days.length} cycles${simulated ? ' (simulated trading)' : ''}\n\n${renderTable(columns, days)}`;
}

const section = (title: string, body: string): string =>
  `${title}\n${body
    .split('\n')
    .map((line) => (line === '' ? '' : `  ${line}`))
    .join('\n')}`;

const mark = (summary: CycleSummary): string => (summary.simulated.length > 0 ? ' (simulated)' : '');

function head(summary: CycleSummary): string {
  const reason = summary.reason === null ? '' : `\n${summary.reason}`;
  return `Cycle ${summary.cycleId}: ${VERDICT[summary.verdict]}${reason}\nDecided on the close of ${summary.asOf}, traded in the session of ${summary.tradeDate}.\n`;
}

const prices = (summary: CycleSummary): string =>
  renderPairs([
    ['source', `${summary.source.name}${summary.source.synthetic ? ' (SYNTHETIC: no real prices)' : ''}`],
    ['symbols', summary.symbols === null ? 'no prices were sealed' : quantity(String(summary.symbols))],
    ['quality', quality(summary.quality)],
    ['regime', regime(summary.regime)],
    ['pack', summary.packId ?? 'none was sealed'],
  ]);

const quality = (found: CycleSummary['quality']): string =>
  found === null ? 'unknown' : `average ${found.average.toFixed(3)}, lowest ${found.lowest.toFixed(3)} (1 is best)`;

const regime = (found: CycleSummary['regime']): string =>
  found === null ? 'unknown' : `trend ${found.trend}, volatility ${found.volatility}`;

const strategies = (summary: CycleSummary): string =>
  renderTable(
    [
      { title: 'STRATEGY', of: (each) => each.strategyId },
      { title: 'WEIGHT', of: (each) => percent(each.weight), numeric: true },
      { title: 'VOLATILITY A YEAR', of: (each) => percent(each.volatility), numeric: true },
    ],
    summary.strategies,
    'none had scores',
  );

/** Shows the first rows of a list and counts the others. */
function firstRows<R>(columns: readonly Column<R>[], rows: readonly R[], empty: string, where: string): string {
  const rest = rows.length - ROWS_SHOWN;
  const more = rest > 0 ? `and ${rest} more: ${where}\n` : '';
  return renderTable(columns, rows.slice(0, ROWS_SHOWN), empty) + more;
}

function planned(summary: CycleSummary, plan: PlanView | null, more: More): string {
  const { BUY, SELL, HOLD, REJECT } = summary.decisions;
  const counts = renderPairs([
    ['trades', String(summary.trades)],
    ['decisions', `${BUY} buy, ${SELL} sell, ${HOLD} hold, ${REJECT} reject`],
    ...(plan?.residualCash === undefined ? [] : [['kept in cash', percent(plan.residualCash)] as const]),
    ['plan hash', summary.planHash ?? 'none was made'],
    ['approved hash', summary.approvedHash ?? 'nothing was approved'],
  ]);
  if (plan === null || plan.trades === null) {
    return summary.trades === 0
      ? counts
      : `${counts}trades with contributors: ${more(`cycle get ${summary.cycleId}`)}\n`;
  }
  const trades = [...plan.trades].sort(
    (a, b) => new Decimal(b.notional).comparedTo(a.notional) || (a.symbol < b.symbol ? -1 : 1),
  );
  const table = firstRows(
    [
      { title: 'SYMBOL', of: (trade) => trade.symbol },
      { title: 'SIDE', of: (trade) => trade.side },
      { title: 'QUANTITY', of: (trade) => quantity(trade.quantity), numeric: true },
      { title: 'MARK', of: (trade) => price(trade.referencePrice), numeric: true },
      { title: 'NOTIONAL', of: (trade) => money(trade.notional), numeric: true },
      {
        title: 'CONTRIBUTORS (OF EQUITY)',
        of: (trade) => trade.contributors.map((each) => `${each.strategyId} ${percent(each.weight)}`).join(', '),
      },
    ],
    trades,
    'no trades',
    more(`cycle get ${summary.cycleId}`),
  );
  return `${counts}\n${table}`;
}

function guardrails(summary: CycleSummary, more: More): string {
  const trims = firstRows(
    [
      { title: 'TRIMMED', of: (trim) => trim.symbol },
      { title: 'BY', of: (trim) => trim.code },
      { title: 'FROM', of: (trim) => quantity(trim.from), numeric: true },
      { title: 'TO', of: (trim) => quantity(trim.to), numeric: true },
      { title: 'OBSERVED', of: (trim) => trim.observed ?? '-', numeric: true },
      { title: 'LIMIT', of: (trim) => trim.limit ?? '-', numeric: true },
    ],
    summary.trims,
    'no trade was trimmed',
    more(`cycle get ${summary.cycleId}`),
  );
  const refused = summary.verdict === 'vetoed' ? '' : 'no check refused the plan\n';
  if (summary.failed.length === 0) return `${trims}${refused}`;
  const failed = firstRows(
    [
      { title: 'NOT PASSED', of: (check) => check.code },
      { title: 'SYMBOL', of: (check) => check.symbols },
      { title: 'OBSERVED', of: (check) => check.observed ?? 'not evaluated', numeric: true },
      { title: 'LIMIT', of: (check) => check.limit ?? '-', numeric: true },
      { title: 'UNIT', of: (check) => check.unit },
      { title: 'WHY', of: (check) => check.message },
    ],
    grouped(summary.failed),
    '',
    more(`cycle get ${summary.cycleId}`),
  );
  return `${trims}${refused}\n${failed}`;
}

type Failed = CycleSummary['failed'][number];

/** How many symbols of one row are named. */
const SYMBOLS_NAMED = 3;

/** One row a check; those of one code that could not be evaluated are one row, because only their symbols differ. */
function grouped(checks: readonly Failed[]): (Failed & { readonly symbols: string })[] {
  const groups = new Map<string, Failed[]>();
  for (const [i, check] of checks.entries()) {
    const key = check.observed === null ? check.code : `${check.code} ${i}`;
    groups.set(key, [...(groups.get(key) ?? []), check]);
  }
  return [...groups.values()].map((group) => {
    const names = group.map(({ symbol }) => symbol ?? 'the plan');
    const rest = names.length - SYMBOLS_NAMED;
    const named = names.slice(0, SYMBOLS_NAMED).join(', ');
    return { ...group[0]!, symbols: rest > 0 ? `${named} and ${rest} more` : named };
  });
}

function orders(summary: CycleSummary, more: More): string {
  const { submitted, filled, partiallyFilled, rejected, cancelled, unknown } = summary.orders;
  const counts = `${submitted} child orders: ${filled} filled, ${partiallyFilled} partly, ${rejected} rejected, ${cancelled} cancelled, ${unknown} unknown\n`;
  if (summary.parents.length === 0) return counts;
  const table = firstRows(
    [
      { title: 'SYMBOL', of: (parent) => parent.symbol },
      { title: 'SIDE', of: (parent) => parent.side },
      { title: 'FILLED', of: (parent) => quantity(parent.filledQuantity), numeric: true },
      { title: 'OF', of: (parent) => quantity(parent.quantity), numeric: true },
      { title: 'AVERAGE', of: (parent) => price(parent.averagePrice), numeric: true },
      { title: 'ARRIVAL', of: (parent) => price(parent.arrivalPrice), numeric: true },
      { title: 'SLIPPAGE BP', of: (parent) => basisPoints(parent.slippageBp), numeric: true },
      { title: 'STATUS', of: (parent) => parent.status },
    ],
    summary.parents,
    '',
    more(`order list --cycle ${summary.cycleId}`),
  );
  return `${counts}\n${table}`;
}

const positions = (summary: CycleSummary, more: More): string =>
  firstRows(
    [
      { title: 'SYMBOL', of: (position) => position.symbol },
      { title: 'QUANTITY', of: (position) => quantity(position.quantity), numeric: true },
      { title: 'AVERAGE COST', of: (position) => price(position.averageCost), numeric: true },
      { title: 'PRICE', of: (position) => price(position.price), numeric: true },
      { title: 'VALUE', of: (position) => money(position.marketValue), numeric: true },
      { title: 'UNREALISED', of: (position) => money(position.unrealised), numeric: true },
    ],
    summary.positions,
    'no positions',
    more('position list'),
  );

const account = (summary: CycleSummary): string =>
  renderPairs([
    ['cash', money(summary.cash)],
    ['equity', money(summary.equity)],
    ['realised', money(summary.realised)],
    ['unrealised', money(summary.unrealised)],
    ['open tax lots', String(summary.lots)],
  ]);

const proof = (summary: CycleSummary, more: More): string =>
  renderPairs([
    ['ledger', summary.ledgerCommitHash],
    ['trace', summary.traceId ?? 'tracing is off'],
    ['explain', `${more('cycle explain ORDER')} (ids: ${more(`order list --cycle ${summary.cycleId}`)})`],
    ['replay', more(`cycle replay ${summary.cycleId}`)],
  ]);

function times(summary: CycleSummary): string {
  const { total, ...stages } = summary.durationMs;
  const parts = Object.entries(stages).map(([stage, ms]) => `${stage} ${duration(ms)}`);
  return `${parts.join(', ')}; total ${duration(total)}\n`;
}
