import { Decimal } from '../money/index.js';
import { ANY, boundAt, boundOf, ONLY_REDUCE, row } from './check.js';
import type { Bound, Outcome, TradeContext } from './check.js';
import { isOutcome, moneyOutcome, onlyReducing, passed, unknown, valuedOr, within } from './outcome.js';
import { ratioText, shareText } from './ratio.js';
import type { FindingCode } from './types.js';

const ZERO = new Decimal(0);
/** Quotients that become quantities are cut here, downwards, so that none steps over its limit. */
const ROOM_PLACES = 20;

/** Worst position after the trade, working orders included, over equity (`notionalPerNameMax`). */
const notionalPerName = row<Bound>({
  name: 'NOTIONAL_PER_NAME',
  severity: 'CRITICAL',
  unit: 'fraction_of_equity',
  reads: ['marks', 'book', 'equity'],
  limit: boundAt((limits) => limits.notionalPerNameMax),
  rule: (context, limit) => exposureOutcome(context, limit, ZERO, 'POSITION_SIZE_EXCEEDED', 'the position'),
});

/**
 * Gross exposure of the sector after the trade, working orders included, over equity (`sectorGrossMax`). Names whose sector is not known are
 * a sector of their own under `unknownSectorGrossMax`; without that limit they are refused live and not evaluated on paper.
 */
const sectorExposure = row<{ readonly known: Bound | undefined; readonly unknown: Bound | undefined }>({
  name: 'SECTOR_EXPOSURE',
  severity: 'CRITICAL',
  unit: 'fraction_of_equity',
  reads: ['marks', 'book', 'equity', 'reference'],
  limit: ({ sectorGrossMax, unknownSectorGrossMax }) =>
    sectorGrossMax === undefined && unknownSectorGrossMax === undefined
      ? undefined
      : {
          known: sectorGrossMax === undefined ? undefined : boundOf(sectorGrossMax),
          unknown: unknownSectorGrossMax === undefined ? undefined : boundOf(unknownSectorGrossMax),
        },
  rule: (context, limits) => {
    const { sector, symbol, portfolio } = context;
    const limit = sector === null ? limits.unknown : limits.known;
    if (limit !== undefined) {
      const others = portfolio.book.sectorWithout(symbol, sector);
      return exposureOutcome(context, limit, others, 'SECTOR_EXPOSURE_EXCEEDED', `sector ${sector ?? 'UNKNOWN'}`);
    }
    return sector === null
      ? unknownSector(context, limits.known?.text ?? null)
      : passed(`sector ${sector} has no limit`);
  },
});

function unknownSector({ mode, reducing }: TradeContext, limit: string | null): Outcome {
  const numbers = { observed: null, limit, code: 'SECTOR_UNKNOWN' } as const;
  if (mode === 'paper') {
    const says = 'the sector is not known, so its exposure was not checked (paper)';
    return { ...numbers, status: 'not_evaluated', room: ANY, says };
  }
  if (reducing) {
    const says = 'the sector is not known, and the trade only reduces';
    return { status: 'passed', reducing: true, observed: null, limit, room: ONLY_REDUCE, says };
  }
  const says = 'the sector is not known; import a sector for the symbol before trading it live';
  return { ...numbers, status: 'failed', room: ONLY_REDUCE, says };
}

/** Gross exposure of the whole book after the trade over equity (`grossLeverageMax`). */
const grossLeverage = row<Bound>({
  name: 'GROSS_LEVERAGE',
  severity: 'CRITICAL',
  unit: 'fraction_of_equity',
  reads: ['marks', 'book', 'equity'],
  limit: boundAt((limits) => limits.grossLeverageMax),
  rule: (context, limit) => {
    const others = context.portfolio.book.grossWithout(context.symbol);
    return exposureOutcome(context, limit, others, 'GROSS_LEVERAGE_EXCEEDED', 'the gross exposure of the book');
  },
});

/** Net exposure of the book after the trade, long or short, whichever working orders fill, over equity (`netLeverageMax`). */
const netLeverage = row<Bound>({
  name: 'NET_LEVERAGE',
  severity: 'CRITICAL',
  unit: 'fraction_of_equity',
  reads: ['marks', 'book', 'equity'],
  limit: boundAt((limits) => limits.netLeverageMax),
  rule: (context, limit) => {
    const valued = valuedOr(context, limit);
    if (isOutcome(valued)) return valued;
    const net = context.portfolio.book.net();
    if (net === null)
      return onlyReducing(context, 'MISSING_MARK', 'a name of the book has no mark', { limit: limit.text });
    const { high, low } = net;
    const price = context.side === 'buy' ? valued.mark : valued.mark.negated();
    const measure = (quantity: Decimal): Decimal => {
      const moved = price.times(quantity);
      return Decimal.max(high.plus(moved).abs(), low.plus(moved).abs());
    };
    const what = 'the net exposure of the book';
    return moneyOutcome(context, valued, limit, measure, {
      code: 'NET_LEVERAGE_EXCEEDED',
      what,
      inputs: { high, low },
    });
  },
});

