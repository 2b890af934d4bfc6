import { describe, expect, it } from '@jest/globals';
import { Client } from './client.js';
import { explainOrder } from './explain.js';

const ID = '3f9a'.padEnd(32, '0');
const PARENT = '2a1b3c4d-4b5a-5978-8a6b-1c2d3e4f5a6b';
const CYCLE = '1f0e2d3c-4b5a-5978-8a6b-1c2d3e4f5a6b';

/** Services as they answer, by path; everything else is not there. */
const WORLD: Record<string, unknown> = {
  '/api/v1/orders?limit=1000': { items: [{ orderId: PARENT }], next: null },
  '/api/v1/execution/orders?limit=1000': {
    items: [{ clientOrderId: ID }, { clientOrderId: '3f9b'.padEnd(32, '0') }],
    next: null,
  },
  [`/api/v1/orders/${ID}`]: {
    order: { clientOrderId: ID, cycleId: CYCLE, symbol: 'AAPL' },
    fills: [{ executionId: 'e1' }],
    parent: { quantity: '100' },
    transitions: [{ to: 'filled' }],
  },
  [`/api/v1/orders/${PARENT}`]: { order: { kind: 'parent', orderId: PARENT, cycleId: CYCLE, symbol: 'AAPL' } },
  [`/api/v1/orders/${PARENT}/slices?limit=1000`]: { items: [{ slice: 0 }, { slice: 1 }], next: null },
  [`/api/v1/verdicts/${CYCLE}`]: {
    verdict: 'trimmed',
    checks: [
      { code: 'LIQUIDITY', symbol: 'AAPL' },
      { code: 'LIQUIDITY', symbol: 'MSFT' },
      { code: 'HALT', symbol: null },
    ],
    trims: [{ symbol: 'MSFT', code: 'position_scaled' }],
  },
  [`/api/v1/plans/${CYCLE}`]: {
    planHash: 'a1',
    trades: { count: 2, hash: 'h', inline: [{ symbol: 'AAPL', quantity: '100' }, { symbol: 'MSFT' }] },
    targets: { count: 4_000, hash: 't' },
  },
  [`/api/v1/signals/${CYCLE}?symbol=AAPL`]: {
    strategies: [
      { strategyId: 'momentum', scored: 250, volatility: 0.2, score: { symbol: 'AAPL', score: 1.5, rank: 2 } },
      { strategyId: 'low-volatility', scored: 249, volatility: null, score: null },
    ],
  },
  [`/api/v1/tax/impacts/${CYCLE}`]: { relief: [] },
  [`/api/v1/cycles/${CYCLE}`]: { cycleId: CYCLE, status: 'closed' },
  [`/api/v1/cycles/${CYCLE}/decisions?limit=10000`]: {
    items: [
      { symbol: 'AAPL', action: 'BUY' },
      { symbol: 'MSFT', action: 'HOLD' },
    ],
    next: null,
  },
};

const client = new Client('', 't', (url) =>
  Promise.resolve(
    url in WORLD ? Response.json(WORLD[url]) : Response.json({ code: 'NOT_FOUND', detail: url }, { status: 404 }),
  ),
);

describe('explainOrder', () => {
  it('walks from the beginning of an id to the scores, and keeps what concerns the order', async () => {
    const found = await explainOrder(client, '3f9a');
    expect(found).toMatchObject({
      order: { clientOrderId: ID },
      fills: [{ executionId: 'e1' }],
      parent: { quantity: '100' },
      transitions: [{ to: 'filled' }],
      checks: [
        { code: 'LIQUIDITY', symbol: 'AAPL' },
        { code: 'HALT', symbol: null },
      ],
      trims: [],
      planHash: 'a1',
      trade: { symbol: 'AAPL', quantity: '100' },
      scores: [
        { strategyId: 'momentum', score: 1.5, rank: 2, of: 250 },
        { strategyId: 'low-volatility', score: null, reason: 'the pack does not have the symbol' },
      ],
      decision: { action: 'BUY' },
      cycle: { status: 'closed' },
    });
  });

  it('begins at a parent order too, with all of its slices', async () => {
    expect(await explainOrder(client, '2a1b')).toMatchObject({
      order: { orderId: PARENT },
      slices: [{ slice: 0 }, { slice: 1 }],
      fills: [],
      transitions: null,
      trade: { symbol: 'AAPL' },
    });
  });

  it('names what it could not find, and invents nothing for it', async () => {
    const { target, prices, missing } = await explainOrder(client, ID);
    expect({ target, prices }).toEqual({ target: null, prices: null });
    expect(missing).toEqual([
      `prices: nothing at /api/v1/feeds/snapshots/${CYCLE}`,
      'targets: too many to ride in the answer; they are in the pack store',
    ]);
  });

  it.each([
    ['ffff', 'ORDER_NOT_FOUND'],
    ['3f9', 'ORDER_AMBIGUOUS'],
    ['f'.repeat(32), 'NOT_FOUND'],
  ])('refuses %s with %s', async (id, code) => {
    await expect(explainOrder(client, id)).rejects.toMatchObject({ code });
  });
});
