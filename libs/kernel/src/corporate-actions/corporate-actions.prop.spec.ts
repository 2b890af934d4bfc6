import { describe, it } from '@jest/globals';
import fc from 'fast-check';
import { addDays } from '../calendar/index.js';
import { D } from '../money/index.js';
import type { Decimal } from '../money/index.js';
import { adjustBars, symbolMap } from './index.js';
import type { AdjustedSeries, AdjustmentMode, CorporateAction, DailyBar, Listing } from './index.js';

const FIRST = '2020-01-01';
const LAST = 200;
const day = (n: number): string => addDays(FIRST, n);
const END = day(LAST);

const mode = fc.constantFrom<AdjustmentMode>('split', 'total_return');
const cents = (min: number, max: number) => fc.integer({ min, max }).map((n) => new D(n).div(100));

/** Bars from day 0 on, with gaps in which several actions may fall. Closes are 20.00 at least. */
const bars = fc
  .uniqueArray(fc.tuple(fc.integer({ min: 1, max: LAST }), cents(2000, 90_000), fc.nat({ max: 1e9 })), {
    selector: ([n]) => n,
    maxLength: 25,
  })
  .map((rows) => [[0, new D('54.32'), 1000] as const, ...rows])
  .map((rows) => rows.map(([n, close, volume]): DailyBar => ({ date: day(n), close, volume: new D(volume) })));

const ratio = fc.oneof(
  fc.constantFrom('2', '1.5', '1.05', '0.1', '0.25').map((text) => new D(text)),
  cents(101, 200),
);
const actionOn = (date: string): fc.Arbitrary<CorporateAction> =>
  fc.oneof(
    ratio.map((value): CorporateAction => ({ date, type: 'split', ratio: value })),
    cents(1, 10).map((value): CorporateAction => ({ date, type: 'cash_dividend', amount: value })),
    cents(1, 10).map((value): CorporateAction => ({ date, type: 'spinoff', amount: value })),
    fc.constant<CorporateAction>({ date, type: 'symbol_change' }),
  );
/** At most one action of a type a day; several types may meet on one. Eight never pay out a close: 2 ** 7 × 0.10 < 20. */
const actions = fc.uniqueArray(
  fc.integer({ min: 1, max: LAST }).chain((n) => actionOn(day(n))),
  {
    selector: ({ date, type }) => `${date} ${type}`,
    maxLength: 8,
  },
);

function close(a: Decimal, b: Decimal): boolean {
  return a.minus(b).abs().lessThanOrEqualTo(b.abs().times('1e-30'));
}

function same(a: AdjustedSeries, b: AdjustedSeries): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

/**
 * A holding of one share of the first bar, carried forward day by day: every dividend is reinvested at the price that the
 * last close was worth without it, every split changes the number of shares. Its value at each bar.
 */
function buyAndHold(raw: readonly DailyBar[], corporate: readonly CorporateAction[]): Decimal[] {
  const ordered = [...raw].sort((a, b) => (a.date < b.date ? -1 : 1));
  let shares = new D(1);
  return ordered.map((bar, i) => {
    const before = ordered[i - 1];
    const between = corporate.filter(({ date }) => date <= bar.date && date > (before?.date ?? bar.date));
    const dates = [...new Set(between.map(({ date }) => date))].sort();
    let price = new D(before?.close ?? 0);
    for (const date of dates) {
      const today = between.filter((action) => action.date === date);
      for (const action of today) {
        if (!('amount' in action)) continue;
        const exPrice = price.minus(action.amount);
        shares = shares.plus(shares.times(action.amount).div(exPrice));
        price = exPrice;
      }
      for (const action of today) {
        if (!('ratio' in action)) continue;
        shares = shares.times(action.ratio);
        price = price.div(action.ratio);
      }
    }
    return shares.times(bar.close);
  });
}

