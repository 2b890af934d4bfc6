// Goal: on a real schema, lots are the same in whatever order fills come, each fill counts once, and a plan's tax is told.
import {
  AlertRaised,
  CycleOpened,
  ImpactAssessed,
  LotsUpdated,
  OrderFilled,
  PlanProposed,
  ReconciliationCompleted,
} from '@ballast/contracts';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { benchOf, type Bench } from '@ballast/testing';
import { cycle, filledFact, openedFact, planFact, reconciledFact } from '../test/facts.fixture.js';
import { tax } from './module.js';

const FILLS = [
  filledFact('e1', { filledAt: '2023-03-03T15:00:00.000Z', price: '4', fees: '1' }),
  filledFact('e2', { filledAt: '2024-03-01T15:00:00.000Z', price: '6' }),
  filledFact('e3', { filledAt: '2024-03-04T15:00:00.000Z', side: 'sell', quantity: '15', price: '7', fees: '0.3' }),
  filledFact('e4', { filledAt: '2024-03-04T15:00:01.000Z', price: '7.5', quantity: '0.5' }),
  filledFact('e5', { filledAt: '2024-03-04T15:00:02.000Z', symbol: 'BBB' }),
];

describe('lots', () => {
  const benches: Bench[] = [];
  afterAll(() => Promise.all(benches.map((bench) => bench.close())));

  it('are the same in whatever order the fills were heard', async () => {
    const ends: unknown[] = [];
    for (const places of [
      [0, 1, 2, 3, 4],
      [4, 3, 2, 1, 0],
      [2, 0, 4, 3, 1],
    ]) {
      const bench = await benchOf(tax);
      benches.push(bench);
      for (const place of places) await bench.hear(OrderFilled, FILLS[place]!);
      const { body } = await bench.get('/api/v1/lots?book=main');
      const disposals = await bench.service.dataSource.query(`select * from disposal order by execution_id`);
      const told = await bench.said(LotsUpdated);
      const ofSale = told.filter(({ executionId }) => executionId === 'e3').at(-1)!.relieved;
      ends.push({ body, disposals, ofSale, lots: told.filter(({ symbol }) => symbol === 'AAA').at(-1)!.lots });
    }
    expect(ends[0]).toMatchObject({
      body: {
        book: 'main',
        items: [
          { symbol: 'AAA', lotId: 'paper:e2', quantity: '5', acquired: '2024-03-01', basis: '30' },
          { symbol: 'AAA', lotId: 'paper:e4', quantity: '0.5', basis: '3.75' },
          { symbol: 'BBB', lotId: 'paper:e5', quantity: '10', basis: '50' },
        ],
        next: null,
      },
      ofSale: [
        { lotId: 'paper:e1', quantity: '10', basis: '41', proceeds: '69.8', gain: '28.8', term: 'long_term' },
        { lotId: 'paper:e2', quantity: '5', basis: '30', proceeds: '34.9', gain: '4.9', term: 'short_term' },
      ],
    });
    expect(ends[1]).toEqual(ends[0]);
    expect(ends[2]).toEqual(ends[0]);
  });

  it('take a fill once, and park one that contradicts it', async () => {
    const bench = benches[0]!;
    const before = (await bench.said(LotsUpdated)).length;
    expect(await bench.hear(OrderFilled, FILLS[0]!)).toMatchObject({ status: 'handled' });
    expect(await bench.said(LotsUpdated)).toHaveLength(before);
    const wrong = { ...FILLS[1]!, price: '9' };
    expect(await bench.hear(OrderFilled, wrong)).toMatchObject({ status: 'parked', code: 'FILL_CONFLICT' });
  });

  it('can be read by symbol and in pages', async () => {
    const bench = benches[0]!;
    expect(await bench.get('/api/v1/lots?book=main&symbol=BBB')).toMatchObject({
      body: { items: [{ symbol: 'BBB' }] },
    });
    const { body } = await bench.get('/api/v1/lots?book=main&limit=1');
    expect(body).toMatchObject({ items: [{ symbol: 'AAA' }, { symbol: 'AAA' }], next: 'AAA' });
    expect(await bench.get('/api/v1/lots')).toMatchObject({ status: 400, body: { errors: [{ field: 'book' }] } });
  });
});

describe('a sale without lots', () => {
  let bench: Bench;
  beforeAll(async () => {
    bench = await benchOf(tax);
  });
  afterAll(() => bench.close());

  it('waits, is told of at the reconciliation, and finds its lots when the buy is heard', async () => {
    await bench.hear(OrderFilled, FILLS[2]!);
    expect(await bench.said(LotsUpdated)).toMatchObject([{ executionId: 'e3', lots: [], relieved: [] }]);
    expect(await bench.said(AlertRaised.tax)).toEqual([]);
    await bench.hear(ReconciliationCompleted, reconciledFact(1));
    expect(await bench.said(AlertRaised.tax)).toMatchObject([{ code: 'LOTS_SHORT', numbers: { sales: '1' } }]);
    await bench.hear(OrderFilled, FILLS[0]!);
    await bench.hear(OrderFilled, FILLS[1]!);
    await bench.hear(ReconciliationCompleted, reconciledFact(2));
    expect(await bench.said(AlertRaised.tax)).toHaveLength(1);
    expect((await bench.said(LotsUpdated)).map(({ executionId, relieved }) => [executionId, relieved.length])).toEqual([
      ['e3', 0],
      ['e1', 0],
      ['e2', 0],
      ['e3', 2],
    ]);
    expect(await bench.audited()).toEqual(['lots.checked', 'lots.checked']);
  });
});

describe('the impact of a plan', () => {
  const benches: Bench[] = [];
  afterAll(() => Promise.all(benches.map((bench) => bench.close())));

  it('is told once plan and trade date are known, whichever comes first', async () => {
    const told: unknown[] = [];
    for (const planFirst of [false, true]) {
      const bench = await benchOf(tax);
      benches.push(bench);
      await bench.hear(OrderFilled, FILLS[0]!);
      await bench.hear(OrderFilled, FILLS[1]!);
      const plan = planFact(1, { AAA: ['12', '7'], ZZZ: ['1', '1'] });
      if (planFirst) await bench.hear(PlanProposed, plan);
      await bench.hear(CycleOpened, openedFact(1, '2024-03-04'));
      if (!planFirst) await bench.hear(PlanProposed, plan);
      told.push(await bench.said(ImpactAssessed));
      expect(await bench.audited()).toEqual(['impact.assessed']);
    }
    expect(told[0]).toMatchObject([
      {
        ...{ cycleId: cycle(1), washSales: 'not_assessed', totals: { shortTerm: '2', longTerm: '29' } },
        relief: { count: 2 },
        warnings: [{ code: 'NOT_ENOUGH_LOTS', symbol: 'ZZZ' }],
      },
    ]);
    expect(told[1]).toEqual(told[0]);
  });

  it('can be asked for', async () => {
    const bench = benches[0]!;
    expect(await bench.get(`/api/v1/tax/impacts/${cycle(1)}`)).toMatchObject({
      status: 200,
      body: { tradeDate: '2024-03-04', relief: [{ lotId: 'paper:e1', term: 'long_term' }, { lotId: 'paper:e2' }] },
    });
    expect(await bench.get(`/api/v1/tax/impacts/${cycle(9)}`)).toMatchObject({
      status: 404,
      body: { code: 'IMPACT_NOT_FOUND' },
    });
    expect(await bench.get('/api/v1/tax/impacts/x')).toMatchObject({ status: 400 });
  });
});
