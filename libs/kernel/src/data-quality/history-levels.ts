import type { ActionEffect, PriceBasis } from './history-actions.js';
import { percent, shown } from './history-finding.js';
import type { Report } from './history-finding.js';
import type { Series } from './history-series.js';

/** A move from one close to the next that no action explains; `ln` is what is left of it. */
interface Jump {
  /** Index into the rows that have a close, of the later of the two. */
  readonly at: number;
  readonly ln: number;
}

interface Fault {
  readonly code: 'UNIT_ERROR' | 'ADJUSTMENT_FLIP';
  /** The clean ratio that the jump comes near to, as a sentence shows it. */
  readonly near: string;
}

/** The closes of a history, and what is left of every move once actions are taken into account. */
export interface Moves {
  readonly series: Series;
  /** The rows that have a close. */
  readonly rows: readonly number[];
  readonly effects: readonly (ActionEffect | null)[];
  readonly basis: PriceBasis;
}

const MOVE = 0.3;
const UNIT_LN = Math.log(100);
/** A day's own move may lie on top of the factor of a hundred. */
const UNIT_SLACK_LN = 0.3;
/** New shares per old as companies do it, from two up; what lies beyond 50 is told as a unit error or as a plain move. */
const SPLITS = [2, 3, 4, 5, 6, 7, 8, 10, 12, 15, 20, 25, 30, 40, 50];
/** Three for two is what a bad quarter also does to a price, so it counts only where the level soon comes back. */
const SMALL_SPLITS = [1.5];
/** A stretch that comes back has two jumps to be judged by, one that does not has one: it must fit better. */
const STRETCH_SLACK_LN = 0.1;
const LASTING_SLACK_LN = 0.06;
/** A level that comes back later than this has been somewhere, rather than been written wrongly. */
const STRETCH_ROWS = 60;
const SMALL_STRETCH_ROWS = 5;
/** How far apart the levels before and after a stretch may lie, so that it came back. */
const BACK_LN = 0.2;
/** A factor of a hundred is taken back for certain also where the price has wandered meanwhile. */
const UNIT_BACK_LN = 1;
/** A side is short that is at most one part in so many of the history. */
const SHORT_SIDE = 5;
/** Near a split of the history itself its own ratio is looked for, also where it is small. */
const OWN_SPLIT_ROWS = 30;
const OWN_SPLIT_LN = 0.15;

/**
 * Reports moves of more than 30 % that no action explains, and of them those that are stretches at the wrong level: a
 * factor of a hundred (`UNIT_ERROR`) or of a split (`ADJUSTMENT_FLIP`). Every row of a stretch that comes back is CRITICAL;
 * where it never comes back one cannot say which side is wrong, so the move itself is CRITICAL, and of a factor of a
 * hundred the rows of a short side too.
 */
export function checkLevels(moves: Moves, report: Report): void {
  const residual = residuals(moves);
  const total = new Float64Array(residual.length);
  for (let k = 1; k < residual.length; k += 1) total[k] = total[k - 1]! + residual[k]!;
  const own = ownRatios(moves);
  const jumps: Jump[] = [];
  for (let k = 1; k < residual.length; k += 1) {
    const ln = residual[k]!;
    if (Math.abs(Math.expm1(ln)) > MOVE || isOwn(own, k, ln)) jumps.push({ at: k, ln });
  }
  for (let j = 0; j < jumps.length;) {
    j = judge(moves, jumps, j, total, own, report);
  }
}

/**
 * Reports opens, highs and lows that are near a hundred times or a hundredth of their own close (`UNIT_ERROR`). A close
 * that is off itself is not their fault: `checkLevels` finds it.
 */
export function checkFieldUnits({ series, rows }: Moves, report: Report): void {
  for (let k = 0; k < rows.length; k += 1) {
    const row = rows[k]!;
    const close = series.close[row]!;
    const before = k > 0 ? series.close[rows[k - 1]!]! : close;
    if (isHundredfold(close / before)) continue;
    for (const field of ['open', 'high', 'low'] as const) {
      const value = series[field][row]!;
      if (!isHundredfold(value / close)) continue;
      const near = value > close ? '100 times' : '1/100 of';
      report(
        'UNIT_ERROR',
        'CRITICAL',
        series.dates[row]!,
        `${field} ${shown(value)} is near ${near} the close ${shown(close)}.`,
      );
    }
  }
}

function isHundredfold(ratio: number): boolean {
  return Math.abs(Math.abs(Math.log(ratio)) - UNIT_LN) < UNIT_SLACK_LN;
}

/** Judges the j-th jump and gives the number of the next one to judge. */
function judge(
  moves: Moves,
  jumps: readonly Jump[],
  j: number,
  total: Float64Array,
  own: readonly OwnRatio[],
  report: Report,
): number {
  const jump = jumps[j]!;
  const back = returnOf(jumps, j, total);
  const end = jumps[back];
  const fault = end && faultOf((jump.ln - end.ln) / 2, end.at - jump.at, own, jump.at);
  if (end && fault) {
    for (let k = jump.at; k < end.at; k += 1) reportStretch(moves, fault, jump.at, end.at, k, report);
    reportMove(moves, jump.at, 'INFO', report);
    reportMove(moves, end.at, 'INFO', report);
    return back + 1;
  }
  const lasting = faultOf(jump.ln, null, own, jump.at);
  if (lasting) {
    const detail = `${changeAt(moves, jump.at)}, near ${lasting.near}, and the level stays: one side of it is wrong, or an action is missing.`;
    report(lasting.code, 'CRITICAL', dateAt(moves, jump.at), detail);
    if (lasting.code === 'UNIT_ERROR') reportShortSide(moves, jump.at, report);
    reportMove(moves, jump.at, 'CRITICAL', report);
  } else {
    reportMove(moves, jump.at, 'WARNING', report);
  }
  return j + 1;
}

