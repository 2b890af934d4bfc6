import { Decimal, decimal, KernelError } from '../money/index.js';
import { gaussianMultiplier, studentMultipliers, tailOf } from '../risk-measures/index.js';
import type { Scenario } from '../risk-measures/index.js';
import { boundAt, boundOf, row } from './check.js';
import type { Bound, Outcome, TradeContext, Valued } from './check.js';
import { isOutcome, onlyReducing, passed, statisticOutcome, valuedOr } from './outcome.js';
import { ratioText, roundStatistic, shareText, statisticText } from './ratio.js';
import type { FindingCode } from './types.js';

/** Fewer sessions in common tell nothing of how two things move together, or how widely one does. */
const OBSERVATIONS_MIN = 20;

/** A book whose history is known, with a trade of a name whose history is known. */
interface Measurable extends Valued {
  readonly returns: ArrayLike<number>;
  /** Money that a share of the trade moves, below zero where it sells. */
  readonly perShare: number;
}

/** Historical CVaR of the book after the trade over equity (`cvar`). */
const cvar = row<{ readonly max: Bound; readonly alpha: number }>({
  name: 'CVAR',
  severity: 'CRITICAL',
  unit: 'fraction_of_equity',
  reads: ['marks', 'book', 'equity', 'history'],
  limit: ({ cvar: limit }) =>
    limit && { max: boundOf(limit.max), alpha: new Decimal(1).minus(decimal(limit.confidence)).toNumber() },
  rule: (context, { max, alpha }) => {
    const found = measurableOr(context, max);
    if (isOutcome(found)) return found;
    const { profits } = context.portfolio.scenarios;
    const tail = tailOf(profits.observations, alpha);
    if (!tail.sufficient) {
      const cause = `${tail.observations} sessions are too few for a tail of ${alpha}`;
      return onlyReducing(context, 'INSUFFICIENT_TAIL', cause, { limit: max.text });
    }
    const measure = (shares: number): number =>
      profits.tailLossWith(found.returns, shares * found.perShare, tail).shortfall / context.equityNumber;
    const inputs = { alpha, observations: tail.observations };
    return statisticOutcome(context, max, measure, { code: 'cvar_breach', what: 'the CVaR of the book', inputs });
  },
});

/** Expected shortfall of the book after the trade by mean and deviation of its history, over equity (`expectedShortfall`). */
const expectedShortfall = row<{ readonly max: Bound; readonly multiplier: number }>({
  name: 'EXPECTED_SHORTFALL',
  severity: 'CRITICAL',
  unit: 'fraction_of_equity',
  reads: ['marks', 'book', 'equity', 'history'],
  limit: ({ expectedShortfall: limit }) =>
    limit && {
      max: boundOf(limit.max),
      multiplier: multiplierOf(decimal(limit.confidence).toNumber(), limit.degreesOfFreedom),
    },
  rule: (context, { max, multiplier }) => {
    const found = measurableOr(context, max);
    if (isOutcome(found)) return found;
    const { profits } = context.portfolio.scenarios;
    if (profits.observations < OBSERVATIONS_MIN) return tooFew(context, profits.observations, max);
    const measure = (shares: number): number => {
      const { mean, deviation } = profits.momentsWith(found.returns, shares * found.perShare);
      return (deviation * multiplier - mean) / context.equityNumber;
    };
    const what = 'the expected shortfall of the book';
    const inputs = { multiplier, observations: profits.observations };
    return statisticOutcome(context, max, measure, { code: 'EXPECTED_SHORTFALL_EXCEEDED', what, inputs });
  },
});

