import { describe, expect, it } from '@jest/globals';
import { askedWaitMs } from './retry-after.js';

const NOW = Date.parse('2026-11-20T14:30:00.000Z');

describe('how long a vendor asks to be left alone', () => {
  it.each([
    [{ 'retry-after': '3' }, 3_000],
    [{ 'retry-after': '0' }, 0],
    [{ 'retry-after': '1.5' }, 1_500],
    [{ 'retry-after': 'Fri, 20 Nov 2026 14:30:07 GMT' }, 7_000],
    [{ 'retry-after': 'Fri, 20 Nov 2026 14:29:00 GMT' }, 0],
    [{ 'x-ratelimit-reset': String(NOW / 1_000 + 12) }, 12_000],
    [{ 'x-ratelimit-reset': String(NOW / 1_000 - 5) }, 0],
    [{ 'x-ratelimit-reset': '30' }, 30_000],
    [{ 'retry-after': '2', 'x-ratelimit-reset': '30' }, 2_000],
    [{ 'retry-after': 'soon' }, undefined],
    [{}, undefined],
  ])('%j', (headers, wait) => {
    expect(askedWaitMs(new Headers(headers as Record<string, string>), NOW)).toBe(wait);
  });
});
