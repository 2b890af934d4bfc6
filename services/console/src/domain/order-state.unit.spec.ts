import { describe, expect, it } from '@jest/globals';
import {
  averagePrice,
  blankOrder,
  evolveOrder,
  isOrderEnded,
  type OrderChange,
  type OrderState,
} from './order-state.js';

const AT = '2026-11-20T14:30:00.000Z';
const submitted: OrderChange = { kind: 'submitted', quantity: '10' };
const acknowledged: OrderChange = { kind: 'acknowledged', venueOrderId: 'v1' };
const fill = (quantity: string, price = '5'): OrderChange => ({ kind: 'filled', quantity, price, fees: '0.01' });
const cancelled: OrderChange = { kind: 'cancelled', reason: 'asked for' };
const rejected: OrderChange = { kind: 'rejected', reason: 'no funds', code: 'FUNDS' };
const unknown: OrderChange = { kind: 'unknown', reason: 'timeout' };
const expired: OrderChange = { kind: 'expired', reason: 'end of day' };

const after = (...changes: OrderChange[]): OrderState =>
  changes.reduce((state, change) => evolveOrder(state, change, AT), blankOrder(AT));

describe('an order', () => {
  it.each<[string, OrderChange[], OrderState['status']]>([
    ['sent', [submitted], 'sending'],
    ['at the venue', [submitted, acknowledged], 'acknowledged'],
    ['lost sight of', [submitted, unknown], 'unknown'],
    ['found again', [submitted, unknown, acknowledged], 'acknowledged'],
    ['filled in part', [submitted, acknowledged, fill('4')], 'partially_filled'],
    ['filled before it was acknowledged', [submitted, fill('4'), acknowledged], 'partially_filled'],
    ['filled', [submitted, acknowledged, fill('4'), fill('6')], 'filled'],
    ['filled while nobody knew', [submitted, unknown, fill('10')], 'filled'],
    ['cancelled after a part', [submitted, acknowledged, fill('4'), cancelled], 'cancelled'],
    ['filled further after its cancel', [submitted, acknowledged, cancelled, fill('4')], 'cancelled'],
    ['full although it was said to be cancelled', [submitted, cancelled, fill('10')], 'filled'],
    ['full, and then said to be cancelled', [submitted, fill('10'), cancelled], 'filled'],
    ['rejected without having been sent', [rejected], 'rejected'],
    ['expired', [submitted, acknowledged, expired], 'expired'],
    ['ended, and then said to be unknown', [submitted, cancelled, unknown], 'cancelled'],
  ])('%s', (_, changes, status) => {
    expect(after(...changes).status).toBe(status);
  });

  it('adds its fills up exactly', () => {
    const state = after(submitted, fill('0.1', '3.3'), fill('0.2', '3.6'));
    expect(state).toMatchObject({ filledQuantity: '0.3', filledNotional: '1.05', fees: '0.02' });
    expect(averagePrice(state)).toBe('3.5');
    expect(averagePrice(after(submitted))).toBeNull();
  });

  it('says why it ended, and no longer once it is full', () => {
    expect(after(submitted, rejected)).toMatchObject({ reason: 'no funds', code: 'FUNDS' });
    expect(after(submitted, cancelled, fill('10'))).toMatchObject({ reason: null });
  });

  it('knows its ends', () => {
    expect([after(submitted), after(submitted, unknown), after(submitted, fill('1'))].map(isOrderEnded)).toEqual([
      false,
      false,
      false,
    ]);
    expect([cancelled, rejected, expired, fill('10')].map((end) => isOrderEnded(after(submitted, end)))).toEqual([
      true,
      true,
      true,
      true,
    ]);
  });
});