/** Loss of the book after the trade in the worst of the scenarios, over equity (`stress`). */
const stress = row<{ readonly max: Bound; readonly scenarios: readonly Scenario[] }>({
  name: 'STRESS',
  severity: 'CRITICAL',
  unit: 'fraction_of_equity',
  reads: ['marks', 'book', 'equity', 'reference'],
  limit: ({ stress: limit }) => {
    if (limit === undefined) return undefined;
    if (limit.scenarios.length === 0)
      throw new KernelError('NO_SCENARIOS', 'stress has no scenarios; name at least one.');
    return { max: boundOf(limit.max), scenarios: limit.scenarios };
  },
  rule: (context, { max, scenarios }) => {
    const valued = valuedOr(context, max);
    if (isOutcome(valued)) return valued;
    const book = context.portfolio.scenarios;
    const shocks = book.shocks(context.symbol);
    const missing = scenarios.findIndex((_, i) => shocks[i] === null || book.stress[i]!.unknown.size > 0);
    if (missing >= 0) {
      const unknown = shocks[missing] === null ? context.symbol : [...book.stress[missing]!.unknown].sort()[0]!;
      const cause = `how ${unknown} moves in scenario ${scenarios[missing]!.name} is not known`;
      return onlyReducing(context, 'MISSING_SENSITIVITY', cause, { limit: max.text });
    }
    const perShare = perShareOf(context);
    const equity = context.equityNumber;
    const lossIn = (i: number, shares: number): number =>
      -(book.stress[i]!.value + shares * perShare * shocks[i]!) / equity;
    const measure = (shares: number): number => {
      let worst = -Infinity;
      for (let i = 0; i < scenarios.length; i += 1) worst = Math.max(worst, lossIn(i, shares));
      return worst;
    };
    const shares = context.quantityNumber;
    const worst = measure(shares);
    const { name } = scenarios.find((_, i) => lossIn(i, shares) === worst) ?? scenarios[0]!;
    const what = `the loss of the book in scenario ${name}`;
    return statisticOutcome(context, max, measure, { code: 'STRESS_LOSS_EXCEEDED', what, inputs: { scenario: name } });
  },
});

/** Σ exposure × beta of the book after the trade over equity, long or short (`betaMax`). A beta that is not known is neither 0 nor 1. */
const beta = row<Bound>({
  name: 'BETA',
  severity: 'CRITICAL',
  unit: 'fraction_of_equity',
  reads: ['marks', 'book', 'equity', 'reference'],
  limit: boundAt((limits) => limits.betaMax),
  rule: (context, limit) => {
    const valued = valuedOr(context, limit);
    if (isOutcome(valued)) return valued;
    const { scenarios } = context.portfolio;
    const book = scenarios.beta;
    const own = scenarios.betaOf(context.symbol);
    if (own === null || book.unknown.size > 0) {
      const cause = `the beta of ${own === null ? context.symbol : [...book.unknown].sort()[0]!} is not known`;
      return onlyReducing(context, 'MISSING_SENSITIVITY', cause, { limit: limit.text });
    }
    const perShare = perShareOf(context) * own;
    const equity = context.equityNumber;
    const measure = (shares: number): number => Math.abs(book.value + shares * perShare) / equity;
    const what = 'the beta exposure of the book';
    return statisticOutcome(context, limit, measure, { code: 'BETA_EXCEEDED', what, inputs: { beta: own } });
  },
});

/** Correlation of the name with the rest of the book, in the direction of the trade (`bookCorrelationMax`): more of what is held already. */
const bookCorrelation = row<Bound>({
  name: 'BOOK_CORRELATION',
  severity: 'CRITICAL',
  unit: 'correlation',
  reads: ['marks', 'book', 'history'],
  limit: boundAt((limits) => limits.bookCorrelationMax),
  rule: (context, limit) => {
    const found = measurableOr(context, limit);
    if (isOutcome(found)) return found;
    const { scenarios } = context.portfolio;
    if (scenarios.profits.observations < OBSERVATIONS_MIN)
      return tooFew(context, scenarios.profits.observations, limit);
    const correlation = scenarios.profits.correlationWith(found.returns, scenarios.value(context.symbol));
    if (correlation === null) return passed('nothing else is held that moves', { limit: limit.text });
    const directed = roundStatistic(context.side === 'buy' ? correlation : -correlation);
    const text = statisticText(directed);
    const says = `the trade has a correlation of ${text} with the rest of the book against a limit of ${limit.text}`;
    const numbers = { observed: text, limit: limit.text };
    return directed <= limit.number
      ? passed(says, numbers)
      : onlyReducing(context, 'BOOK_CORRELATION_EXCEEDED', says, numbers);
  },
});

