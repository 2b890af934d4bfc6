import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import {
  DecimalString,
  Instant,
  NonNegativeDecimal,
  ROWS_INLINE_MAX,
  rowsOf,
  SessionDate,
  Sha256,
  Slug,
  TickerSymbol,
} from './values.js';

const HASH = 'a'.repeat(64);

describe('the values of the wire', () => {
  it.each<[string, z.ZodType, readonly unknown[], readonly unknown[]]>([
    [
      'DecimalString',
      DecimalString,
      ['0', '-0', '12', '-12.50', '0.000000001'],
      ['', ' 1', '+1', '01', '1.', '.5', '1e3', '1,000', 'NaN', 12, null],
    ],
    ['NonNegativeDecimal', NonNegativeDecimal, ['0', '0.5', '12'], ['-0', '-1', '1e3', '']],
    [
      'TickerSymbol',
      TickerSymbol,
      ['A', 'BRK.B', 'BF-B', 'BTC/USD', '600519'],
      ['', 'aapl', '.A', 'A B', 'A'.repeat(25)],
    ],
    [
      'Instant',
      Instant,
      ['2026-11-20T14:30:00.000Z'],
      ['2026-11-20T14:30:00Z', '2026-11-20T14:30:00.000+00:00', '2026-11-20 14:30:00.000Z', '2026-11-20', 0],
    ],
    ['SessionDate', SessionDate, ['2026-11-20', '2024-02-29'], ['2026-02-29', '2026-13-01', '20261120', '2026-1-2']],
    ['Sha256', Sha256, [HASH], [HASH.toUpperCase(), HASH.slice(1), `${HASH}a`, '']],
    ['Slug', Slug, ['main', '9', 'a_b-c', 'a'.repeat(48)], ['', 'Main', '-a', 'a b', 'a.b', 'a'.repeat(49)]],
  ])('%s', (_, schema, good, bad) => {
    expect(good.filter((value) => !schema.safeParse(value).success)).toEqual([]);
    expect(bad.filter((value) => schema.safeParse(value).success)).toEqual([]);
  });

  it('orders instants as text as they are ordered in time', () => {
    const instants = ['2026-11-20T14:30:00.000Z', '2026-11-20T14:30:00.001Z', '2026-11-21T00:00:00.000Z'];
    expect([...instants].reverse().sort()).toEqual(instants);
  });
});

describe('rowsOf', () => {
  const Rows = rowsOf(z.object({ symbol: TickerSymbol }));
  const rows = (count: number) => Array.from({ length: count }, () => ({ symbol: 'AAPL' }));

  it('carries up to 1,000 rows, or none where a pack holds them', () => {
    expect(ROWS_INLINE_MAX).toBe(1_000);
    expect(Rows.safeParse({ count: 1_000, hash: HASH, inline: rows(1_000) }).success).toBe(true);
    expect(Rows.safeParse({ count: 10_000, hash: HASH }).success).toBe(true);
    expect(Rows.safeParse({ count: 0, hash: HASH, inline: [] }).success).toBe(true);
  });

  it.each<[string, unknown]>([
    ['1,001 rows', { count: 1_001, hash: HASH, inline: rows(1_001) }],
    ['a row that is none', { count: 1, hash: HASH, inline: [{ symbol: 'aapl' }] }],
    ['no count', { hash: HASH, inline: [] }],
    ['a count below zero', { count: -1, hash: HASH }],
    ['a part of a row', { count: 1.5, hash: HASH }],
    ['no hash', { count: 0, inline: [] }],
  ])('refuses %s', (_, value) => {
    expect(Rows.safeParse(value).success).toBe(false);
  });
});
