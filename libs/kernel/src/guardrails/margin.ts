import { dayTradingRule, PATTERN_DAY_TRADES } from '../day-trades/index.js';
import type { SessionDate } from '../calendar/index.js';
import { Decimal } from '../money/index.js';
import { MARGIN_EQUITY_MIN } from '../risk-measures/index.js';
import { openingPrice } from './book.js';
import { boundAt, row } from './check.js';
import type { Bound, Outcome, TradeContext, Valued } from './check.js';
import { afterTrade } from './exposure.js';
import type { TradingDay } from './facts.js';
import type { MarginKind } from './margin-book.js';
import { isOutcome, moneyOutcome, onlyReducing, passed, refused, unknown, valuedOr, within } from './outcome.js';
import { ratioText, shareText } from './ratio.js';
import type { FindingCode } from './types.js';

const ZERO = new Decimal(0);
const ALL_OF_EQUITY: Bound = { value: new Decimal(1), number: 1, text: '1', share: '100 %' };
const ROOM_PLACES = 20;
/** Equity at the close before, from which the pattern rule counted no trades, US dollars. */
const PATTERN_EQUITY_MIN = new Decimal(25_000);

/**
 * Initial margin of the book after the trade over equity (`initialMarginMax`): half of what is long, the deposit of what is short
 * (Regulation T). Who borrows money or shares needs 2,000 in equity.
 */
const initialMargin = row<Bound>({
  name: 'INITIAL_MARGIN',
  severity: 'CRITICAL',
  unit: 'fraction_of_equity',
  reads: ['marks', 'book', 'equity'],
  limit: boundAt((limits) => limits.initialMarginMax),
  rule: (context, limit) => {
    const valued = valuedOr(context, limit);
    if (isOutcome(valued)) return valued;
    if (valued.equity.lessThan(MARGIN_EQUITY_MIN) && borrows(context, valued)) {
      const cause = `money or shares are borrowed with less than ${MARGIN_EQUITY_MIN.toFixed()} in equity`;
      return onlyReducing(context, 'EQUITY_BELOW_MINIMUM', cause, {
        limit: limit.text,
        inputs: { equity: valued.equity },
      });
    }
    return requirementOutcome(context, valued, limit, 'initial', 'INITIAL_MARGIN_EXCEEDED');
  },
});

/** Maintenance margin of the book after the trade over equity (`maintenanceMarginMax`; FINRA Rule 4210(c)). */
const maintenanceMargin = row<Bound>({
  name: 'MAINTENANCE_MARGIN',
  severity: 'CRITICAL',
  unit: 'fraction_of_equity',
  reads: ['marks', 'book', 'equity'],
  limit: boundAt((limits) => limits.maintenanceMarginMax),
  rule: (context, limit) => {
    const valued = valuedOr(context, limit);
    return isOutcome(valued)
      ? valued
      : requirementOutcome(context, valued, limit, 'maintenance', 'MAINTENANCE_MARGIN_EXCEEDED');
  },
});

/** What the plan opens over the buying power that the broker tells (`buyingPowerMax`). What a sale sets free comes with its fill, not before. */
const buyingPower = row<Bound>({
  name: 'BUYING_POWER',
  severity: 'CRITICAL',
  unit: 'fraction_of_buying_power',
  reads: ['marks', 'book', 'broker'],
  limit: boundAt((limits) => limits.buyingPowerMax),
  rule: (context, limit) => {
    const { mark, quantity, reducible, reducing, portfolio, trade, side, facts } = context;
    if (mark === null)
      return unknown('MISSING_MARK', 'no mark above zero; a trade that cannot be valued is refused', limit.text);
    const power = facts.buyingPower;
    if (power === undefined || !power.isFinite()) {
      return onlyReducing(context, 'MISSING_BUYING_POWER', 'the buying power of the account is not known', {
        limit: limit.text,
      });
    }
    const used = portfolio.book.opened();
    const price = openingPrice(side, mark, trade.price);
    const opening = Decimal.max(ZERO, quantity.minus(reducible));
    const after = used.plus(opening.times(price));
    const most = limit.value.times(power);
    const observed = power.greaterThan(0) ? ratioText(after, power) : null;
    const numbers = { observed, limit: limit.text, inputs: { buyingPower: power, used } };
    if (after.lessThanOrEqualTo(most)) return within('what the plan opens', numbers);
    const share = power.greaterThan(0) ? shareText(after, power) : 'an unknown part';
    const says = `the plan would open ${share} of buying power against a limit of ${limit.share}`;
    if (reducing) return { ...passed(`${says}, and the trade only reduces`, numbers), reducing: true };
    const left = most.minus(used).div(price).toDecimalPlaces(ROOM_PLACES, Decimal.ROUND_DOWN);
    const room = { kind: 'quantity', max: reducible.plus(Decimal.max(ZERO, left)) } as const;
    return { status: 'failed', code: 'BUYING_POWER_EXCEEDED', ...numbers, room, says };
  },
});

