import { describe, expect, it } from '@jest/globals';
import { packHealth, type PackState } from './pack-health.js';

const STATE: PackState = {
  now: '2017-06-30T21:00:00.000Z',
  running: null,
  lastRefusal: null,
  source: { name: 'prices', to: '2017-06-30' },
  snapshot: { pricingPackId: 'p'.repeat(64), asOf: '2017-06-29', packThere: true },
  staleSessionsMax: 3,
  reconciliation: null,
};
const startedAt = '2017-06-30T20:59:50.000Z';

describe('the health of the pack', () => {
  it.each<[string, Partial<PackState>, object]>([
    [
      'fresh',
      {},
      { status: 'fresh', pricing_pack_id: 'p'.repeat(64), as_of: '2017-06-29', estimated_ready: STATE.now },
    ],
    ['fresh without a snapshot', { snapshot: null }, { status: 'fresh', pricing_pack_id: null, as_of: '2017-06-30' }],
    ['fresh at the limit', { source: { name: 'prices', to: '2017-06-27' } }, { status: 'fresh' }],
    ['stale', { source: { name: 'prices', to: '2017-06-26' } }, { status: 'stale', estimated_ready: null }],
    [
      'warming before there is a history',
      { source: null, snapshot: null },
      { status: 'warming', estimated_ready: null },
    ],
    [
      'warming while an import runs, with the rest of its time',
      { running: { source: 'prices', startedAt, fraction: 0.5 } },
      { status: 'warming', estimated_ready: '2017-06-30T21:00:10.000Z' },
    ],
    [
      'warming with a guess while little was read',
      { running: { source: 'prices', startedAt, fraction: 0 } },
      { status: 'warming', estimated_ready: '2017-06-30T21:00:10.000Z' },
    ],
    [
      'an error where the only import was refused',
      { source: null, snapshot: null, lastRefusal: { code: 'FILE_TRUNCATED', reason: 'it ends early' } },
      { status: 'error', reason: 'FILE_TRUNCATED: it ends early' },
    ],
    ['fresh for a clock that stands before the calendar', { now: '1998-01-02T00:00:00.000Z' }, { status: 'fresh' }],
    ['fresh although a later import was refused', { lastRefusal: { code: 'X', reason: '' } }, { status: 'fresh' }],
    [
      'an error where the file of the pack is gone',
      { snapshot: { ...STATE.snapshot!, packThere: false } },
      { status: 'error', reason: expect.stringContaining('missing') },
    ],
    [
      'an error where two sources disagree',
      { reconciliation: { against: 'other', status: 'red', compared: 100, differing: 7 } },
      { status: 'error', reason: '7 of 100 closes of prices differ from those of other by more than 0.5 %' },
    ],
    [
      'fresh where they agree',
      { reconciliation: { against: 'other', status: 'green', compared: 100, differing: 1 } },
      { status: 'fresh' },
    ],
  ])('is %s', (_, more, health) => {
    expect(packHealth({ ...STATE, ...more })).toMatchObject(health);
  });
});
