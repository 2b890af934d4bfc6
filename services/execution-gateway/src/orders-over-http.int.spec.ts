import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { OrderCancelled, parentOrderIdOf, ScheduleCompleted, uuid5 } from '@ballast/contracts';
import { GatewayBench, MINUTES, trade } from '../test/gateway-bench.js';

const gateway = new GatewayBench();
const PERSON = { by: 'mina', reason: 'changed my mind' };

beforeAll(() => gateway.start());
afterAll(() => gateway.stop());
beforeEach(() => gateway.openAccount());

type Row = Record<string, unknown>;
const parentOf = (cycleId: string, symbol = 'AAPL'): string =>
  parentOrderIdOf({ cycleId, account: gateway.account, symbol, side: 'buy' });
const read = async (path: string): Promise<Row> => {
  const { status, body } = await gateway.bench.get(path);
  expect({ path, status }).toEqual({ path, status: 200 });
  return body as Row;
};
const progress = async (id: string): Promise<Row> => (await read(`/api/v1/orders/${id}`))['order'] as Row;
const slicesOf = async (id: string): Promise<Row[]> => (await read(`/api/v1/orders/${id}/slices`))['items'] as Row[];
const view = async (id: string): Promise<Row> => {
  const rows = await gateway.bench.service.dataSource.query<Row[]>(
    `select symbol, side, total_qty::text, total_slices, slices_submitted, filled_qty::text, aggregated_status
       from parent_order_status where parent_id = $1`,
    [id],
  );
  expect(rows).toHaveLength(1);
  return rows[0]!;
};

describe('a parent order', () => {
  it('tells how far it came, from its first slice to its last', async () => {
    const id = parentOf(await gateway.execute(trade('AAPL', '10')));
    const fixed = { symbol: 'AAPL', side: 'buy', total_qty: '10', total_slices: 2 };
    expect(await view(id)).toEqual({
      ...fixed,
      ...{ slices_submitted: 1, filled_qty: '0', aggregated_status: 'pending' },
    });
    gateway.stub.fill('AAPL', 2);
    await gateway.settle();
    expect(await progress(id)).toMatchObject({
      ...{ kind: 'parent', orderId: id, status: 'pending', outcome: null, quantity: '10', remaining: '8' },
      ...{ filledQuantity: '2', averagePrice: '100', terms: null, codes: [] },
      slices: { total: 2, planned: 1, submitted: 1, working: 1, filled: 0, void: 0 },
    });
    gateway.stub.fill('AAPL');
    await gateway.advance(10 * MINUTES);
    expect(await view(id)).toMatchObject({ slices_submitted: 2, filled_qty: '5', aggregated_status: 'active' });
    gateway.stub.fill('AAPL');
    await gateway.settle();
    expect(await view(id)).toMatchObject({ slices_submitted: 2, filled_qty: '10', aggregated_status: 'complete' });
    expect(await progress(id)).toMatchObject({ status: 'complete', outcome: 'filled', remaining: '0' });
  });

  it('counts what a slice filled before it was cancelled, and ends once all slices have', async () => {
    const cycleId = await gateway.execute(trade('AAPL', '10'));
    const id = parentOf(cycleId);
    gateway.stub.fill('AAPL', 3);
    await gateway.settle();
    const answer = await gateway.bench.post(`/api/v1/orders/${id}/cancel`, PERSON, 'all-of-it');
    const [working, planned] = (await slicesOf(id)).map(({ clientOrderId }) => clientOrderId);
    expect(answer).toEqual({ status: 202, body: { orderId: id, cancelled: [planned], asked: [working] } });
    expect(await gateway.bench.post(`/api/v1/orders/${id}/cancel`, PERSON, 'all-of-it')).toEqual(answer);
    expect(await view(id)).toMatchObject({ filled_qty: '3', aggregated_status: 'active', slices_submitted: 1 });
    await gateway.settle();
    expect(await view(id)).toMatchObject({ filled_qty: '3', aggregated_status: 'complete', slices_submitted: 1 });
    expect(await progress(id)).toMatchObject({
      ...{ outcome: 'partially_filled', codes: ['CANCELLED', 'VENUE_CANCELLED'], averagePrice: '100', remaining: '7' },
      slices: { total: 2, planned: 0, submitted: 1, working: 0, filled: 0, void: 2 },
    });
    expect(await gateway.said(ScheduleCompleted, cycleId)).toMatchObject([{ filledQuantity: '3' }]);
    expect(await gateway.said(OrderCancelled, cycleId)).toMatchObject([
      { clientOrderId: planned, reason: 'cancelled by mina: changed my mind' },
      { clientOrderId: working },
    ]);
    expect(await gateway.bench.post(`/api/v1/orders/${id}/cancel`, PERSON, 'again')).toMatchObject({
      status: 409,
      body: { code: 'ORDER_ENDED' },
    });
    expect(await gateway.bench.audited()).toContain('cancel.requested');
  });

  it('is not complete while the rule for the end of its horizon may still work what is left', async () => {
    const id = parentOf(await gateway.execute(trade('AAPL', '10')));
    await gateway.bench.post(`/api/v1/orders/${id}/cancel`, PERSON, 'before-its-end');
    await gateway.settle();
    expect(await view(id)).toMatchObject({ aggregated_status: 'complete' });
    const { dataSource } = gateway.bench.service;
    await dataSource.query(`update parent_order set completed_at = null where parent_order_id = $1`, [id]);
    expect(await progress(id)).toMatchObject({ status: 'active', outcome: null });
    const open = (await read(`/api/v1/orders?book=${gateway.account}&status=active`))['items'];
    expect(open).toMatchObject([{ orderId: id }]);
  });

  it('shows a slice that is tried again as one slice with two attempts', async () => {
    gateway.stub.moods.set('AAPL', 'rate-limit');
    const id = parentOf(await gateway.execute(trade('AAPL', '10')));
    expect(await slicesOf(id)).toMatchObject([
      { kind: 'child', slice: 0, attempt: 0, status: 'cancelled', quantity: '5' },
      { kind: 'child', slice: 0, attempt: 1, status: 'planned', quantity: '5' },
      { kind: 'child', slice: 1, attempt: 0, status: 'planned', quantity: '5' },
    ]);
    expect(await view(id)).toMatchObject({ total_slices: 2, slices_submitted: 0, aggregated_status: 'pending' });
    const [first] = await slicesOf(id);
    const rest = (await read(`/api/v1/orders/${id}/slices?after=${String(first!['clientOrderId'])}&limit=1`))['items'];
    expect(rest).toMatchObject([{ slice: 0, attempt: 1 }]);
  });
});

