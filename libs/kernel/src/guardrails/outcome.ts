import { Decimal } from '../money/index.js';
import { ANY, ONLY_REDUCE, REFUSE } from './check.js';
import type { Bound, Outcome, TradeContext, Valued } from './check.js';
import { ratioText, roundStatistic, shareText, statisticText } from './ratio.js';
import type { FindingCode, Input } from './types.js';

type Inputs = Readonly<Record<string, Input>>;

/** Numbers of an outcome that has any. */
interface Numbers {
  readonly observed?: string | null;
  readonly limit?: string | null;
  readonly inputs?: Inputs | undefined;
}

const NONE: Numbers = {};

export const passed = (says: string, { observed = null, limit = null, inputs }: Numbers = NONE): Outcome => ({
  status: 'passed',
  observed,
  limit,
  inputs,
  room: ANY,
  says,
});

/** What passes is told by its numbers; there are too many to put each in words of its own. */
export const within = (what: string, numbers: Numbers): Outcome => passed(`${what} is within its limit`, numbers);

/** A trade that no smaller size would mend. */
export const refused = (
  code: FindingCode,
  says: string,
  { observed = null, limit = null, inputs }: Numbers,
): Outcome => ({ status: 'failed', code, observed, limit, inputs, room: REFUSE, says });

/** What the rule needs is not there. */
export const unknown = (code: FindingCode, says: string, limit: string | null = null): Outcome => ({
  status: 'unknown',
  code,
  observed: null,
  limit,
  room: REFUSE,
  says,
});

/** Why a trade may only close what is held: as such it passes, otherwise it fails with room for as much as it closes. */
export function onlyReducing(
  { reducing }: TradeContext,
  code: FindingCode,
  cause: string,
  { observed = null, limit = null, inputs }: Numbers = NONE,
): Outcome {
  const numbers = { observed, limit, inputs, room: ONLY_REDUCE };
  return reducing
    ? { status: 'passed', reducing: true, ...numbers, says: `${cause}, and the trade only reduces` }
    : { status: 'failed', code, ...numbers, says: `${cause}; only reducing trades pass` };
}

/** Mark and equity, or the outcome of a check that needs them and does not have them. */
export function valuedOr(context: TradeContext, { text }: { readonly text: string }): Valued | Outcome {
  if (context.valued !== null) return context.valued;
  const { mark, equity } = context;
  if (mark === null) {
    return unknown('MISSING_MARK', 'no mark above zero; a trade that cannot be valued is refused', text);
  }
  if (equity === null || !equity.isFinite()) {
    const says = 'the equity of the account is not known; nothing can be measured against it';
    return unknown('MISSING_EQUITY', says, text);
  }
  return onlyReducing(context, 'EQUITY_NOT_POSITIVE', 'equity is not above zero', { limit: text });
}

export const isOutcome = (found: Valued | Outcome): found is Outcome => 'status' in found;

/** What a measure that is convex in the quantity is compared with: it passes up to a largest quantity, from zero on. */
interface Measured {
  readonly code: FindingCode;
  /** What is measured, as in "the gross exposure would be". */
  readonly what: string;
  readonly inputs?: Inputs;
}

/**
 * Money that the trade moves, over equity. Above the limit it passes only where it is no more than without the trade; the room is the largest
 * quantity that does.
 */
export function moneyOutcome(
  { quantity, equityNumber }: TradeContext,
  { equity }: Valued,
  bound: Bound,
  measure: (quantity: Decimal) => Decimal,
  { code, what, inputs }: Measured,
): Outcome {
  const most = bound.value.times(equity);
  const value = measure(quantity);
  const numbers = { observed: ratioText(value, equity, equityNumber), limit: bound.text, inputs };
  if (value.lessThanOrEqualTo(most)) return within(what, numbers);
  const says = `${what} would be ${shareText(value, equity)} of equity against a limit of ${bound.share}`;
  const before = measure(new Decimal(0));
  if (value.lessThanOrEqualTo(before)) {
    return { ...passed(`${says}, and the trade does not raise it`, numbers), reducing: true };
  }
  const fits = Decimal.max(most, before);
  const room = { kind: 'upTo', passes: (q: Decimal) => measure(q).lessThanOrEqualTo(fits) } as const;
  return { status: 'failed', code, ...numbers, room, says };
}

/** The same of a statistic that is a fraction of equity; compared to 1e-10. */
export function statisticOutcome(
  { quantityNumber }: TradeContext,
  bound: Bound,
  measure: (shares: number) => number,
  { code, what, inputs }: Measured,
): Outcome {
  const at = (shares: number): number => {
    const value = roundStatistic(measure(shares));
    if (Number.isNaN(value)) throw new Error(`${what} is not a number`);
    return value;
  };
  const value = at(quantityNumber);
  const observed = statisticText(value);
  const numbers = { observed, limit: bound.text, inputs };
  if (value <= bound.number) return within(what, numbers);
  const says = `${what} would be ${observed} of equity against a limit of ${bound.text}`;
  const before = at(0);
  if (value <= before) return { ...passed(`${says}, and the trade does not raise it`, numbers), reducing: true };
  const fits = Math.max(bound.number, before);
  return { status: 'failed', code, ...numbers, room: { kind: 'upTo', passes: (q) => at(q.toNumber()) <= fits }, says };
}