/** What a strategy has opened, this trade's part included, over equity (`strategyGrossMax`); the strategy nearest to its limit is told. */
const strategyExposure = row<Bound>({
  name: 'STRATEGY_EXPOSURE',
  severity: 'CRITICAL',
  unit: 'fraction_of_equity',
  reads: ['marks', 'book', 'equity'],
  limit: boundAt((limits) => limits.strategyGrossMax),
  rule: (context, limit) => {
    const valued = valuedOr(context, limit);
    if (isOutcome(valued)) return valued;
    const { trade, quantity, reducible, portfolio } = context;
    const parts = Object.entries(trade.strategies ?? {});
    const gross = parts.map(([strategy]) => portfolio.book.strategyGross(strategy));
    if (parts.length === 0 || gross.includes(null) || parts.some(([, part]) => !(part >= 0 && part <= 1))) {
      const cause = 'which strategies asked for the trade, and what they hold, is not known';
      return onlyReducing(context, 'MISSING_STRATEGY', cause, { limit: limit.text });
    }
    const opening = Decimal.max(ZERO, quantity.minus(reducible)).times(valued.mark);
    const after = parts.map(([, part], i) => opening.times(part).plus(gross[i]!));
    const worst = Decimal.max(...after);
    const strategy = parts[after.findIndex((value) => value.equals(worst))]![0];
    const observed = ratioText(worst, valued.equity, context.equityNumber);
    const numbers = { observed, limit: limit.text, inputs: { strategy, gross: worst, equity: valued.equity } };
    const most = limit.value.times(valued.equity);
    if (worst.lessThanOrEqualTo(most)) return within('the exposure of each strategy', numbers);
    const share = shareText(worst, valued.equity);
    const says = `strategy ${strategy} would hold ${share} of equity against a limit of ${limit.share}`;
    if (context.reducing) return { ...passed(`${says}, and the trade only reduces`, numbers), reducing: true };
    const rooms = parts.map(([, part], i) =>
      part === 0
        ? quantity
        : most.minus(gross[i]!).div(valued.mark.times(part)).toDecimalPlaces(ROOM_PLACES, Decimal.ROUND_DOWN),
    );
    const max = reducible.plus(Decimal.max(ZERO, Decimal.min(...rooms)));
    return { status: 'failed', code: 'STRATEGY_EXPOSURE_EXCEEDED', ...numbers, room: { kind: 'quantity', max }, says };
  },
});

/** The worst exposure of the name, and of the others with it, over equity: what all exposure limits compare. */
function exposureOutcome(
  context: TradeContext,
  limit: Bound,
  others: Decimal | null,
  exceeded: FindingCode,
  what: string,
): Outcome {
  const { mark, equity, exposureAfter } = context;
  if (mark === null || exposureAfter === null) {
    return unknown('MISSING_MARK', 'no mark above zero; a trade that cannot be valued is refused', limit.text);
  }
  if (equity === null || !equity.isFinite()) {
    const says = 'the equity of the account is not known; nothing can be measured against it';
    return unknown('MISSING_EQUITY', says, limit.text);
  }
  if (others === null) {
    return onlyReducing(context, 'MISSING_MARK', `another name of ${what} has no mark`, { limit: limit.text });
  }
  if (!equity.greaterThan(0)) {
    return onlyReducing(context, 'EQUITY_NOT_POSITIVE', 'equity is not above zero', { limit: limit.text });
  }
  const most = limit.value.times(equity);
  const value = others.plus(exposureAfter);
  const share = shareText(value, equity, context.equityNumber);
  const observed = ratioText(value, equity, context.equityNumber);
  const room = { kind: 'exposure', value: most.minus(others) } as const;
  const says = `${what} would be ${share} of equity against a limit of ${limit.share}`;
  const numbers = { observed, limit: limit.text, inputs: { exposure: exposureAfter, others, equity }, room };
  if (value.lessThanOrEqualTo(most)) return { status: 'passed', ...numbers, says };
  if (context.reducing) {
    return { status: 'passed', reducing: true, ...numbers, says: `${says}, and the trade only reduces it` };
  }
  return { status: 'failed', code: exceeded, ...numbers, says };
}

export const CONCENTRATION = { notionalPerName, sectorExposure, grossLeverage, netLeverage, strategyExposure };