describe('a child order', () => {
  it('is told with its parent, its fills and its history, and is cancelled alone', async () => {
    const id = parentOf(await gateway.execute(trade('AAPL', '10')));
    gateway.stub.fill('AAPL', 2);
    await gateway.settle();
    const [working, planned] = (await slicesOf(id)).map(({ clientOrderId }) => String(clientOrderId));
    expect(await read(`/api/v1/orders/${working}`)).toMatchObject({
      order: { kind: 'child', orderId: working, status: 'partially_filled', filledQuantity: '2', averagePrice: '100' },
      parent: { orderId: id, status: 'pending' },
      fills: [{ quantity: '2', price: '100' }],
      transitions: [{ event: 'due' }, { event: 'acknowledged' }, { event: 'fill' }],
    });
    expect(await gateway.bench.post(`/api/v1/orders/${planned}/cancel`, PERSON, 'one')).toMatchObject({
      status: 202,
      body: { cancelled: [planned], asked: [] },
    });
    expect((await slicesOf(id)).map(({ status }) => status)).toEqual(['partially_filled', 'cancelled']);
    expect(await view(id)).toMatchObject({ aggregated_status: 'active' });
  });
});

describe('the list of orders', () => {
  it('has the latest first, by page and by what is asked for', async () => {
    const book = gateway.account;
    const first = await gateway.execute(trade('AAPL'), {
      ...trade('MSFT'),
      terms: { type: 'market', timeInForce: 'day' },
    });
    await gateway.advance(1);
    const second = await gateway.execute(trade('IBM'));
    const listed = async (query: string): Promise<unknown[]> =>
      ((await read(`/api/v1/orders?book=${book}${query}`))['items'] as Row[]).map(({ symbol }) => symbol);
    expect((await listed('')).toSorted()).toEqual(['AAPL', 'IBM', 'MSFT']);
    expect((await listed(''))[0]).toBe('IBM');
    expect(await listed(`&cycleId=${second}`)).toEqual(['IBM']);
    expect(await listed('&symbol=MSFT&side=buy')).toEqual(['MSFT']);
    expect(await listed('&status=active')).toEqual(['MSFT']);
    expect((await listed('&status=pending')).toSorted()).toEqual(['AAPL', 'IBM']);
    expect(await listed('&status=complete')).toEqual([]);
    gateway.stub.fill('MSFT');
    await gateway.settle();
    expect(await listed('&status=complete')).toEqual(['MSFT']);
    const page = await read(`/api/v1/orders?book=${book}&limit=1`);
    expect(page).toMatchObject({ items: [{ symbol: 'IBM' }], next: parentOf(second, 'IBM') });
    expect(await listed(`&after=${String(page['next'])}`)).toHaveLength(2);
    expect(first).not.toBe(second);
  });

  it.each([
    ['an order that is not there', `/api/v1/orders/${uuid5('none')}`, 404, 'ORDER_NOT_FOUND'],
    ['a child that is not there', `/api/v1/orders/${'f'.repeat(32)}`, 404, 'ORDER_NOT_FOUND'],
    ['slices of no order', `/api/v1/orders/${uuid5('none')}/slices`, 404, 'ORDER_NOT_FOUND'],
    ['what is no id', '/api/v1/orders/3f9a', 400, 'INVALID_REQUEST'],
    ['a field that there is not', '/api/v1/orders?state=open', 400, 'INVALID_REQUEST'],
  ])('refuses %s', async (_what, path, status, code) => {
    expect(await gateway.bench.get(path)).toMatchObject({ status, body: { code } });
  });

  it('refuses a cancel of nothing, and one that nobody answers for', async () => {
    expect(await gateway.bench.post(`/api/v1/orders/${uuid5('none')}/cancel`, PERSON, 'n')).toMatchObject({
      status: 404,
      body: { code: 'ORDER_NOT_FOUND' },
    });
    expect(await gateway.bench.post(`/api/v1/orders/${uuid5('none')}/cancel`, { by: 'mina' }, 'm')).toMatchObject({
      status: 400,
      body: { errors: [{ field: 'reason' }] },
    });
  });
});
