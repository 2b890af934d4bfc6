import { millisecondsBetween } from '../calendar/index.js';
import type { Instant } from '../calendar/index.js';
import { Decimal } from '../money/index.js';
import { boundAt, boundOf, oldestOf, row } from './check.js';
import type { Bound } from './check.js';
import type { Source } from './facts.js';
import { onlyReducing, passed, refused, unknown, within } from './outcome.js';
import { ratioText, roundStatistic, shareText, statisticText } from './ratio.js';

const MINUTE_MS = 60_000;
/** What every judgement rests on. */
const AGED: readonly Source[] = ['marks', 'book', 'equity'];

/** Distance of an order's own price from its reference price, either way (`priceCollarMax`). Orders for the market have none. */
const priceCollar = row<Bound>({
  name: 'PRICE_COLLAR',
  severity: 'CRITICAL',
  unit: 'fraction_of_price',
  reads: ['marks'],
  limit: boundAt((limits) => limits.priceCollarMax),
  rule: ({ mark, trade }, limit) => {
    if (mark === null) return unknown('MISSING_MARK', 'no reference price above zero to compare with', limit.text);
    if (trade.price === undefined) return passed('the order has no price of its own', { limit: limit.text });
    const price = new Decimal(trade.price);
    const distance = price.minus(mark).abs();
    const inputs = { price, reference: mark };
    if (!price.isFinite() || !price.greaterThan(0)) {
      const says = 'the price of the order is not above zero';
      return refused('PRICE_COLLAR_EXCEEDED', says, { limit: limit.text, inputs });
    }
    const numbers = { observed: ratioText(distance, mark), limit: limit.text, inputs };
    if (distance.lessThanOrEqualTo(limit.value.times(mark))) {
      return within('the distance from the reference price', numbers);
    }
    const says = `the price is ${shareText(distance, mark)} from its reference against a limit of ${limit.share}`;
    return refused('PRICE_COLLAR_EXCEEDED', says, numbers);
  },
});

/** No buy above the upper band and no sale below the lower one (`luldBands`), by the order's price, or the mark where it has none. */
const luldBands = row<true>({
  name: 'LULD_BANDS',
  severity: 'CRITICAL',
  unit: 'price',
  reads: ['marks', 'market'],
  limit: (limits) => limits.luldBands,
  rule: ({ symbol, side, mark, trade, facts }) => {
    const bands = facts.bands?.get(symbol);
    if (bands === undefined || !bands.lower.isFinite() || !bands.upper.isFinite()) {
      return unknown('MISSING_BANDS', 'the LULD bands of the name are not known');
    }
    const price = trade.price ?? mark;
    if (price === null)
      return unknown('MISSING_MARK', 'neither the order nor the name has a price to compare with the bands');
    if (!price.isFinite()) return unknown('MISSING_MARK', 'the price of the order is not a number');
    const band = side === 'buy' ? bands.upper : bands.lower;
    const within = side === 'buy' ? price.lessThanOrEqualTo(band) : price.greaterThanOrEqualTo(band);
    const says = `a ${side} at ${price.toFixed()} and the ${side === 'buy' ? 'upper' : 'lower'} band at ${band.toFixed()}`;
    const numbers = {
      observed: price.toFixed(),
      limit: band.toFixed(),
      inputs: { lower: bands.lower, upper: bands.upper },
    };
    return within ? passed(says, numbers) : refused('LULD_BAND_EXCEEDED', says, numbers);
  },
});

/** Whether the market or the name is halted (`marketHalts`). */
const marketHalt = row<true>({
  name: 'MARKET_HALT',
  severity: 'CRITICAL',
  unit: 'flag',
  reads: ['market'],
  limit: (limits) => limits.marketHalts,
  rule: ({ symbol, facts: { marketHalt: halt, paused } }) => {
    if (halt === undefined || paused === undefined) {
      return unknown('MISSING_MARKET_STATE', 'whether the market trades is not known', 'false');
    }
    const numbers = { observed: 'true', limit: 'false' };
    if (halt !== null) return refused('MARKET_HALTED', `the market is halted at level ${halt.level}`, numbers);
    if (paused.has(symbol)) return refused('SYMBOL_HALTED', 'trading in the name is halted', numbers);
    return passed('neither the market nor the name is halted', { observed: 'false', limit: 'false' });
  },
});