/** The first jump after the j-th that brings back the level from before it; the number of jumps where none does. */
function returnOf(jumps: readonly Jump[], j: number, total: Float64Array): number {
  const { at, ln } = jumps[j]!;
  const slack = isHundredfold(Math.exp(ln)) ? UNIT_BACK_LN : BACK_LN;
  let back = j + 1;
  while (back < jumps.length && Math.abs(total[jumps[back]!.at]! - total[at - 1]!) > slack) back += 1;
  return back;
}

/** What a level change comes from; `rows` is the length of the stretch, null where it lasts. */
function faultOf(ln: number, rows: number | null, own: readonly OwnRatio[], at: number): Fault | null {
  const size = Math.abs(ln);
  const way = (ratio: number | string): string => (ln > 0 ? `${ratio} times` : `1/${ratio}`);
  if (isHundredfold(Math.exp(size))) return { code: 'UNIT_ERROR', near: way(100) };
  if (rows !== null && rows > STRETCH_ROWS) return null;
  const slack = rows === null ? LASTING_SLACK_LN : STRETCH_SLACK_LN;
  const known = rows !== null && rows <= SMALL_STRETCH_ROWS ? [...SMALL_SPLITS, ...SPLITS] : SPLITS;
  const simple = known.find((ratio) => Math.abs(size - Math.log(ratio)) < slack);
  if (simple !== undefined) return { code: 'ADJUSTMENT_FLIP', near: way(simple) };
  const listed = own.find((each) => fits(each, at, ln));
  return listed ? { code: 'ADJUSTMENT_FLIP', near: `the split of ${shown(listed.ratio)} listed nearby` } : null;
}

interface OwnRatio {
  readonly at: number;
  readonly ratio: number;
}

function ownRatios({ effects }: Moves): OwnRatio[] {
  const own: OwnRatio[] = [];
  effects.forEach((effect, at) => {
    if (effect && Math.abs(Math.log(effect.ratio)) > OWN_SPLIT_LN) own.push({ at, ratio: effect.ratio });
  });
  return own;
}

function isOwn(own: readonly OwnRatio[], at: number, ln: number): boolean {
  return own.some((each) => fits(each, at, ln));
}

function fits({ at: split, ratio }: OwnRatio, at: number, ln: number): boolean {
  return (
    Math.abs(at - split) <= OWN_SPLIT_ROWS && Math.abs(Math.abs(ln) - Math.abs(Math.log(ratio))) < LASTING_SLACK_LN
  );
}

/** What is left of the logarithm of every move once the actions on its row are taken out. */
function residuals({ series, rows, effects, basis }: Moves): Float64Array {
  const left = new Float64Array(rows.length);
  for (let k = 1; k < rows.length; k += 1) {
    const before = series.close[rows[k - 1]!]!;
    const move = Math.log(series.close[rows[k]!]! / before);
    const effect = effects[k];
    if (!effect) left[k] = move;
    else if (!effect.open) left[k] = explained(move, before, effect, basis);
  }
  return left;
}

function explained(move: number, before: number, { ratio, cash }: ActionEffect, basis: PriceBasis): number {
  const split = basis === 'raw' ? move + Math.log(ratio) : move;
  if (cash === 0 || cash >= before) return split;
  // A dividend may explain a fall. One that the price shows no trace of is judged with the dividends, not as a move.
  const paid = split - Math.log(1 - cash / before);
  return Math.abs(paid) < Math.abs(split) ? paid : split;
}

function reportStretch(moves: Moves, fault: Fault, start: number, end: number, k: number, report: Report): void {
  const { series, rows } = moves;
  const close = shown(series.close[rows[k]!]!);
  const before = shown(series.close[rows[start - 1]!]!);
  const after = shown(series.close[rows[end]!]!);
  const length = end - start === 1 ? 'this row stands' : `${end - start} rows stand`;
  const detail = `close ${close}; ${length} near ${fault.near} the closes around, ${before} before and ${after} after.`;
  report(fault.code, 'CRITICAL', dateAt(moves, k), detail);
}

/** Nothing is worth a hundred times itself overnight: where one side of such a jump is short, it is the one to doubt. */
function reportShortSide(moves: Moves, at: number, report: Report): void {
  const n = moves.rows.length;
  if (Math.min(at, n - at) * SHORT_SIDE > n) return;
  const [from, to] = at < n - at ? [0, at] : [at + 1, n];
  for (let k = from; k < to; k += 1) {
    const close = shown(moves.series.close[moves.rows[k]!]!);
    const detail = `close ${close}; it stands on the short side of the jump by a hundred on ${dateAt(moves, at)}.`;
    report('UNIT_ERROR', 'CRITICAL', dateAt(moves, k), detail);
  }
}

function reportMove(moves: Moves, k: number, severity: 'CRITICAL' | 'WARNING' | 'INFO', report: Report): void {
  const why = severity === 'INFO' ? 'it is the edge of a stretch at another level' : 'no action explains it';
  report('UNEXPLAINED_MOVE', severity, dateAt(moves, k), `${changeAt(moves, k)}; ${why}.`);
}

function changeAt({ series, rows }: Moves, k: number): string {
  const before = series.close[rows[k - 1]!]!;
  const close = series.close[rows[k]!]!;
  return `close ${shown(close)} is ${percent(close / before - 1)} from ${shown(before)} on ${series.dates[rows[k - 1]!]}`;
}

function dateAt({ series, rows }: Moves, k: number): string {
  return series.dates[rows[k]!]!;
}
