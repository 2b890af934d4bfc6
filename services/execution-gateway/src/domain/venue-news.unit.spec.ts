import { describe, expect, it } from '@jest/globals';
import type { VenueFill, VenueOrder, VenueUpdate } from '../messages.js';
import type { ChildOrder } from './child-order.js';
import { isOldNews, newsOfOrder, newsOfUpdate, standsAsListed } from './venue-news.js';

const AT = '2024-03-04T15:00:00.000Z';
const venueOrder = (filledQuantity: string, status: VenueOrder['status'] = 'working') =>
  ({ venueOrderId: 'v1', filledQuantity, status }) as VenueOrder;
const fill = (quantity: string, executionId = 'e1') =>
  ({ executionId, quantity, venueOrderId: 'v1', at: AT }) as VenueFill;
const order = (filledQuantity: string, more: Partial<ChildOrder> = {}) =>
  ({ state: 'acknowledged', code: null, filledQuantity, ...more }) as ChildOrder;
const update = (event: VenueUpdate['event'], filled: string, executed: VenueFill | null = null): VenueUpdate => ({
  event,
  word: event,
  order: venueOrder(filled),
  fill: executed,
  at: AT,
});

describe('what the stream tells', () => {
  it.each([
    ['a fill in its turn', order('0'), update('fill', '3', fill('3')), ['fill'], false],
    ['a fill after one that was lost', order('0'), update('fill', '5', fill('3')), ['fill'], true],
    ['an end with all its fills', order('5'), update('cancelled', '5'), ['cancelled'], false],
    ['an end before its fills', order('3'), update('cancelled', '5'), [], true],
    ['a cancel that was refused', order('0'), update('cancel_refused', '0'), ['cancel_refused'], false],
    [
      'a cancel that was refused while somebody replaces the order',
      order('0'),
      { ...update('cancel_refused', '0'), order: venueOrder('0', 'pending_replace') },
      ['replace_pending'],
      false,
    ],
    [
      'an acknowledgement of what the venue holds',
      order('0'),
      { ...update('acknowledged', '0'), order: venueOrder('0', 'held') },
      ['held'],
      false,
    ],
    [
      'a fill of an amount of money, which is asked for',
      order('0', { terms: { type: 'market', timeInForce: 'day', notional: '500' } }),
      update('fill', '3', fill('3')),
      [],
      true,
    ],
    ['that it was replaced, before its fills', order('3'), update('replaced', '5'), [], true],
    ['that it was replaced, with all its fills', order('5'), update('replaced', '5'), ['replaced'], false],
  ])('is %s', (_, known, told, names, missing) => {
    const { news, missing: lost } = newsOfUpdate(known, told);
    expect([news.map((each) => each.name), lost]).toEqual([names, missing]);
  });
});

describe('what an order that was asked for says', () => {
  it.each([
    ['that it works', venueOrder('0'), [], ['found_at_venue'], false],
    ['that it is held', venueOrder('0', 'held'), [], ['held'], false],
    ['that it is being replaced', venueOrder('1', 'pending_replace'), [fill('1')], ['fill', 'replace_pending'], false],
    [
      'that it filled',
      venueOrder('5', 'filled'),
      [fill('2'), fill('3', 'e2')],
      ['fill', 'fill', 'found_at_venue'],
      false,
    ],
    ['that it ended after some fills', venueOrder('2', 'expired'), [fill('2')], ['fill', 'expired'], false],
    [
      'that it ended, and lists too few fills',
      venueOrder('5', 'cancelled'),
      [fill('2')],
      ['fill', 'found_at_venue'],
      true,
    ],
  ])('is %s', (_, found, fills, names, missing) => {
    const { news, missing: lost } = newsOfOrder(found, fills, { terms: null });
    expect([news.map((each) => each.name), lost]).toEqual([names, missing]);
  });

  it('stands as it is listed, or has to be heard', () => {
    const stands = (state: ChildOrder['state'], status: VenueOrder['status']) =>
      standsAsListed({ state, venueOrderId: 'v1' }, venueOrder('0', status));
    expect([stands('acknowledged', 'working'), stands('held', 'held'), stands('pending_cancel', 'held')]).toEqual([
      ...[true, true, true],
    ]);
    expect([stands('held', 'working'), stands('acknowledged', 'held'), stands('unknown', 'working')]).toEqual([
      ...[false, false, false],
    ]);
    expect(stands('pending_cancel', 'pending_replace')).toBe(false);
  });

  it('is old once the order has ended with just these fills, but never for one that was given up', () => {
    expect(isOldNews(order('5', { state: 'cancelled', code: 'VENUE_CANCELLED' }), venueOrder('5.0'))).toBe(true);
    expect(isOldNews(order('5', { state: 'cancelled', code: 'VENUE_CANCELLED' }), venueOrder('6'))).toBe(false);
    expect(isOldNews(order('0', { state: 'rejected', code: 'NOT_AT_VENUE' }), venueOrder('0'))).toBe(false);
    expect(isOldNews(order('0'), venueOrder('0'))).toBe(false);
  });
});