describe('adjusted series', () => {
  it('are the same whatever order actions and bars come in, and however often an action is delivered', () => {
    const shuffled = fc
      .tuple(bars, actions)
      .chain(([raw, corporate]) =>
        fc.tuple(
          fc.constant([raw, corporate] as const),
          fc.shuffledSubarray(raw, { minLength: raw.length }),
          fc.shuffledSubarray([...corporate, ...corporate], { minLength: 2 * corporate.length }),
          mode,
        ),
      );
    fc.assert(
      fc.property(shuffled, ([[raw, corporate], otherBars, twice, how]) =>
        same(
          adjustBars(raw, corporate, { asOf: END, mode: how }),
          adjustBars(otherBars, twice, { asOf: END, mode: how }),
        ),
      ),
    );
  });

  it('are raw as of a day before all actions, and in the last bar where no action comes after it', () => {
    fc.assert(
      fc.property(bars, actions, mode, fc.integer({ min: 0, max: LAST }), (raw, corporate, how, n) => {
        const later = corporate.filter(({ date }) => date > day(n));
        const before = adjustBars(raw, later, { asOf: day(n), mode: how });
        const known = raw.filter(({ date }) => date <= day(n));
        const last = adjustBars(raw, corporate, { asOf: END, mode: how });
        const moved = corporate.some(({ date }) => date > (last.bars.at(-1)?.date ?? END));
        return (
          before.applied.length === 0 &&
          before.bars.length === known.length &&
          before.bars.every((bar) => known.some((each) => each.date === bar.date && each.close.equals(bar.close))) &&
          (moved ||
            raw.some(
              ({ close: value, date }) => date === last.bars.at(-1)?.date && value.equals(last.bars.at(-1)!.close),
            ))
        );
      }),
    );
  });

  it('do not know what comes after their day', () => {
    fc.assert(
      fc.property(bars, actions, mode, fc.integer({ min: 0, max: LAST }), (raw, corporate, how, n) => {
        const asOf = day(n);
        return same(
          adjustBars(raw, corporate, { asOf, mode: how }),
          adjustBars(
            raw.filter(({ date }) => date <= asOf),
            corporate.filter(({ date }) => date <= asOf),
            { asOf, mode: how },
          ),
        );
      }),
    );
  });

  it('are moved by the product of the factors in the trail', () => {
    fc.assert(
      fc.property(bars, actions, mode, (raw, corporate, how) => {
        const series = adjustBars(raw, corporate, { asOf: END, mode: how });
        const rawByDate = new Map(raw.map((bar) => [bar.date, bar]));
        return series.bars.every((bar) => {
          const later = series.applied.filter(({ action }) => action.date > bar.date);
          const price = later.reduce((factor, { priceFactor }) => factor.times(priceFactor), new D(1));
          const volume = later.reduce((factor, { volumeFactor }) => factor.times(volumeFactor), new D(1));
          const from = rawByDate.get(bar.date)!;
          return close(price.times(from.close), bar.close) && close(volume.times(from.volume!), bar.volume!);
        });
      }),
    );
  });

  it('split-adjusted keep the money that changed hands', () => {
    fc.assert(
      fc.property(bars, actions, (raw, corporate) => {
        const money = new Map(raw.map((bar) => [bar.date, bar.close.times(bar.volume!)]));
        return adjustBars(raw, corporate, { asOf: END, mode: 'split' }).bars.every((bar) =>
          close(bar.close.times(bar.volume!), money.get(bar.date)!),
        );
      }),
    );
  });

  it('of total return rise as a holding does that reinvests what it is paid', () => {
    fc.assert(
      fc.property(bars, actions, (raw, corporate) => {
        const values = buyAndHold(raw, corporate);
        const { bars: adjusted } = adjustBars(raw, corporate, { asOf: END, mode: 'total_return' });
        return adjusted.every((bar, i) => close(bar.close.div(adjusted[0]!.close), new D(values[i]!).div(values[0]!)));
      }),
    );
  });
});

describe('the symbol map', () => {
  it('answers every day as the listing that covers it does', () => {
    const cuts = fc.uniqueArray(fc.integer({ min: 0, max: LAST }), { minLength: 2, maxLength: 8 });
    const holders = fc.array(fc.constantFrom('a', 'b', null), { minLength: 7, maxLength: 7 });
    fc.assert(
      fc.property(cuts, holders, fc.integer({ min: 0, max: LAST }), (days, ids, n) => {
        const ordered = [...days].sort((x, y) => x - y);
        const listings = ordered.slice(0, -1).flatMap((from, i): Listing[] => {
          const id = ids[i] ?? null;
          return id === null ? [] : [{ instrumentId: id, symbol: 'X', from: day(from), to: day(ordered[i + 1]!) }];
        });
        const covering = listings.find(({ from, to }) => from <= day(n) && day(n) < to!);
        return symbolMap(listings.reverse()).instrumentAt('X', day(n)) === (covering?.instrumentId ?? null);
      }),
    );
  });
});
