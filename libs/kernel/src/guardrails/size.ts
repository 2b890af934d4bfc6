import { Decimal } from '../money/index.js';
import { boundAt, boundOf, row } from './check.js';
import type { Bound, Outcome, TradeContext, Valued } from './check.js';
import { isOutcome, onlyReducing, passed, refused, unknown, valuedOr, within } from './outcome.js';
import { ratioText, shareText, tellDecimal } from './ratio.js';
import type { FindingCode } from './types.js';

const ZERO = new Decimal(0);

/** Shares this plan trades of the name over its 20-session average daily volume (`advFractionMax`). */
const liquidity = row<Bound>({
  name: 'LIQUIDITY',
  severity: 'CRITICAL',
  unit: 'fraction_of_adv',
  reads: ['volume'],
  limit: boundAt((limits) => limits.advFractionMax),
  rule: ({ symbol, quantity, adv, portfolio }, limit) => {
    if (adv === null || !adv.isFinite() || adv.isNegative()) {
      const says = 'the average daily volume is not known; at least 15 of the last 20 sessions need a volume';
      return unknown('INSUFFICIENT_VOLUME_DATA', says, limit.text);
    }
    const planned = portfolio.book.planned(symbol);
    const total = planned.plus(quantity);
    const most = limit.value.times(adv);
    const volume = adv.toNumber();
    const observed = adv.isZero() ? null : ratioText(total, adv, volume);
    const share = adv.isZero() ? 'an unknown part' : shareText(total, adv, volume);
    const says = `${share} of average daily volume against a limit of ${limit.share}`;
    const numbers = { observed, limit: limit.text, inputs: { adv, planned } };
    if (total.lessThanOrEqualTo(most)) return passed(says, numbers);
    const room = { kind: 'quantity', max: Decimal.max(ZERO, most.minus(planned)) } as const;
    return { status: 'failed', code: 'LIQUIDITY_BELOW_THRESHOLD', ...numbers, room, says };
  },
});

/** What the position loses where it is stopped out, over equity (`positionRiskMax`): the mandate's size. A stop on the wrong side is none. */
const positionRisk = row<Bound>({
  name: 'POSITION_RISK',
  severity: 'CRITICAL',
  unit: 'fraction_of_equity',
  reads: ['marks', 'book', 'equity'],
  limit: boundAt((limits) => limits.positionRiskMax),
  rule: (context, limit) => {
    const valued = valuedOr(context, limit);
    if (isOutcome(valued)) return valued;
    const { trade, side } = context;
    const entry = new Decimal(trade.price ?? valued.mark);
    const distance =
      trade.stop === undefined ? null : side === 'buy' ? entry.minus(trade.stop) : entry.negated().plus(trade.stop);
    if (distance === null || !distance.greaterThan(0) || !trade.stop!.greaterThan(0)) {
      const cause = 'there is no stop on the losing side of the entry, so what can be lost is not known';
      return onlyReducing(context, 'MISSING_STOP', cause, { limit: limit.text });
    }
    const risk = distance.div(valued.mark);
    const inputs = { entry, stop: trade.stop! };
    return scaledOutcome(context, valued, limit, risk, {
      code: 'POSITION_SIZE_EXCEEDED',
      what: 'the loss at the stop',
      inputs,
    });
  },
});

/** The position times its annual volatility over equity (`volatilityPerNameMax`): what moves more is held smaller. */
const volatilitySize = row<{ readonly max: Bound; readonly floor: Decimal }>({
  name: 'VOLATILITY_SIZE',
  severity: 'CRITICAL',
  unit: 'fraction_of_equity',
  reads: ['marks', 'book', 'equity', 'history'],
  limit: ({ volatilityPerNameMax, volatilityFloor }) =>
    volatilityPerNameMax === undefined
      ? undefined
      : { max: boundOf(volatilityPerNameMax), floor: boundOf(volatilityFloor ?? '0').value },
  rule: (context, { max, floor }) => {
    const valued = valuedOr(context, max);
    if (isOutcome(valued)) return valued;
    const volatility = context.facts.volatilities?.get(context.symbol);
    const known = volatility !== undefined && Number.isFinite(volatility) && volatility >= 0;
    const used = known ? Decimal.max(floor, volatility) : ZERO;
    if (!known || used.isZero()) {
      const cause = 'the volatility is not known, or zero without a floor';
      return onlyReducing(context, 'MISSING_VOLATILITY', cause, { limit: max.text });
    }
    const what = 'the position times its volatility';
    return scaledOutcome(context, valued, max, used, {
      code: 'VOLATILITY_SIZE_EXCEEDED',
      what,
      inputs: { volatility },
    });
  },
});

/** The order at its reference price, or its own where that is more (`orderNotionalMax`). Refused whole: a slip of a finger has no right size. */
const fatFinger = row<Bound>({
  name: 'FAT_FINGER',
  severity: 'CRITICAL',
  unit: 'currency',
  reads: ['marks'],
  limit: boundAt((limits) => limits.orderNotionalMax),
  rule: ({ mark, quantity, trade }, limit) => {
    if (mark === null)
      return unknown('MISSING_MARK', 'no mark above zero; a trade that cannot be valued is refused', limit.text);
    const price = Decimal.max(mark, trade.price ?? mark);
    const notional = price.times(quantity);
    const { text } = tellDecimal(notional);
    const says = `the order is worth ${text} against a limit of ${limit.text}`;
    const numbers = { observed: text, limit: limit.text, inputs: { price } };
    return notional.lessThanOrEqualTo(limit.value) ? passed(says, numbers) : refused('ORDER_TOO_LARGE', says, numbers);
  },
});

/** The worst exposure of the name times a factor above zero over equity. */
function scaledOutcome(
  context: TradeContext,
  { exposureAfter, equity }: Valued,
  limit: Bound,
  factor: Decimal,
  { code, what, inputs }: { code: FindingCode; what: string; inputs: NonNullable<Outcome['inputs']> },
): Outcome {
  const value = exposureAfter.times(factor);
  const most = limit.value.times(equity);
  const room = { kind: 'exposure', value: most, factor } as const;
  const told = { ...inputs, exposure: exposureAfter, equity };
  const observed = ratioText(value, equity, context.equityNumber);
  const numbers = { observed, limit: limit.text, inputs: told };
  if (value.lessThanOrEqualTo(most)) return { ...within(what, numbers), room };
  const says = `${what} would be ${shareText(value, equity)} of equity against a limit of ${limit.share}`;
  return context.reducing
    ? { status: 'passed', reducing: true, ...numbers, room, says: `${says}, and the trade only reduces it` }
    : { status: 'failed', code, ...numbers, room, says };
}

export const SIZE = { liquidity, positionRisk, volatilitySize, fatFinger };
