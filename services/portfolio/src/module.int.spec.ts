// Goal: on a real schema, each fill counts once, the ledger is the same in whatever order fills come, and edits are found.
import {
  AccountOpened,
  AlertRaised,
  FeeCharged,
  LedgerPosted,
  OrderCancelled,
  OrderFilled,
  OrderSubmitted,
  PositionValued,
  ReconciliationCompleted,
  SnapshotSealed,
  type Envelope,
} from '@ballast/contracts';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { benchOf, type Bench } from '@ballast/testing';
import {
  cycle,
  feeFact,
  filledFact,
  orderName,
  reconciledFact,
  sealedFact,
  submittedFact,
} from '../test/facts.fixture.js';
import { portfolio } from './module.js';

const OPENING = { book: 'main', cash: '100000.00' };

/** What a fact says, as far as the specs look at it. */
const dataOf = (envelope: Envelope | undefined) => envelope?.data as Record<string, unknown>;

const open = (bench: Bench, key = 'k1') => bench.post('/api/v1/books', OPENING, key);

const FILLS = [
  filledFact('e3', 3, { side: 'sell', quantity: '15', price: '7', fees: '0.12', filledAt: '2024-03-04T15:02:00.000Z' }),
  filledFact('e1', 1, { filledAt: '2024-03-04T15:00:00.000Z', fees: '0.05' }),
  filledFact('e2', 2, { price: '6', filledAt: '2024-03-04T15:01:00.000Z' }),
  filledFact('e4', 4, { symbol: 'BBB', quantity: '3', price: '1.115', filledAt: '2024-03-04T15:01:00.000Z' }),
];

describe('a book', () => {
  let bench: Bench;
  beforeAll(async () => {
    bench = await benchOf(portfolio);
  });
  afterAll(() => bench.close());

  it('is opened once, with its deposit as the first entry of the ledger', async () => {
    const first = await open(bench);
    expect(first).toMatchObject({
      status: 200,
      body: { book: 'main', account: 'main', cash: '100000', mode: 'paper' },
    });
    expect(await open(bench)).toEqual(first);
    expect(await open(bench, 'k2')).toEqual(first);
    expect(await bench.post('/api/v1/books', { book: 'main', cash: '1' }, 'k3')).toMatchObject({
      status: 409,
      body: { code: 'BOOK_EXISTS' },
    });
    expect(await bench.said(AccountOpened)).toHaveLength(1);
    expect(await bench.said(LedgerPosted)).toMatchObject([
      { cycleId: null, fromSequence: 1, toSequence: 1, cash: '100000' },
    ]);
    expect(await bench.audited()).toEqual(['book.opened']);
  });

  it.each([
    ['cash', { book: 'x', cash: '1e5' }],
    ['cash', { book: 'x', cash: '0.00' }],
    ['cash', { book: 'x', cash: '1.001' }],
    ['book', { book: 'X', cash: '1' }],
    ['mode', { book: 'x', cash: '1', mode: 'live' }],
    ['extra', { book: 'x', cash: '1', extra: 1 }],
  ])('is not opened with a wrong %s', async (field, body) => {
    const answer = await bench.post('/api/v1/books', body, 'wrong');
    expect(answer).toMatchObject({ status: 400, body: { code: 'INVALID_REQUEST', errors: [{ field }] } });
  });

  it('moves with each fill once, and follows its orders', async () => {
    await bench.hear(OrderSubmitted, submittedFact(1, '25'));
    const part = filledFact('e1', 1, { cumulativeQuantity: '10', leavesQuantity: '15', fees: '0.05' });
    await bench.hear(OrderFilled, part);
    await bench.hear(OrderFilled, part);
    await bench.hear(OrderSubmitted, submittedFact(2, '5'));
    await bench.hear(OrderCancelled, { ...submittedFact(2, '5'), filledQuantity: '0', reason: 'asked' });
    await bench.hear(SnapshotSealed, sealedFact(1, { AAA: '5.5' }));
    expect(await bench.said(PositionValued)).toMatchObject([
      {
        ...{
          cycleId: cycle(1),
          account: 'main',
          cash: '99949.95',
          equity: '100004.95',
          unpriced: [],
          ledgerSequence: 1,
        },
        positions: {
          inline: [{ symbol: 'AAA', quantity: '10', averageCost: '5', marketValue: '55', unrealised: '5' }],
        },
        working: { inline: [{ clientOrderId: orderName(1), symbol: 'AAA', side: 'buy', remaining: '15' }] },
      },
    ]);
  });

  it('parks a fill that contradicts one heard before', async () => {
    const received = await bench.hear(OrderFilled, filledFact('e1', 9, { price: '4' }));
    expect(received).toMatchObject({ status: 'parked', code: 'FILL_CONFLICT' });
  });

  it('says what has no mark, and leaves it out of equity', async () => {
    await bench.hear(SnapshotSealed, sealedFact(2, { BBB: '1' }));
    const said = await bench.said(PositionValued);
    expect(said.at(-1)).toMatchObject({ equity: '99949.95', unpriced: [{ symbol: 'AAA', quantity: '10' }] });
    expect((await bench.said(AlertRaised.portfolio)).at(-1)).toMatchObject({
      code: 'POSITION_UNPRICED',
      numbers: { count: '1' },
    });
  });

  it('that nobody opened is told of, and nothing is said about it', async () => {
    await bench.hear(SnapshotSealed, sealedFact(3, { AAA: '5' }, 'other'));
    await bench.hear(ReconciliationCompleted, reconciledFact(3, 'other'));
    expect(
      await bench.hear(OrderFilled, filledFact('o1', 7, { portfolioId: 'other', account: 'other' })),
    ).toMatchObject({
      status: 'parked',
      code: 'BOOK_UNKNOWN',
    });
    expect(await bench.hear(FeeCharged, feeFact('o2', { portfolioId: 'other' }))).toMatchObject({
      status: 'parked',
      code: 'BOOK_UNKNOWN',
    });
    expect((await bench.said(PositionValued)).map((each) => each.portfolioId)).toEqual(['main', 'main']);
    expect(await bench.get('/api/v1/books/other')).toMatchObject({ status: 404, body: { code: 'BOOK_NOT_FOUND' } });
  });
});

