// Goal: orders at the venue pay what the model they were told says, everybody sees what they leave, and TWAP saves what it says.
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { addMilliseconds } from '@ballast/kernel/calendar';
import { impactReport } from '@ballast/kernel/impact';
import type { ImpactModelName } from '@ballast/kernel/impact';
import { D } from '@ballast/kernel/money';
import { Bench } from '../../test/bench.js';
import { barOf, rulesWith, sessionOf } from '../../test/book.js';
import { OPEN } from '../../test/times.js';
import type { ImpactRules } from '../domain/impact.js';
import type { Rules } from '../domain/rules.js';
import { seenTape } from '../domain/view.js';

const ADV = 10_000_000;
const PRICE = 5_000;
const VOLATILITY = 0.02;
const almgren = (minutes: number): ImpactRules => ({ model: 'almgren2005', outstandingOverVolume: 200, minutes });
const decaying = (decayExponent: number, decayMinutes: number): ImpactRules => ({
  ...{ model: 'propagator', prefactor: 1, decayExponent, decayMinutes },
});

/** A market that stands still at a price of which a tick is a fiftieth of a basis point. */
function open(more: Partial<Rules>): Bench {
  const bar = { ...barOf('BBB', String(PRICE)), averageVolume: new D(ADV), volatility: VOLATILITY };
  const venue = new Bench(rulesWith({ spreadBp: 0, ...more }), sessionOf({ bars: new Map([['BBB', bar]]) }), '1e12');
  venue.to(OPEN);
  return venue;
}

/** What `slices` equal market buys at equal distances pay on average over the first quote, in basis points. */
function paidFor(impact: ImpactRules, size: number, slices: number, intervalMinutes: number): number {
  const venue = open({ impact });
  const rest = size * ADV - slices * Math.floor((size * ADV) / slices);
  for (let i = 0; i < slices; i += 1) {
    venue.to(addMilliseconds(OPEN, i * intervalMinutes * 60_000));
    // The first slices get the shares that do not divide, as the execution gateway cuts an order.
    venue.placed({ qty: String(Math.floor((size * ADV) / slices) + (i < rest ? 1 : 0)) });
  }
  const fills = venue.fills();
  expect(fills).toHaveLength(slices);
  const notional = fills.reduce((sum, { qty, price }) => sum.plus(qty.times(price)), new D(0));
  return (notional.div(size * ADV).toNumber() / PRICE - 1) * 10_000;
}

/**
 * The quote is within half a tick of the model and the fill within one above it; and what is paid counts from the quote
 * that stands, not from the arrival price, so that the two moves multiply.
 */
const TICK_BP = (0.01 / PRICE) * 10_000;
const isNear = (paidBp: number, modelBp: number, movedBp: number): void => {
  expect(paidBp).toBeGreaterThan(modelBp - TICK_BP / 2);
  expect(paidBp).toBeLessThan(modelBp + 1.5 * TICK_BP + (2 * movedBp * movedBp) / 10_000);
};

describe('what the venue charges', () => {
  const request = {
    ...{ sizes: [0.001, 0.01, 0.05, 0.1], slices: 6, horizonMinutes: 60, singleMinutes: 1 },
    ...{ volatility: VOLATILITY, dailyVolume: new D(ADV), price: new D(PRICE) },
  };
  const rows = (model: ImpactModelName) => impactReport({ ...request, models: [model] });

  it('is what the report of the kernel says, for one order and for a schedule, under Almgren 2005', () => {
    for (const { size, singleBp, scheduleBp, configuration } of rows('almgren-2005')) {
      isNear(paidFor(almgren(1), size, 1, 0), singleBp, 0);
      // The venue counts what fills within so many minutes as one order worked over them.
      isNear(paidFor(almgren(configuration.sliceMinutes!), size, 6, 10), scheduleBp, scheduleBp);
    }
  });

  it('is what the report of the kernel says, for one order and for a schedule, under every decay of the propagator', () => {
    for (const { size, singleBp, scheduleBp, configuration } of rows('propagator')) {
      const impact = decaying(configuration.parameters['beta']!, configuration.parameters['t0Minutes']!);
      isNear(paidFor(impact, size, 1, 0), singleBp, 0);
      isNear(paidFor(impact, size, 6, 10), scheduleBp, scheduleBp);
    }
  });

  it('saves by slicing what the reference cases say it saves', () => {
    const file = resolve(process.env['BALLAST_SHARED_DATA'] ?? '../shared/data', '../cases/impact.json');
    if (!existsSync(file)) {
      console.warn(`skipped: no ${file}`);
      return;
    }
    const { cases } = JSON.parse(readFileSync(file, 'utf8')) as { cases: { name: string; expected: unknown }[] };
    const compared = cases.find(({ name }) => name === 'model_comparison_twap60_vs_single')?.expected as readonly {
      readonly X_over_ADV: number;
      readonly almgren2005: Readonly<Record<'reduction' | 'single_1min_bps' | 'twap_60min_bps', number>>;
      readonly propagator: Readonly<Record<string, number>>;
    }[];
    expect(compared).toHaveLength(4);
    const savingOf = (single: ImpactRules, sliced: ImpactRules, size: number): number =>
      1 - paidFor(sliced, size, 6, 10) / paidFor(single, size, 1, 0);
    for (const { X_over_ADV: size, almgren2005: expected, propagator } of compared) {
      expect(savingOf(almgren(1), almgren(10), size)).toBeCloseTo(expected.reduction, 2);
      for (const [name, saving] of Object.entries(propagator)) {
        const [, beta, t0] = /^beta([\d.]+)_t0_([\d.]+)min$/.exec(name)!.map(Number) as [number, number, number];
        expect(Math.abs(savingOf(decaying(beta, t0), decaying(beta, t0), size) - saving)).toBeLessThan(0.015);
      }
    }
  });
});