/** Shares sold short against those that can be borrowed (`shortBorrow`). */
const shortBorrow = row<true>({
  name: 'SHORT_BORROW',
  severity: 'CRITICAL',
  unit: 'shares',
  reads: ['book', 'broker'],
  limit: (limits) => limits.shortBorrow,
  rule: (context) => {
    const { symbol, side, quantity, reducible, holding, facts } = context;
    if (side === 'buy' || context.reducing) return passed('nothing is sold short');
    const available = facts.borrowable?.get(symbol);
    if (available === undefined || !available.isFinite() || available.isNegative()) {
      return onlyReducing(context, 'MISSING_BORROW', 'whether shares can be borrowed is not known');
    }
    const short = quantity.minus(reducible);
    // What the plan has sold short of the name before this trade has its shares from the same place.
    const borrowed = Decimal.max(
      ZERO,
      Decimal.min(holding.position.minus(holding.workingSells).negated(), context.portfolio.book.planned(symbol)),
    );
    const left = Decimal.max(ZERO, new Decimal(available).minus(borrowed));
    const says = `${short.toFixed()} shares are sold short and ${left.toFixed()} can be borrowed`;
    const numbers = { observed: short.toFixed(), limit: left.toFixed(), inputs: { available, borrowed } };
    if (short.lessThanOrEqualTo(left)) return passed(says, numbers);
    const room = { kind: 'quantity', max: reducible.plus(left) } as const;
    return { status: 'failed', code: 'SHORT_NOT_BORROWABLE', ...numbers, room, says };
  },
});

/**
 * Day trading, by the rule of the day and the broker (`dayTrading`). Until the intraday rule: the third day trade of five sessions warns, the
 * fourth is refused below 25,000 in equity, a sale that closes included, as brokers refuse it. Under it: no deficit against the margin of
 * what is held during the day.
 */
const dayTrading = row<{ readonly intradayRuleFrom: SessionDate | null }>({
  name: 'DAY_TRADING',
  severity: 'CRITICAL',
  unit: 'day_trades',
  reads: ['book', 'equity', 'orders'],
  limit: (limits) => limits.dayTrading,
  rule: (context, { intradayRuleFrom }) => {
    const day = context.facts.tradingDay;
    if (day === undefined) {
      const says = 'the session, its executions and the day trades before it are not known';
      return unknown('MISSING_TRADING_DAY', says);
    }
    const rule = dayTradingRule(day.date, intradayRuleFrom);
    if (rule === null) return passed('no rule of day trading holds on that day');
    return rule === 'PDT_4210_f_8_B' ? patternOutcome(context, day) : intradayOutcome(context);
  },
});

function patternOutcome({ trade, portfolio }: TradeContext, { dayTradesBefore, equityBefore }: TradingDay): Outcome {
  if (!Number.isInteger(dayTradesBefore) || dayTradesBefore < 0 || !equityBefore.isFinite()) {
    return unknown('MISSING_TRADING_DAY', 'the day trades before this session, or the equity, are no numbers');
  }
  const count = dayTradesBefore + portfolio.orders.dayTradesWith(trade);
  const added = count - dayTradesBefore - portfolio.orders.dayTrades;
  const says = `it would be day trade ${count} of five sessions, with ${equityBefore.toFixed()} at the close before`;
  const limit = String(PATTERN_DAY_TRADES - 1);
  const numbers = { observed: String(count), limit, inputs: { dayTradesBefore, equityBefore } };
  if (added === 0) return passed('it is no day trade', numbers);
  if (equityBefore.greaterThanOrEqualTo(PATTERN_EQUITY_MIN) || count < PATTERN_DAY_TRADES - 1)
    return passed(says, numbers);
  if (count >= PATTERN_DAY_TRADES) return refused('DAY_TRADE_LIMIT', says, numbers);
  return { ...passed(says, numbers), code: 'DAY_TRADE_WARNING', severity: 'WARNING' };
}

function intradayOutcome(context: TradeContext): Outcome {
  const valued = valuedOr(context, ALL_OF_EQUITY);
  if (isOutcome(valued)) return valued;
  return requirementOutcome(context, valued, ALL_OF_EQUITY, 'maintenance', 'INTRADAY_MARGIN_DEFICIT');
}

function requirementOutcome(
  context: TradeContext,
  valued: Valued,
  limit: Bound,
  kind: MarginKind,
  code: FindingCode,
): Outcome {
  const { symbol, side, holding, portfolio } = context;
  if (!portfolio.margins.known) {
    return onlyReducing(context, 'MISSING_MARK', 'a name of the book has no mark', { limit: limit.text });
  }
  const measure = (quantity: Decimal): Decimal =>
    portfolio.margins.with(kind, symbol, afterTrade(holding, side, quantity), valued.mark);
  const what = `the ${kind} margin of the book`;
  return moneyOutcome(context, valued, limit, measure, { code, what, inputs: { equity: valued.equity } });
}

/** Whether the book owes money or shares once the trade is done. */
function borrows(
  { symbol, side, quantity, holding, portfolio }: TradeContext,
  { exposureAfter, equity }: Valued,
): boolean {
  const after = afterTrade(holding, side, quantity);
  const others = portfolio.book.grossWithout(symbol);
  const short = after.position.minus(after.workingSells).isNegative();
  return short || others === null || others.plus(exposureAfter).greaterThan(equity);
}

export const MARGIN = { initialMargin, maintenanceMargin, buyingPower, shortBorrow, dayTrading };