/** Names that may not be traded, or not opened (`restrictedList`). */
const restrictedList = row<true>({
  name: 'RESTRICTED_LIST',
  severity: 'CRITICAL',
  unit: 'flag',
  reads: ['reference'],
  limit: (limits) => limits.restrictedList,
  rule: (context) => {
    const { restricted } = context.facts;
    if (restricted === undefined) {
      return unknown('MISSING_RESTRICTED_LIST', 'there is no restricted list; import one, be it empty', 'false');
    }
    const how = restricted.get(context.symbol);
    const numbers = { observed: String(how !== undefined), limit: 'false' };
    if (how === undefined) return passed('the name is not restricted', numbers);
    if (how === 'opening') return onlyReducing(context, 'RESTRICTED_SYMBOL', 'the name may not be opened', numbers);
    return refused('RESTRICTED_SYMBOL', 'the name may not be traded', numbers);
  },
});

/** Quality of the data that the name is judged by (`dataQualityMin`). What only reduces passes: an exit does not wait for better data. */
const dataQuality = row<Bound>({
  name: 'DATA_QUALITY',
  severity: 'CRITICAL',
  unit: 'score',
  reads: ['history'],
  limit: boundAt((limits) => limits.dataQualityMin),
  rule: (context, limit) => {
    const score = context.facts.quality?.get(context.symbol);
    if (score === undefined || !Number.isFinite(score)) {
      return onlyReducing(context, 'MISSING_QUALITY', 'the quality of its data is not known', { limit: limit.text });
    }
    const rounded = roundStatistic(score);
    const text = statisticText(rounded);
    const says = `the quality of its data is ${text} against at least ${limit.text}`;
    const numbers = { observed: text, limit: limit.text };
    return rounded >= limit.number ? passed(says, numbers) : onlyReducing(context, 'data_quality', says, numbers);
  },
});

/** Age of the oldest input of a plan, the same for all of its trades. */
interface Age {
  readonly limit: Bound;
  /** Minutes; null where it is not known. */
  readonly minutes: Decimal | null;
  readonly inputs: { readonly now: Instant | null; readonly oldest: Instant | null };
}

/** Age of the oldest of the sources that the plan tells of, none left out (`inputAgeMinutesMax`). */
const inputAge = row<Age>({
  name: 'INPUT_AGE',
  severity: 'CRITICAL',
  unit: 'minutes',
  reads: [],
  limit: ({ inputAgeMinutesMax }, { now = null, asOf = {} }) => {
    if (inputAgeMinutesMax === undefined) return undefined;
    const oldest = oldestOf(AGED, asOf);
    const minutes =
      now === null || oldest === null ? null : new Decimal(millisecondsBetween(oldest, now)).div(MINUTE_MS);
    return { limit: boundOf(inputAgeMinutesMax), minutes, inputs: { now, oldest } };
  },
  rule: (context, { limit, minutes, inputs }) => {
    const numbers = { limit: limit.text, inputs };
    if (minutes === null) {
      return onlyReducing(context, 'MISSING_TIME', 'the age of what is compared is not known', numbers);
    }
    if (minutes.isNegative()) {
      return onlyReducing(context, 'MISSING_TIME', 'what is compared is dated in the future', numbers);
    }
    const text = minutes.toDecimalPlaces(2, Decimal.ROUND_UP).toFixed();
    const says = `the oldest of what is compared is ${text} minutes old against a limit of ${limit.text}`;
    const told = { observed: text, ...numbers };
    return minutes.lessThanOrEqualTo(limit.value)
      ? passed(says, told)
      : onlyReducing(context, 'STALE_INPUT', says, told);
  },
});

export const MARKET = { priceCollar, luldBands, marketHalt, restrictedList, dataQuality, inputAge };
