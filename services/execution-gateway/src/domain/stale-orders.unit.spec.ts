import { expect, it } from '@jest/globals';
import type { ChildOrder } from './child-order.js';
import { staleOrders } from './stale-orders.js';

const MINUTE = 60_000;
const working = {
  terms: null,
  state: 'acknowledged',
  cancelRequested: false,
  dueAt: '2024-03-04T15:00:00.000Z',
} as ChildOrder;

it.each<[string, Partial<ChildOrder>, string, boolean]>([
  ['works a moment longer than it may', {}, '2024-03-04T15:15:00.001Z', true],
  ['works just as long as it may', {}, '2024-03-04T15:15:00.000Z', false],
  ['has filled in part', { state: 'partially_filled' }, '2024-03-04T16:00:00.000Z', true],
  ['is held by the venue', { state: 'held' }, '2024-03-04T16:00:00.000Z', true],
  ['is being cancelled', { state: 'pending_cancel', cancelRequested: true }, '2024-03-04T16:00:00.000Z', false],
  ['is unknown, and asked for', { state: 'unknown' }, '2024-03-04T16:00:00.000Z', false],
  ['has not left', { state: 'planned' }, '2024-03-04T16:00:00.000Z', false],
  [
    'rests because a person wants it to',
    { terms: { type: 'limit', timeInForce: 'gtc' } },
    '2024-03-05T16:00:00.000Z',
    false,
  ],
])('an order that %s', (_, more, now, stale) => {
  const found = staleOrders([{ ...working, ...more }], now, 15 * MINUTE);
  expect(found.map(({ news }) => 'code' in news && news.code)).toEqual(stale ? ['STALE'] : []);
});