describe('the ledger of a book', () => {
  const order = [
    [0, 1, 2, 3],
    [3, 2, 1, 0],
    [1, 3, 0, 2],
  ];
  const benches: Bench[] = [];
  afterAll(() => Promise.all(benches.map((bench) => bench.close())));

  it('is the same in whatever order the fills were heard', async () => {
    const ends: unknown[] = [];
    for (const places of order) {
      const bench = await benchOf(portfolio);
      benches.push(bench);
      await open(bench);
      for (const place of places) await bench.hear(OrderFilled, FILLS[place]!);
      await bench.hear(ReconciliationCompleted, reconciledFact(1));
      const posted = (await bench.said(LedgerPosted)).at(-1)!;
      expect(posted).toMatchObject({
        cycleId: cycle(1),
        fromSequence: 2,
        toSequence: 5,
        fees: '0.17',
        realised: '22.5',
      });
      expect(posted.cash).toBe('99991.485');
      expect(posted.positions.inline).toEqual([
        { symbol: 'AAA', quantity: '5', averageCost: '5.5' },
        { symbol: 'BBB', quantity: '3', averageCost: '1.115' },
      ]);
      await bench.hear(SnapshotSealed, sealedFact(2, { AAA: '6', BBB: '1' }));
      ends.push([posted, dataOf((await bench.saidAll()).at(-1))]);
    }
    expect(ends[1]).toEqual(ends[0]);
    expect(ends[2]).toEqual(ends[0]);
  });

  it('waits for the fills that execution counted, whichever comes last', async () => {
    const bench = await benchOf(portfolio);
    benches.push(bench);
    await open(bench);
    await bench.hear(OrderFilled, FILLS[0]!);
    await bench.hear(ReconciliationCompleted, { ...reconciledFact(1), fills: 3 });
    await bench.hear(OrderFilled, FILLS[1]!);
    expect((await bench.said(LedgerPosted)).map(({ cycleId }) => cycleId)).toEqual([null]);
    await bench.hear(OrderFilled, FILLS[2]!);
    expect((await bench.said(LedgerPosted)).at(-1)).toMatchObject({
      cycleId: cycle(1),
      fromSequence: 2,
      toSequence: 4,
    });
  });

  it('takes fees like fills: once, into cash at once, in the order of the venue, and not before all are here', async () => {
    const ends: unknown[] = [];
    for (const late of ['fill', 'fee']) {
      const bench = await benchOf(portfolio);
      benches.push(bench);
      await open(bench);
      const yesterday = feeFact('a1', { amount: '1.25', date: '2024-03-01', bookedAt: '2024-03-01T21:00:00.000Z' });
      const facts = {
        fill: () => bench.hear(OrderFilled, FILLS[1]!),
        fee: () => bench.hear(FeeCharged, yesterday),
      };
      await facts[late === 'fill' ? 'fee' : 'fill']();
      await bench.hear(ReconciliationCompleted, { ...reconciledFact(1), fills: 1, fees: 1 });
      expect((await bench.said(LedgerPosted)).map(({ cycleId }) => cycleId)).toEqual([null]);
      await facts[late as 'fill' | 'fee']();
      const posted = (await bench.said(LedgerPosted)).at(-1)!;
      expect(posted).toMatchObject({ cycleId: cycle(1), fromSequence: 2, toSequence: 3, cash: '99948.7', fees: '1.3' });
      ends.push(posted);
      expect(await bench.hear(FeeCharged, yesterday)).toMatchObject({ status: 'handled' });
      expect(await bench.hear(FeeCharged, { ...yesterday, amount: '2' })).toMatchObject({
        status: 'parked',
        code: 'FEE_CONFLICT',
      });
      expect((await bench.get('/api/v1/books/main')).body).toMatchObject({ cash: '99948.7', fees: '1.3' });
    }
    expect(ends[1]).toEqual(ends[0]);
    const { body } = await benches.at(-1)!.get('/api/v1/ledger?book=main&after=1');
    expect(body).toMatchObject({
      items: [
        { entry: { kind: 'fee', activityId: 'a1', code: 'TAF', cashChange: '-1.25', at: '2024-03-01T21:00:00.000Z' } },
        { entry: { kind: 'fill', executionId: 'e1' } },
      ],
    });
    expect((await benches.at(-1)!.get('/api/v1/ledger/verify?book=main')).body).toMatchObject({ ok: true, entries: 3 });
  });

  it('is posted also where nothing was added, and takes a late fill the next time', async () => {
    const bench = benches[0]!;
    const before = (await bench.said(LedgerPosted)).at(-1)!;
    await bench.hear(ReconciliationCompleted, { ...reconciledFact(2), cycleId: null });
    await bench.hear(ReconciliationCompleted, reconciledFact(2));
    expect((await bench.said(LedgerPosted)).at(-1)).toEqual({
      ...before,
      cycleId: cycle(2),
      fromSequence: 6,
      toSequence: 5,
    });
    await bench.hear(OrderFilled, filledFact('e0', 5, { filledAt: '2024-03-04T14:59:00.000Z', price: '1' }));
    await bench.hear(ReconciliationCompleted, reconciledFact(3));
    expect((await bench.said(LedgerPosted)).at(-1)).toMatchObject({
      fromSequence: 6,
      toSequence: 6,
      cash: '99981.485',
    });
  });

  it('can be read in pages and verified', async () => {
    const bench = benches[0]!;
    const page = await bench.get('/api/v1/ledger?book=main&after=1&limit=2');
    expect(page).toMatchObject({
      status: 200,
      body: {
        next: 3,
        items: [
          { sequence: 2, entry: { executionId: 'e1' } },
          { sequence: 3, entry: { executionId: 'e2' } },
        ],
      },
    });
    const head = (await bench.said(LedgerPosted)).at(-1)!.ledgerCommitHash;
    const verdict = await bench.get('/api/v1/ledger/verify?book=main');
    expect(verdict.body).toEqual({ book: 'main', ok: true, entries: 6, commitHash: head });
    expect(await bench.get('/api/v1/ledger?book=main&limit=0')).toMatchObject({ status: 400 });
  });

  it('names the first entry that somebody edited', async () => {
    const bench = benches[1]!;
    await bench.service.dataSource.query(
      `update ledger_entry set entry = jsonb_set(entry, '{price}', '"9"') where sequence in (3, 4)`,
    );
    const verdict = await bench.get('/api/v1/ledger/verify?book=main');
    expect(verdict.body).toMatchObject({ ok: false, brokenAt: 3 });
  });

  it('is what the book shows', async () => {
    const bench = benches[2]!;
    expect(await bench.get('/api/v1/books/main')).toMatchObject({
      status: 200,
      body: {
        ...{
          cash: '99991.485',
          equity: '100024.485',
          realised: '22.5',
          unrealised: '2.155',
          fees: '0.17',
          unpriced: [],
        },
        ledger: { sequence: 5 },
      },
    });
    expect(await bench.get('/api/v1/books')).toMatchObject({ body: { items: [{ book: 'main' }], next: null } });
    expect(await bench.get('/api/v1/positions?book=main&limit=1')).toMatchObject({
      body: { items: [{ symbol: 'AAA', quantity: '5', price: '6', marketValue: '30' }], next: 'AAA' },
    });
  });
});
