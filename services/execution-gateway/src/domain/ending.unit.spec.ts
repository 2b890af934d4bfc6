// Goal: what a horizon leaves over is worked by its rule, and what was ended by anybody else is never sent again.
import { describe, expect, it } from '@jest/globals';
import type { Trade } from '@ballast/contracts';
import { ALPACA_RULES } from '../adapters/alpaca-rules.js';
import type { EndedParent } from './completion.js';
import { afterSlices, endHorizon, followUp, type EndRule } from './ending.js';
import { planSchedules } from './schedule.js';

const START = '2024-03-04T15:00:00.000Z';
const END = '2024-03-04T16:00:00.000Z';
const CLOSE = '2024-03-04T21:00:00.000Z';

const planned = (now = START, quantity = '60') =>
  planSchedules(
    {
      ...{ cycleId: '5b0e0bb5-5a43-5d3a-8f44-0d6a3a2a1f01', portfolioId: 'main', account: 'main' },
      ...{ approvedHash: 'a'.repeat(64), purpose: 'trade', haltEpoch: 0 },
    },
    [{ symbol: 'AAPL', side: 'buy', quantity, referencePrice: '100' } as Trade],
    { algorithm: 'twap', slices: 6, horizonMinutes: 60 },
    ALPACA_RULES,
    now,
  ).state;

describe('a horizon', () => {
  it.each([
    ['ends after its last interval', START, END],
    ['ends with an hour left of the session', '2024-03-04T20:00:00.000Z', '2024-03-04T20:59:50.000Z'],
    ['that the close cuts short ends in time to cancel', '2024-03-04T20:54:00.000Z', '2024-03-04T20:59:50.000Z'],
    ['of the last seconds ends after its last slice', '2024-03-04T20:59:54.000Z', '2024-03-04T20:59:59.500Z'],
    ['planned in the evening ends in the next session', '2024-03-04T22:00:00.000Z', '2024-03-05T15:30:00.000Z'],
    ['before a holiday begins after it', '2024-03-28T20:00:00.000Z', '2024-04-01T14:30:00.000Z'],
    ['of a half day ends before one in the afternoon', '2024-11-29T17:30:00.000Z', '2024-11-29T17:59:50.000Z'],
    ['after a half day begins in the next session', '2024-11-29T18:00:00.000Z', '2024-12-02T15:30:00.000Z'],
  ])('%s', (_what, now, end) => {
    const { parents, children } = planned(now);
    expect(parents[0]!.horizonEndAt).toBe(end);
    expect(children.every(({ dueAt }) => dueAt < end)).toBe(true);
    expect(end < parents[0]!.sessionClose).toBe(true);
  });

  it('takes back at its end what is open, and says of what waited what it waited for', () => {
    const { parents, children } = planned();
    const [filled, working, asked, waiting, late] = children;
    const family = [
      { ...filled!, state: 'filled' as const },
      { ...working!, state: 'acknowledged' as const },
      { ...asked!, state: 'pending_cancel' as const, cancelRequested: true },
      { ...waiting!, code: 'PRICE_LIMIT', reason: 'too dear' },
      late!,
    ];
    expect(endHorizon(family, parents[0]!)).toMatchObject([
      { order: { slice: 1 }, news: { name: 'cancel_requested', code: 'HORIZON_ENDED' } },
      { order: { slice: 3 }, news: { code: 'PRICE_LIMIT', reason: `too dear; its horizon ended at ${END}` } },
      { order: { slice: 4 }, news: { code: 'HORIZON_ENDED', reason: `its horizon ended at ${END}` } },
    ]);
  });
});

describe('a parent without open children', () => {
  const ended = {
    ...{ quantity: '60', filledQuantity: '40', lostQuantity: '0', horizonEndAt: END, sessionClose: CLOSE },
    ...{ ending: 'ended', lastSlice: 5, largestPlanned: '10' },
  } as EndedParent;

  it.each<[string, EndRule, Partial<EndedParent>, string, object]>([
    ['is complete where what is left is cancelled', 'cancel', {}, END, { kind: 'complete' }],
    ['is followed where it is crossed', 'cross', {}, END, { kind: 'follow', quantity: '20' }],
    ['is followed where it is extended', 'extend', {}, END, { kind: 'follow', quantity: '20' }],
    ['waits for the end of its horizon', 'cross', { ending: 'open' }, START, { kind: 'wait' }],
    ['is complete when it is filled', 'cross', { filledQuantity: '60', ending: 'open' }, START, { kind: 'complete' }],
    ['is followed once', 'cross', { ending: 'followed' }, END, { kind: 'complete' }],
    ['is complete at the close', 'extend', {}, CLOSE, { kind: 'complete' }],
    ['has no horizon where it left whole', 'cross', { horizonEndAt: null }, END, { kind: 'complete' }],
    ['never works what was lost', 'cross', { lostQuantity: '15' }, END, { kind: 'follow', quantity: '5' }],
    ['is complete where all of it was lost', 'extend', { lostQuantity: '20' }, END, { kind: 'complete' }],
    [
      'does not wait for what a person cancelled',
      'cross',
      { lostQuantity: '20', ending: 'open' },
      START,
      { kind: 'complete' },
    ],
    ['that is over-filled is complete', 'cross', { filledQuantity: '61' }, END, { kind: 'complete' }],
  ])('%s', (_what, rule, more, now, expected) => {
    expect(afterSlices({ ...ended, ...more }, rule, now)).toEqual(expected);
  });

  const follow = (rule: 'cross' | 'extend', quantity: string, now = END, quantityMax: string | null = null) => {
    const { children, tasks } = followUp(planned().parents[0]!, ended, quantity, rule, {
      ...{ now, lateRatioMax: '0.5', quantityMax },
    });
    expect(new Set(children.map(({ dueAt }) => dueAt)).size).toBe(tasks.length);
    return children.map(({ slice, quantity: each, dueAt }) => `${slice}:${each}@${dueAt.slice(11, 19)}`).join(' ');
  };

  it('is crossed by one order now, or by several where the venue takes no larger one', () => {
    expect(follow('cross', '20')).toBe('6:20@16:00:00');
    expect(follow('cross', '20', END, '8')).toBe('6:8@16:00:00 7:8@16:00:00 8:4@16:00:00');
  });

  it('is extended at its own pace, no slice larger than a late one may become, up to the close', () => {
    expect(follow('extend', '20')).toBe('6:10@16:00:00 7:10@16:10:00');
    expect(follow('extend', '40')).toBe('6:14@16:00:00 7:13@16:10:00 8:13@16:20:00');
    expect(follow('extend', '60', '2024-03-04T20:45:00.000Z')).toBe('6:15@20:45:00 7:15@20:55:00');
    expect(follow('extend', '20', END, '8')).toBe('6:7@16:00:00 7:7@16:10:00 8:6@16:20:00');
    expect(follow('extend', '20', CLOSE)).toBe('');
  });

  it('is named by slices of its own, so that no order is sent twice', () => {
    const { parents, children } = planned();
    const more = followUp(parents[0]!, ended, '20', 'extend', { now: END, lateRatioMax: '0.5', quantityMax: null });
    const ids = [...children, ...more.children].map(({ clientOrderId }) => clientOrderId);
    expect(new Set(ids).size).toBe(ids.length);
  });
});