describe('a market that notices', () => {
  const quoteOf = (venue: Bench): string => {
    const quote = seenTape(venue.session, venue.state.books.get('BBB')!, venue.rules).tape!.quoteAt(venue.now)!;
    return `${quote.bid.toFixed()} ${quote.ask.toFixed()}`;
  };

  it('stands higher after a buy for everybody, and a sale finds the better price', () => {
    const venue = open({ impact: almgren(1) });
    venue.placed({ qty: '100000' });
    // 0.314 × 2 % × 200^¼ of 1 % of a day: 2.36 basis points stay.
    expect(quoteOf(venue)).toBe('5001.18 5001.18');
    venue.wait(3_600_000);
    expect(quoteOf(venue)).toBe('5001.18 5001.18');
    const other = venue.placed({ side: 'sell', qty: '1' });
    expect(venue.fillsOf(other)).toEqual(['3600 1@5001.14']);
  });

  it('comes back where the book forgets', () => {
    const venue = open({ impact: decaying(1, 0.1) });
    venue.placed({ qty: '1000' });
    expect(quoteOf(venue)).toBe('5001 5001');
    venue.wait(54_000);
    expect(quoteOf(venue)).toBe('5000.1 5000.1');
    venue.wait(3 * 3_600_000);
    expect(quoteOf(venue)).toBe('5000 5000');
  });

  it('fills a limit only as far as its price pays for, and the rest as the price comes back', () => {
    const venue = open({ impact: decaying(1, 1) });
    const id = venue.placed({ qty: '5000', type: 'limit', limit_price: '5001' });
    const [first, ...later] = venue.fillsOf(id);
    // Two thirds of 2 % × √(q / V) are 2 basis points at 2,250 shares.
    expect(first).toBe('0 2250@5001');
    expect(venue.order(id).status).toBe('partially_filled');
    expect(later).toEqual([]);
    venue.wait(3_600_000);
    const fills = venue.fills(id);
    expect(fills.length).toBeGreaterThan(1);
    expect(fills.every(({ price }) => price.lessThanOrEqualTo(5001))).toBe(true);
    expect(venue.order(id).status).toBe('filled');
  });

  it('fills all of a fok order or nothing, and what it can of an ioc order', () => {
    const venue = open({ impact: decaying(1, 1) });
    const terms = { qty: '5000', type: 'limit', limit_price: '5001' };
    expect(venue.eventsOf(venue.placed({ ...terms, time_in_force: 'fok' }))).toEqual(['new', 'canceled']);
    const ioc = venue.placed({ ...terms, time_in_force: 'ioc' });
    expect([venue.eventsOf(ioc), venue.fillsOf(ioc)]).toEqual([['new', 'partial_fill', 'canceled'], ['0 2250@5001']]);
  });

  it('holds back what a buy will cost, and refuses what cannot pay it', () => {
    const venue = open({ impact: almgren(1) });
    venue.transact((uow) => uow.setAccount({ ...venue.account, cash: new D(500_000_000) }));
    expect(venue.place({ qty: '100000' })).toMatchObject({ body: { message: 'insufficient buying power' } });
    venue.to(OPEN);
    expect(venue.fillsOf(venue.placed({ qty: '99000' }))).toHaveLength(1);
  });

  it('is moved by who takes from a book with depth, not by who rests in it', () => {
    const depth = {
      ...{ shares: new D(1_000), volumeShare: new D('0.1'), sharesPerMinute: new D(100_000) },
      ...{ refreshMs: 60_000, participation: null },
    };
    const venue = open({ impact: almgren(1), depth });
    const passive = venue.placed({ qty: '500', type: 'limit', limit_price: '4999.99' });
    venue.placed({ side: 'buy', qty: '1000' });
    expect(quoteOf(venue)).toBe('5000.01 5000.01');
    expect(venue.state.books.get('BBB')!.flow.slices).toHaveLength(1);
    expect(venue.order(passive).status).toBe('new');
  });

  it('sets off a stop by what others take', () => {
    const venue = open({ impact: almgren(1) });
    const stop = venue.placed({ type: 'stop', stop_price: '5001', qty: '10' });
    expect(venue.order(stop).status).toBe('new');
    venue.placed({ qty: '100000' });
    venue.wait(60_000);
    expect(venue.order(stop).status).toBe('filled');
  });

  it('refuses an order of a symbol of which it does not know how it moves, and forgets with the session', () => {
    const venue = open({ impact: almgren(1) });
    venue.placed({ qty: '100000' });
    venue.to(venue.session.close);
    const next = { date: '2017-07-05', open: '2017-07-05T13:30:00.000Z', close: '2017-07-05T20:00:00.000Z' };
    const session = {
      ...venue.session,
      ...next,
      ...{ paths: new Map(), bands: new Map() },
      bars: new Map([...venue.session.bars, ['AAA', barOf('AAA', '10', '11', '9', '10')]]),
    };
    venue.set(session);
    venue.to(next.open);
    expect(venue.place({ symbol: 'AAA', qty: '1' })).toMatchObject({
      status: 422,
      body: { message: expect.stringContaining('the market impact "almgren2005" of AAA cannot be told') },
    });
    const quote = seenTape(session, venue.state.books.get('BBB')!, venue.rules).tape!.quoteAt(venue.now)!;
    expect(quote.ask.toFixed()).toBe('5000');
  });
});