/** Fall of equity since the session began, over what it was then (`dailyLossMax`). */
const dailyLoss = row<Fall>({
  name: 'DAILY_LOSS',
  severity: 'CRITICAL',
  unit: 'fraction',
  reads: ['equity'],
  limit: ({ dailyLossMax }, { equity, facts }) =>
    dailyLossMax === undefined
      ? undefined
      : fallOf(dailyLossMax, equity, facts?.sessionEquity, 'since the session began'),
  rule: (context, fall) => fallOutcome(context, fall, 'DAILY_LOSS_EXCEEDED'),
});

/** Fall of equity from its highest value, over that value (`drawdownMax`). */
const drawdown = row<Fall>({
  name: 'DRAWDOWN',
  severity: 'CRITICAL',
  unit: 'fraction',
  reads: ['equity'],
  limit: ({ drawdownMax }, { equity, facts }) =>
    drawdownMax === undefined ? undefined : fallOf(drawdownMax, equity, facts?.peakEquity, 'from its highest value'),
  rule: (context, fall) => fallOutcome(context, fall, 'DRAWDOWN_EXCEEDED'),
});

/** How far equity has fallen, the same for every trade of a plan. */
interface Fall {
  readonly limit: Bound;
  /** Null where it is not known. */
  readonly lost: string | null;
  readonly within: boolean;
  readonly says: string;
}

function fallOf(text: string, equity: Decimal | null, from: Decimal | undefined, since: string): Fall {
  const limit = boundOf(text);
  if (equity === null || !equity.isFinite() || from === undefined || !from.isFinite() || !from.greaterThan(0)) {
    return { limit, lost: null, within: false, says: `what equity has lost ${since} is not known` };
  }
  const fallen = new Decimal(from).minus(equity);
  const lost = ratioText(fallen, from);
  const share = shareText(fallen, from);
  const within = fallen.lessThanOrEqualTo(limit.value.times(from));
  return { limit, lost, within, says: `equity has lost ${share} ${since} against a limit of ${limit.share}` };
}

/** At the limit trading goes on; beyond it only what reduces. */
function fallOutcome(context: TradeContext, { limit, lost, within, says }: Fall, code: FindingCode): Outcome {
  if (lost === null) return onlyReducing(context, 'MISSING_EQUITY', says, { limit: limit.text });
  const numbers = { observed: lost, limit: limit.text };
  return within ? passed(says, numbers) : onlyReducing(context, code, says, numbers);
}

/** Mark, equity and histories, or the outcome of a check that needs them and does not have them. */
function measurableOr(context: TradeContext, limit: Bound): Measurable | Outcome {
  const valued = valuedOr(context, limit);
  if (isOutcome(valued)) return valued;
  const { scenarios } = context.portfolio;
  const returns = scenarios.returns(context.symbol);
  if (returns === null || scenarios.unknownHistory.size > 0) {
    const unknown = returns === null ? context.symbol : [...scenarios.unknownHistory].sort()[0]!;
    const cause = `there is no whole history of ${unknown}`;
    return onlyReducing(context, 'MISSING_HISTORY', cause, { limit: limit.text });
  }
  return { ...valued, returns, perShare: perShareOf(context) };
}

const perShareOf = ({ side, markNumber }: TradeContext): number => (side === 'buy' ? markNumber : -markNumber);

const tooFew = (context: TradeContext, observations: number, limit: Bound): Outcome =>
  onlyReducing(context, 'INSUFFICIENT_HISTORY', `${observations} sessions are fewer than ${OBSERVATIONS_MIN}`, {
    limit: limit.text,
  });

const multiplierOf = (confidence: number, degreesOfFreedom: number | undefined): number =>
  degreesOfFreedom === undefined
    ? gaussianMultiplier(confidence)
    : studentMultipliers(degreesOfFreedom, confidence).shortfall;

export const LOSS = { cvar, expectedShortfall, stress, beta, bookCorrelation, dailyLoss, drawdown };
