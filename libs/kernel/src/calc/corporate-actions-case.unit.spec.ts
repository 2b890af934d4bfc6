// Goal: the wire of `ballast calc corporate-actions`: its shapes, its rounding, and the code and field of what is wrong.
import { describe, expect, it } from '@jest/globals';
import { KernelError } from '../money/index.js';
import { corporateActionsCase } from './corporate-actions-case.js';

const bars = [
  { date: '2014-06-06', open: '649.90', high: 651.26, low: '644.47', close: '645.57', volume: 12497800 },
  { date: '2014-06-09', close: '93.70' },
];
const split = { date: '2014-06-09', type: 'split', ratio: '7' };
const input = { bars, actions: [split], asOf: '2014-06-30', mode: 'split' };

function closes(change: object): string[] {
  return corporateActionsCase({ ...input, ...change }).bars.map(({ close }) => close);
}

describe('calc corporate-actions', () => {
  it('answers dates and closes, and nothing else', () => {
    expect(corporateActionsCase(input)).toEqual({
      bars: [
        { date: '2014-06-06', close: '92.2242857142857' },
        { date: '2014-06-09', close: '93.7' },
      ],
    });
    expect(corporateActionsCase({ ...input, asOf: '2014-06-08' })).toEqual({
      bars: [{ date: '2014-06-06', close: '645.57' }],
    });
  });

  it.each([
    ['total_return', [{ date: '2014-06-09', type: 'dividend', amount: '64.557' }], ['581.013', '93.7']],
    ['total_return', [{ date: '2014-06-09', type: 'cash_dividend', amount: 64.557 }], ['581.013', '93.7']],
    ['split', [{ date: '2014-06-09', type: 'dividend', amount: '64.557' }], ['645.57', '93.7']],
    ['split', [{ date: '2014-06-09', type: 'reverse_split', ratio: 0.3333333333333333 }], ['1936.71', '93.7']],
    ['split', [{ date: '2014-06-09', type: 'symbol_change', ratio: null, symbol: 'AAPL' }], ['645.57', '93.7']],
    ['split', [], ['645.57', '93.7']],
  ])('%s with %j', (mode, actions, expected) => {
    expect(closes({ mode, actions })).toEqual(expected);
  });

  it('rounds no close that no action moved', () => {
    const long = [
      { date: '2014-06-06', close: '645.57000000000000001' },
      { date: '2014-06-09', close: '93.70000000000000001' },
    ];
    expect(closes({ bars: long, actions: [] })).toEqual(['645.57000000000000001', '93.70000000000000001']);
    expect(closes({ bars: long })).toEqual(['92.2242857142857', '93.70000000000000001']);
  });

  it('takes null for a value that is missing where one may be', () => {
    expect(closes({ bars: [{ date: '2014-06-06', open: null, close: 1, volume: null }], actions: [] })).toEqual(['1']);
  });

  it.each([
    ['INVALID_INPUT', 'bars', { bars: undefined }],
    ['INVALID_INPUT', 'bars[0]', { bars: [1] }],
    ['INVALID_INPUT', 'bars[0].date', { bars: [{ close: '1' }] }],
    ['INVALID_DATE', 'bars[0].date', { bars: [{ date: '2014-02-30', close: '1' }] }],
    ['INVALID_INPUT', 'bars[0].close', { bars: [{ date: '2014-06-06' }] }],
    ['INVALID_DECIMAL', 'bars[0].close', { bars: [{ date: '2014-06-06', close: '1e5' }] }],
    ['INVALID_DECIMAL', 'bars[0].volume', { bars: [{ date: '2014-06-06', close: '1', volume: '1,000' }] }],
    ['INVALID_BAR', 'close', { bars: [{ date: '2014-06-06', close: '0' }] }],
    ['DUPLICATE_BAR', '2014-06-06', { bars: [bars[0], bars[0]] }],
    ['INVALID_INPUT', 'actions', { actions: undefined }],
    ['INVALID_INPUT', 'actions[0].type', { actions: [{ date: '2014-06-09' }] }],
    ['UNKNOWN_ACTION_TYPE', 'actions[0]: type "merger"', { actions: [{ date: '2014-06-09', type: 'merger' }] }],
    ['INVALID_RATIO', 'actions[1]: ratio', { actions: [split, { date: '2014-06-09', type: 'split' }] }],
    ['INVALID_DECIMAL', 'actions[0].ratio', { actions: [{ ...split, ratio: '7:1' }] }],
    ['INVALID_AMOUNT', 'actions[0]: amount', { actions: [{ ...split, type: 'dividend' }] }],
    ['INVALID_DATE', 'actions[0].date', { actions: [{ ...split, date: '9 June 2014' }] }],
    ['CONFLICTING_ACTIONS', '6.999997', { actions: [split, { ...split, ratio: '6.999997' }] }],
    ['INVALID_INPUT', 'asOf', { asOf: undefined }],
    ['INVALID_DATE', 'asOf', { asOf: 'now' }],
    ['UNKNOWN_MODE', 'mode', { mode: undefined }],
    ['UNKNOWN_MODE', 'mode', { mode: 'raw' }],
  ])('says %s and names %s', (code, field, change) => {
    let thrown: unknown;
    try {
      corporateActionsCase({ ...input, ...change });
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toBeInstanceOf(KernelError);
    const { code: actual, message } = thrown as KernelError;
    expect([actual, message]).toEqual([code, expect.stringContaining(field)]);
  });
});
